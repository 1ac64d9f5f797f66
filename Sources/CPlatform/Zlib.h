#pragma once

#include <dlfcn.h>
#include <limits.h>
#include <stdint.h>

// zlib is found when it is needed: libcurl brings it to every machine that runs this program, so that neither its headers
// nor a package of its own are asked for. These declarations are zlib's stable interface (zlib.h, since 1.0).

#define ZLIB_VERSION "1.2.11"

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
} zlib_stream;

enum { Z_NO_FLUSH = 0, Z_FINISH = 4, Z_OK = 0, Z_STREAM_END = 1, Z_MEM_ERROR = -4, Z_BUF_ERROR = -5, Z_DEFLATED = 8 };

// NULL where there is none; never closed.
static inline void *zlib_open(void) {
#ifdef __APPLE__
    return dlopen("libz.1.dylib", RTLD_NOW | RTLD_LOCAL);
#else
    return dlopen("libz.so.1", RTLD_NOW | RTLD_LOCAL);
#endif
}

// One call of `inflate` or `deflate`: the counts say what there is, and become what was taken and what was made.
static inline int zlib_step(
    int (*step)(zlib_stream *, int flush), int flush, zlib_stream *stream, const void *input, int64_t *input_count, void *output,
    int64_t *output_count) {
    unsigned int in = *input_count > INT_MAX ? INT_MAX : (unsigned int)*input_count;
    unsigned int out = *output_count > INT_MAX ? INT_MAX : (unsigned int)*output_count;
    stream->next_in = input;
    stream->avail_in = in;
    stream->next_out = output;
    stream->avail_out = out;
    int code = step(stream, flush);
    *input_count = in - stream->avail_in;
    *output_count = out - stream->avail_out;
    return code;
}
