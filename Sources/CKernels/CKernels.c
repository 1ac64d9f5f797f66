#include "CKernels.h"

#include <string.h>

#pragma STDC FP_CONTRACT ON

/// Rows that are gathered before a rank update: at 64 factors 32 KB, so that a tile pass finds them in the first cache.
#define MLS_PANEL_ROWS 128

/// Terms and columns of a product that are packed at once: a panel of 1 MB, for the second cache.
#define MLS_PRODUCT_TERMS 256
#define MLS_PRODUCT_COLUMNS 960

typedef float mls_vec4 __attribute__((vector_size(16)));
typedef float mls_vec4u __attribute__((vector_size(16), aligned(4), may_alias));
typedef float mls_vec8 __attribute__((vector_size(32)));

// A heap of the best entries so far, the worst on top. Entry a is worse than b when its score is lower, or equal at a
// higher index.

static int mls_worse(float a, int32_t i, float b, int32_t j) { return a < b || (a == b && i > j); }

static void mls_heap_sink(int32_t *indices, float *best, size_t n, size_t at) {
    int32_t index = indices[at];
    float score = best[at];
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= n) break;
        if (child + 1 < n && mls_worse(best[child + 1], indices[child + 1], best[child], indices[child])) child++;
        if (!mls_worse(best[child], indices[child], score, index)) break;
        best[at] = best[child];
        indices[at] = indices[child];
        at = child;
    }
    best[at] = score;
    indices[at] = index;
}

/// Takes an entry in; returns the score that the next must exceed. Entries come by ascending index, so an equal score
/// always loses.
static float mls_heap_offer(int32_t *indices, float *best, size_t *found, size_t count, int32_t index, float score) {
    if (*found < count) {
        indices[*found] = index;
        best[*found] = score;
        if (++*found == count)
            for (size_t at = count / 2; at-- > 0;) mls_heap_sink(indices, best, count, at);
    } else {
        indices[0] = index;
        best[0] = score;
        mls_heap_sink(indices, best, count, 0);
    }
    return *found < count ? -__builtin_inff() : best[0];
}

static void mls_heap_sort(int32_t *indices, float *best, size_t found) {
    for (size_t at = found / 2; at-- > 0;) mls_heap_sink(indices, best, found, at);
    for (size_t last = found; last-- > 1;) {
        int32_t index = indices[0];
        float score = best[0];
        indices[0] = indices[last];
        best[0] = best[last];
        indices[last] = index;
        best[last] = score;
        mls_heap_sink(indices, best, last, 0);
    }
}

#if defined(__x86_64__)

#define W 16
#define MR 8
#define NV 3
#define FN(name) mls_avx512f_##name
#define TARGET __attribute__((target("avx512f,avx2,fma")))
#define KERNEL_NAME "avx512f"
#include "KernelBody.h"

#define W 8
#define MR 4
#define NV 2
#define FN(name) mls_avx2_##name
#define TARGET __attribute__((target("avx2,fma")))
#define KERNEL_NAME "avx2"
#include "KernelBody.h"

#define KERNEL_NAME "sse2"
#else
#define KERNEL_NAME "portable"
#endif

#define W 4
#define MR 4
#define NV 2
#define FN(name) mls_baseline_##name
#define TARGET
#include "KernelBody.h"

static const struct mls_kernels *mls_chosen = &mls_baseline_table;

const struct mls_kernels *mls_kernels_named(const char *name) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    int has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    if (has_avx2 && __builtin_cpu_supports("avx512f") && !strcmp(name, "avx512f")) return &mls_avx512f_table;
    if (has_avx2 && !strcmp(name, "avx2")) return &mls_avx2_table;
#endif
    return strcmp(name, mls_baseline_table.name) ? NULL : &mls_baseline_table;
}

/// Before `main`, so that nobody has to ask first and no lock is needed.
__attribute__((constructor)) static void mls_choose(void) {
    const struct mls_kernels *best = mls_kernels_named("avx512f");
    if (!best) best = mls_kernels_named("avx2");
    if (best) mls_chosen = best;
}

const struct mls_kernels *mls_kernels_chosen(void) { return mls_chosen; }

float mls_dot(const float *x, const float *y, size_t k) { return mls_chosen->dot(x, y, k); }

void mls_axpy(float a, const float *x, float *y, size_t k) { mls_chosen->axpy(a, x, y, k); }

void mls_rank_update(size_t k, const float *rows, size_t n, float *upper) {
    mls_chosen->rank_update(k, rows, n, upper);
}

size_t mls_panel_size(size_t k) { return k * MLS_PANEL_ROWS; }

void mls_gather_rank_update(
    size_t k, const float *factors, const int32_t *indices, const float *weights, size_t n, float *panel,
    float *upper) {
    mls_chosen->gather_rank_update(k, factors, indices, weights, n, panel, upper);
}

void mls_gather_sum(
    size_t k, const float *factors, const int32_t *indices, const float *weights, float base, size_t n, float *sum) {
    mls_chosen->gather_sum(k, factors, indices, weights, base, n, sum);
}

size_t mls_cholesky(size_t k, float *upper) { return mls_chosen->cholesky(k, upper); }

void mls_cholesky_solve(size_t k, const float *upper, float *b, float *x) {
    mls_chosen->cholesky_solve(k, upper, b, x);
}

size_t mls_conjugate_gradient_scratch(size_t k) { return 3 * k; }

double mls_conjugate_gradient(
    size_t k, const float *gram, float ridge, const float *factors, const int32_t *indices, const float *weights,
    size_t n, const float *b, size_t steps, float *scratch, float *x) {
    return mls_chosen->conjugate_gradient(k, gram, ridge, factors, indices, weights, n, b, steps, scratch, x);
}

void mls_scores(size_t k, const float *rows, size_t n, const float *x, float *out) {
    mls_chosen->scores(k, rows, n, x, out);
}

size_t mls_top_k(const float *scores, size_t n, size_t count, int32_t *indices, float *best) {
    return mls_chosen->top_k(scores, n, count, indices, best);
}

size_t mls_block_descent_scratch(size_t block) { return block * (block + 2 + MLS_PANEL_ROWS); }

double mls_block_descent(
    size_t k, size_t block, const float *gram, float ridge, const float *factors, const int32_t *indices,
    const float *weights, size_t n, const float *b, float *scratch, float *predictions, float *x) {
    return mls_chosen->block_descent(
        k, block, gram, ridge, factors, indices, weights, n, b, scratch, predictions, x);
}

size_t mls_product_scratch(void) { return MLS_PRODUCT_TERMS * (MLS_PRODUCT_COLUMNS + 8) + 8 * 48; }

void mls_product(
    size_t m, size_t n, size_t terms, float alpha, const float *a, size_t a_row, size_t a_column, const float *b,
    size_t b_row, size_t b_column, float *c, size_t c_stride, float *scratch) {
    mls_chosen->product(m, n, terms, alpha, a, a_row, a_column, b, b_row, b_column, c, c_stride, scratch);
}

size_t mls_at_least(const float *values, size_t n, float threshold, int32_t *places) {
    return mls_chosen->at_least(values, n, threshold, places);
}

void mls_exponentials(const float *x, float shift, float *out, size_t n) {
    mls_chosen->exponentials(x, shift, out, n);
}

void mls_adam(size_t n, float rate, int step, float *gradient, float *mean, float *square, float *value) {
    mls_chosen->adam(n, rate, step, gradient, mean, square, value);
}

float mls_pair_step(size_t k, float rate, float regularization, float *user, float *liked, float *other) {
    return mls_chosen->pair_step(k, rate, regularization, user, liked, other);
}
