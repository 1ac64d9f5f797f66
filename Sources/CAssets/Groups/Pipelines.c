#include "../Group.h"

static const unsigned char css_pipelines_css[] = {
#embed "../Web/css/pipelines.css"
};
static const unsigned char js_pipelines_page_js[] = {
#embed "../Web/js/pipelines/page.js"
};

GROUP(pipelines,
    ASSET("css/pipelines.css", css_pipelines_css),
    ASSET("js/pipelines/page.js", js_pipelines_page_js));
