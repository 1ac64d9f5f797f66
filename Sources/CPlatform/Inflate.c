#include "CPlatform.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#include "Zlib.h"

struct mls_inflation {
    zlib_stream stream;
};

static struct {
    int (*begin)(zlib_stream *, int bits, const char *version, int size);
    int (*inflate)(zlib_stream *, int flush);
    int (*reset)(zlib_stream *);
    int (*end)(zlib_stream *);
    unsigned long (*crc)(unsigned long, const unsigned char *, unsigned int);
} zlib;

static bool is_loaded = false;
static pthread_once_t loading = PTHREAD_ONCE_INIT;

static void load(void) {
    void *library = zlib_open();
    if (library == NULL) return;
    *(void **)&zlib.begin = dlsym(library, "inflateInit2_");
    *(void **)&zlib.inflate = dlsym(library, "inflate");
    *(void **)&zlib.reset = dlsym(library, "inflateReset");
    *(void **)&zlib.end = dlsym(library, "inflateEnd");
    *(void **)&zlib.crc = dlsym(library, "crc32");
    is_loaded = zlib.begin && zlib.inflate && zlib.reset && zlib.end && zlib.crc;
}

int32_t mls_inflate_begin(bool is_gzip, mls_inflation **inflation) {
    pthread_once(&loading, load);
    if (!is_loaded) return -ENOSYS;
    mls_inflation *new = calloc(1, sizeof *new);
    if (new == NULL) return -ENOMEM;
    // 15 is the largest window; 16 more asks for gzip's frame, a negative number for none.
    int code = zlib.begin(&new->stream, is_gzip ? 15 + 16 : -15, ZLIB_VERSION, (int)sizeof new->stream);
    if (code != Z_OK) {
        free(new);
        return code == Z_MEM_ERROR ? -ENOMEM : -ENOSYS;
    }
    *inflation = new;
    return 0;
}

int32_t mls_inflate(mls_inflation *inflation, const void *input, int64_t *input_count, void *output, int64_t *output_count) {
    int code = zlib_step(zlib.inflate, Z_NO_FLUSH, &inflation->stream, input, input_count, output, output_count);
    if (code == Z_STREAM_END) return 1;
    // Z_BUF_ERROR: nothing could be done now, with more input or room it goes on.
    if (code == Z_OK || code == Z_BUF_ERROR) return 0;
    return code == Z_MEM_ERROR ? -ENOMEM : -EINVAL;
}

int32_t mls_inflate_again(mls_inflation *inflation) { return zlib.reset(&inflation->stream) == Z_OK ? 0 : -EINVAL; }

void mls_inflate_end(mls_inflation *inflation) {
    zlib.end(&inflation->stream);
    free(inflation);
}

uint32_t mls_crc32(uint32_t crc, const void *bytes, int64_t count) {
    const unsigned char *rest = bytes;
    unsigned long sum = crc;
    while (count > 0) {
        unsigned int piece = count > INT_MAX ? INT_MAX : (unsigned int)count;
        sum = zlib.crc(sum, rest, piece);
        rest += piece;
        count -= piece;
    }
    return (uint32_t)sum;
}
