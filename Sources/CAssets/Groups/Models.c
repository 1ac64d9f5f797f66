#include "../Group.h"

static const unsigned char css_models_css[] = {
#embed "../Web/css/models.css"
};
static const unsigned char js_models_changes_js[] = {
#embed "../Web/js/models/changes.js"
};
static const unsigned char js_models_compare_js[] = {
#embed "../Web/js/models/compare.js"
};
static const unsigned char js_models_curve_js[] = {
#embed "../Web/js/models/curve.js"
};
static const unsigned char js_models_files_js[] = {
#embed "../Web/js/models/files.js"
};
static const unsigned char js_models_history_js[] = {
#embed "../Web/js/models/history.js"
};
static const unsigned char js_models_lineage_js[] = {
#embed "../Web/js/models/lineage.js"
};
static const unsigned char js_models_list_js[] = {
#embed "../Web/js/models/list.js"
};
static const unsigned char js_models_model_js[] = {
#embed "../Web/js/models/model.js"
};
static const unsigned char js_models_names_js[] = {
#embed "../Web/js/models/names.js"
};
static const unsigned char js_models_orders_js[] = {
#embed "../Web/js/models/orders.js"
};
static const unsigned char js_models_page_js[] = {
#embed "../Web/js/models/page.js"
};
static const unsigned char js_models_served_js[] = {
#embed "../Web/js/models/served.js"
};
static const unsigned char js_models_story_js[] = {
#embed "../Web/js/models/story.js"
};
static const unsigned char js_models_version_js[] = {
#embed "../Web/js/models/version.js"
};
static const unsigned char js_models_versionList_js[] = {
#embed "../Web/js/models/versionList.js"
};
static const unsigned char js_models_versions_js[] = {
#embed "../Web/js/models/versions.js"
};

GROUP(models,
    ASSET("css/models.css", css_models_css),
    ASSET("js/models/changes.js", js_models_changes_js),
    ASSET("js/models/compare.js", js_models_compare_js),
    ASSET("js/models/curve.js", js_models_curve_js),
    ASSET("js/models/files.js", js_models_files_js),
    ASSET("js/models/history.js", js_models_history_js),
    ASSET("js/models/lineage.js", js_models_lineage_js),
    ASSET("js/models/list.js", js_models_list_js),
    ASSET("js/models/model.js", js_models_model_js),
    ASSET("js/models/names.js", js_models_names_js),
    ASSET("js/models/orders.js", js_models_orders_js),
    ASSET("js/models/page.js", js_models_page_js),
    ASSET("js/models/served.js", js_models_served_js),
    ASSET("js/models/story.js", js_models_story_js),
    ASSET("js/models/version.js", js_models_version_js),
    ASSET("js/models/versionList.js", js_models_versionList_js),
    ASSET("js/models/versions.js", js_models_versions_js));
