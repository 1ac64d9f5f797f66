#include "../Group.h"

static const unsigned char css_base_css[] = {
#embed "../Web/css/base.css"
};
static const unsigned char css_parts_css[] = {
#embed "../Web/css/parts.css"
};
static const unsigned char css_shell_css[] = {
#embed "../Web/css/shell.css"
};
static const unsigned char favicon_svg[] = {
#embed "../Web/favicon.svg"
};
static const unsigned char index_html[] = {
#embed "../Web/index.html"
};
static const unsigned char js_announce_js[] = {
#embed "../Web/js/announce.js"
};
static const unsigned char js_api_js[] = {
#embed "../Web/js/api.js"
};
static const unsigned char js_dialog_js[] = {
#embed "../Web/js/dialog.js"
};
static const unsigned char js_dom_js[] = {
#embed "../Web/js/dom.js"
};
static const unsigned char js_format_js[] = {
#embed "../Web/js/format.js"
};
static const unsigned char js_happenings_js[] = {
#embed "../Web/js/happenings.js"
};
static const unsigned char js_help_js[] = {
#embed "../Web/js/help.js"
};
static const unsigned char js_keys_js[] = {
#embed "../Web/js/keys.js"
};
static const unsigned char js_live_js[] = {
#embed "../Web/js/live.js"
};
static const unsigned char js_main_js[] = {
#embed "../Web/js/main.js"
};
static const unsigned char js_mlflow_js[] = {
#embed "../Web/js/mlflow.js"
};
static const unsigned char js_palette_js[] = {
#embed "../Web/js/palette.js"
};
static const unsigned char js_poll_js[] = {
#embed "../Web/js/poll.js"
};
static const unsigned char js_router_js[] = {
#embed "../Web/js/router.js"
};
static const unsigned char js_runs_js[] = {
#embed "../Web/js/runs.js"
};
static const unsigned char js_states_js[] = {
#embed "../Web/js/states.js"
};
static const unsigned char js_store_js[] = {
#embed "../Web/js/store.js"
};
static const unsigned char js_theme_js[] = {
#embed "../Web/js/theme.js"
};
static const unsigned char js_tour_js[] = {
#embed "../Web/js/tour.js"
};
static const unsigned char js_words_js[] = {
#embed "../Web/js/words.js"
};

GROUP(shell,
    ASSET("css/base.css", css_base_css),
    ASSET("css/parts.css", css_parts_css),
    ASSET("css/shell.css", css_shell_css),
    ASSET("favicon.svg", favicon_svg),
    ASSET("index.html", index_html),
    ASSET("js/announce.js", js_announce_js),
    ASSET("js/api.js", js_api_js),
    ASSET("js/dialog.js", js_dialog_js),
    ASSET("js/dom.js", js_dom_js),
    ASSET("js/format.js", js_format_js),
    ASSET("js/happenings.js", js_happenings_js),
    ASSET("js/help.js", js_help_js),
    ASSET("js/keys.js", js_keys_js),
    ASSET("js/live.js", js_live_js),
    ASSET("js/main.js", js_main_js),
    ASSET("js/mlflow.js", js_mlflow_js),
    ASSET("js/palette.js", js_palette_js),
    ASSET("js/poll.js", js_poll_js),
    ASSET("js/router.js", js_router_js),
    ASSET("js/runs.js", js_runs_js),
    ASSET("js/states.js", js_states_js),
    ASSET("js/store.js", js_store_js),
    ASSET("js/theme.js", js_theme_js),
    ASSET("js/tour.js", js_tour_js),
    ASSET("js/words.js", js_words_js));
