#define _GNU_SOURCE
#include "CPlatform.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__linux__)
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

// Starting

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
    // A session, not only a group: the jobs of a shell with `set -m` have groups of their own, and stay in the session.
    short flags = POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
#if defined(__APPLE__)
    flags |= POSIX_SPAWN_CLOEXEC_DEFAULT;
#endif
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

int32_t mls_adopt_orphans(void) {
#if defined(__linux__)
    return prctl(PR_SET_CHILD_SUBREAPER, 1L, 0L, 0L, 0L) == 0 ? 0 : -errno;
#else
    return -ENOSYS;
#endif
}

bool mls_has_children(void) {
    siginfo_t found;
    return waitid(P_ALL, 0, &found, WEXITED | WNOHANG | WNOWAIT) == 0 || errno != ECHILD;
}

// Ending

static double seconds_of(struct timeval time) { return (double)time.tv_sec + (double)time.tv_usec / 1e6; }

/// ru_maxrss is in KiB on Linux, in bytes on Apple's systems.
static int64_t peak_of(const struct rusage *usage) {
#if defined(__APPLE__)
    return (int64_t)usage->ru_maxrss;
#else
    return (int64_t)usage->ru_maxrss * 1024;
#endif
}

int32_t mls_reap(int32_t process, mls_ending *ending) {
    memset(ending, 0, sizeof *ending);
    siginfo_t found;
    memset(&found, 0, sizeof found);
    if (waitid(P_PID, (id_t)process, &found, WEXITED | WNOHANG | WNOWAIT) != 0) return -errno;
    if (found.si_pid == 0) return 0;
    // While it is a zombie its account can still be read; it holds those of all children that it waited for.
    mls_process_io(process, &ending->read_bytes, &ending->written_bytes);
    int status = 0;
    struct rusage usage;
    pid_t reaped;
    do {
        reaped = wait4((pid_t)process, &status, WNOHANG, &usage);
    } while (reaped < 0 && errno == EINTR);
    if (reaped < 0) return -errno;
    if (reaped == 0) return 0;
    ending->ended = true;
    ending->exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
    ending->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    ending->cpu_seconds = seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
    ending->peak_memory_bytes = peak_of(&usage);
    return 0;
}

void mls_measure_own_use(mls_own_use *use) {
    memset(use, 0, sizeof *use);
    struct rusage usage;
    if (getrusage(RUSAGE_SELF, &usage) == 0) {
        use->cpu_seconds = seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
        use->peak_memory_bytes = peak_of(&usage);
    }
    use->resident_bytes = mls_own_resident_bytes();
    mls_process_io(mls_own_process(), &use->read_bytes, &use->written_bytes);
}

// Signals

int32_t mls_signal_group(int32_t group, int32_t signal) {
    // kill(-1) and kill(0) would reach everything of this user, or ourselves.
    if (group <= 1) return -EINVAL;
    if (kill(-(pid_t)group, signal) == 0 || errno == ESRCH) return 0;
    return -errno;
}

int32_t mls_signal_process(int32_t process, int32_t signal) {
    if (process <= 1) return -EINVAL;
    if (kill((pid_t)process, signal) == 0 || errno == ESRCH) return 0;
    return -errno;
}
