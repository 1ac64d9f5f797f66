#include "../Group.h"

static const unsigned char css_today_css[] = {
#embed "../Web/css/today.css"
};
static const unsigned char js_today_attention_js[] = {
#embed "../Web/js/today/attention.js"
};
static const unsigned char js_today_clock_js[] = {
#embed "../Web/js/today/clock.js"
};
static const unsigned char js_today_flow_js[] = {
#embed "../Web/js/today/flow.js"
};
static const unsigned char js_today_happened_js[] = {
#embed "../Web/js/today/happened.js"
};
static const unsigned char js_today_page_js[] = {
#embed "../Web/js/today/page.js"
};
static const unsigned char js_today_quality_js[] = {
#embed "../Web/js/today/quality.js"
};
static const unsigned char js_today_serving_js[] = {
#embed "../Web/js/today/serving.js"
};
static const unsigned char js_today_task_js[] = {
#embed "../Web/js/today/task.js"
};

GROUP(today,
    ASSET("css/today.css", css_today_css),
    ASSET("js/today/attention.js", js_today_attention_js),
    ASSET("js/today/clock.js", js_today_clock_js),
    ASSET("js/today/flow.js", js_today_flow_js),
    ASSET("js/today/happened.js", js_today_happened_js),
    ASSET("js/today/page.js", js_today_page_js),
    ASSET("js/today/quality.js", js_today_quality_js),
    ASSET("js/today/serving.js", js_today_serving_js),
    ASSET("js/today/task.js", js_today_task_js));
