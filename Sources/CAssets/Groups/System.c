#include "../Group.h"

static const unsigned char css_system_css[] = {
#embed "../Web/css/system.css"
};
static const unsigned char js_system_page_js[] = {
#embed "../Web/js/system/page.js"
};

GROUP(system,
    ASSET("css/system.css", css_system_css),
    ASSET("js/system/page.js", js_system_page_js));
