#include "CDefaults.h"

static const unsigned char daily[] = {
#embed "../Stack/Pipelines/daily.yaml"
};
static const unsigned char deploy[] = {
#embed "../Stack/Pipelines/deploy.yaml"
};

static const mls_default_file files[] = {
    {"daily.yaml", daily, sizeof daily},
    {"deploy.yaml", deploy, sizeof deploy},
};

size_t mls_default_pipeline_count(void) { return sizeof files / sizeof files[0]; }

mls_default_file mls_default_pipeline(size_t index) { return files[index]; }
