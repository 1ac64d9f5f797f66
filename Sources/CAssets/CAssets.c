#include "CAssets.h"

// A new page, style or script is two places here; WebUITests refuses a file of `Web` that has none.
// #embed is tracked as a dependency: an edited asset recompiles this file and nothing else.

static const unsigned char index_html[] = {
#embed "Web/index.html"
};
static const unsigned char css_base_css[] = {
#embed "Web/css/base.css"
};
static const unsigned char css_today_css[] = {
#embed "Web/css/today.css"
};
static const unsigned char favicon_svg[] = {
#embed "Web/favicon.svg"
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
static const unsigned char js_today_connection_js[] = {
#embed "Web/js/today/connection.js"
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
    {"index.html", index_html, sizeof index_html},
    {"css/base.css", css_base_css, sizeof css_base_css},
    {"css/today.css", css_today_css, sizeof css_today_css},
    {"favicon.svg", favicon_svg, sizeof favicon_svg},
    {"js/announce.js", js_announce_js, sizeof js_announce_js},
    {"js/api.js", js_api_js, sizeof js_api_js},
    {"js/dialog.js", js_dialog_js, sizeof js_dialog_js},
    {"js/dom.js", js_dom_js, sizeof js_dom_js},
    {"js/format.js", js_format_js, sizeof js_format_js},
    {"js/happenings.js", js_happenings_js, sizeof js_happenings_js},
    {"js/live.js", js_live_js, sizeof js_live_js},
    {"js/main.js", js_main_js, sizeof js_main_js},
    {"js/runs.js", js_runs_js, sizeof js_runs_js},
    {"js/states.js", js_states_js, sizeof js_states_js},
    {"js/store.js", js_store_js, sizeof js_store_js},
    {"js/theme.js", js_theme_js, sizeof js_theme_js},
    {"js/today/attention.js", js_today_attention_js, sizeof js_today_attention_js},
    {"js/today/chart.js", js_today_chart_js, sizeof js_today_chart_js},
    {"js/today/chooser.js", js_today_chooser_js, sizeof js_today_chooser_js},
    {"js/today/clock.js", js_today_clock_js, sizeof js_today_clock_js},
    {"js/today/connection.js", js_today_connection_js, sizeof js_today_connection_js},
    {"js/today/flow.js", js_today_flow_js, sizeof js_today_flow_js},
    {"js/today/graph.js", js_today_graph_js, sizeof js_today_graph_js},
    {"js/today/happened.js", js_today_happened_js, sizeof js_today_happened_js},
    {"js/today/layout.js", js_today_layout_js, sizeof js_today_layout_js},
    {"js/today/person.js", js_today_person_js, sizeof js_today_person_js},
    {"js/today/quality.js", js_today_quality_js, sizeof js_today_quality_js},
    {"js/today/serving.js", js_today_serving_js, sizeof js_today_serving_js},
    {"js/today/task.js", js_today_task_js, sizeof js_today_task_js},
    {"js/today/versions.js", js_today_versions_js, sizeof js_today_versions_js},
};

size_t cassets_count(void) { return sizeof assets / sizeof assets[0]; }

CAsset cassets_at(size_t index) { return assets[index]; }
