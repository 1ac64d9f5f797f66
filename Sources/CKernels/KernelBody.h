// The loops themselves, without an include guard: CKernels.c includes this file once for each instruction set.
//
// It wants: W (floats in a vector), MR (rows of a register tile), NV (vectors in a row of a tile, at most), FN(name)
// (the copy's name for a function) and TARGET (the attribute that lets the compiler use the set).
//
// Only clang's vector extensions are used, so each copy is the same text, and a multiply followed by an add becomes
// one fused instruction where the set has one.

#define VEC FN(vec)
#define VECU FN(vecu)
#define VECI FN(veci)
typedef float VEC __attribute__((vector_size(W * 4)));
typedef int32_t VECI __attribute__((vector_size(W * 4)));
typedef float VECU __attribute__((vector_size(W * 4), aligned(4), may_alias));

#define INLINE TARGET static inline __attribute__((always_inline))
#define LOAD(p) ((VEC) * (const VECU *)(p))
#define STORE(p, v) (*(VECU *)(p) = (v))
#define UNROLL _Pragma("clang loop unroll(full)")

/// Halves a vector until four lanes are left, adding the halves: a fixed order of summation.
INLINE mls_vec4 FN(fold)(VEC v) {
#if W == 16
    mls_vec8 h = __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7)
        + __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15);
    return __builtin_shufflevector(h, h, 0, 1, 2, 3) + __builtin_shufflevector(h, h, 4, 5, 6, 7);
#elif W == 8
    return __builtin_shufflevector(v, v, 0, 1, 2, 3) + __builtin_shufflevector(v, v, 4, 5, 6, 7);
#else
    return v;
#endif
}

/// The sums of four vectors as the lanes of one: a transpose of four by four and three additions.
INLINE mls_vec4 FN(sums)(VEC a, VEC b, VEC c, VEC d) {
    mls_vec4 p = FN(fold)(a), q = FN(fold)(b), r = FN(fold)(c), s = FN(fold)(d);
    mls_vec4 pq = __builtin_shufflevector(p, q, 0, 4, 1, 5) + __builtin_shufflevector(p, q, 2, 6, 3, 7);
    mls_vec4 rs = __builtin_shufflevector(r, s, 0, 4, 1, 5) + __builtin_shufflevector(r, s, 2, 6, 3, 7);
    return __builtin_shufflevector(pq, rs, 0, 1, 4, 5) + __builtin_shufflevector(pq, rs, 2, 3, 6, 7);
}

INLINE float FN(sum)(VEC v) {
    mls_vec4 f = FN(fold)(v);
    return (f[0] + f[2]) + (f[1] + f[3]);
}

TARGET static float FN(dot)(const float *x, const float *y, size_t k) {
    VEC a = {0}, b = {0};
    size_t i = 0;
    for (; i + 2 * W <= k; i += 2 * W) {
        a += LOAD(x + i) * LOAD(y + i);
        b += LOAD(x + i + W) * LOAD(y + i + W);
    }
    for (; i + W <= k; i += W) a += LOAD(x + i) * LOAD(y + i);
    float rest = 0;
    for (; i < k; i++) rest += x[i] * y[i];
    return FN(sum)(a + b) + rest;
}

TARGET static void FN(axpy)(float a, const float *x, float *y, size_t k) {
    size_t i = 0;
    for (; i + W <= k; i += W) STORE(y + i, LOAD(y + i) + a * LOAD(x + i));
    for (; i < k; i++) y[i] += a * x[i];
}

/// a[r][c] += (or -=) sum over p of left[p][r] * right[p][c], a tile of MR by vectors * W that stays in registers
/// throughout.
INLINE void FN(tile)(
    const int vectors, const int minus, const float *left, const float *right, size_t k, size_t n, float *a) {
    VEC sum[MR][NV];
    UNROLL for (int r = 0; r < MR; r++) {
        UNROLL for (int v = 0; v < vectors; v++) sum[r][v] = LOAD(a + r * k + v * W);
    }
    for (size_t p = 0; p < n; p++, left += k, right += k) {
        VEC columns[NV];
        UNROLL for (int v = 0; v < vectors; v++) columns[v] = LOAD(right + v * W);
        UNROLL for (int r = 0; r < MR; r++) {
            UNROLL for (int v = 0; v < vectors; v++) {
                if (minus) sum[r][v] -= left[r] * columns[v];
                else sum[r][v] += left[r] * columns[v];
            }
        }
    }
    UNROLL for (int r = 0; r < MR; r++) {
        UNROLL for (int v = 0; v < vectors; v++) STORE(a + r * k + v * W, sum[r][v]);
    }
}

/// upper += (or -=) rows' * rows from row and column `from` (a multiple of MLS_LANES) on.
INLINE void FN(triangle)(const int minus, size_t k, const float *rows, size_t n, size_t from, float *upper) {
    for (size_t i = from; i < k; i += MR) {
        for (size_t j = i / W * W; j < k;) {
            size_t left = (k - j) / W;
            float *a = upper + i * k + j;
#if NV == 3
            // Four vectors as two and two: a tile of one alone could not hide the latency of its additions.
            if (left == 3) {
                FN(tile)(3, minus, rows + i, rows + j, k, n, a);
                j += 3 * W;
                continue;
            }
#endif
            if (left >= 2) {
                FN(tile)(2, minus, rows + i, rows + j, k, n, a);
                j += 2 * W;
            } else {
                FN(tile)(1, minus, rows + i, rows + j, k, n, a);
                j += W;
            }
        }
    }
}

TARGET static void FN(rank_update)(size_t k, const float *rows, size_t n, float *upper) {
    for (size_t p = 0; p < n; p += MLS_PANEL_ROWS) {
        size_t count = n - p < MLS_PANEL_ROWS ? n - p : MLS_PANEL_ROWS;
        FN(triangle)(0, k, rows + p * k, count, 0, upper);
    }
}

TARGET static void FN(gather_rank_update)(
    size_t k, const float *factors, const int32_t *indices, const float *weights, size_t n, float *panel,
    float *upper) {
    for (size_t p = 0; p < n; p += MLS_PANEL_ROWS) {
        size_t count = n - p < MLS_PANEL_ROWS ? n - p : MLS_PANEL_ROWS;
        for (size_t i = 0; i < count; i++) {
            const float *row = factors + (size_t)indices[p + i] * k;
            float root = weights ? __builtin_elementwise_sqrt(weights[p + i]) : 1.0f;
            for (size_t j = 0; j < k; j += W) STORE(panel + i * k + j, root * LOAD(row + j));
        }
        FN(triangle)(0, k, panel, count, 0, upper);
    }
}

TARGET static void FN(gather_sum)(
    size_t k, const float *factors, const int32_t *indices, const float *weights, float base, size_t n, float *sum) {
    for (size_t i = 0; i < n; i++) {
        const float *row = factors + (size_t)indices[i] * k;
        float weight = base + (weights ? weights[i] : 1.0f);
        for (size_t j = 0; j < k; j += W) STORE(sum + j, LOAD(sum + j) + weight * LOAD(row + j));
    }
}

/// Blocked, right looking: sixteen rows are factored, then all that lies below and to the right is updated by one
/// rank-16 tile pass.
TARGET static size_t FN(cholesky)(size_t k, float *upper) {
    for (size_t b = 0; b < k; b += MLS_LANES) {
        for (size_t p = b; p < b + MLS_LANES; p++) {
            float *row = upper + p * k;
            float pivot = row[p];
            // Written so that NaN fails too.
            if (!(pivot > 0.0f && pivot <= 3.0e38f)) return p + 1;
            float inverse = 1.0f / __builtin_elementwise_sqrt(pivot);
            for (size_t j = b; j < k; j += W) STORE(row + j, inverse * LOAD(row + j));
            for (size_t i = p + 1; i < b + MLS_LANES; i++) {
                float *below = upper + i * k;
                float factor = row[i];
                for (size_t j = b; j < k; j += W) STORE(below + j, LOAD(below + j) - factor * LOAD(row + j));
            }
            // Left of the diagonal stand remains; the solver reads whole vectors, so they must be nothing.
            for (size_t j = b; j < p; j++) row[j] = 0.0f;
            row[p] = inverse;
        }
        FN(triangle)(1, k, upper + b * k, MLS_LANES, b + MLS_LANES, upper);
    }
    return 0;
}

TARGET static void FN(cholesky_solve)(size_t k, const float *upper, float *b, float *x) {
    // U' z = b by rows of U: entries of b at and before p are spent, so whole vectors may run over them.
    for (size_t p = 0; p < k; p++) {
        const float *row = upper + p * k;
        float z = b[p] * row[p];
        x[p] = z;
        for (size_t j = (p + 1) / W * W; j < k; j += W) STORE(b + j, LOAD(b + j) - z * LOAD(row + j));
    }
    // U x = z. What is not solved yet counts as zero, so whole vectors may run over it.
    for (size_t p = 0; p < k; p++) b[p] = 0.0f;
    for (size_t p = k; p-- > 0;) {
        const float *row = upper + p * k;
        VEC sum = {0};
        for (size_t j = p / W * W; j < k; j += W) sum += LOAD(row + j) * LOAD(b + j);
        b[p] = row[p] * (x[p] - FN(sum)(sum));
    }
    for (size_t p = 0; p < k; p += W) STORE(x + p, LOAD(b + p));
}

/// out = (gram + ridge * I + sum of weights[i] * f * f') * x
INLINE void FN(apply)(
    size_t k, const float *gram, float ridge, const float *factors, const int32_t *indices, const float *weights,
    size_t n, const float *x, float *out) {
    size_t block = 0;
    for (; block + 4 * W <= k; block += 4 * W) {
        VEC a = ridge * LOAD(x + block), b = ridge * LOAD(x + block + W);
        VEC c = ridge * LOAD(x + block + 2 * W), d = ridge * LOAD(x + block + 3 * W);
        for (size_t j = 0; j < k; j++) {
            const float *row = gram + j * k + block;
            a += x[j] * LOAD(row);
            b += x[j] * LOAD(row + W);
            c += x[j] * LOAD(row + 2 * W);
            d += x[j] * LOAD(row + 3 * W);
        }
        STORE(out + block, a);
        STORE(out + block + W, b);
        STORE(out + block + 2 * W, c);
        STORE(out + block + 3 * W, d);
    }
    for (; block < k; block += W) {
        VEC a = ridge * LOAD(x + block);
        for (size_t j = 0; j < k; j++) a += x[j] * LOAD(gram + j * k + block);
        STORE(out + block, a);
    }
    size_t i = 0;
    for (; i + 4 <= n; i += 4) {
        const float *p = factors + (size_t)indices[i] * k, *q = factors + (size_t)indices[i + 1] * k;
        const float *r = factors + (size_t)indices[i + 2] * k, *s = factors + (size_t)indices[i + 3] * k;
        VEC a = {0}, b = {0}, c = {0}, d = {0};
        for (size_t j = 0; j < k; j += W) {
            VEC v = LOAD(x + j);
            a += LOAD(p + j) * v;
            b += LOAD(q + j) * v;
            c += LOAD(r + j) * v;
            d += LOAD(s + j) * v;
        }
        mls_vec4 dots = FN(sums)(a, b, c, d);
        if (weights) dots *= *(const mls_vec4u *)(weights + i);
        for (size_t j = 0; j < k; j += W) {
            VEC v = LOAD(out + j);
            v += dots[0] * LOAD(p + j);
            v += dots[1] * LOAD(q + j);
            v += dots[2] * LOAD(r + j);
            v += dots[3] * LOAD(s + j);
            STORE(out + j, v);
        }
    }
    for (; i < n; i++) {
        const float *row = factors + (size_t)indices[i] * k;
        FN(axpy)(FN(dot)(row, x, k) * (weights ? weights[i] : 1.0f), row, out, k);
    }
}

TARGET static double FN(conjugate_gradient)(
    size_t k, const float *gram, float ridge, const float *factors, const int32_t *indices, const float *weights,
    size_t n, const float *b, size_t steps, float *scratch, float *x) {
    float *r = scratch, *p = scratch + k, *q = scratch + 2 * k;
    FN(apply)(k, gram, ridge, factors, indices, weights, n, x, q);
    for (size_t j = 0; j < k; j++) p[j] = r[j] = b[j] - q[j];
    float rr = FN(dot)(r, r, k);
    for (size_t step = 0; step < steps; step++) {
        // Converged beyond what a float can tell: another step would divide noise by noise.
        if (rr < 1e-20f) break;
        FN(apply)(k, gram, ridge, factors, indices, weights, n, p, q);
        float length = rr / FN(dot)(p, q, k);
        FN(axpy)(length, p, x, k);
        FN(axpy)(-length, q, r, k);
        float next = FN(dot)(r, r, k);
        float ratio = next / rr;
        for (size_t j = 0; j < k; j++) p[j] = r[j] + ratio * p[j];
        rr = next;
    }
    // With r = b - Ax: x'Ax - 2b'x = -b'x - r'x.
    return -(double)FN(dot)(b, x, k) - (double)FN(dot)(r, x, k);
}

#include "KernelBodyDense.h"

TARGET static void FN(scores)(size_t k, const float *rows, size_t n, const float *x, float *out) {
    size_t i = 0;
    for (; i + 4 <= n; i += 4) {
        const float *row = rows + i * k;
        VEC a = {0}, b = {0}, c = {0}, d = {0};
        for (size_t j = 0; j < k; j += W) {
            VEC v = LOAD(x + j);
            a += LOAD(row + j) * v;
            b += LOAD(row + k + j) * v;
            c += LOAD(row + 2 * k + j) * v;
            d += LOAD(row + 3 * k + j) * v;
        }
        *(mls_vec4u *)(out + i) = FN(sums)(a, b, c, d);
    }
    // The last rows sum up in the same order, so that a row's score does not depend on its place.
    for (; i < n; i++) {
        VEC a = {0}, zero = {0};
        for (size_t j = 0; j < k; j += W) a += LOAD(rows + i * k + j) * LOAD(x + j);
        out[i] = FN(sums)(a, zero, zero, zero)[0];
    }
}

TARGET static size_t FN(top_k)(const float *scores, size_t n, size_t count, int32_t *indices, float *best) {
    if (count == 0) return 0;
    size_t found = 0, i = 0;
    float worst = -__builtin_inff();
    for (; i + 4 * W <= n; i += 4 * W) {
        VEC a = __builtin_elementwise_max(LOAD(scores + i), LOAD(scores + i + W));
        VEC b = __builtin_elementwise_max(LOAD(scores + i + 2 * W), LOAD(scores + i + 3 * W));
        if (!(__builtin_reduce_max(__builtin_elementwise_max(a, b)) > worst)) continue;
        for (size_t j = i; j < i + 4 * W; j++)
            if (scores[j] > worst) worst = mls_heap_offer(indices, best, &found, count, (int32_t)j, scores[j]);
    }
    for (; i < n; i++)
        if (scores[i] > worst) worst = mls_heap_offer(indices, best, &found, count, (int32_t)i, scores[i]);
    mls_heap_sort(indices, best, found);
    return found;
}

static const struct mls_kernels FN(table) = {
    KERNEL_NAME,         FN(dot),          FN(axpy),
    FN(rank_update),     FN(gather_rank_update), FN(gather_sum),
    FN(cholesky),        FN(cholesky_solve), FN(conjugate_gradient),
    FN(scores),          FN(top_k),        FN(product),
    FN(block_descent),   FN(at_least),    FN(exponentials),
    FN(adam),            FN(pair_step),
};

#undef VEC
#undef VECU
#undef VECI
#undef INLINE
#undef LOAD
#undef STORE
#undef UNROLL
#undef W
#undef MR
#undef NV
#undef FN
#undef TARGET
#undef KERNEL_NAME
