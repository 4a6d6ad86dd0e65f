/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/dtls_call.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "core/hub_line.h"
#include "loop/bind.h"
#include "loop/loop.h"
#include "loop/resolve.h"
#include "loop/timeout.h"
#include "loop/watch.h"
#include "tls/dtls_session.h"
#include "tls/tls_describe.h"
#include "transport/tls.h"
#include "transport/transport.h"
#include "transport/udp_connected.h"

enum { DATAGRAMS_A_TURN = 32 };

struct dtls_call {
    struct link link; /* first: links are DTLS calls */
    CAST_MARK;
    struct switchboard *board;
    struct resolve *resolve;
    struct watch *ready; /* NULL: there is no socket, and no session */
    struct timeout *idle;
    struct resolved far; /* empty until then */
    size_t present;      /* the address in use */
    int64_t deadline;    /* for all of it, by loop_clock; 0: none */
    struct dtls_session session;
};

static struct dtls_call *of(const struct link *link)
{
    return CAST(dtls_call, link);
}

static struct hub *hub_of(const struct dtls_call *call)
{
    return call->board->hub;
}

static void fail(struct dtls_call *call, int cause, const char *error)
{
    const enum close_reason reason = cause == ETIMEDOUT ? CLOSE_TIMEOUT : CLOSE_ERROR;
    hub_detach(hub_of(call), call->link.peer, reason, error);
}

/* --- idle time --- */

static void set_idle(struct dtls_call *call)
{
    udp_connected_set_idle(hub_of(call), call->link.peer, call->idle,
                           call->board->settings.udp_idle_timeout);
}

static void idle_cb(void *context)
{
    set_idle(CAST(dtls_call, context));
}

/* --- the session's user --- */

static struct dtls_call *of_session(struct dtls_session *session)
{
    return container_of(session, struct dtls_call, session);
}

static int transmit(struct dtls_session *session, const void *data, size_t size)
{
    return udp_connected_send(watch_fd(of_session(session)->ready), data, size);
}

static void opened(struct dtls_session *session)
{
    struct dtls_call *call = of_session(session);
    if (call->link.peer->state == PEER_DEAD)
        return;
    hub_open(hub_of(call), call->link.peer);
    if (call->link.peer->state != PEER_DEAD)
        set_idle(call);
}

static void message(struct dtls_session *session, const char *data, size_t size)
{
    struct dtls_call *call = of_session(session);
    if (call->link.peer->state != PEER_DEAD)
        hub_receive(hub_of(call), call->link.peer, data, size, false);
}

static void call_next(struct dtls_call *call, int cause, const char *error);

static void over(struct dtls_session *session, const char *error)
{
    struct dtls_call *call = of_session(session);
    if (session->late)
        call_next(call, ETIMEDOUT, error);
    else
        hub_detach(hub_of(call), call->link.peer, error ? CLOSE_ERROR : CLOSE_EOF, error);
}

static const struct dtls_user user = {
    .transmit = transmit, .opened = opened, .message = message, .over = over};

/* --- the socket --- */

static void close_socket(struct dtls_call *call)
{
    if (!call->ready)
        return;
    int fd = watch_fd(call->ready);
    dtls_session_finish(&call->session);
    watch_destroy(call->ready);
    call->ready = NULL;
    close(fd);
}

/* Connected. Returns -1 with errno. */
static int make_socket(const struct dtls_call *call, const union address *remote)
{
    sa_family_t family = remote->any.sa_family;
    int fd = socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    if (bind_local(call->board->settings.dial.bind_address, fd, family) &&
        connect(fd, &remote->any, address_length(remote)) == 0)
        return fd;
    int cause = errno;
    close(fd);
    errno = cause;
    return -1;
}

static void ready_cb(void *context);

/* What time is left, for this address and those behind it alike. 0: no limit. */
static int64_t patience_of(const struct dtls_call *call)
{
    const int64_t left = call->deadline - loop_clock();
    if (call->deadline == 0)
        return 0;
    return left > 0 ? left / (int64_t)(call->far.count - call->present) + 1 : 1;
}

static void begin(struct dtls_call *call, int fd)
{
    struct switchboard *board = call->board;
    const struct origin *origin = call->link.peer->origin;
    const char *host = endpoint_is_wildcard(&origin->endpoint) ? "" : origin->endpoint.host;
    call->ready =
        watch_create(board->loop, fd, WATCH_READ, LOOP_PEERS, PART_PEERS, ready_cb, call);
    watch_start(call->ready);
    dtls_session_init(&call->session, &user, board->loop, tls_room_of(board),
                      tls_options_of(origin)->context, host);
    dtls_session_start(&call->session, patience_of(call));
}

/* Calls the first address from first on that has a way to it. Returns 0 or the last errno. */
static int call_from(struct dtls_call *call, size_t first)
{
    int cause = EADDRNOTAVAIL;
    for (size_t i = first; i < call->far.count; i++) {
        const int fd = make_socket(call, &call->far.addresses[i]);
        cause = fd < 0 ? errno : 0;
        call->present = i;
        if (cause == 0) {
            begin(call, fd);
            break;
        }
    }
    return cause;
}

/* Nobody answers there; perhaps at the next address. */
static void call_next(struct dtls_call *call, int cause, const char *error)
{
    const bool shakes = call->link.peer->state == PEER_CONNECTING;
    if (shakes && call->present + 1 < call->far.count) {
        close_socket(call);
        if (call_from(call, call->present + 1) == 0)
            return;
    }
    fail(call, cause, error);
}

static void ready_cb(void *context)
{
    struct dtls_call *call = CAST(dtls_call, context);
    char *buffer = call->board->streams.buffer;
    for (int i = 0; i < DATAGRAMS_A_TURN && call->link.peer->state != PEER_DEAD; i++) {
        ssize_t size = recv(watch_fd(call->ready), buffer, FRAMING_MESSAGE_MAX, MSG_DONTWAIT);
        if (size >= 0) {
            dtls_session_in(&call->session, buffer, (size_t)size);
        } else if (errno == EAGAIN || errno == EINTR) {
            return;
        } else {
            call_next(call, errno, strerror(errno));
            return;
        }
    }
}

/* --- the link --- */

static int dtls_call_send(struct link *link, const void *data, size_t size)
{
    struct dtls_call *call = of(link);
    return call->ready ? dtls_session_out(&call->session, data, size) : ENOTCONN;
}

static void dtls_call_renew(struct link *link, bool idle_times)
{
    struct dtls_call *call = of(link);
    if (!idle_times || !peer_is_up(link->peer))
        return;
    timeout_stop(call->idle);
    set_idle(call);
}

static void dtls_call_destroy(struct link *link)
{
    struct dtls_call *call = of(link);
    resolve_destroy(call->resolve);
    if (call->ready)
        dtls_session_end(&call->session);
    close_socket(call);
    resolved_finish(&call->far);
    timeout_destroy(call->idle);
    hub_of(call)->limits.datagrams--;
    free(call);
}

static void dtls_call_describe(const struct link *link, struct link_description *description)
{
    const struct dtls_call *call = of(link);
    udp_connected_describe(&call->far, call->present, call->ready ? watch_fd(call->ready) : -1,
                           link->peer->origin, description);
    if (call->ready && call->session.open)
        tls_describe(call->session.ssl, &description->tls, description->tls_text,
                     sizeof description->tls_text);
}

static union address dtls_call_remote(const struct link *link)
{
    const struct dtls_call *call = of(link);
    return udp_connected_remote(&call->far, call->present);
}

static const struct link_ops ops = {
    .datagram = true,
    .most = DTLS_MESSAGE_MAX,
    .send = dtls_call_send,
    .destroy = dtls_call_destroy,
    .describe = dtls_call_describe,
    .remote = dtls_call_remote,
    .renew = dtls_call_renew,
};

static void resolved(void *context, const struct resolved *found, int cause, const char *error)
{
    struct dtls_call *call = CAST(dtls_call, context);
    call->resolve = NULL;
    if (call->link.peer->state == PEER_DEAD)
        return;
    if (!found) {
        fail(call, cause, error);
        return;
    }
    call->far = resolved_copy(found);
    cause = call_from(call, 0);
    if (cause != 0)
        fail(call, cause, strerror(cause));
}

struct peer *dtls_call_create(struct switchboard *board, struct origin *origin)
{
    struct dtls_call *call = mem_zalloc(sizeof *call);
    CAST_INIT(dtls_call, call);
    call->link.ops = &ops;
    call->board = board;
    call->idle = timeout_create_of_many(board->loop, PART_PEERS, idle_cb, call);
    call->deadline =
        board->settings.dial.timeout > 0 ? loop_clock() + board->settings.dial.timeout : 0;
    board->hub->limits.datagrams++;
    hub_attach(board->hub, &call->link, origin);
    call->resolve = resolve_create(board->loop, origin->endpoint.host, origin->endpoint.port,
                                   board->settings.dial.timeout, resolved, call);
    return call->link.peer;
}
