#pragma once

// One HTTP request over libcurl, whose own functions are variadic and so out of Swift's reach. This header declares our
// functions alone; libcurl's header is included by the C file only.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// A piece of the answer. Returns false to end the transfer.
typedef bool (*mls_transfer_sink)(void *context, const uint8_t *bytes, size_t count);

/// Asked at every piece and about once a second on an idle connection. Returns true to end the transfer.
typedef bool (*mls_transfer_is_cancelled)(void *context);

/// Asked before a connection is opened, with the address itself: 4 or 16 bytes in network order; none for another family.
typedef bool (*mls_transfer_may_connect)(void *context, const uint8_t *address, size_t count);

/// A connection that outlives one request, and what was learned of its host; used by one thread at a time.
typedef struct mls_transfer_session mls_transfer_session;

typedef struct {
    /// NULL: the request has a connection of its own.
    mls_transfer_session *session;
    const char *method;
    const char *url;
    /// `Name: value` or, for an empty value, `Name;`.
    const char *const *headers;
    size_t header_count;
    /// NULL when there is none.
    const uint8_t *body;
    size_t body_length;
    /// In place of `body`: the body's bytes are read from `body_file` on, which must hold as many.
    bool reads_body;
    int32_t body_file;
    /// Milliseconds; 0 is without end.
    int64_t timeout;
    int64_t connect_timeout;
    /// Seconds without a byte after which the transfer is given up; 0 is never.
    int64_t stall_timeout;
    /// Bytes; an answer that declares more is refused before it is read.
    int64_t maximum_length;
    bool follows_redirects;
    /// Handed to the functions below.
    void *context;
    /// One line of the answer's head with its line end; also of heads that are followed by another.
    mls_transfer_sink on_head;
    mls_transfer_sink on_body;
    mls_transfer_is_cancelled is_cancelled;
    /// NULL: every address will do.
    mls_transfer_may_connect may_connect;
    /// NULL: the one that the environment names. Empty: none.
    const char *proxy;
    /// `aws:amz:<region>:<service>`, by which the request is signed (AWS Signature Version 4); NULL: it is not.
    const char *signature;
    const char *signing_key_id;
    const char *signing_secret;
} mls_transfer_request;

/// How a transfer ended, in words that do not depend on the version of libcurl.
typedef enum {
    MLS_TRANSFER_DONE = 0,
    MLS_TRANSFER_BAD_URL,
    MLS_TRANSFER_CANNOT_RESOLVE,
    MLS_TRANSFER_CANNOT_RESOLVE_PROXY,
    /// The proxy answered instead of letting us through; `status` is what it said.
    MLS_TRANSFER_PROXY_REFUSED,
    MLS_TRANSFER_CONNECTION_REFUSED,
    MLS_TRANSFER_CANNOT_CONNECT,
    MLS_TRANSFER_TIMED_OUT_CONNECTING,
    MLS_TRANSFER_TIMED_OUT,
    MLS_TRANSFER_TOO_LARGE,
    MLS_TRANSFER_CUT_OFF,
    MLS_TRANSFER_UNTRUSTED,
    /// A sink returned false.
    MLS_TRANSFER_STOPPED,
    MLS_TRANSFER_CANCELLED,
    MLS_TRANSFER_FAILED,
} mls_transfer_ending;

typedef struct {
    mls_transfer_ending ending;
    int32_t status;
    /// libcurl's own words, ended by 0; empty when it had none.
    char reason[256];
} mls_transfer_result;

/// Blocks until the transfer has ended. May be called from several threads at once.
void mls_transfer_perform(const mls_transfer_request *request, mls_transfer_result *result);

/// NULL when there is no memory for it.
mls_transfer_session *mls_transfer_session_open(void);
void mls_transfer_session_close(mls_transfer_session *session);

/// Whether this libcurl signs the headers that a request has been given, as object stores demand: 7.88 or later.
bool mls_transfer_can_sign(void);

/// libcurl's own version, such as 7.88.1.
const char *mls_transfer_version(void);

/// The scheme and the host of an URL as libcurl reads it. Returns false for what is no URL or does not fit.
bool mls_transfer_split(const char *url, char *scheme, size_t scheme_size, char *host, size_t host_size);

/// Resolves a name, and hands on every address of it, 4 or 16 bytes. Blocks. Returns false when there is none.
bool mls_transfer_resolve(const char *host, void *context, mls_transfer_sink on_address);
