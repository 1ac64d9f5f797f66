#include "../Group.h"

static const unsigned char css_recommend_css[] = {
#embed "../Web/css/recommend.css"
};
static const unsigned char js_recommend_page_js[] = {
#embed "../Web/js/recommend/page.js"
};

GROUP(recommend,
    ASSET("css/recommend.css", css_recommend_css),
    ASSET("js/recommend/page.js", js_recommend_page_js));
