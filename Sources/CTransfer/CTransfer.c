#include "CTransfer.h"

#include <curl/curl.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

static pthread_once_t library = PTHREAD_ONCE_INIT;

static void begin_library(void) { curl_global_init(CURL_GLOBAL_DEFAULT); }

static size_t take_head(char *bytes, size_t size, size_t count, void *user) {
    const mls_transfer_request *request = user;
    return request->on_head(request->context, (const uint8_t *)bytes, size * count) ? size * count : 0;
}

static size_t take_body(char *bytes, size_t size, size_t count, void *user) {
    const mls_transfer_request *request = user;
    return request->on_body(request->context, (const uint8_t *)bytes, size * count) ? size * count : 0;
}

static int progress(void *user, curl_off_t down, curl_off_t downloaded, curl_off_t up, curl_off_t uploaded) {
    (void)down, (void)downloaded, (void)up, (void)uploaded;
    const mls_transfer_request *request = user;
    return request->is_cancelled(request->context) ? 1 : 0;
}

static bool with_bytes(const struct sockaddr *address, void *context, mls_transfer_sink sink) {
    switch (address->sa_family) {
    case AF_INET: return sink(context, (const uint8_t *)&((const struct sockaddr_in *)address)->sin_addr, 4);
    case AF_INET6: return sink(context, (const uint8_t *)&((const struct sockaddr_in6 *)address)->sin6_addr, 16);
    default: return sink(context, NULL, 0);
    }
}

/// Stands between the resolver's answer and the connection, so that no later answer can take its place.
static curl_socket_t open_socket(void *user, curlsocktype purpose, struct curl_sockaddr *address) {
    const mls_transfer_request *request = user;
    if (purpose != CURLSOCKTYPE_IPCXN) return CURL_SOCKET_BAD;
    if (!with_bytes(&address->addr, request->context, request->may_connect)) return CURL_SOCKET_BAD;
#ifdef SOCK_CLOEXEC
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
#else
    return socket(address->family, address->socktype, address->protocol);
#endif
}

/// A proxy that the environment names is for the world outside: it cannot reach this machine's own loopback.
static bool is_loopback(const char *url) {
    bool loopback = false;
    char *host = NULL;
    CURLU *parts = curl_url();
    if (parts && !curl_url_set(parts, CURLUPART_URL, url, 0) && !curl_url_get(parts, CURLUPART_HOST, &host, 0))
        loopback = !strcmp(host, "localhost") || !strncmp(host, "127.", 4) || !strcmp(host, "[::1]");
    curl_free(host);
    curl_url_cleanup(parts);
    return loopback;
}

static mls_transfer_ending ending_of(CURL *curl, CURLcode code) {
    long reason = 0, tunnel = 0;
    curl_off_t connected = 0;
    if (code && !curl_easy_getinfo(curl, CURLINFO_HTTP_CONNECTCODE, &tunnel) && tunnel >= 400)
        return MLS_TRANSFER_PROXY_REFUSED;
    switch (code) {
    case CURLE_OK: return MLS_TRANSFER_DONE;
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL: return MLS_TRANSFER_BAD_URL;
    case CURLE_COULDNT_RESOLVE_HOST: return MLS_TRANSFER_CANNOT_RESOLVE;
    case CURLE_COULDNT_RESOLVE_PROXY: return MLS_TRANSFER_CANNOT_RESOLVE_PROXY;
    case CURLE_COULDNT_CONNECT:
        curl_easy_getinfo(curl, CURLINFO_OS_ERRNO, &reason);
        return reason == ECONNREFUSED ? MLS_TRANSFER_CONNECTION_REFUSED : MLS_TRANSFER_CANNOT_CONNECT;
    case CURLE_OPERATION_TIMEDOUT:
        curl_easy_getinfo(curl, CURLINFO_CONNECT_TIME_T, &connected);
        return connected > 0 ? MLS_TRANSFER_TIMED_OUT : MLS_TRANSFER_TIMED_OUT_CONNECTING;
    case CURLE_FILESIZE_EXCEEDED: return MLS_TRANSFER_TOO_LARGE;
    case CURLE_PARTIAL_FILE:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR: return MLS_TRANSFER_CUT_OFF;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CONNECT_ERROR: return MLS_TRANSFER_UNTRUSTED;
    case CURLE_WRITE_ERROR: return MLS_TRANSFER_STOPPED;
    case CURLE_ABORTED_BY_CALLBACK: return MLS_TRANSFER_CANCELLED;
    default: return MLS_TRANSFER_FAILED;
    }
}

/// A file that has become shorter ends the transfer: what was announced could not be sent.
static size_t read_body(char *bytes, size_t size, size_t count, void *context) {
    ssize_t done;
    do done = read(((const mls_transfer_request *)context)->body_file, bytes, size * count);
    while (done < 0 && errno == EINTR);
    return done < 0 ? CURL_READFUNC_ABORT : (size_t)done;
}

static CURLcode set_method(CURL *curl, const mls_transfer_request *request) {
    if (!strcmp(request->method, "HEAD")) return curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
    if (request->reads_body) {
        CURLcode code = curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
        if (!code) code = curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)request->body_length);
        if (!code) code = curl_easy_setopt(curl, CURLOPT_READFUNCTION, read_body);
        if (!code) code = curl_easy_setopt(curl, CURLOPT_READDATA, (void *)request);
        if (code) return code;
    }
    if (request->body) {
        CURLcode code = curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_length);
        if (!code) code = curl_easy_setopt(curl, CURLOPT_POSTFIELDS, (const char *)request->body);
        if (code) return code;
    }
    return curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request->method);
}

/// An option that this libcurl does not know ends the transfer: each of them is there for safety.
static CURLcode set_options(CURL *curl, const mls_transfer_request *request, char *reason, struct curl_slist *headers) {
    CURLcode code = CURLE_OK;
#define SET(option, value) if (!code) code = curl_easy_setopt(curl, option, value)
    SET(CURLOPT_ERRORBUFFER, reason);
    // Without it a timeout of the resolver is a SIGALRM, which may hit any thread.
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_URL, request->url);
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
    // Who asked for encryption is not sent on to where there is none.
    SET(CURLOPT_REDIR_PROTOCOLS_STR, strncasecmp(request->url, "https:", 6) ? "http,https" : "https");
    SET(CURLOPT_FOLLOWLOCATION, request->follows_redirects ? 1L : 0L);
    SET(CURLOPT_MAXREDIRS, 10L);
    SET(CURLOPT_TIMEOUT_MS, (long)request->timeout);
    SET(CURLOPT_CONNECTTIMEOUT_MS, (long)request->connect_timeout);
    if (request->stall_timeout > 0) {
        SET(CURLOPT_LOW_SPEED_LIMIT, 1L);
        SET(CURLOPT_LOW_SPEED_TIME, (long)request->stall_timeout);
    }
    SET(CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)request->maximum_length);
    SET(CURLOPT_HTTPHEADER, headers);
    SET(CURLOPT_HEADERFUNCTION, take_head);
    SET(CURLOPT_HEADERDATA, (void *)request);
    SET(CURLOPT_WRITEFUNCTION, take_body);
    SET(CURLOPT_WRITEDATA, (void *)request);
    SET(CURLOPT_XFERINFOFUNCTION, progress);
    SET(CURLOPT_XFERINFODATA, (void *)request);
    SET(CURLOPT_NOPROGRESS, 0L);
    if (request->proxy) {
        SET(CURLOPT_PROXY, request->proxy);
        // Otherwise libcurl would go past it for the names in the environment's no_proxy, unguarded.
        SET(CURLOPT_NOPROXY, "");
    } else if (is_loopback(request->url)) {
        SET(CURLOPT_PROXY, "");
    }
    if (request->signature) {
        SET(CURLOPT_AWS_SIGV4, request->signature);
        SET(CURLOPT_USERNAME, request->signing_key_id);
        SET(CURLOPT_PASSWORD, request->signing_secret);
        // What was signed is what is sent.
        SET(CURLOPT_PATH_AS_IS, 1L);
        // Of a large body an object store may say beforehand that it does not want it; one that says nothing gets it.
        SET(CURLOPT_EXPECT_100_TIMEOUT_MS, 200L);
    }
    if (request->may_connect) {
        SET(CURLOPT_OPENSOCKETFUNCTION, open_socket);
        SET(CURLOPT_OPENSOCKETDATA, (void *)request);
    }
#undef SET
    return code ? code : set_method(curl, request);
}

/// The handle holds the connection; its options are reset after every request.
struct mls_transfer_session {
    CURL *curl;
};

mls_transfer_session *mls_transfer_session_open(void) {
    pthread_once(&library, begin_library);
    mls_transfer_session *session = calloc(1, sizeof *session);
    if (!session) return NULL;
    session->curl = curl_easy_init();
    if (session->curl) return session;
    free(session);
    return NULL;
}

void mls_transfer_session_close(mls_transfer_session *session) {
    if (!session) return;
    curl_easy_cleanup(session->curl);
    free(session);
}

bool mls_transfer_can_sign(void) { return curl_version_info(CURLVERSION_NOW)->version_num >= 0x075800; }

const char *mls_transfer_version(void) { return curl_version_info(CURLVERSION_NOW)->version; }

void mls_transfer_perform(const mls_transfer_request *request, mls_transfer_result *result) {
    memset(result, 0, sizeof *result);
    pthread_once(&library, begin_library);
    // Outlives the handle, which may still write into it while it is cleaned up.
    char reason[CURL_ERROR_SIZE] = {0};
    CURLcode code = CURLE_FAILED_INIT;
    struct curl_slist *headers = NULL;
    CURL *curl = request->session ? request->session->curl : curl_easy_init();
    if (!curl) goto end;
    for (size_t index = 0; index < request->header_count; index++) {
        struct curl_slist *longer = curl_slist_append(headers, request->headers[index]);
        if (!longer) {
            code = CURLE_OUT_OF_MEMORY;
            goto end;
        }
        headers = longer;
    }
    code = set_options(curl, request, reason, headers);
    if (!code) code = curl_easy_perform(curl);
    result->ending = ending_of(curl, code);
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    if (result->ending == MLS_TRANSFER_PROXY_REFUSED) curl_easy_getinfo(curl, CURLINFO_HTTP_CONNECTCODE, &status);
    result->status = (int32_t)status;
end:
    if (!curl) result->ending = MLS_TRANSFER_FAILED;
    else if (code == CURLE_OUT_OF_MEMORY) result->ending = MLS_TRANSFER_FAILED;
    if (code) strncpy(result->reason, reason[0] ? reason : curl_easy_strerror(code), sizeof result->reason - 1);
    // A handle that is kept must forget what was lent to it, the buffer of reasons first of all.
    if (request->session) curl_easy_reset(curl);
    else if (curl) curl_easy_cleanup(curl);
    curl_slist_free_all(headers);
}

static bool copy(CURLU *parts, CURLUPart part, char *text, size_t size) {
    char *found = NULL;
    bool fits = !curl_url_get(parts, part, &found, 0) && strlen(found) < size;
    if (fits) strcpy(text, found);
    curl_free(found);
    return fits;
}

bool mls_transfer_split(const char *url, char *scheme, size_t scheme_size, char *host, size_t host_size) {
    CURLU *parts = curl_url();
    // As a transfer does: without a scheme it guesses one.
    bool done = parts && !curl_url_set(parts, CURLUPART_URL, url, CURLU_GUESS_SCHEME | CURLU_NON_SUPPORT_SCHEME)
        && copy(parts, CURLUPART_SCHEME, scheme, scheme_size) && copy(parts, CURLUPART_HOST, host, host_size);
    curl_url_cleanup(parts);
    return done;
}

bool mls_transfer_resolve(const char *host, void *context, mls_transfer_sink on_address) {
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found = NULL;
    if (getaddrinfo(host, NULL, &hints, &found)) return false;
    for (const struct addrinfo *next = found; next; next = next->ai_next)
        if (!with_bytes(next->ai_addr, context, on_address)) break;
    freeaddrinfo(found);
    return true;
}
