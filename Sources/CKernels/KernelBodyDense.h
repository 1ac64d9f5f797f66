// The part of KernelBody.h for dense matrices and gradients; included there, with the same wants.

/// c += alpha * a * b, a tile of MR by NV * W; a and b are packed, `n` terms each.
INLINE void FN(product_tile)(size_t n, float alpha, const float *a, const float *b, float *c, size_t c_stride) {
    VEC sum[MR][NV];
    UNROLL for (int r = 0; r < MR; r++) {
        UNROLL for (int v = 0; v < NV; v++) sum[r][v] = (VEC){0};
    }
    for (size_t p = 0; p < n; p++, a += MR, b += NV * W) {
        VEC columns[NV];
        UNROLL for (int v = 0; v < NV; v++) columns[v] = LOAD(b + v * W);
        UNROLL for (int r = 0; r < MR; r++) {
            UNROLL for (int v = 0; v < NV; v++) sum[r][v] += a[r] * columns[v];
        }
    }
    UNROLL for (int r = 0; r < MR; r++) {
        float *row = c + r * c_stride;
        UNROLL for (int v = 0; v < NV; v++) STORE(row + v * W, LOAD(row + v * W) + alpha * sum[r][v]);
    }
}

/// Packed so that a tile reads both sides from front to back; the tiles at the edges are computed whole, in a corner
/// of the scratch space. Each entry of c is one chain of additions in the order of the terms, wherever it lies.
TARGET static void FN(product)(
    size_t m, size_t n, size_t terms, float alpha, const float *a, size_t a_row, size_t a_column, const float *b,
    size_t b_row, size_t b_column, float *c, size_t c_stride, float *scratch) {
    float *strip = scratch, *corner = strip + MLS_PRODUCT_TERMS * MR, *panel = corner + MR * NV * W;
    const size_t width = MLS_PRODUCT_COLUMNS / (NV * W) * (NV * W);
    for (size_t from = 0; from < terms; from += MLS_PRODUCT_TERMS) {
        size_t depth = terms - from < MLS_PRODUCT_TERMS ? terms - from : MLS_PRODUCT_TERMS;
        for (size_t left = 0; left < n; left += width) {
            size_t columns = n - left < width ? n - left : width;
            for (size_t j = 0; j < columns; j += NV * W) {
                float *packed = panel + j * depth;
                size_t count = columns - j < NV * W ? columns - j : NV * W;
                for (size_t p = 0; p < depth; p++) {
                    const float *source = b + (from + p) * b_row + (left + j) * b_column;
                    for (size_t i = 0; i < count; i++) packed[p * NV * W + i] = source[i * b_column];
                    for (size_t i = count; i < NV * W; i++) packed[p * NV * W + i] = 0.0f;
                }
            }
            for (size_t top = 0; top < m; top += MR) {
                size_t rows = m - top < MR ? m - top : MR;
                for (size_t i = 0; i < MR; i++) {
                    const float *source = a + (top + i) * a_row + from * a_column;
                    for (size_t p = 0; p < depth; p++) strip[p * MR + i] = i < rows ? source[p * a_column] : 0.0f;
                }
                for (size_t j = 0; j < columns; j += NV * W) {
                    float *target = c + top * c_stride + left + j;
                    size_t count = columns - j < NV * W ? columns - j : NV * W;
                    if (rows == MR && count == NV * W) {
                        FN(product_tile)(depth, alpha, strip, panel + j * depth, target, c_stride);
                        continue;
                    }
                    for (size_t i = 0; i < MR * NV * W; i++) corner[i] = 0.0f;
                    for (size_t r = 0; r < rows; r++) {
                        for (size_t i = 0; i < count; i++) corner[r * NV * W + i] = target[r * c_stride + i];
                    }
                    FN(product_tile)(depth, alpha, strip, panel + j * depth, corner, NV * W);
                    for (size_t r = 0; r < rows; r++) {
                        for (size_t i = 0; i < count; i++) target[r * c_stride + i] = corner[r * NV * W + i];
                    }
                }
            }
        }
    }
}

/// Rows of `d` out of `k` floats, from column `from`, weighted by their roots, one behind the other.
INLINE void FN(gather_block)(
    size_t k, size_t from, size_t d, const float *factors, const int32_t *indices, const float *weights, size_t n,
    float *panel) {
    for (size_t i = 0; i < n; i++) {
        const float *row = factors + (size_t)indices[i] * k + from;
        float root = weights ? __builtin_elementwise_sqrt(weights[i]) : 1.0f;
        for (size_t j = 0; j < d; j += W) STORE(panel + i * d + j, root * LOAD(row + j));
    }
}

TARGET static double FN(block_descent)(
    size_t k, size_t block, const float *gram, float ridge, const float *factors, const int32_t *indices,
    const float *weights, size_t n, const float *b, float *scratch, float *predictions, float *x) {
    float *a = scratch, *r = a + block * block, *step = r + block, *panel = step + block;
    for (size_t i = 0; i < n; i++) predictions[i] = FN(dot)(factors + (size_t)indices[i] * k, x, k);
    for (size_t from = 0; from < k; from += block) {
        size_t d = k - from < block ? k - from : block;
        // The residual b - A x in this block, and the block of A itself.
        for (size_t j = 0; j < d; j++) {
            const float *row = gram + (from + j) * k;
            r[j] = b[from + j] - ridge * x[from + j] - FN(dot)(row, x, k);
            for (size_t i = 0; i < d; i += W) STORE(a + j * d + i, LOAD(row + from + i));
            a[j * d + j] += ridge;
        }
        for (size_t i = 0; i < n; i++) {
            FN(axpy)(
                -predictions[i] * (weights ? weights[i] : 1.0f), factors + (size_t)indices[i] * k + from, r, d);
        }
        for (size_t p = 0; p < n; p += MLS_PANEL_ROWS) {
            size_t count = n - p < MLS_PANEL_ROWS ? n - p : MLS_PANEL_ROWS;
            FN(gather_block)(k, from, d, factors, indices + p, weights ? weights + p : NULL, count, panel);
            FN(triangle)(0, d, panel, count, 0, a);
        }
        if (FN(cholesky)(d, a)) return __builtin_nan("");
        FN(cholesky_solve)(d, a, r, step);
        for (size_t j = 0; j < d; j++) x[from + j] += step[j];
        for (size_t i = 0; i < n; i++)
            predictions[i] += FN(dot)(factors + (size_t)indices[i] * k + from, step, d);
    }
    // x'Ax - 2b'x with what is at hand: the predictions, and one product with the gram.
    double value = 0;
    for (size_t j = 0; j < k; j++)
        value += (double)x[j] * ((double)FN(dot)(gram + j * k, x, k) + (double)ridge * x[j] - 2.0 * (double)b[j]);
    for (size_t i = 0; i < n; i++)
        value += (double)(weights ? weights[i] : 1.0f) * (double)predictions[i] * (double)predictions[i];
    return value;
}

TARGET static size_t FN(at_least)(const float *values, size_t n, float threshold, int32_t *places) {
    size_t found = 0, i = 0;
    for (; i + 4 * W <= n; i += 4 * W) {
        VEC a = __builtin_elementwise_max(LOAD(values + i), LOAD(values + i + W));
        VEC b = __builtin_elementwise_max(LOAD(values + i + 2 * W), LOAD(values + i + 3 * W));
        if (!(__builtin_reduce_max(__builtin_elementwise_max(a, b)) >= threshold)) continue;
        for (size_t j = i; j < i + 4 * W; j++)
            if (values[j] >= threshold) places[found++] = (int32_t)j;
    }
    for (; i < n; i++)
        if (values[i] >= threshold) places[found++] = (int32_t)i;
    return found;
}

/// Cody and Waite's reduction to |r| <= ln 2 / 2, then a polynomial. Source of the coefficients: the Cephes library's
/// expf (Moshier).
INLINE VEC FN(exp)(VEC x) {
    x = __builtin_elementwise_min(__builtin_elementwise_max(x, (VEC){0} - 88.0f), (VEC){0} + 88.0f);
    VEC n = __builtin_elementwise_floor(x * 1.44269504f + 0.5f);
    VEC r = x - n * 0.693359375f + n * 2.12194440e-4f;
    VEC p = r * 1.9875691500e-4f + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * r * r + r + 1.0f;
    VECI power = (__builtin_convertvector(n, VECI) + 127) << 23;
    // Below -87.7 the power's bits are all zero, and so is the product.
    return p * (VEC)power;
}

TARGET static void FN(exponentials)(const float *x, float shift, float *out, size_t n) {
    size_t i = 0;
    for (; i + W <= n; i += W) STORE(out + i, FN(exp)(LOAD(x + i) + shift));
    if (i == n) return;
    VEC rest = {0};
    for (size_t j = i; j < n; j++) rest[j - i] = x[j] + shift;
    rest = FN(exp)(rest);
    for (size_t j = i; j < n; j++) out[j] = rest[j - i];
}

TARGET static void FN(adam)(
    size_t n, float rate, int step, float *gradient, float *mean, float *square, float *value) {
    const float keep = 0.9f, keep_square = 0.999f;
    float mean_scale = 1.0f - __builtin_powif(keep, step), square_scale = 1.0f - __builtin_powif(keep_square, step);
    float length = rate / mean_scale, inverse = 1.0f / square_scale;
    for (size_t i = 0; i < n; i++) {
        float g = gradient[i];
        mean[i] = keep * mean[i] + (1.0f - keep) * g;
        square[i] = keep_square * square[i] + (1.0f - keep_square) * g * g;
        value[i] -= length * mean[i] / (__builtin_elementwise_sqrt(square[i] * inverse) + 1e-8f);
        gradient[i] = 0.0f;
    }
}

TARGET static float FN(pair_step)(
    size_t k, float rate, float regularization, float *user, float *liked, float *other) {
    VEC apart = {0};
    for (size_t j = 0; j < k; j += W) apart += LOAD(user + j) * (LOAD(liked + j) - LOAD(other + j));
    float difference = FN(sum)(apart);
    float pull = 1.0f / (1.0f + FN(exp)((VEC){0} + difference)[0]);
    for (size_t j = 0; j < k; j += W) {
        VEC u = LOAD(user + j), l = LOAD(liked + j), o = LOAD(other + j);
        STORE(user + j, u + rate * (pull * (l - o) - regularization * u));
        STORE(liked + j, l + rate * (pull * u - regularization * l));
        STORE(other + j, o + rate * (-pull * u - regularization * o));
    }
    return difference;
}
