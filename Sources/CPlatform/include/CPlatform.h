#pragma once

// What the system offers and Swift's own modules do not reach. Every function is ours and prefixed `mls_`, so that this
// header brings nothing else into Swift. Functions that can fail return 0 or a positive value on success and -errno on failure.

#include <stdbool.h>
#include <stdint.h>

// Threads

/// The kernel's number of the calling thread.
int32_t mls_thread_id(void);
/// Adds `niceness` to the calling thread's nice value alone; it cannot be undone without privileges.
int32_t mls_lower_thread_priority(int32_t niceness);

/// What the calling thread has computed since its start.
double mls_thread_cpu_seconds(void);

// Processes

/// What a new process is to be.
typedef struct {
    /// Absolute path of the program; `arguments[0]` is its name.
    const char *program;
    /// Ended by NULL.
    const char *const *arguments;
    /// `KEY=value`, ended by NULL; nothing is inherited.
    const char *const *environment;
    const char *working_directory;
    /// What becomes its descriptors 1, 2 and 3; 0 is /dev/null and every other one is closed.
    int32_t output, error, gate;
} mls_process;

/// Starts a process as the leader of a new session and group, with default signal handling and nothing blocked.
/// Returns its number.
int32_t mls_spawn(const mls_process *process);

/// A descriptor that becomes readable when the process ends, or -errno where the system has no such thing.
int32_t mls_process_descriptor(int32_t process);

/// How a child ended, and what it and the children that it waited for used.
typedef struct {
    bool ended;
    int32_t exit_code;
    /// 0 when it was not killed by a signal.
    int32_t signal;
    double cpu_seconds;
    /// The kernel's ru_maxrss of the largest of them. It counts what this program held when it started the child, so that only a
    /// figure above that is the child's own.
    int64_t peak_memory_bytes;
    /// Through the disk or the page cache, pipes included; -1 where the system does not tell.
    int64_t read_bytes, written_bytes;
} mls_ending;

/// Looks whether a child has ended, without waiting, and if so reaps it.
int32_t mls_reap(int32_t process, mls_ending *ending);

/// Has orphans among the descendants of this program become its children, so that it hears of their end and what they used.
int32_t mls_adopt_orphans(void);
/// Whether this program has any child, dead ones that have not been reaped included. Asks the system once.
bool mls_has_children(void);

/// One process as the system's table shows it.
typedef struct {
    int32_t process, parent, group, session;
    /// It has ended, and its parent has not reaped it.
    bool is_zombie;
    /// Field 22 of /proc/<pid>/stat.
    uint64_t start_ticks;
    /// Of it and the children that it waited for.
    double cpu_seconds;
    int64_t resident_bytes;
} mls_process_facts;

/// Every process that one may see, at most `capacity` of them. Returns their number.
int32_t mls_processes(mls_process_facts *facts, int32_t capacity);
/// One of them; -ESRCH when there is no such process.
int32_t mls_look_at_process(int32_t process, mls_process_facts *facts);
/// Memory of a process, that which it shares with others counted by its share; -errno where that is not told.
int64_t mls_proportional_memory(int32_t process);
/// What a process and the children that it waited for have read and written, pipes included; -1 where the system does not tell.
void mls_process_io(int32_t process, int64_t *read_bytes, int64_t *written_bytes);
/// This program, and its session.
int32_t mls_own_process(void);
int32_t mls_own_session(void);

/// What this program has used since its start.
typedef struct {
    double cpu_seconds;
    int64_t resident_bytes, peak_memory_bytes;
    /// -1 where the system does not tell.
    int64_t read_bytes, written_bytes;
} mls_own_use;
void mls_measure_own_use(mls_own_use *use);
/// Of the above only what is resident now; a fraction of the cost.
int64_t mls_own_resident_bytes(void);

/// Writes a name of this boot of the machine, ended by 0. Returns its length.
int32_t mls_boot_id(char *text, int32_t capacity);

/// Whether a process of ours was started with `KEY=value` in its environment, or one that begins so; true where that cannot be read.
bool mls_process_has_variable(int32_t process, const char *variable, bool is_beginning);

/// The live processes (zombies are not) of a group, at most `capacity` of them. Returns their number.
int32_t mls_group_members(int32_t group, int32_t *members, int32_t capacity);

/// Sends a signal to every process of a group. A group that is gone already is no failure.
int32_t mls_signal_group(int32_t group, int32_t signal);
/// Sends a signal to one process.
int32_t mls_signal_process(int32_t process, int32_t signal);

/// Has the C library keep at most so many heaps for threads that allocate at once, give what is at least `mapped` bytes
/// long its own mapping, and return free memory above `kept` bytes at a heap's end; see mallopt(3). Nothing on other
/// systems.
void mls_shape_heap(int32_t heaps, int32_t mapped, int32_t kept);

// Descriptors

/// A pipe, `ends[0]` to read from; both ends are closed in every new process that does not ask for them.
int32_t mls_pipe(int32_t ends[2]);
int32_t mls_set_nonblocking(int32_t descriptor);
/// Opens a file to append to, creating it. Returns the descriptor.
int32_t mls_open_to_append(const char *path);
/// Makes a file, or an existing one empty. Returns 0.
int32_t mls_make_empty(const char *path);
/// Opens a file to read, never waiting. Returns the descriptor; -EISDIR for a folder, -ENXIO for a pipe, socket or device.
int32_t mls_open_file(const char *path);
/// Makes a folder and those above it, where they are missing. Returns 0.
int32_t mls_make_folders(const char *path);
/// Reads once. Returns the number of bytes, 0 at the end, -EAGAIN when there is nothing now.
int64_t mls_read(int32_t descriptor, void *bytes, int64_t count);
/// Waits until a descriptor can be read from (or has been hung up), for at most so many milliseconds; -1: for ever.
/// Sets `ready` for each of the `count` descriptors. Returns the number of those that are, 0 also when a signal came.
int32_t mls_wait_readable(const int32_t *descriptors, bool *ready, int32_t count, int32_t milliseconds);
/// Writes everything. Returns 0.
int32_t mls_write_all(int32_t descriptor, const void *bytes, int64_t count);
void mls_close(int32_t descriptor);
/// 1 when the file can be executed, 0 when not.
bool mls_is_executable(const char *path);

// Text

/// The number of bytes before the first line feed or carriage return; `count` when there is none.
int64_t mls_line_end(const uint8_t *bytes, int64_t count);
/// Where `sought` begins in the bytes; -1 when it does not stand there.
int64_t mls_find(const void *sought, int64_t sought_count, const void *bytes, int64_t count);
/// Whether all bytes are printable ASCII or tabs.
bool mls_is_plain_text(const uint8_t *bytes, int64_t count);

// Compressed bytes, over the system's zlib

/// One stream of deflated bytes that is being read.
typedef struct mls_inflation mls_inflation;

/// Begins a stream: gzip with its frame, or plain deflate as zip archives hold it. -ENOSYS when the system has no zlib.
int32_t mls_inflate_begin(bool is_gzip, mls_inflation **inflation);
/// Takes up to `*input_count` bytes and gives up to `*output_count`; both then say how many it were. Returns 1 at the
/// end of the stream, 0 to go on, -EINVAL for bytes that are damaged.
int32_t mls_inflate(mls_inflation *inflation, const void *input, int64_t *input_count, void *output, int64_t *output_count);
/// Makes it ready for another stream of the same kind, such as the next member of a gzip file.
int32_t mls_inflate_again(mls_inflation *inflation);
void mls_inflate_end(mls_inflation *inflation);
/// The CRC-32 of bytes that follow those of `crc`; begins with 0. Only once a stream has been begun.
uint32_t mls_crc32(uint32_t crc, const void *bytes, int64_t count);

/// One gzip stream that is being written.
typedef struct mls_deflation mls_deflation;

/// Begins a stream with a level of 1 (fast) to 9 (small). -ENOSYS when the system has no zlib.
int32_t mls_deflate_begin(int32_t level, mls_deflation **deflation);
/// Takes up to `*input_count` bytes and gives up to `*output_count`; both then say how many it were. `is_last`: nothing
/// follows these bytes. Returns 1 when all has been given, 0 to go on.
int32_t mls_deflate(
    mls_deflation *deflation, const void *input, int64_t *input_count, void *output, int64_t *output_count, bool is_last);
void mls_deflate_end(mls_deflation *deflation);

// Folders

/// Lets two paths of one file system change places in one step. -EINVAL or -ENOSYS where that is not possible.
int32_t mls_exchange(const char *one, const char *other);

// Changes of folders

/// A descriptor that becomes readable when something in a watched folder changes, or -errno where the system has no such
/// thing or has no more of them to give.
int32_t mls_watch_open(void);
/// Watches the files of a folder, not of the folders in it. Watching it again changes nothing.
int32_t mls_watch_add(int32_t watch, const char *folder);
/// Forgets what has been told. Returns 1 when there was something.
int32_t mls_watch_drain(int32_t watch);
