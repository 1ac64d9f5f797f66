#include "../Group.h"

static const unsigned char css_data_css[] = {
#embed "../Web/css/data.css"
};
static const unsigned char js_data_days_js[] = {
#embed "../Web/js/data/days.js"
};
static const unsigned char js_data_drift_js[] = {
#embed "../Web/js/data/drift.js"
};
static const unsigned char js_data_events_js[] = {
#embed "../Web/js/data/events.js"
};
static const unsigned char js_data_files_js[] = {
#embed "../Web/js/data/files.js"
};
static const unsigned char js_data_page_js[] = {
#embed "../Web/js/data/page.js"
};
static const unsigned char js_data_table_js[] = {
#embed "../Web/js/data/table.js"
};

GROUP(data,
    ASSET("css/data.css", css_data_css),
    ASSET("js/data/days.js", js_data_days_js),
    ASSET("js/data/drift.js", js_data_drift_js),
    ASSET("js/data/events.js", js_data_events_js),
    ASSET("js/data/files.js", js_data_files_js),
    ASSET("js/data/page.js", js_data_page_js),
    ASSET("js/data/table.js", js_data_table_js));
