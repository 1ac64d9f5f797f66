#include "CKernels.h"

/// No plain line is longer: two ids of eight digits, a rating, a time of ten digits, separators, a line break.
#define LONGEST_LINE 48
#define ID_LIMIT (1u << MLS_PLAIN_ID_BITS)

/// Digits from `*at` on, at most `most` of them; 0 when there is none, or a zero leads.
static inline size_t number(const uint8_t **at, size_t most, uint64_t *value) {
    const uint8_t *p = *at;
    uint64_t sum = (uint8_t)(*p - '0');
    if (sum > 9) return 0;
    size_t digits = 1;
    for (;;) {
        uint8_t digit = (uint8_t)(p[digits] - '0');
        if (digit > 9) break;
        if (digits == most) return 0;
        sum = sum * 10 + digit;
        digits++;
    }
    if (*p == '0' && digits > 1) return 0;
    *value = sum;
    *at = p + digits;
    return digits;
}

size_t mls_parse_ratings(
    const uint8_t *text, size_t count, uint8_t separator, size_t separator_width, uint32_t *users, uint32_t *items,
    float *stars, uint32_t *times, size_t *consumed) {
    const uint8_t *p = text, *end = text + count;
    size_t rows = 0;
    // The last lines are left to the caller, so that no byte asks whether it is the last.
    while ((size_t)(end - p) > LONGEST_LINE) {
        const uint8_t *at = p;
        uint64_t user, item, time;
        if (!number(&at, 8, &user) || user >= ID_LIMIT) break;
        if (at[0] != separator || (separator_width == 2 && at[1] != separator)) break;
        at += separator_width;
        if (!number(&at, 8, &item) || item >= ID_LIMIT) break;
        if (at[0] != separator || (separator_width == 2 && at[1] != separator)) break;
        at += separator_width;
        uint32_t tenths = (uint8_t)(*at++ - '0');
        if (tenths > 5) break;
        tenths *= 10;
        if (*at == '.') {
            uint8_t digit = (uint8_t)(at[1] - '0');
            if (digit > 9) break;
            tenths += digit;
            at += 2;
        }
        if (tenths < 5 || tenths > 50) break;
        if (at[0] != separator || (separator_width == 2 && at[1] != separator)) break;
        at += separator_width;
        if (!number(&at, 10, &time) || time > UINT32_MAX) break;
        if (*at == '\r') at++;
        if (*at != '\n') break;
        users[rows] = (uint32_t)user;
        items[rows] = (uint32_t)item;
        stars[rows] = (float)((double)tenths / 10.0);
        times[rows] = (uint32_t)time;
        rows++;
        p = at + 1;
    }
    *consumed = (size_t)(p - text);
    return rows;
}

typedef uint8_t bytes16 __attribute__((vector_size(16), aligned(1), may_alias));

size_t mls_count_breaks(const uint8_t *text, size_t count) {
    size_t found = 0, i = 0;
    while (i + 64 <= count) {
        // A lane counts up to 255; four vectors at a time keep it below for 63 rounds.
        bytes16 lanes = {0};
        size_t rounds = (count - i) / 64 < 63 ? (count - i) / 64 : 63;
        for (size_t r = 0; r < rounds; r++, i += 64) {
            for (int v = 0; v < 4; v++) lanes -= (bytes16)(*(const bytes16 *)(text + i + 16 * v) == 10);
        }
        for (int lane = 0; lane < 16; lane++) found += lanes[lane];
    }
    for (; i < count; i++) found += text[i] == 10;
    return found;
}
