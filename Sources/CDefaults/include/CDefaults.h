#pragma once
#include <stddef.h>

/// The default pipeline files, compiled into the program. `mls_default_pipeline(i)` for i below the count.
typedef struct {
    const char *name;
    const unsigned char *bytes;
    size_t count;
} mls_default_file;

size_t mls_default_pipeline_count(void);
mls_default_file mls_default_pipeline(size_t index);
