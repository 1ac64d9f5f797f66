#pragma once
#include "CAssets.h"

/// The files of one page, or of what pages share: one file of `Groups` each, and a line in `CAssets.c`.
typedef struct {
    const CAsset *assets;
    size_t count;
} CAssetGroup;

#define ASSET(path, array) {path, array, sizeof array}
#define GROUP(name, ...) \
    static const CAsset name##_list[] = {__VA_ARGS__}; \
    const CAssetGroup name##_assets = {name##_list, sizeof name##_list / sizeof name##_list[0]}
