#include "../Group.h"

static const unsigned char css_models_css[] = {
#embed "../Web/css/models.css"
};
static const unsigned char js_models_page_js[] = {
#embed "../Web/js/models/page.js"
};
static const unsigned char js_models_versions_js[] = {
#embed "../Web/js/models/versions.js"
};

GROUP(models,
    ASSET("css/models.css", css_models_css),
    ASSET("js/models/page.js", js_models_page_js),
    ASSET("js/models/versions.js", js_models_versions_js));
