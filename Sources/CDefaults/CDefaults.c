#include "CDefaults.h"

static const unsigned char daily[] = {
#embed "../Stack/Pipelines/daily.yaml"
};
static const unsigned char deploy[] = {
#embed "../Stack/Pipelines/deploy.yaml"
};
static const unsigned char echo_chain[] = {
#embed "../Stack/Pipelines/examples/echo_chain.yaml"
};
static const unsigned char hourly_recvae[] = {
#embed "../Stack/Pipelines/examples/hourly_recvae.yaml"
};
static const unsigned char on_new_data[] = {
#embed "../Stack/Pipelines/examples/on_new_data.yaml"
};
static const unsigned char project[] = {
#embed "../Stack/Pipelines/project/mlstack.yaml"
};
static const unsigned char workflow[] = {
#embed "../Stack/Pipelines/project/pipelines.yml"
};
static const unsigned char ignored[] = {
#embed "../Stack/Pipelines/project/gitignore"
};

static const mls_default_file pipelines[] = {
    {"daily.yaml", daily, sizeof daily},
    {"deploy.yaml", deploy, sizeof deploy},
};

static const mls_default_file examples[] = {
    {"echo_chain.yaml", echo_chain, sizeof echo_chain},
    {"hourly_recvae.yaml", hourly_recvae, sizeof hourly_recvae},
    {"on_new_data.yaml", on_new_data, sizeof on_new_data},
};

static const mls_default_file project_files[] = {
    {"mlstack.yaml", project, sizeof project},
    {".github/workflows/pipelines.yml", workflow, sizeof workflow},
    {".gitignore", ignored, sizeof ignored},
};

#define COUNT(files) (sizeof files / sizeof files[0])

size_t mls_default_pipeline_count(void) { return COUNT(pipelines); }
mls_default_file mls_default_pipeline(size_t index) { return pipelines[index]; }

size_t mls_example_pipeline_count(void) { return COUNT(examples); }
mls_default_file mls_example_pipeline(size_t index) { return examples[index]; }

size_t mls_project_file_count(void) { return COUNT(project_files); }
mls_default_file mls_project_file(size_t index) { return project_files[index]; }
