#include "Group.h"

// A new page, style or script is two entries in its group; WebUITests refuses a file of `Web` that has none.
// #embed is tracked as a dependency: an edited asset recompiles its group and nothing else.

extern const CAssetGroup shell_assets, parts_assets, korean_assets, today_assets, pipelines_assets,
    experiments_assets, models_assets, recommend_assets, data_assets, system_assets;

static const CAssetGroup *const groups[] = {
    &shell_assets, &parts_assets, &korean_assets, &today_assets, &pipelines_assets, &experiments_assets, &models_assets,
    &recommend_assets, &data_assets, &system_assets,
};

size_t cassets_count(void) {
    size_t count = 0;
    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) count += groups[i]->count;
    return count;
}

CAsset cassets_at(size_t index) {
    size_t group = 0;
    while (index >= groups[group]->count) index -= groups[group++]->count;
    return groups[group]->assets[index];
}
