#include "CKernels.h"

#include <math.h>
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

// Items lie in blocks of sixteen, four factors of each side by side: one vector holds those of all sixteen, so that the
// products of a block add up in lanes of their own and no sum runs across a vector.
#define BLOCK 16
#define GROUP 4
/// Sixteen bits hold the sum of two products of an item (0 ... 255) and a query (-63 ... 63).
#define QUERY_LIMIT 63.0f
#define ITEM_LIMIT 127.0f
#define ITEM_OFFSET 128

/// The nearest whole number of units; held to the limit, which a unit too small for its own precision would pass.
static int in_units(float value, float unit, float limit) {
    if (!(unit > 0)) return 0;
    return (int)lrintf(fminf(limit, fmaxf(-limit, value / unit)));
}

static size_t blocks_of(size_t n) { return (n + BLOCK - 1) / BLOCK; }

size_t mls_coarse_size(size_t k, size_t n) { return blocks_of(n) * BLOCK * k; }

void mls_coarse_pack(
    size_t k, const float *rows, size_t n, uint8_t *packed, float *scale, float *length, float *error) {
    memset(packed, ITEM_OFFSET, mls_coarse_size(k, n));
    for (size_t i = 0; i < n; i++) {
        const float *row = rows + i * k;
        uint8_t *block = packed + i / BLOCK * BLOCK * k;
        float most = 0.0f;
        for (size_t j = 0; j < k; j++) most = fmaxf(most, fabsf(row[j]));
        float step = most / ITEM_LIMIT;
        double squares = 0, wrong = 0;
        for (size_t j = 0; j < k; j++) {
            int whole = in_units(row[j], step, ITEM_LIMIT);
            double near = (double)step * whole;
            squares += near * near;
            wrong += (row[j] - near) * (row[j] - near);
            block[j / GROUP * BLOCK * GROUP + i % BLOCK * GROUP + j % GROUP] = (uint8_t)(whole + ITEM_OFFSET);
        }
        scale[i] = step;
        // Rounded up: these bound.
        length[i] = nextafterf((float)sqrt(squares), INFINITY);
        error[i] = nextafterf((float)sqrt(wrong), INFINITY);
    }
}

static void sums_plain(size_t k, const uint8_t *packed, size_t blocks, const int8_t *query, int32_t *out) {
    for (size_t b = 0; b < blocks; b++, packed += BLOCK * k, out += BLOCK) {
        int32_t sum[BLOCK] = {0};
        for (size_t g = 0; g < k; g += GROUP) {
            for (size_t i = 0; i < BLOCK; i++) {
                for (size_t j = 0; j < GROUP; j++)
                    sum[i] += (int32_t)packed[g * BLOCK + i * GROUP + j] * query[g + j];
            }
        }
        memcpy(out, sum, sizeof sum);
    }
}

#if defined(__x86_64__)
static int32_t group_at(const int8_t *query) {
    int32_t group;
    memcpy(&group, query, sizeof group);
    return group;
}

__attribute__((target("avx2"))) static void sums_avx2(
    size_t k, const uint8_t *packed, size_t blocks, const int8_t *query, int32_t *out) {
    const __m256i ones = _mm256_set1_epi16(1);
    for (size_t b = 0; b < blocks; b++, packed += BLOCK * k, out += BLOCK) {
        __m256i low = _mm256_setzero_si256(), high = low;
        for (size_t g = 0; g < k; g += GROUP) {
            __m256i q = _mm256_set1_epi32(group_at(query + g));
            __m256i a = _mm256_loadu_si256((const __m256i *)(packed + g * BLOCK));
            __m256i c = _mm256_loadu_si256((const __m256i *)(packed + g * BLOCK + 32));
            low = _mm256_add_epi32(low, _mm256_madd_epi16(_mm256_maddubs_epi16(a, q), ones));
            high = _mm256_add_epi32(high, _mm256_madd_epi16(_mm256_maddubs_epi16(c, q), ones));
        }
        _mm256_storeu_si256((__m256i *)out, low);
        _mm256_storeu_si256((__m256i *)(out + 8), high);
    }
}

__attribute__((target("avx512f,avx512vnni"))) static void sums_avx512vnni(
    size_t k, const uint8_t *packed, size_t blocks, const int8_t *query, int32_t *out) {
    for (size_t b = 0; b < blocks; b++, packed += BLOCK * k, out += BLOCK) {
        __m512i even = _mm512_setzero_si512(), odd = even;
        // k is a multiple of sixteen, and so of two groups: two chains hide the latency.
        for (size_t g = 0; g < k; g += 2 * GROUP) {
            even = _mm512_dpbusd_epi32(
                even, _mm512_loadu_si512(packed + g * BLOCK), _mm512_set1_epi32(group_at(query + g)));
            odd = _mm512_dpbusd_epi32(
                odd, _mm512_loadu_si512(packed + (g + GROUP) * BLOCK), _mm512_set1_epi32(group_at(query + g + GROUP)));
        }
        _mm512_storeu_si512(out, _mm512_add_epi32(even, odd));
    }
}
#endif

typedef void (*mls_sums)(size_t, const uint8_t *, size_t, const int8_t *, int32_t *);

static mls_sums sums_named(const char *name) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (!strcmp(name, "avx512vnni") && __builtin_cpu_supports("avx512vnni")) return sums_avx512vnni;
    if (!strcmp(name, "avx2") && __builtin_cpu_supports("avx2")) return sums_avx2;
#endif
    return strcmp(name, "plain") ? NULL : sums_plain;
}

static mls_sums chosen = sums_plain;

__attribute__((constructor)) static void choose(void) {
    mls_sums best = sums_named("avx512vnni");
    if (!best) best = sums_named("avx2");
    if (best) chosen = best;
}

int mls_coarse_sums(
    const char *name, size_t k, const uint8_t *packed, size_t n, const int8_t *query, int32_t *out) {
    mls_sums sums = sums_named(name);
    if (!sums) return 0;
    sums(k, packed, blocks_of(n), query, out);
    return 1;
}

void mls_coarse_bounds(
    size_t k, const uint8_t *packed, size_t n, const float *scale, const float *length, const float *error,
    const float *x, int8_t *query, int32_t *sums, float *lower, float *upper) {
    float most = 0.0f;
    for (size_t j = 0; j < k; j++) most = fmaxf(most, fabsf(x[j]));
    float step = most / QUERY_LIMIT;
    int32_t offset = 0;
    double squares = 0, wrong = 0;
    for (size_t j = 0; j < k; j++) {
        int whole = in_units(x[j], step, QUERY_LIMIT);
        double apart = x[j] - (double)step * whole;
        squares += (double)x[j] * x[j];
        wrong += apart * apart;
        query[j] = (int8_t)whole;
        offset += whole * ITEM_OFFSET;
    }
    chosen(k, packed, blocks_of(n), query, sums);
    // x.y = near.near + (x - near).near + x.(y - near), by Cauchy and Schwarz; and what floats lose in a sum of k terms.
    float rounding = (float)(k + 16) * 0x1p-23f;
    float by_length = (float)(sqrt(wrong) * 1.0001 + sqrt(squares) * rounding), by_error = (float)(sqrt(squares) * 1.0001);
    // Beside what is relative, what any term may lose when it is too small for a float.
    float least = (float)k * 1.2e-38f;
    for (size_t i = 0; i < n; i++) {
        float near = (float)((double)(sums[i] - offset) * scale[i] * step);
        float slack = by_length * length[i] + by_error * error[i] + least;
        lower[i] = near - slack;
        upper[i] = near + slack;
    }
}
