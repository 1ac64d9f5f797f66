/// The inner loops of training and ranking, written once and compiled for several instruction sets.
///
/// The set is chosen once, when the program starts, from what the processor says it can do; so one binary is fast on
/// new machines and runs on old ones. On a fixed machine every function is a pure function of its arguments, to the
/// bit.
///
/// Shapes: `k` is the padded number of factors, a multiple of `MLS_LANES`; a row of factors is `k` floats; `k` x `k`
/// matrices are row major without gaps. "Upper" means that only entries with column >= row are read, and that others
/// may be overwritten.
#pragma once

#include <stddef.h>
#include <stdint.h>

#if defined(__clang__)
#pragma clang assume_nonnull begin
#endif

/// Rows of factors are padded to a multiple of this many floats: the widest vector there is.
#define MLS_LANES 16

/// One compiled copy of the loops.
struct mls_kernels {
    /// `avx512f`, `avx2`, `sse2`, or `portable` where the processor is no x86.
    const char *name;
    float (*dot)(const float *x, const float *y, size_t k);
    void (*axpy)(float a, const float *x, float *y, size_t k);
    void (*rank_update)(size_t k, const float *rows, size_t n, float *upper);
    void (*gather_rank_update)(
        size_t k, const float *factors, const int32_t *indices, const float *_Nullable weights, size_t n, float *panel,
        float *upper);
    void (*gather_sum)(
        size_t k, const float *factors, const int32_t *indices, const float *_Nullable weights, float base, size_t n,
        float *sum);
    size_t (*cholesky)(size_t k, float *upper);
    void (*cholesky_solve)(size_t k, const float *upper, float *b, float *x);
    double (*conjugate_gradient)(
        size_t k, const float *gram, float ridge, const float *factors, const int32_t *indices,
        const float *_Nullable weights, size_t n, const float *b, size_t steps, float *scratch, float *x);
    void (*scores)(size_t k, const float *rows, size_t n, const float *x, float *out);
    size_t (*top_k)(const float *scores, size_t n, size_t count, int32_t *indices, float *best);
    void (*product)(
        size_t m, size_t n, size_t terms, float alpha, const float *a, size_t a_row, size_t a_column, const float *b,
        size_t b_row, size_t b_column, float *c, size_t c_stride, float *scratch);
    double (*block_descent)(
        size_t k, size_t block, const float *gram, float ridge, const float *factors, const int32_t *indices,
        const float *_Nullable weights, size_t n, const float *b, float *scratch, float *predictions, float *x);
    size_t (*at_least)(const float *values, size_t n, float threshold, int32_t *places);
    void (*exponentials)(const float *x, float shift, float *out, size_t n);
    void (*adam)(
        size_t n, float rate, int step, float *gradient, float *mean, float *square, float *value);
    float (*pair_step)(size_t k, float rate, float regularization, float *user, float *liked, float *other);
};

/// The copy that the functions below run.
const struct mls_kernels *mls_kernels_chosen(void);
/// A copy by name, or NULL when this processor or this build has none: for tests that compare the copies.
const struct mls_kernels *_Nullable mls_kernels_named(const char *name);

/// Sum of x[i] * y[i]; any length.
float mls_dot(const float *x, const float *y, size_t k);
/// y += a * x; any length.
void mls_axpy(float a, const float *x, float *y, size_t k);

/// upper += rows' * rows, for `n` rows that lie one behind the other.
void mls_rank_update(size_t k, const float *rows, size_t n, float *upper);

/// Floats that `panel` must hold.
size_t mls_panel_size(size_t k);
/// upper += sum of weights[i] * f * f', f being row `indices[i]` of `factors`. `weights` are >= 0; NULL: all 1.
void mls_gather_rank_update(
    size_t k, const float *factors, const int32_t *indices, const float *_Nullable weights, size_t n, float *panel,
    float *upper);
/// sum += sum of (base + weights[i]) * f. `weights` NULL: all 1.
void mls_gather_sum(
    size_t k, const float *factors, const int32_t *indices, const float *_Nullable weights, float base, size_t n,
    float *sum);

/// Replaces a symmetric positive definite matrix by its factor U (U' * U = A), the inverses of U's diagonal standing
/// on the diagonal. Returns 0, or 1 + the row at which the matrix proved not to be positive definite.
size_t mls_cholesky(size_t k, float *upper);
/// Solves A * x = b with the result of `mls_cholesky`. `b` is destroyed; `x` must not be `b`.
void mls_cholesky_solve(size_t k, const float *upper, float *b, float *x);

/// Floats that `scratch` must hold.
size_t mls_conjugate_gradient_scratch(size_t k);
/// Improves `x` by `steps` steps of conjugate gradient on (gram + ridge * I + sum of weights[i] * f * f') x = b,
/// without forming the matrix. `gram` is a full symmetric matrix. Returns x'Ax - 2b'x, the quadratic objective at the
/// new `x`.
double mls_conjugate_gradient(
    size_t k, const float *gram, float ridge, const float *factors, const int32_t *indices,
    const float *_Nullable weights, size_t n, const float *b, size_t steps, float *scratch, float *x);

/// Floats that `scratch` must hold for blocks of `block` columns.
size_t mls_block_descent_scratch(size_t block);
/// Improves `x` by one pass of block coordinate descent on the same equations: exact in each block of `block` columns
/// (a multiple of `MLS_LANES`) while the others stand still. `predictions` is room for `n` floats. Returns
/// x'Ax - 2b'x, or NaN when some block has no single solution.
/// Source: Rendle, Krichene, Zhang, Koren (2021), "iALS++: Speeding up Matrix Factorization with Subspace
/// Optimization".
double mls_block_descent(
    size_t k, size_t block, const float *gram, float ridge, const float *factors, const int32_t *indices,
    const float *_Nullable weights, size_t n, const float *b, float *scratch, float *predictions, float *x);

/// Floats that `scratch` must hold.
size_t mls_product_scratch(void);
/// c += alpha * a * b. Entry (i, j) of a lies at i * a_row + j * a_column, likewise b, so that a transpose is a swap of
/// two strides; c is row major, rows `c_stride` apart. Any shapes: m x terms, terms x n, m x n. The sum of an entry does
/// not depend on which part of c is asked for at once.
void mls_product(
    size_t m, size_t n, size_t terms, float alpha, const float *a, size_t a_row, size_t a_column, const float *b,
    size_t b_row, size_t b_column, float *c, size_t c_stride, float *scratch);

/// A step of Adam (beta 0.9 and 0.999, epsilon 1e-8) on `n` weights; `step` counts from 1, the gradient is zeroed.
void mls_adam(size_t n, float rate, int step, float *gradient, float *mean, float *square, float *value);

/// One step of stochastic gradient on ln sigma(user . (liked - other)) with a ridge. Returns that product before the
/// step. Source: Rendle, Freudenthaler, Gantner, Schmidt-Thieme (2009), "BPR", figure 4.
float mls_pair_step(size_t k, float rate, float regularization, float *user, float *liked, float *other);

/// out[i] = e^(x[i] + shift), to within a few units in the last place; 0 below -87.7, e^88 above 88. `out` may be `x`; any
/// length. The C library's differs from machine to machine.
void mls_exponentials(const float *x, float shift, float *out, size_t n);

/// out[i] = row i of `rows` times `x`, for `n` rows.
void mls_scores(size_t k, const float *rows, size_t n, const float *x, float *out);

/// The `count` highest scores, best first, ties by lower index. Minus infinity (and NaN) never gets in: it masks.
/// `indices` and `best` hold `count`; returns how many were found. Exact.
size_t mls_top_k(const float *scores, size_t n, size_t count, int32_t *indices, float *best);

/// The places, ascending, of what is at least `threshold`; `places` holds `n`. Returns how many there are.
size_t mls_at_least(const float *values, size_t n, float threshold, int32_t *places);

/// A copy of `n` rows of `k` floats in a byte each: a fourth of the memory to read, from which every product is known
/// within bounds. Bytes that `packed` must hold.
size_t mls_coarse_size(size_t k, size_t n);
/// Fills the copy; for each row `scale` is what a unit is worth, `length` the length of what is left of it, `error` the
/// length of what is lost.
void mls_coarse_pack(
    size_t k, const float *rows, size_t n, uint8_t *packed, float *scale, float *length, float *error);
/// Bounds of row i times `x`: lower[i] <= product <= upper[i], whatever `mls_scores` makes of it in floats. `query` holds
/// k, `sums` n rounded up to a multiple of 16.
void mls_coarse_bounds(
    size_t k, const uint8_t *packed, size_t n, const float *scale, const float *length, const float *error,
    const float *x, int8_t *query, int32_t *sums, float *lower, float *upper);
/// The sums of whole numbers alone, by the copy of that name (`avx512vnni`, `avx2`, `plain`): for tests. Returns 0 when
/// this processor has no such copy.
int mls_coarse_sums(
    const char *name, size_t k, const uint8_t *packed, size_t n, const int8_t *query, int32_t *out);

/// Ids of plain lines are below 2 to this power.
#define MLS_PLAIN_ID_BITS 24

/// Reads lines of four plain fields, `user item stars seconds`: ids that are numbers without leading zeros, stars with at
/// most one decimal. Stops at the first line that is anything else, and near the end of the text: `consumed` tells where,
/// always at the beginning of a line. Returns how many lines were read; the arrays hold as many as there are lines.
size_t mls_parse_ratings(
    const uint8_t *text, size_t count, uint8_t separator, size_t separator_width, uint32_t *users, uint32_t *items,
    float *stars, uint32_t *times, size_t *consumed);

/// How many line feeds there are.
size_t mls_count_breaks(const uint8_t *text, size_t count);

/// SHA-256's compression function over `n` blocks of 64 bytes. Source: FIPS 180-4, section 6.2.2.
void mls_sha256_blocks(uint32_t state[_Nonnull 8], const uint8_t *blocks, size_t n);
/// The same without instructions of its own: for tests.
void mls_sha256_blocks_plain(uint32_t state[_Nonnull 8], const uint8_t *blocks, size_t n);

#if defined(__clang__)
#pragma clang assume_nonnull end
#endif
