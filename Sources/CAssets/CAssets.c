#include "CAssets.h"

// A new page, style or script is one line here; WebUITests refuses a file of `Web` that has none.
// #embed is tracked as a dependency: an edited asset recompiles this file and nothing else.

static const unsigned char index_html[] = {
#embed "Web/index.html"
};
