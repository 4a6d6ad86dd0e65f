/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/metrics_bind.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/address.h"
#include "base/endpoint.h"
#include "base/fail.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/number.h"
#include "base/unix_address.h"
#include "loop/unix_path.h"

static bool is_loopback(const char *host)
{
    union address address;
    return strcmp(host, "localhost") == 0 ||
           (address_parse(host, 0, &address) && address_is_loopback(&address));
}

static bool check_place(const struct endpoint *endpoint, char **error)
{
    if (endpoint->scheme == SCHEME_UNIX ||
        (endpoint->scheme == SCHEME_TCP && is_loopback(endpoint->host)))
        return true;
    *error = mem_strdup("metrics are served on this machine only: use unix:PATH or a loopback "
                        "address, as in tcp://127.0.0.1:9100");
    return false;
}

/* mode=: 0 where it is not given. */
static bool check_keys(const struct endpoint *endpoint, unsigned *mode, char **error)
{
    *mode = 0;
    for (size_t i = 0; i < endpoint->key_count; i++) {
        const struct endpoint_key *key = &endpoint->keys[i];
        bool known = strcmp(key->key, "mode") == 0 && endpoint->scheme == SCHEME_UNIX &&
                     !unix_address_is_abstract(endpoint->path);
        if (known && number_parse_mode(key->value, mode) && *mode != 0)
            continue;
        return known ? fail_with(error, "mode=%s: not octal permissions, as in mode=0660",
                                 key->value)
                     : fail_with(error,
                                 "key '%s' does not belong here: metrics take mode= "
                                 "alone, for unix:PATH",
                                 key->key);
    }
    return true;
}

/* Parses and checks; *endpoint is to be finished where this returns true. */
static bool understand(const char *text, struct endpoint *endpoint, unsigned *mode,
                       char **error)
{
    *endpoint = (struct endpoint){0};
    if (endpoint_parse(text, endpoint, error) && check_place(endpoint, error) &&
        check_keys(endpoint, mode, error))
        return true;
    endpoint_finish(endpoint);
    return false;
}

bool metrics_bind_check(const char *text, char **error)
{
    struct endpoint endpoint;
    unsigned mode;
    if (!understand(text, &endpoint, &mode, error))
        return fail_about(error, "endpoint", text);
    endpoint_finish(&endpoint);
    return true;
}

/* --- binding --- */

static bool bind_unix(const char *path, unsigned mode, struct metrics_sockets *sockets,
                      char **error)
{
    sockets->bound.fds[0] = unix_path_bind(path, mode, &sockets->file, error);
    sockets->bound.count = sockets->bound.fds[0] >= 0;
    return sockets->bound.count > 0;
}

/* The hosts file may make of localhost what it likes. */
static bool all_loopback(const struct bound *bound)
{
    for (size_t i = 0; i < bound->count; i++) {
        union address address;
        socklen_t length = sizeof address;
        if (getsockname(bound->fds[i], &address.any, &length) < 0 ||
            !address_is_loopback(&address))
            return false;
    }
    return true;
}

static bool bind_tcp(const struct endpoint *endpoint, struct metrics_sockets *sockets,
                     char **error)
{
    if (!bind_endpoint(endpoint, NULL, SOCK_STREAM, &sockets->bound, error))
        return false;
    if (!all_loopback(&sockets->bound)) {
        *error = mem_strdup("its address is not a loopback one");
        return false;
    }
    if (endpoint->port == 0) /* there is no event that would tell */
        log_error("metrics are at port %u", sockets->bound.port);
    return true;
}

bool metrics_bind(const char *text, struct metrics_sockets *sockets, char **error)
{
    struct endpoint endpoint;
    unsigned mode;
    char *reason = NULL;
    *sockets = (struct metrics_sockets){0};
    if (!understand(text, &endpoint, &mode, error))
        return false;
    bool done = endpoint.scheme == SCHEME_UNIX
                    ? bind_unix(endpoint.path, mode, sockets, &reason)
                    : bind_tcp(&endpoint, sockets, &reason);
    if (!done) {
        char *shown = endpoint_print(&endpoint);
        *error = mem_printf("cannot listen on %s: %s", shown, reason);
        free(shown);
        free(reason);
        bind_close(&sockets->bound);
        metrics_bind_finish(sockets);
    }
    endpoint_finish(&endpoint);
    return done;
}

void metrics_bind_finish(struct metrics_sockets *sockets)
{
    unix_path_remove(sockets->file);
    sockets->file = NULL;
}
