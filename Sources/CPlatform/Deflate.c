#include "CPlatform.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#include "Zlib.h"

struct mls_deflation {
    zlib_stream stream;
};

static struct {
    int (*begin)(zlib_stream *, int level, int method, int bits, int memory, int strategy, const char *version, int size);
    int (*deflate)(zlib_stream *, int flush);
    int (*end)(zlib_stream *);
} zlib;

static bool is_loaded = false;
static pthread_once_t loading = PTHREAD_ONCE_INIT;

static void load(void) {
    void *library = zlib_open();
    if (library == NULL) return;
    *(void **)&zlib.begin = dlsym(library, "deflateInit2_");
    *(void **)&zlib.deflate = dlsym(library, "deflate");
    *(void **)&zlib.end = dlsym(library, "deflateEnd");
    is_loaded = zlib.begin && zlib.deflate && zlib.end;
}

int32_t mls_deflate_begin(int32_t level, mls_deflation **deflation) {
    pthread_once(&loading, load);
    if (!is_loaded) return -ENOSYS;
    mls_deflation *new = calloc(1, sizeof *new);
    if (new == NULL) return -ENOMEM;
    // 15 is the largest window, 16 more asks for gzip's frame; 8 and 0 are the defaults for memory and strategy.
    int code = zlib.begin(&new->stream, level, Z_DEFLATED, 15 + 16, 8, 0, ZLIB_VERSION, (int)sizeof new->stream);
    if (code != Z_OK) {
        free(new);
        return code == Z_MEM_ERROR ? -ENOMEM : -EINVAL;
    }
    *deflation = new;
    return 0;
}

int32_t mls_deflate(
    mls_deflation *deflation, const void *input, int64_t *input_count, void *output, int64_t *output_count, bool is_last) {
    int flush = is_last && *input_count <= INT_MAX ? Z_FINISH : Z_NO_FLUSH;
    int code = zlib_step(zlib.deflate, flush, &deflation->stream, input, input_count, output, output_count);
    if (code == Z_STREAM_END) return 1;
    return code == Z_OK || code == Z_BUF_ERROR ? 0 : -EINVAL;
}

void mls_deflate_end(mls_deflation *deflation) {
    zlib.end(&deflation->stream);
    free(deflation);
}
