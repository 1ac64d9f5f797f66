#pragma once

#include <stddef.h>

/// One file of the folder `Web`, as it stood when the program was compiled.
typedef struct {
    /// Path below `Web`, without a leading slash, e.g. `js/main.js`.
    const char *_Nonnull path;
    const unsigned char *_Nonnull bytes;
    size_t count;
} CAsset;

/// How many files are embedded.
size_t cassets_count(void);

/// The file at `index`, which must be below `cassets_count()`. The pointers live as long as the process.
CAsset cassets_at(size_t index);
