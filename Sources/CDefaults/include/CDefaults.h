#pragma once
#include <stddef.h>

/// A file that is compiled into the program; `name` is its path where it is written to.
typedef struct {
    const char *name;
    const unsigned char *bytes;
    size_t count;
} mls_default_file;

/// The pipelines of a new home. `mls_default_pipeline(i)` for i below the count; so with the others.
size_t mls_default_pipeline_count(void);
mls_default_file mls_default_pipeline(size_t index);

/// Further pipelines, to learn from.
size_t mls_example_pipeline_count(void);
mls_default_file mls_example_pipeline(size_t index);

/// What a new project has beside its pipelines.
size_t mls_project_file_count(void);
mls_default_file mls_project_file(size_t index);
