#include "../Group.h"

static const unsigned char js_parts_chart_js[] = {
#embed "../Web/js/parts/chart.js"
};
static const unsigned char js_parts_chooser_js[] = {
#embed "../Web/js/parts/chooser.js"
};
static const unsigned char js_parts_command_js[] = {
#embed "../Web/js/parts/command.js"
};
static const unsigned char js_parts_drift_js[] = {
#embed "../Web/js/parts/drift.js"
};
static const unsigned char js_parts_examples_js[] = {
#embed "../Web/js/parts/examples.js"
};
static const unsigned char js_parts_figures_js[] = {
#embed "../Web/js/parts/figures.js"
};
static const unsigned char js_parts_films_js[] = {
#embed "../Web/js/parts/films.js"
};
static const unsigned char js_parts_graph_js[] = {
#embed "../Web/js/parts/graph.js"
};
static const unsigned char js_parts_histogram_js[] = {
#embed "../Web/js/parts/histogram.js"
};
static const unsigned char js_parts_layout_js[] = {
#embed "../Web/js/parts/layout.js"
};
static const unsigned char js_parts_lists_js[] = {
#embed "../Web/js/parts/lists.js"
};
static const unsigned char js_parts_log_js[] = {
#embed "../Web/js/parts/log.js"
};
static const unsigned char js_parts_measures_js[] = {
#embed "../Web/js/parts/measures.js"
};
static const unsigned char js_parts_moves_js[] = {
#embed "../Web/js/parts/moves.js"
};
static const unsigned char js_parts_reader_js[] = {
#embed "../Web/js/parts/reader.js"
};
static const unsigned char js_parts_schedules_js[] = {
#embed "../Web/js/parts/schedules.js"
};
static const unsigned char js_parts_screens_js[] = {
#embed "../Web/js/parts/screens.js"
};
static const unsigned char js_parts_table_js[] = {
#embed "../Web/js/parts/table.js"
};
static const unsigned char js_parts_timeline_js[] = {
#embed "../Web/js/parts/timeline.js"
};

GROUP(parts,
    ASSET("js/parts/chart.js", js_parts_chart_js),
    ASSET("js/parts/chooser.js", js_parts_chooser_js),
    ASSET("js/parts/command.js", js_parts_command_js),
    ASSET("js/parts/drift.js", js_parts_drift_js),
    ASSET("js/parts/examples.js", js_parts_examples_js),
    ASSET("js/parts/figures.js", js_parts_figures_js),
    ASSET("js/parts/films.js", js_parts_films_js),
    ASSET("js/parts/graph.js", js_parts_graph_js),
    ASSET("js/parts/histogram.js", js_parts_histogram_js),
    ASSET("js/parts/layout.js", js_parts_layout_js),
    ASSET("js/parts/lists.js", js_parts_lists_js),
    ASSET("js/parts/log.js", js_parts_log_js),
    ASSET("js/parts/measures.js", js_parts_measures_js),
    ASSET("js/parts/moves.js", js_parts_moves_js),
    ASSET("js/parts/reader.js", js_parts_reader_js),
    ASSET("js/parts/schedules.js", js_parts_schedules_js),
    ASSET("js/parts/screens.js", js_parts_screens_js),
    ASSET("js/parts/table.js", js_parts_table_js),
    ASSET("js/parts/timeline.js", js_parts_timeline_js));
