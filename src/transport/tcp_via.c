/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/tcp_via.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cast.h"
#include "base/fail.h"
#include "base/mem.h"
#include "core/origin.h"
#include "loop/dial.h"
#include "stream/lane_via.h"
#include "stream/via.h"
#include "transport/line.h"
#include "transport/tcp_options.h"
#include "transport/transport.h"

/* --- the password --- */

/* Room for one that is too long, which is said. */
enum { LINE_MAX_READ = VIA_TEXT_MAX + 2 };

/* The first line; never waits, whatever file it is. */
static char *read_password(const char *path, char **error)
{
    char line[LINE_MAX_READ + 1];
    const int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    const ssize_t got = fd < 0 ? -1 : read(fd, line, LINE_MAX_READ);
    if (got < 0)
        fail_with(error, "cannot read the proxy's password from %s: %s", path, strerror(errno));
    if (fd >= 0)
        close(fd);
    if (got < 0)
        return NULL;
    line[got] = '\0';
    line[strcspn(line, "\r\n")] = '\0';
    char *password = mem_strdup(line);
    explicit_bzero(line, sizeof line);
    if (*password != '\0')
        return password;
    fail_with(error, "the first line of %s is no password for the proxy: it is empty", path);
    free(password);
    return NULL;
}

static char *find_password(const struct tcp_options *options, char **error)
{
    const char *value = getenv("TELEX_VIA_AUTH");
    if (options->via_auth)
        return read_password(options->via_auth, error);
    if (value && *value != '\0')
        return mem_strdup(value);
    fail_with(error,
              "no password for %s at the proxy: put it into the first line of a file that "
              "via-auth=FILE names, or into the environment as TELEX_VIA_AUTH",
              options->via_user);
    return NULL;
}

static bool sign_in(struct via *via, const struct tcp_options *options, char **error)
{
    if (options->via_user) {
        via->user = mem_strdup(options->via_user);
        via->password = find_password(options, error);
        return via->password;
    }
    if (!options->via_auth)
        return true;
    *error = mem_strdup("via-auth=: whose password is it? Write via=PROTOCOL://USER@HOST:PORT");
    return false;
}

/* --- the call --- */

/* NULL with *error where the proxy cannot be asked. */
static struct via *ask_for(const struct origin *origin, char **error)
{
    const struct tcp_options *options = tcp_options_of(origin);
    const struct endpoint *far = &origin->endpoint;
    struct via *via = mem_zalloc(sizeof *via);
    via->protocol = options->via;
    via->host = mem_strdup(endpoint_is_wildcard(far) ? "localhost" : far->host);
    via->port = far->port;
    if (sign_in(via, options, error) && via_check(via, error))
        return via;
    via_destroy(via);
    return NULL;
}

/* Whom the proxy has reached it does not say in a way that can be relied on. */
static void connected(void *context, int fd, const union address *remote)
{
    (void)remote;
    line_connected(CAST(line, context), fd, NULL);
}

static void failed(void *context, int cause, const char *text)
{
    char *error = mem_printf("cannot reach the proxy: %s", text);
    line_call_failed(context, cause, error);
    free(error);
}

struct peer *tcp_via_call(struct switchboard *board, const struct line_kind *kind,
                          struct origin *origin, char **error)
{
    static const struct dial_callbacks callbacks = {.connected = connected, .failed = failed};
    const struct endpoint *proxy = &tcp_options_of(origin)->via_proxy;
    struct via *via = ask_for(origin, error);
    if (!via)
        return NULL;
    struct line *line = line_call(board, kind, origin);
    lane_via_add(&line->stream, via);
    line_add_lanes(line, origin);
    line->dial = dial_create(board->loop, proxy->host, proxy->port, &board->settings.dial,
                             &callbacks, line);
    return line->link.peer;
}
