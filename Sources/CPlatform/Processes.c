#define _GNU_SOURCE
#include "CPlatform.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__linux__)
#include <sys/prctl.h>
#include <sys/syscall.h>
#else
#include <sys/sysctl.h>
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

// Reading /proc

#if defined(__linux__)
/// Reads a file of /proc as text ended by 0; NULL as process: this one's. Returns its length.
static ssize_t read_proc(int32_t process, const char *name, char *text, size_t capacity) {
    char path[64];
    if (process == 0) {
        snprintf(path, sizeof path, "/proc/self/%s", name);
    } else {
        snprintf(path, sizeof path, "/proc/%d/%s", process, name);
    }
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return errno == ENOENT ? -ESRCH : -errno;
    ssize_t length = read(descriptor, text, capacity - 1);
    int error = errno;
    close(descriptor);
    if (length < 0) return -error;
    text[length] = 0;
    return length;
}

static void read_io(int32_t process, int64_t *read_bytes, int64_t *written_bytes) {
    char text[512];
    unsigned long long in = 0, out = 0;
    bool is_told = read_proc(process, "io", text, sizeof text) > 0
        && sscanf(text, "rchar: %llu wchar: %llu", &in, &out) == 2;
    *read_bytes = is_told ? (int64_t)in : -1;
    *written_bytes = is_told ? (int64_t)out : -1;
}
#endif

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
    ending->read_bytes = ending->written_bytes = -1;
    siginfo_t found;
    memset(&found, 0, sizeof found);
    if (waitid(P_PID, (id_t)process, &found, WEXITED | WNOHANG | WNOWAIT) != 0) return -errno;
    if (found.si_pid == 0) return 0;
#if defined(__linux__)
    // While it is a zombie its account can still be read; it holds those of all children that it waited for.
    read_io(process, &ending->read_bytes, &ending->written_bytes);
#endif
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
#if defined(__linux__)
    read_io(0, &use->read_bytes, &use->written_bytes);
#else
    use->read_bytes = use->written_bytes = -1;
#endif
}

int64_t mls_own_resident_bytes(void) {
#if defined(__linux__)
    char text[256];
    long long pages = 0;
    if (read_proc(0, "statm", text, sizeof text) <= 0 || sscanf(text, "%*d %lld", &pages) != 1) return 0;
    return pages * sysconf(_SC_PAGESIZE);
#else
    return 0;
#endif
}

// The table of processes

int32_t mls_own_process(void) { return (int32_t)getpid(); }

int32_t mls_own_session(void) { return (int32_t)getsid(0); }

#if defined(__APPLE__)
static void take_facts(const struct kinfo_proc *found, mls_process_facts *facts) {
    memset(facts, 0, sizeof *facts);
    facts->process = (int32_t)found->kp_proc.p_pid;
    facts->parent = (int32_t)found->kp_eproc.e_ppid;
    // The table tells no session; a process that has left the group is not found there.
    facts->group = facts->session = (int32_t)found->kp_eproc.e_pgid;
    facts->is_zombie = found->kp_proc.p_stat == SZOMB;
    facts->start_ticks = (uint64_t)found->kp_proc.p_starttime.tv_sec * 1000000u
        + (uint64_t)found->kp_proc.p_starttime.tv_usec;
}
#endif

int32_t mls_look_at_process(int32_t process, mls_process_facts *facts) {
#if defined(__linux__)
    char text[1024];
    ssize_t length = read_proc(process, "stat", text, sizeof text);
    if (length < 0) return (int32_t)length;
    // The second field is the program's name in parentheses, which may itself hold spaces and parentheses.
    const char *fields = strrchr(text, ')');
    if (fields == NULL) return -EIO;
    char state = 0;
    unsigned long long user = 0, system = 0, start = 0;
    long long children_user = 0, children_system = 0, pages = 0;
    memset(facts, 0, sizeof *facts);
    int found = sscanf(
        fields + 1, " %c %d %d %d %*d %*d %*u %*u %*u %*u %*u %llu %llu %lld %lld %*d %*d %*d %*d %llu %*u %lld", &state,
        &facts->parent, &facts->group, &facts->session, &user, &system, &children_user, &children_system, &start, &pages);
    if (found != 10) return -EIO;
    facts->process = process;
    facts->is_zombie = state == 'Z' || state == 'X';
    facts->start_ticks = start;
    facts->cpu_seconds = (double)(user + system + (unsigned long long)(children_user + children_system))
        / (double)sysconf(_SC_CLK_TCK);
    facts->resident_bytes = pages * sysconf(_SC_PAGESIZE);
    return 0;
#else
    struct kinfo_proc found;
    size_t size = sizeof found;
    int name[4] = {CTL_KERN, KERN_PROC, KERN_PROC_PID, (int)process};
    if (sysctl(name, 4, &found, &size, NULL, 0) != 0) return -errno;
    if (size == 0) return -ESRCH;
    take_facts(&found, facts);
    return 0;
#endif
}

int32_t mls_processes(mls_process_facts *facts, int32_t capacity) {
    int32_t count = 0;
#if defined(__linux__)
    DIR *processes = opendir("/proc");
    if (processes == NULL) return -errno;
    struct dirent *entry;
    while (count < capacity && (entry = readdir(processes)) != NULL) {
        if (!isdigit((unsigned char)entry->d_name[0])) continue;
        // One that has ended meanwhile, or is hidden, is passed over.
        if (mls_look_at_process((int32_t)atoi(entry->d_name), &facts[count]) == 0) count++;
    }
    closedir(processes);
#else
    size_t size = 0;
    int name[4] = {CTL_KERN, KERN_PROC, KERN_PROC_ALL, 0};
    if (sysctl(name, 3, NULL, &size, NULL, 0) != 0) return -errno;
    size += size / 4;
    struct kinfo_proc *found = malloc(size);
    if (found == NULL) return -ENOMEM;
    if (sysctl(name, 3, found, &size, NULL, 0) != 0) {
        int error = errno;
        free(found);
        return -error;
    }
    for (size_t i = 0; i < size / sizeof *found && count < capacity; i++) take_facts(&found[i], &facts[count++]);
    free(found);
#endif
    return count;
}

int64_t mls_proportional_memory(int32_t process) {
#if defined(__linux__)
    char text[1024];
    ssize_t length = read_proc(process, "smaps_rollup", text, sizeof text);
    if (length < 0) return length;
    const char *line = strstr(text, "\nPss:");
    long long kibibytes = 0;
    return line != NULL && sscanf(line, "\nPss: %lld", &kibibytes) == 1 ? kibibytes * 1024 : -EIO;
#else
    (void)process;
    return -ENOSYS;
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

bool mls_process_has_variable(int32_t process, const char *variable, bool is_beginning) {
#if defined(__linux__)
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/environ", process);
    FILE *file = fopen(path, "re");
    if (file == NULL) return false;
    char *entry = NULL;
    size_t capacity = 0, length = strlen(variable);
    bool found = false;
    while (!found && getdelim(&entry, &capacity, 0, file) > 0) {
        found = is_beginning ? strncmp(entry, variable, length) == 0 : strcmp(entry, variable) == 0;
    }
    free(entry);
    fclose(file);
    return found;
#else
    (void)process;
    (void)variable;
    (void)is_beginning;
    return true;
#endif
}

int32_t mls_group_members(int32_t group, int32_t *members, int32_t capacity) {
    // One question instead of a walk through every process, in the common case that the whole group is gone.
    if (kill(-(pid_t)group, 0) != 0 && errno == ESRCH) return 0;
    static const int32_t room = 32768;
    mls_process_facts *facts = malloc((size_t)room * sizeof *facts);
    if (facts == NULL) return -ENOMEM;
    int32_t found = mls_processes(facts, room), count = 0;
    for (int32_t i = 0; i < found && count < capacity; i++) {
        if (facts[i].group == group && !facts[i].is_zombie) members[count++] = facts[i].process;
    }
    free(facts);
    return found < 0 ? found : count;
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
