#define _GNU_SOURCE
#include "CPlatform.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#if defined(__GLIBC__)
#include <malloc.h>
#endif
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__linux__)
#include <sys/inotify.h>
#include <sys/syscall.h>
#else
#include <pthread.h>
#include <sys/sysctl.h>
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

// Processes

int32_t mls_spawn(const mls_process *process) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int error = posix_spawn_file_actions_init(&actions);
    if (error != 0) return -error;
    error = posix_spawnattr_init(&attributes);
    if (error != 0) {
        posix_spawn_file_actions_destroy(&actions);
        return -error;
    }

    // Swift's runtime and Dispatch block signals on their threads; a child would inherit that.
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    short flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
#if defined(__APPLE__)
    flags |= POSIX_SPAWN_CLOEXEC_DEFAULT;
#endif
    if (error == 0) error = posix_spawnattr_setpgroup(&attributes, 0);
    if (error == 0) error = posix_spawnattr_setsigmask(&attributes, &none);
    if (error == 0) error = posix_spawnattr_setsigdefault(&attributes, &all);
    if (error == 0) error = posix_spawnattr_setflags(&attributes, flags);

    if (error == 0) error = posix_spawn_file_actions_addchdir_np(&actions, process->working_directory);
    // The three are expected above 3, so that no step overwrites what a later one reads.
    if (error == 0) error = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    if (error == 0) error = posix_spawn_file_actions_adddup2(&actions, process->output, 1);
    if (error == 0) error = posix_spawn_file_actions_adddup2(&actions, process->error, 2);
    if (error == 0) error = posix_spawn_file_actions_adddup2(&actions, process->gate, 3);
#if defined(__linux__)
    if (error == 0) error = posix_spawn_file_actions_addclosefrom_np(&actions, 4);
#endif

    pid_t child = 0;
    if (error == 0) {
        error = posix_spawn(
            &child, process->program, &actions, &attributes, (char *const *)process->arguments,
            (char *const *)process->environment);
    }
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error == 0 ? (int32_t)child : -error;
}

int32_t mls_process_descriptor(int32_t process) {
#if defined(__linux__) && defined(SYS_pidfd_open)
    // Close-on-exec is always set on it.
    long descriptor = syscall(SYS_pidfd_open, (pid_t)process, 0u);
    return descriptor >= 0 ? (int32_t)descriptor : -errno;
#else
    (void)process;
    return -ENOSYS;
#endif
}

int32_t mls_reap(int32_t process, mls_ending *ending) {
    int status = 0;
    struct rusage usage;
    memset(ending, 0, sizeof *ending);
    pid_t found;
    do {
        found = wait4((pid_t)process, &status, WNOHANG, &usage);
    } while (found < 0 && errno == EINTR);
    if (found < 0) return -errno;
    if (found == 0) return 0;
    ending->ended = true;
    ending->exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
    ending->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    ending->cpu_seconds = (double)usage.ru_utime.tv_sec + (double)usage.ru_utime.tv_usec / 1e6
        + (double)usage.ru_stime.tv_sec + (double)usage.ru_stime.tv_usec / 1e6;
    return 0;
}

#if defined(__linux__)
/// Reads the state, group and start of a process from /proc/<pid>/stat.
static int read_stat(int32_t process, char *state, int32_t *group, uint64_t *start_ticks) {
    char path[64], text[1024];
    snprintf(path, sizeof path, "/proc/%d/stat", process);
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return errno == ENOENT ? -ESRCH : -errno;
    ssize_t length = read(descriptor, text, sizeof text - 1);
    int error = length < 0 ? -errno : 0;
    close(descriptor);
    if (error != 0) return error;
    text[length] = 0;
    // The second field is the program's name in parentheses, which may itself hold spaces and parentheses.
    const char *fields = strrchr(text, ')');
    if (fields == NULL) return -EIO;
    int parent = 0, leader = 0;
    unsigned long long start = 0;
    int found = sscanf(
        fields + 1,
        " %c %d %d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %llu",
        state, &parent, &leader, &start);
    if (found != 4) return -EIO;
    *group = leader;
    *start_ticks = start;
    return 0;
}
#endif

int32_t mls_process_start(int32_t process, uint64_t *start_ticks) {
#if defined(__linux__)
    char state = 0;
    int32_t group = 0;
    int error = read_stat(process, &state, &group, start_ticks);
    if (error != 0) return error;
    return state == 'Z' || state == 'X' ? -ESRCH : 0;
#else
    struct kinfo_proc info;
    size_t size = sizeof info;
    int name[4] = {CTL_KERN, KERN_PROC, KERN_PROC_PID, (int)process};
    if (sysctl(name, 4, &info, &size, NULL, 0) != 0) return -errno;
    if (size == 0 || info.kp_proc.p_stat == SZOMB) return -ESRCH;
    *start_ticks = (uint64_t)info.kp_proc.p_starttime.tv_sec * 1000000u + (uint64_t)info.kp_proc.p_starttime.tv_usec;
    return 0;
#endif
}

int32_t mls_boot_id(char *text, int32_t capacity) {
#if defined(__linux__)
    int descriptor = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return -errno;
    ssize_t length = read(descriptor, text, (size_t)capacity - 1);
    int error = errno;
    close(descriptor);
    if (length < 0) return -error;
    while (length > 0 && isspace((unsigned char)text[length - 1])) length--;
#else
    size_t size = (size_t)capacity - 1;
    if (sysctlbyname("kern.bootsessionuuid", text, &size, NULL, 0) != 0) return -errno;
    size_t length = strnlen(text, size);
#endif
    text[length] = 0;
    return (int32_t)length;
}

bool mls_process_has_variable(int32_t process, const char *variable) {
#if defined(__linux__)
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/environ", process);
    FILE *file = fopen(path, "re");
    if (file == NULL) return false;
    char *entry = NULL;
    size_t capacity = 0;
    bool found = false;
    while (!found && getdelim(&entry, &capacity, 0, file) > 0) found = strcmp(entry, variable) == 0;
    free(entry);
    fclose(file);
    return found;
#else
    (void)process;
    (void)variable;
    return true;
#endif
}

int32_t mls_group_members(int32_t group, int32_t *members, int32_t capacity) {
    // One question instead of a walk through every process, in the common case that the whole group is gone.
    if (kill(-(pid_t)group, 0) != 0 && errno == ESRCH) return 0;
    int32_t count = 0;
#if defined(__linux__)
    DIR *processes = opendir("/proc");
    if (processes == NULL) return -errno;
    struct dirent *entry;
    while (count < capacity && (entry = readdir(processes)) != NULL) {
        if (!isdigit((unsigned char)entry->d_name[0])) continue;
        int32_t process = (int32_t)atoi(entry->d_name), leader = 0;
        char state = 0;
        uint64_t start = 0;
        if (read_stat(process, &state, &leader, &start) != 0) continue;
        if (leader == group && state != 'Z' && state != 'X') members[count++] = process;
    }
    closedir(processes);
#else
    static const size_t room = 1024;
    struct kinfo_proc *found = malloc(room * sizeof *found);
    if (found == NULL) return -ENOMEM;
    size_t size = room * sizeof *found;
    int name[4] = {CTL_KERN, KERN_PROC, KERN_PROC_PGRP, (int)group};
    if (sysctl(name, 4, found, &size, NULL, 0) != 0) {
        int error = errno;
        free(found);
        return -error;
    }
    for (size_t i = 0; i < size / sizeof *found && count < capacity; i++) {
        if (found[i].kp_proc.p_stat != SZOMB) members[count++] = (int32_t)found[i].kp_proc.p_pid;
    }
    free(found);
#endif
    return count;
}

int32_t mls_signal_group(int32_t group, int32_t signal) {
    // kill(-1) and kill(0) would reach everything of this user, or ourselves.
    if (group <= 1) return -EINVAL;
    if (kill(-(pid_t)group, signal) == 0 || errno == ESRCH) return 0;
    return -errno;
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

bool mls_is_executable(const char *path) { return access(path, X_OK) == 0; }

// Folders

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
