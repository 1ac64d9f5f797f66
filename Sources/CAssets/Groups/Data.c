#include "../Group.h"

static const unsigned char css_data_css[] = {
#embed "../Web/css/data.css"
};
static const unsigned char js_data_page_js[] = {
#embed "../Web/js/data/page.js"
};

GROUP(data,
    ASSET("css/data.css", css_data_css),
    ASSET("js/data/page.js", js_data_page_js));
