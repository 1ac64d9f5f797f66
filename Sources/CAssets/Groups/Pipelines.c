#include "../Group.h"

static const unsigned char css_pipelines_css[] = {
#embed "../Web/css/pipelines.css"
};
static const unsigned char js_pipelines_audit_js[] = {
#embed "../Web/js/pipelines/audit.js"
};
static const unsigned char js_pipelines_backfill_js[] = {
#embed "../Web/js/pipelines/backfill.js"
};
static const unsigned char js_pipelines_calendar_js[] = {
#embed "../Web/js/pipelines/calendar.js"
};
static const unsigned char js_pipelines_diff_js[] = {
#embed "../Web/js/pipelines/diff.js"
};
static const unsigned char js_pipelines_file_js[] = {
#embed "../Web/js/pipelines/file.js"
};
static const unsigned char js_pipelines_gantt_js[] = {
#embed "../Web/js/pipelines/gantt.js"
};
static const unsigned char js_pipelines_grid_js[] = {
#embed "../Web/js/pipelines/grid.js"
};
static const unsigned char js_pipelines_keeper_js[] = {
#embed "../Web/js/pipelines/keeper.js"
};
static const unsigned char js_pipelines_list_js[] = {
#embed "../Web/js/pipelines/list.js"
};
static const unsigned char js_pipelines_names_js[] = {
#embed "../Web/js/pipelines/names.js"
};
static const unsigned char js_pipelines_oneRun_js[] = {
#embed "../Web/js/pipelines/oneRun.js"
};
static const unsigned char js_pipelines_orders_js[] = {
#embed "../Web/js/pipelines/orders.js"
};
static const unsigned char js_pipelines_page_js[] = {
#embed "../Web/js/pipelines/page.js"
};
static const unsigned char js_pipelines_picture_js[] = {
#embed "../Web/js/pipelines/picture.js"
};
static const unsigned char js_pipelines_pipeline_js[] = {
#embed "../Web/js/pipelines/pipeline.js"
};
static const unsigned char js_pipelines_relatives_js[] = {
#embed "../Web/js/pipelines/relatives.js"
};
static const unsigned char js_pipelines_run_js[] = {
#embed "../Web/js/pipelines/run.js"
};
static const unsigned char js_pipelines_task_js[] = {
#embed "../Web/js/pipelines/task.js"
};
static const unsigned char js_pipelines_tasks_js[] = {
#embed "../Web/js/pipelines/tasks.js"
};
static const unsigned char js_pipelines_trigger_js[] = {
#embed "../Web/js/pipelines/trigger.js"
};

GROUP(pipelines,
    ASSET("css/pipelines.css", css_pipelines_css),
    ASSET("js/pipelines/audit.js", js_pipelines_audit_js),
    ASSET("js/pipelines/backfill.js", js_pipelines_backfill_js),
    ASSET("js/pipelines/calendar.js", js_pipelines_calendar_js),
    ASSET("js/pipelines/diff.js", js_pipelines_diff_js),
    ASSET("js/pipelines/file.js", js_pipelines_file_js),
    ASSET("js/pipelines/gantt.js", js_pipelines_gantt_js),
    ASSET("js/pipelines/grid.js", js_pipelines_grid_js),
    ASSET("js/pipelines/keeper.js", js_pipelines_keeper_js),
    ASSET("js/pipelines/list.js", js_pipelines_list_js),
    ASSET("js/pipelines/names.js", js_pipelines_names_js),
    ASSET("js/pipelines/oneRun.js", js_pipelines_oneRun_js),
    ASSET("js/pipelines/orders.js", js_pipelines_orders_js),
    ASSET("js/pipelines/page.js", js_pipelines_page_js),
    ASSET("js/pipelines/picture.js", js_pipelines_picture_js),
    ASSET("js/pipelines/pipeline.js", js_pipelines_pipeline_js),
    ASSET("js/pipelines/relatives.js", js_pipelines_relatives_js),
    ASSET("js/pipelines/run.js", js_pipelines_run_js),
    ASSET("js/pipelines/task.js", js_pipelines_task_js),
    ASSET("js/pipelines/tasks.js", js_pipelines_tasks_js),
    ASSET("js/pipelines/trigger.js", js_pipelines_trigger_js));
