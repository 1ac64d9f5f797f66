#define _GNU_SOURCE
#include "CPlatform.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#if !defined(__linux__)
#include <sys/sysctl.h>
#endif

// Reading /proc

#if defined(__linux__)
/// Reads a file of /proc as text ended by 0. Returns its length.
static ssize_t read_proc(int32_t process, const char *name, char *text, size_t capacity) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", process, name);
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return errno == ENOENT ? -ESRCH : -errno;
    ssize_t length = read(descriptor, text, capacity - 1);
    int error = errno;
    close(descriptor);
    if (length < 0) return -error;
    text[length] = 0;
    return length;
}
#endif

void mls_process_io(int32_t process, int64_t *read_bytes, int64_t *written_bytes) {
    *read_bytes = *written_bytes = -1;
#if defined(__linux__)
    char text[512];
    unsigned long long in = 0, out = 0;
    if (read_proc(process, "io", text, sizeof text) <= 0 || sscanf(text, "rchar: %llu wchar: %llu", &in, &out) != 2) return;
    *read_bytes = (int64_t)in;
    *written_bytes = (int64_t)out;
#else
    (void)process;
#endif
}

int64_t mls_own_resident_bytes(void) {
#if defined(__linux__)
    char text[256];
    long long pages = 0;
    if (read_proc(mls_own_process(), "statm", text, sizeof text) <= 0 || sscanf(text, "%*d %lld", &pages) != 1) return 0;
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
