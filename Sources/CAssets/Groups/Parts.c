#include "../Group.h"

static const unsigned char js_parts_chart_js[] = {
#embed "../Web/js/parts/chart.js"
};
static const unsigned char js_parts_drift_js[] = {
#embed "../Web/js/parts/drift.js"
};
static const unsigned char js_parts_graph_js[] = {
#embed "../Web/js/parts/graph.js"
};
static const unsigned char js_parts_layout_js[] = {
#embed "../Web/js/parts/layout.js"
};
static const unsigned char js_parts_log_js[] = {
#embed "../Web/js/parts/log.js"
};
static const unsigned char js_parts_table_js[] = {
#embed "../Web/js/parts/table.js"
};

GROUP(parts,
    ASSET("js/parts/chart.js", js_parts_chart_js),
    ASSET("js/parts/drift.js", js_parts_drift_js),
    ASSET("js/parts/graph.js", js_parts_graph_js),
    ASSET("js/parts/layout.js", js_parts_layout_js),
    ASSET("js/parts/log.js", js_parts_log_js),
    ASSET("js/parts/table.js", js_parts_table_js));
