#include "../Group.h"

static const unsigned char css_experiments_css[] = {
#embed "../Web/css/experiments.css"
};
static const unsigned char js_experiments_columns_js[] = {
#embed "../Web/js/experiments/columns.js"
};
static const unsigned char js_experiments_compare_js[] = {
#embed "../Web/js/experiments/compare.js"
};
static const unsigned char js_experiments_csv_js[] = {
#embed "../Web/js/experiments/csv.js"
};
static const unsigned char js_experiments_curve_js[] = {
#embed "../Web/js/experiments/curve.js"
};
static const unsigned char js_experiments_curves_js[] = {
#embed "../Web/js/experiments/curves.js"
};
static const unsigned char js_experiments_experiment_js[] = {
#embed "../Web/js/experiments/experiment.js"
};
static const unsigned char js_experiments_families_js[] = {
#embed "../Web/js/experiments/families.js"
};
static const unsigned char js_experiments_feed_js[] = {
#embed "../Web/js/experiments/feed.js"
};
static const unsigned char js_experiments_files_js[] = {
#embed "../Web/js/experiments/files.js"
};
static const unsigned char js_experiments_filter_js[] = {
#embed "../Web/js/experiments/filter.js"
};
static const unsigned char js_experiments_jsonTree_js[] = {
#embed "../Web/js/experiments/jsonTree.js"
};
static const unsigned char js_experiments_list_js[] = {
#embed "../Web/js/experiments/list.js"
};
static const unsigned char js_experiments_models_js[] = {
#embed "../Web/js/experiments/models.js"
};
static const unsigned char js_experiments_names_js[] = {
#embed "../Web/js/experiments/names.js"
};
static const unsigned char js_experiments_orders_js[] = {
#embed "../Web/js/experiments/orders.js"
};
static const unsigned char js_experiments_page_js[] = {
#embed "../Web/js/experiments/page.js"
};
static const unsigned char js_experiments_preview_js[] = {
#embed "../Web/js/experiments/preview.js"
};
static const unsigned char js_experiments_run_js[] = {
#embed "../Web/js/experiments/run.js"
};
static const unsigned char js_experiments_runsTable_js[] = {
#embed "../Web/js/experiments/runsTable.js"
};
static const unsigned char js_experiments_story_js[] = {
#embed "../Web/js/experiments/story.js"
};
static const unsigned char js_experiments_tags_js[] = {
#embed "../Web/js/experiments/tags.js"
};
static const unsigned char js_experiments_values_js[] = {
#embed "../Web/js/experiments/values.js"
};

GROUP(experiments,
    ASSET("css/experiments.css", css_experiments_css),
    ASSET("js/experiments/columns.js", js_experiments_columns_js),
    ASSET("js/experiments/compare.js", js_experiments_compare_js),
    ASSET("js/experiments/csv.js", js_experiments_csv_js),
    ASSET("js/experiments/curve.js", js_experiments_curve_js),
    ASSET("js/experiments/curves.js", js_experiments_curves_js),
    ASSET("js/experiments/experiment.js", js_experiments_experiment_js),
    ASSET("js/experiments/families.js", js_experiments_families_js),
    ASSET("js/experiments/feed.js", js_experiments_feed_js),
    ASSET("js/experiments/files.js", js_experiments_files_js),
    ASSET("js/experiments/filter.js", js_experiments_filter_js),
    ASSET("js/experiments/jsonTree.js", js_experiments_jsonTree_js),
    ASSET("js/experiments/list.js", js_experiments_list_js),
    ASSET("js/experiments/models.js", js_experiments_models_js),
    ASSET("js/experiments/names.js", js_experiments_names_js),
    ASSET("js/experiments/orders.js", js_experiments_orders_js),
    ASSET("js/experiments/page.js", js_experiments_page_js),
    ASSET("js/experiments/preview.js", js_experiments_preview_js),
    ASSET("js/experiments/run.js", js_experiments_run_js),
    ASSET("js/experiments/runsTable.js", js_experiments_runsTable_js),
    ASSET("js/experiments/story.js", js_experiments_story_js),
    ASSET("js/experiments/tags.js", js_experiments_tags_js),
    ASSET("js/experiments/values.js", js_experiments_values_js));
