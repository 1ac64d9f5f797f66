#include "../Group.h"

static const unsigned char css_experiments_css[] = {
#embed "../Web/css/experiments.css"
};
static const unsigned char js_experiments_page_js[] = {
#embed "../Web/js/experiments/page.js"
};

GROUP(experiments,
    ASSET("css/experiments.css", css_experiments_css),
    ASSET("js/experiments/page.js", js_experiments_page_js));
