#include "../Group.h"

static const unsigned char css_system_css[] = {
#embed "../Web/css/system.css"
};
static const unsigned char js_system_log_js[] = {
#embed "../Web/js/system/log.js"
};
static const unsigned char js_system_page_js[] = {
#embed "../Web/js/system/page.js"
};
static const unsigned char js_system_parts_js[] = {
#embed "../Web/js/system/parts.js"
};
static const unsigned char js_system_settings_js[] = {
#embed "../Web/js/system/settings.js"
};
static const unsigned char js_system_traffic_js[] = {
#embed "../Web/js/system/traffic.js"
};

GROUP(system,
    ASSET("css/system.css", css_system_css),
    ASSET("js/system/log.js", js_system_log_js),
    ASSET("js/system/page.js", js_system_page_js),
    ASSET("js/system/parts.js", js_system_parts_js),
    ASSET("js/system/settings.js", js_system_settings_js),
    ASSET("js/system/traffic.js", js_system_traffic_js));
