#include "../Group.h"

static const unsigned char js_ko_common_js[] = {
#embed "../Web/js/ko/common.js"
};
static const unsigned char js_ko_data_js[] = {
#embed "../Web/js/ko/data.js"
};
static const unsigned char js_ko_experiments_js[] = {
#embed "../Web/js/ko/experiments.js"
};
static const unsigned char js_ko_models_js[] = {
#embed "../Web/js/ko/models.js"
};
static const unsigned char js_ko_parts_js[] = {
#embed "../Web/js/ko/parts.js"
};
static const unsigned char js_ko_pipelines_js[] = {
#embed "../Web/js/ko/pipelines.js"
};
static const unsigned char js_ko_recommend_js[] = {
#embed "../Web/js/ko/recommend.js"
};
static const unsigned char js_ko_shell_js[] = {
#embed "../Web/js/ko/shell.js"
};
static const unsigned char js_ko_system_js[] = {
#embed "../Web/js/ko/system.js"
};
static const unsigned char js_ko_today_js[] = {
#embed "../Web/js/ko/today.js"
};

GROUP(korean,
    ASSET("js/ko/common.js", js_ko_common_js),
    ASSET("js/ko/data.js", js_ko_data_js),
    ASSET("js/ko/experiments.js", js_ko_experiments_js),
    ASSET("js/ko/models.js", js_ko_models_js),
    ASSET("js/ko/parts.js", js_ko_parts_js),
    ASSET("js/ko/pipelines.js", js_ko_pipelines_js),
    ASSET("js/ko/recommend.js", js_ko_recommend_js),
    ASSET("js/ko/shell.js", js_ko_shell_js),
    ASSET("js/ko/system.js", js_ko_system_js),
    ASSET("js/ko/today.js", js_ko_today_js));
