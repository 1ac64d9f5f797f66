#define _GNU_SOURCE
#include "CPlatform.h"

#include <errno.h>
#include <fcntl.h>
#if defined(__GLIBC__)
#include <malloc.h>
#endif
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#if defined(__linux__)
#include <sys/inotify.h>
#include <sys/syscall.h>
#else
#include <pthread.h>
#endif

// Threads

int32_t mls_thread_id(void) {
#if defined(__linux__)
    return (int32_t)syscall(SYS_gettid);
#else
    uint64_t thread = 0;
    pthread_threadid_np(NULL, &thread);
    return (int32_t)thread;
#endif
}

int32_t mls_lower_thread_priority(int32_t niceness) {
#if defined(__linux__)
    // PRIO_PROCESS with a thread's number concerns that thread alone on Linux, whatever POSIX says.
    id_t thread = (id_t)mls_thread_id();
    errno = 0;
    int now = getpriority(PRIO_PROCESS, thread);
    if (errno != 0) return -errno;
    int wanted = now + niceness > 19 ? 19 : now + niceness;
    return setpriority(PRIO_PROCESS, thread, wanted) == 0 ? 0 : -errno;
#else
    (void)niceness;
    return pthread_set_qos_class_self_np(QOS_CLASS_UTILITY, 0) == 0 ? 0 : -EINVAL;
#endif
}

double mls_thread_cpu_seconds(void) {
    struct timespec time = {0, 0};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

// Descriptors

int32_t mls_pipe(int32_t ends[2]) {
    if (pipe(ends) != 0) return -errno;
    for (int end = 0; end < 2; end++) {
        // Above the standard descriptors, even in a process that was started with those closed: see mls_spawn.
        int moved = fcntl(ends[end], F_DUPFD_CLOEXEC, 10);
        int error = errno;
        close(ends[end]);
        if (moved < 0) {
            close(ends[1 - end]);
            return -error;
        }
        ends[end] = moved;
    }
    return 0;
}

int32_t mls_set_nonblocking(int32_t descriptor) {
    int flags = fcntl(descriptor, F_GETFL);
    if (flags < 0) return -errno;
    return fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) == 0 ? 0 : -errno;
}

int32_t mls_open_to_append(const char *path) {
    int descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    return descriptor >= 0 ? descriptor : -errno;
}

int32_t mls_make_empty(const char *path) {
    int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0644);
    if (descriptor < 0) return -errno;
    close(descriptor);
    return 0;
}

int32_t mls_open_file(const char *path) {
    // What waits for a writer is not waited for.
    int descriptor = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (descriptor < 0) return -errno;
    struct stat facts;
    int status = fstat(descriptor, &facts) != 0 ? -errno : S_ISDIR(facts.st_mode) ? -EISDIR : S_ISREG(facts.st_mode) ? 0 : -ENXIO;
    if (status == 0) return descriptor;
    close(descriptor);
    return status;
}

int64_t mls_read(int32_t descriptor, void *bytes, int64_t count) {
    ssize_t length;
    do {
        length = read(descriptor, bytes, (size_t)count);
    } while (length < 0 && errno == EINTR);
    return length >= 0 ? (int64_t)length : -(int64_t)errno;
}

int32_t mls_wait_readable(const int32_t *descriptors, bool *ready, int32_t count, int32_t milliseconds) {
    struct pollfd *asked = calloc((size_t)count + 1, sizeof *asked);
    if (asked == NULL) return -ENOMEM;
    for (int32_t i = 0; i < count; i++) {
        asked[i].fd = descriptors[i];
        asked[i].events = POLLIN;
    }
    int found = poll(asked, (nfds_t)count, milliseconds);
    int error = errno;
    for (int32_t i = 0; i < count; i++) ready[i] = found > 0 && asked[i].revents != 0;
    free(asked);
    if (found >= 0) return found;
    return error == EINTR ? 0 : -error;
}

int32_t mls_write_all(int32_t descriptor, const void *bytes, int64_t count) {
    const char *rest = bytes;
    while (count > 0) {
        ssize_t length = write(descriptor, rest, (size_t)count);
        if (length < 0) {
            if (errno == EINTR) continue;
            return -errno;
        }
        rest += length;
        count -= length;
    }
    return 0;
}

void mls_close(int32_t descriptor) { close(descriptor); }

int64_t mls_line_end(const uint8_t *bytes, int64_t count) {
    const uint8_t *feed = memchr(bytes, '\n', (size_t)count);
    int64_t end = feed == NULL ? count : feed - bytes;
    const uint8_t *carriage = memchr(bytes, '\r', (size_t)end);
    return carriage == NULL ? end : carriage - bytes;
}

int64_t mls_find(const void *sought, int64_t sought_count, const void *bytes, int64_t count) {
    const char *found = memmem(bytes, (size_t)count, sought, (size_t)sought_count);
    return found == NULL ? -1 : (int64_t)(found - (const char *)bytes);
}

bool mls_is_plain_text(const uint8_t *bytes, int64_t count) {
    bool is_plain = true;
    // Without a way out in the middle the compiler looks at many bytes at a time.
    for (int64_t i = 0; i < count; i++) is_plain &= (bytes[i] >= 0x20 && bytes[i] < 0x7f) || bytes[i] == '\t';
    return is_plain;
}

bool mls_is_executable(const char *path) { return access(path, X_OK) == 0; }

// Folders

int32_t mls_make_folders(const char *path) {
    struct stat facts;
    if (mkdir(path, 0755) == 0) return 0;
    // Most often it is there already.
    if (errno == EEXIST) return stat(path, &facts) != 0 ? -errno : S_ISDIR(facts.st_mode) ? 0 : -ENOTDIR;
    if (errno != ENOENT) return -errno;
    char *parent = strdup(path);
    if (parent == NULL) return -ENOMEM;
    char *end = strrchr(parent, '/');
    int32_t status = -ENOENT;
    if (end != NULL && end != parent) {
        *end = 0;
        status = mls_make_folders(parent);
    }
    free(parent);
    if (status < 0) return status;
    return mkdir(path, 0755) == 0 || errno == EEXIST ? 0 : -errno;
}

int32_t mls_exchange(const char *one, const char *other) {
#ifdef __APPLE__
    return renamex_np(one, other, RENAME_SWAP) == 0 ? 0 : -errno;
#else
    return renameat2(AT_FDCWD, one, AT_FDCWD, other, RENAME_EXCHANGE) == 0 ? 0 : -errno;
#endif
}

void mls_shape_heap(int32_t heaps, int32_t mapped, int32_t kept) {
#if defined(__GLIBC__)
    mallopt(M_ARENA_MAX, heaps);
    // Set by hand they stay: left alone, the first grows with every large block that is freed.
    mallopt(M_MMAP_THRESHOLD, mapped);
    mallopt(M_TRIM_THRESHOLD, kept);
#else
    (void)heaps;
    (void)mapped;
    (void)kept;
#endif
}

// Changes of folders

int32_t mls_watch_open(void) {
#if defined(__linux__)
    int descriptor = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    return descriptor >= 0 ? descriptor : -errno;
#else
    return -ENOSYS;
#endif
}

int32_t mls_watch_add(int32_t watch, const char *folder) {
#if defined(__linux__)
    int number = inotify_add_watch(
        watch, folder,
        IN_CREATE | IN_MODIFY | IN_CLOSE_WRITE | IN_ATTRIB | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE | IN_DELETE_SELF
            | IN_MOVE_SELF | IN_ONLYDIR);
    return number >= 0 ? number : -errno;
#else
    (void)watch;
    (void)folder;
    return -ENOSYS;
#endif
}

int32_t mls_watch_drain(int32_t watch) {
    char changes[4096];
    int32_t found = 0;
    while (read(watch, changes, sizeof changes) > 0) found = 1;
    return found;
}
