#include "CPlatform.h"

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>

// The other half of Inflate.c, found in the same way.

typedef struct {
    const unsigned char *next_in;
    unsigned int avail_in;
    unsigned long total_in;
    unsigned char *next_out;
    unsigned int avail_out;
    unsigned long total_out;
    const char *message;
    void *state;
    void *(*allocate)(void *, unsigned int, unsigned int);
    void (*release)(void *, void *);
    void *opaque;
    int data_type;
    unsigned long adler;
    unsigned long reserved;
} stream;

struct mls_deflation {
    stream stream;
};

enum { Z_NO_FLUSH = 0, Z_FINISH = 4, Z_OK = 0, Z_STREAM_END = 1, Z_MEM_ERROR = -4, Z_BUF_ERROR = -5, Z_DEFLATED = 8 };

static struct {
    int (*begin)(stream *, int level, int method, int bits, int memory, int strategy, const char *version, int size);
    int (*deflate)(stream *, int flush);
    int (*end)(stream *);
} zlib;

static bool is_loaded = false;
static pthread_once_t loading = PTHREAD_ONCE_INIT;

static void load(void) {
#ifdef __APPLE__
    void *library = dlopen("libz.1.dylib", RTLD_NOW | RTLD_LOCAL);
#else
    void *library = dlopen("libz.so.1", RTLD_NOW | RTLD_LOCAL);
#endif
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
    int code = zlib.begin(&new->stream, level, Z_DEFLATED, 15 + 16, 8, 0, "1.2.11", (int)sizeof new->stream);
    if (code != Z_OK) {
        free(new);
        return code == Z_MEM_ERROR ? -ENOMEM : -EINVAL;
    }
    *deflation = new;
    return 0;
}

int32_t mls_deflate(
    mls_deflation *deflation, const void *input, int64_t *input_count, void *output, int64_t *output_count, bool is_last) {
    stream *s = &deflation->stream;
    unsigned int in = *input_count > INT_MAX ? INT_MAX : (unsigned int)*input_count;
    unsigned int out = *output_count > INT_MAX ? INT_MAX : (unsigned int)*output_count;
    bool ends = is_last && in == *input_count;
    s->next_in = input;
    s->avail_in = in;
    s->next_out = output;
    s->avail_out = out;
    int code = zlib.deflate(s, ends ? Z_FINISH : Z_NO_FLUSH);
    *input_count = in - s->avail_in;
    *output_count = out - s->avail_out;
    if (code == Z_STREAM_END) return 1;
    return code == Z_OK || code == Z_BUF_ERROR ? 0 : -EINVAL;
}

void mls_deflate_end(mls_deflation *deflation) {
    zlib.end(&deflation->stream);
    free(deflation);
}
