#include "../Group.h"

static const unsigned char js_ko_all_js[] = {
#embed "../Web/js/ko/all.js"
};
static const unsigned char js_ko_common_js[] = {
#embed "../Web/js/ko/common.js"
};
static const unsigned char js_ko_pipelines_js[] = {
#embed "../Web/js/ko/pipelines.js"
};
static const unsigned char js_ko_today_js[] = {
#embed "../Web/js/ko/today.js"
};

GROUP(korean,
    ASSET("js/ko/all.js", js_ko_all_js),
    ASSET("js/ko/common.js", js_ko_common_js),
    ASSET("js/ko/pipelines.js", js_ko_pipelines_js),
    ASSET("js/ko/today.js", js_ko_today_js));
