#include "CAssets.h"

// A new page, style or script is two entries here; WebUITests refuses a file of `Web` that has none.
// #embed is tracked as a dependency: an edited asset recompiles this file and nothing else.

#define ASSET(path, array) {path, array, sizeof array}

static const unsigned char css_base_css[] = {
#embed "Web/css/base.css"
};
static const unsigned char css_today_css[] = {
#embed "Web/css/today.css"
};
static const unsigned char favicon_svg[] = {
#embed "Web/favicon.svg"
};
static const unsigned char index_html[] = {
#embed "Web/index.html"
};
static const unsigned char js_announce_js[] = {
#embed "Web/js/announce.js"
};
static const unsigned char js_api_js[] = {
#embed "Web/js/api.js"
};
static const unsigned char js_dialog_js[] = {
#embed "Web/js/dialog.js"
};
static const unsigned char js_dom_js[] = {
#embed "Web/js/dom.js"
};
static const unsigned char js_format_js[] = {
#embed "Web/js/format.js"
};
static const unsigned char js_happenings_js[] = {
#embed "Web/js/happenings.js"
};
static const unsigned char js_live_js[] = {
#embed "Web/js/live.js"
};
static const unsigned char js_main_js[] = {
#embed "Web/js/main.js"
};
static const unsigned char js_runs_js[] = {
#embed "Web/js/runs.js"
};
static const unsigned char js_states_js[] = {
#embed "Web/js/states.js"
};
static const unsigned char js_store_js[] = {
#embed "Web/js/store.js"
};
static const unsigned char js_theme_js[] = {
#embed "Web/js/theme.js"
};
static const unsigned char js_today_attention_js[] = {
#embed "Web/js/today/attention.js"
};
static const unsigned char js_today_chart_js[] = {
#embed "Web/js/today/chart.js"
};
static const unsigned char js_today_chooser_js[] = {
#embed "Web/js/today/chooser.js"
};
static const unsigned char js_today_clock_js[] = {
#embed "Web/js/today/clock.js"
};
static const unsigned char js_today_drift_js[] = {
#embed "Web/js/today/drift.js"
};
static const unsigned char js_today_examples_js[] = {
#embed "Web/js/today/examples.js"
};
static const unsigned char js_today_flow_js[] = {
#embed "Web/js/today/flow.js"
};
static const unsigned char js_today_graph_js[] = {
#embed "Web/js/today/graph.js"
};
static const unsigned char js_today_happened_js[] = {
#embed "Web/js/today/happened.js"
};
static const unsigned char js_today_layout_js[] = {
#embed "Web/js/today/layout.js"
};
static const unsigned char js_today_person_js[] = {
#embed "Web/js/today/person.js"
};
static const unsigned char js_today_quality_js[] = {
#embed "Web/js/today/quality.js"
};
static const unsigned char js_today_serving_js[] = {
#embed "Web/js/today/serving.js"
};
static const unsigned char js_today_task_js[] = {
#embed "Web/js/today/task.js"
};
static const unsigned char js_today_versions_js[] = {
#embed "Web/js/today/versions.js"
};

static const CAsset assets[] = {
    ASSET("css/base.css", css_base_css),
    ASSET("css/today.css", css_today_css),
    ASSET("favicon.svg", favicon_svg),
    ASSET("index.html", index_html),
    ASSET("js/announce.js", js_announce_js),
    ASSET("js/api.js", js_api_js),
    ASSET("js/dialog.js", js_dialog_js),
    ASSET("js/dom.js", js_dom_js),
    ASSET("js/format.js", js_format_js),
    ASSET("js/happenings.js", js_happenings_js),
    ASSET("js/live.js", js_live_js),
    ASSET("js/main.js", js_main_js),
    ASSET("js/runs.js", js_runs_js),
    ASSET("js/states.js", js_states_js),
    ASSET("js/store.js", js_store_js),
    ASSET("js/theme.js", js_theme_js),
    ASSET("js/today/attention.js", js_today_attention_js),
    ASSET("js/today/chart.js", js_today_chart_js),
    ASSET("js/today/chooser.js", js_today_chooser_js),
    ASSET("js/today/clock.js", js_today_clock_js),
    ASSET("js/today/drift.js", js_today_drift_js),
    ASSET("js/today/examples.js", js_today_examples_js),
    ASSET("js/today/flow.js", js_today_flow_js),
    ASSET("js/today/graph.js", js_today_graph_js),
    ASSET("js/today/happened.js", js_today_happened_js),
    ASSET("js/today/layout.js", js_today_layout_js),
    ASSET("js/today/person.js", js_today_person_js),
    ASSET("js/today/quality.js", js_today_quality_js),
    ASSET("js/today/serving.js", js_today_serving_js),
    ASSET("js/today/task.js", js_today_task_js),
    ASSET("js/today/versions.js", js_today_versions_js),
};

size_t cassets_count(void) {
    return sizeof assets / sizeof assets[0];
}

CAsset cassets_at(size_t index) {
    return assets[index];
}
