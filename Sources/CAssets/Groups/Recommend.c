#include "../Group.h"

static const unsigned char css_recommend_css[] = {
#embed "../Web/css/recommend.css"
};
static const unsigned char js_recommend_controls_js[] = {
#embed "../Web/js/recommend/controls.js"
};
static const unsigned char js_recommend_film_js[] = {
#embed "../Web/js/recommend/film.js"
};
static const unsigned char js_recommend_page_js[] = {
#embed "../Web/js/recommend/page.js"
};
static const unsigned char js_recommend_question_js[] = {
#embed "../Web/js/recommend/question.js"
};
static const unsigned char js_recommend_somebody_js[] = {
#embed "../Web/js/recommend/somebody.js"
};
static const unsigned char js_recommend_stars_js[] = {
#embed "../Web/js/recommend/stars.js"
};
static const unsigned char js_recommend_you_js[] = {
#embed "../Web/js/recommend/you.js"
};

GROUP(recommend,
    ASSET("css/recommend.css", css_recommend_css),
    ASSET("js/recommend/controls.js", js_recommend_controls_js),
    ASSET("js/recommend/film.js", js_recommend_film_js),
    ASSET("js/recommend/page.js", js_recommend_page_js),
    ASSET("js/recommend/question.js", js_recommend_question_js),
    ASSET("js/recommend/somebody.js", js_recommend_somebody_js),
    ASSET("js/recommend/stars.js", js_recommend_stars_js),
    ASSET("js/recommend/you.js", js_recommend_you_js));
