/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/passed.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/address.h"
#include "base/endpoint.h"
#include "base/escape.h"
#include "base/number.h"
#include "base/unix_address.h"
#include "base/ut.h"
#include "core/names.h"

enum { FIRST = 3 /* SD_LISTEN_FDS_START */ };

#ifndef IPPROTO_MPTCP
enum { IPPROTO_MPTCP = 262 };
#endif

/* --- what a socket is --- */

union bound_address {
    struct sockaddr any;
    union address ip;
    struct sockaddr_un local;
};

static int option_of(int fd, int level, int name)
{
    int value = -1;
    socklen_t length = sizeof value;
    getsockopt(fd, level, name, &value, &length);
    return value;
}

static bool is_connected(int fd)
{
    struct sockaddr_storage peer;
    socklen_t length = sizeof peer;
    return getpeername(fd, (struct sockaddr *)&peer, &length) == 0;
}

/* NULL where it is one of ours and in the right state, else what is wrong with it. */
static const char *fault_of(int fd, int family)
{
    int type = option_of(fd, SOL_SOCKET, SO_TYPE);
    int protocol = option_of(fd, SOL_SOCKET, SO_PROTOCOL);
    bool ip = family == AF_INET || family == AF_INET6;
    bool tcp =
        ip && type == SOCK_STREAM && (protocol == IPPROTO_TCP || protocol == IPPROTO_MPTCP);
    bool udp = ip && type == SOCK_DGRAM && protocol == IPPROTO_UDP;
    bool local = family == AF_UNIX && type == SOCK_STREAM;
    if (!tcp && !udp && !local)
        return "it is neither a TCP nor a UDP nor a Unix stream socket";
    if (is_connected(fd))
        return "it is one connection, not a socket to listen on (Accept=no is needed)";
    if (!udp && option_of(fd, SOL_SOCKET, SO_ACCEPTCONN) != 1)
        return "it does not listen";
    return NULL;
}

/* --- what it is called as an endpoint --- */

static char *ip_endpoint(int fd, const union address *address)
{
    const char *scheme = option_of(fd, SOL_SOCKET, SO_TYPE) == SOCK_DGRAM ? "udp" : "tcp";
    char text[ADDRESS_TEXT];
    if (address->any.sa_family == AF_INET6 && address_is_any(address) &&
        option_of(fd, IPPROTO_IPV6, IPV6_V6ONLY) == 0)
        return mem_printf("%s://*:%u", scheme, address_port(address));
    address_print(address, text);
    return mem_printf("%s://%s", scheme, text);
}

/* "@NAME" or the path of a file; "" where it has none. malloc'ed. */
static char *unix_name(const struct sockaddr_un *address, socklen_t length)
{
    size_t size = length - offsetof(struct sockaddr_un, sun_path);
    const char *path = address->sun_path;
    if (size <= 1 || *path != '\0')
        return mem_strndup(path, strnlen(path, size));
    return memchr(path + 1, '\0', size - 1) ? mem_strdup("")
                                            : mem_printf("@%.*s", (int)size - 1, path + 1);
}

/* NULL with *fault where no endpoint names it. */
static char *unix_endpoint(const struct sockaddr_un *address, socklen_t length,
                           const char **fault)
{
    struct endpoint endpoint = {.scheme = SCHEME_UNIX, .path = unix_name(address, length)};
    size_t most = ENDPOINT_PATH_MAX + unix_address_is_abstract(endpoint.path);
    size_t size = strlen(endpoint.path);
    char *text = size > 0 && size <= most ? endpoint_print(&endpoint) : NULL;
    if (!text)
        *fault = "it is a Unix socket without a path or name that can be typed";
    free(endpoint.path);
    return text;
}

static char *endpoint_of(int fd, const char **fault)
{
    union bound_address address;
    socklen_t length = sizeof address;
    if (getsockname(fd, &address.any, &length) < 0) {
        *fault = strerror(errno);
        return NULL;
    }
    *fault = fault_of(fd, address.any.sa_family);
    if (*fault)
        return NULL;
    if (address.any.sa_family == AF_UNIX)
        return unix_endpoint(&address.local, length, fault);
    if (address_port(&address.ip) == 0) {
        *fault = "it is not bound";
        return NULL;
    }
    return ip_endpoint(fd, &address.ip);
}

/* --- taking them --- */

static bool prepare(int fd)
{
    int flags = fcntl(fd, F_GETFL);
    return flags >= 0 && fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0 &&
           fcntl(fd, F_SETFD, FD_CLOEXEC) == 0;
}

static void add(struct passed_socket **list, size_t *count, int fd, char *endpoint)
{
    *list = mem_resize(*list, (*count + 1) * sizeof **list);
    (*list)[(*count)++] = (struct passed_socket){.fd = fd, .endpoint = endpoint};
}

/*
 * Whether a descriptor's name is one that somebody chose for a listener. systemd calls them
 * after the unit, "unknown" or "stored" where nobody did, and gives all sockets of a unit the
 * same: the first has it.
 */
static bool names_listener(const struct passed *passed, const char *name)
{
    if (!names_valid(name) || strcmp(name, "unknown") == 0 || strcmp(name, "stored") == 0)
        return false;
    for (size_t i = 0; i < passed->listener_count; i++) {
        const char *key = strstr(passed->listeners[i].endpoint, "?name=");
        if (key && strcmp(key + strlen("?name="), name) == 0)
            return false;
    }
    return true;
}

/* Whether it is a Unix socket that is not abstract. */
static bool is_file(const char *endpoint)
{
    return strncmp(endpoint, "unix:", 5) == 0 && endpoint[5] != '@';
}

static bool take_one(struct passed *passed, int fd, const char *name, char **error)
{
    const char *fault = NULL;
    bool control = strcmp(name, "control") == 0;
    char *endpoint = prepare(fd) ? endpoint_of(fd, &fault) : NULL;
    if (endpoint && control && !is_file(endpoint))
        fault = "it is called control, and is no Unix socket with a path";
    else if (!endpoint && !fault)
        fault = strerror(errno);
    if (fault) {
        *error = mem_printf("cannot serve descriptor %d of LISTEN_FDS: %s", fd, fault);
        free(endpoint);
        return false;
    }
    if (control) {
        add(&passed->controls, &passed->control_count, fd, endpoint);
    } else if (names_listener(passed, name)) {
        add(&passed->listeners, &passed->listener_count, fd,
            mem_printf("%s?name=%s", endpoint, name));
        free(endpoint);
    } else {
        add(&passed->listeners, &passed->listener_count, fd, endpoint);
    }
    return true;
}

/* The word up to the next colon, which *names goes behind; "" where there is none. */
static const char *next_name(char **names)
{
    const char *name = strsep(names, ":");
    return name ? name : "";
}

static bool take_all(struct passed *passed, int count, char *names, char **error)
{
    for (int i = 0; i < count; i++)
        if (!take_one(passed, FIRST + i, next_name(&names), error))
            return false;
    return true;
}

/* --- the environment --- */

/* A number; fallback where the variable is not set. */
static bool read_number(const char *variable, uint64_t most, uint64_t *value, char **error)
{
    const char *text = getenv(variable);
    *value = 0;
    if (!text || number_parse(text, most, value))
        return true;
    char *shown = escape_string(text);
    *error =
        mem_printf("%s='%s' is not a number as sd_listen_fds(3) describes it", variable, shown);
    free(shown);
    return false;
}

bool passed_take(struct passed *passed, char **error)
{
    uint64_t pid = 0, count = 0;
    *passed = (struct passed){0};
    bool good = read_number("LISTEN_PID", INT_MAX, &pid, error) &&
                read_number("LISTEN_FDS", INT_MAX - FIRST, &count, error);
    const char *given = getenv("LISTEN_FDNAMES");
    char *names = given ? mem_strdup(given) : NULL;
    unsetenv("LISTEN_PID");
    unsetenv("LISTEN_FDS");
    unsetenv("LISTEN_FDNAMES");
    if (good && pid == (uint64_t)getpid())
        good = take_all(passed, (int)count, names, error);
    free(names);
    return good;
}

static void free_list(struct passed_socket *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(list[i].endpoint);
    free(list);
}

void passed_finish(struct passed *passed)
{
    free_list(passed->listeners, passed->listener_count);
    free_list(passed->controls, passed->control_count);
    *passed = (struct passed){0};
}
