#include "CPlatform.h"

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>

// zlib is found when it is needed: libcurl brings it to every machine that runs this program, so that neither its headers
// nor a package of its own are asked for. These declarations are zlib's stable interface (zlib.h, since 1.0).

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

struct mls_inflation {
    stream stream;
};

enum { Z_NO_FLUSH = 0, Z_OK = 0, Z_STREAM_END = 1, Z_MEM_ERROR = -4, Z_BUF_ERROR = -5 };

static struct {
    int (*begin)(stream *, int bits, const char *version, int size);
    int (*inflate)(stream *, int flush);
    int (*reset)(stream *);
    int (*end)(stream *);
    unsigned long (*crc)(unsigned long, const unsigned char *, unsigned int);
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
    int code = zlib.begin(&new->stream, is_gzip ? 15 + 16 : -15, "1.2.11", (int)sizeof new->stream);
    if (code != Z_OK) {
        free(new);
        return code == Z_MEM_ERROR ? -ENOMEM : -ENOSYS;
    }
    *inflation = new;
    return 0;
}

int32_t mls_inflate(mls_inflation *inflation, const void *input, int64_t *input_count, void *output, int64_t *output_count) {
    stream *s = &inflation->stream;
    unsigned int in = *input_count > INT_MAX ? INT_MAX : (unsigned int)*input_count;
    unsigned int out = *output_count > INT_MAX ? INT_MAX : (unsigned int)*output_count;
    s->next_in = input;
    s->avail_in = in;
    s->next_out = output;
    s->avail_out = out;
    int code = zlib.inflate(s, Z_NO_FLUSH);
    *input_count = in - s->avail_in;
    *output_count = out - s->avail_out;
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
