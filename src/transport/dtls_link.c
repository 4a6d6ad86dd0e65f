/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/dtls_link.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/hub_line.h"
#include "loop/loop.h"
#include "tls/tls_describe.h"
#include "transport/tls.h"
#include "transport/transport.h"
#include "transport/udp_batch.h"
#include "transport/udp_guard.h"
#include "transport/udp_inbox.h"
#include "transport/udp_socket.h"

/*
 * What a stranger can have us hold who has shown where it is. Of handshakes: where there are
 * more, the oldest goes. Of datagrams of one that wait: bytes, of a chain of certificates and
 * the rest of its flight. Of records that OpenSSL cannot read yet, and keeps in 17 KiB each.
 */
enum { GREETINGS_MOST = 1024, WAITING_MOST = 40 << 10, SEALED_MOST = 32 };

struct dtls_waiting {
    struct dtls_waiting *next;
    size_t size;
    char data[];
};

static struct switchboard *board_of(const struct dtls_link *self)
{
    return self->udp.socket->board;
}

static struct dtls_link *of_session(struct dtls_session *session)
{
    return container_of(session, struct dtls_link, session);
}

/* --- among the greetings --- */

static void hide(struct dtls_link *self)
{
    if (self->udp.placed)
        udp_table_remove(&self->greetings->found, &self->udp);
    self->udp.placed = false;
}

static void leave(struct dtls_link *self)
{
    if (!self->greetings)
        return;
    hide(self);
    DL_DELETE(self->greetings->links, &self->udp);
    self->greetings = NULL;
}

/* --- the end --- */

static void finish(struct dtls_link *self)
{
    struct dtls_waiting *each, *next;
    jobs_forget(&self->work);
    LL_FOREACH_SAFE(self->waiting, each, next)
        free(each);
    if (self->udp.socket->ready)
        dtls_session_end(&self->session);
    dtls_session_finish(&self->session);
}

void dtls_link_discard(struct dtls_link *self)
{
    struct udp_socket *socket = self->udp.socket;
    leave(self);
    finish(self);
    free(self);
    udp_socket_release(socket);
}

static void discard_cb(struct job *job)
{
    dtls_link_discard(container_of(job, struct dtls_link, work));
}

/* Of one that is no peer: it may be in use now. */
static void refuse(struct dtls_link *self, enum refusal why, const char *error)
{
    char remote[ADDRESS_TEXT];
    const struct udp_socket *socket = self->udp.socket;
    hide(self);
    jobs_forget(&self->work);
    self->work.run = discard_cb;
    loop_defer(socket->board->loop, &self->work);
    address_print(&self->udp.remote, remote);
    hub_refused(socket->board->hub, socket->origin, remote, why, error);
}

/* --- the link --- */

static int dtls_send(struct link *link, const void *data, size_t size)
{
    struct dtls_link *self = CAST(dtls_link, link);
    struct udp_socket *socket = self->udp.socket;
    if (!socket->ready)
        return EBADF;
    const int cause = dtls_session_out(&self->session, data, size);
    if (cause == EAGAIN || cause == ENOBUFS)
        socket->board->hub->stats.dropped_send++;
    udp_socket_touch(&self->udp);
    return cause;
}

static bool dtls_may_reply(struct link *link, size_t size)
{
    return udp_guard_allows(&CAST(dtls_link, link)->udp, size);
}

static void dtls_destroy(struct link *link)
{
    finish(CAST(dtls_link, link));
    udp_link_destroy(link);
}

static void dtls_describe(const struct link *link, struct link_description *description)
{
    udp_link_describe(link, description);
    tls_describe(CAST(dtls_link, link)->session.ssl, &description->tls, description->tls_text,
                 sizeof description->tls_text);
}

/* --- the session's user --- */

static int transmit(struct dtls_session *session, const void *data, size_t size)
{
    const struct dtls_link *self = of_session(session);
    return self->udp.socket->ready ? udp_batch_send(&self->udp, data, size) : EBADF;
}

/* The far end has begun anew, as after a crash: RFC 6347, 4.2.8. Whether there was one. */
static bool replace(struct udp_socket *socket, const union address *remote)
{
    struct udp_link *before = udp_link_find(socket, remote);
    if (!before)
        return false;
    dtls_session_drop(&CAST(dtls_link, before)->session);
    hub_detach(socket->board->hub, before->link.peer, CLOSE_RESET,
               "the far end has begun anew");
    udp_link_unplace(before);
    return true;
}

static void name_newcomer(struct dtls_link *self)
{
    if (!tls_options_of(self->udp.socket->origin)->named)
        return;
    char *name = tls_describe_name(self->session.ssl);
    if (name)
        hub_name_newcomer(board_of(self)->hub, self->udp.link.peer, name);
    free(name);
}

static void opened(struct dtls_session *session)
{
    struct dtls_link *self = of_session(session);
    struct udp_socket *socket = self->udp.socket;
    if (!replace(socket, &self->udp.remote) && !udp_socket_make_room(socket->board)) {
        refuse(self, REFUSED_LIMIT, NULL);
        return;
    }
    leave(self);
    udp_link_attach(&self->udp, socket, socket->origin);
    udp_socket_release(socket); /* what it held without a peer */
    udp_link_place(&self->udp, socket, &self->udp.remote);
    name_newcomer(self);
    hub_open(socket->board->hub, self->udp.link.peer);
    udp_socket_watch(socket);
}

static void message(struct dtls_session *session, const char *data, size_t size)
{
    struct dtls_link *self = of_session(session);
    struct peer *peer = self->udp.link.peer;
    if (peer && peer->state != PEER_DEAD)
        hub_receive(board_of(self)->hub, peer, data, size, false);
}

static void over(struct dtls_session *session, const char *error)
{
    struct dtls_link *self = of_session(session);
    struct peer *peer = self->udp.link.peer;
    if (peer)
        hub_detach(board_of(self)->hub, peer, error ? CLOSE_ERROR : CLOSE_EOF, error);
    else if (self->udp.placed)
        refuse(self, REFUSED_HANDSHAKE, error ? error : "the far end gave up the handshake");
}

/* --- datagrams that wait --- */

/* A step of the handshake a turn. */
static void work_cb(struct job *job)
{
    struct dtls_link *self = container_of(job, struct dtls_link, work);
    struct dtls_waiting *first = self->started ? self->waiting : NULL;
    if (first) {
        LL_DELETE(self->waiting, first);
        self->waiting_bytes -= sizeof *first + first->size;
    }
    if (self->waiting)
        loop_later(board_of(self)->loop, job);
    if (first)
        dtls_session_in(&self->session, first->data, first->size);
    else
        dtls_session_start(&self->session, tls_options_of(self->udp.socket->origin)->handshake);
    self->started = true;
    free(first);
}

/* What does not fit is sent again. */
static void wait_for_turn(struct dtls_link *self, const struct udp_datagram *datagram)
{
    struct dtls_waiting *waiting;
    const size_t bytes = sizeof *waiting + datagram->size;
    if (self->waiting_bytes + bytes > WAITING_MOST)
        return;
    waiting = mem_alloc(bytes);
    waiting->size = datagram->size;
    memcpy(waiting->data, datagram->data, datagram->size);
    LL_APPEND(self->waiting, waiting);
    self->waiting_bytes += bytes;
    loop_later(board_of(self)->loop, &self->work);
}

void dtls_link_take(struct dtls_link *self, const struct udp_datagram *datagram)
{
    struct peer *peer = self->udp.link.peer;
    if (!peer)
        self->sealed += dtls_record_sealed(datagram->data, datagram->size);
    if (!peer && self->sealed > SEALED_MOST)
        return;
    if (!peer || self->waiting) {
        wait_for_turn(self, datagram);
    } else if (peer->state != PEER_DEAD) {
        self->udp.local = datagram->local;
        udp_socket_touch(&self->udp);
        dtls_session_in(&self->session, datagram->data, datagram->size);
    }
}

/* --- its beginning --- */

struct dtls_link *dtls_link_create(struct udp_socket *socket, struct tls_context *context)
{
    static const struct link_ops ops = {.datagram = true,
                                        .most = DTLS_MESSAGE_MAX,
                                        .send = dtls_send,
                                        .may_reply = dtls_may_reply,
                                        .describe = dtls_describe,
                                        .remote = udp_link_remote,
                                        .destroy = dtls_destroy};
    static const struct dtls_user user = {
        .transmit = transmit, .opened = opened, .message = message, .over = over};
    struct switchboard *board = socket->board;
    struct dtls_link *self = mem_zalloc(sizeof *self);
    CAST_INIT(dtls_link, self);
    CAST_INIT(udp_link, &self->udp);
    self->udp.link.ops = &ops;
    self->udp.socket = socket;
    self->work = (struct job){.run = work_cb, .part = PART_PEERS};
    socket->references++;
    dtls_session_init(&self->session, &user, board->loop, tls_room_of(board), context, "");
    return self;
}

bool dtls_link_is_of(const struct udp_link *link, const char *random)
{
    return link && memcmp(CAST(dtls_link, link)->random, random, DTLS_RANDOM) == 0;
}

/* Those that are hidden are about to go. */
static void make_room(const struct dtls_greetings *greetings)
{
    struct udp_link *oldest;
    if (greetings->found.count < GREETINGS_MOST)
        return;
    DL_SEARCH_SCALAR(greetings->links, oldest, placed, true);
    refuse(CAST(dtls_link, oldest), REFUSED_LIMIT, "too many handshakes at a time");
}

static void join(struct dtls_link *self, struct dtls_greetings *greetings)
{
    struct udp_link *before = udp_table_find(&greetings->found, &self->udp.remote);
    if (before)
        dtls_link_discard(CAST(dtls_link, before));
    make_room(greetings);
    self->greetings = greetings;
    self->udp.placed = true;
    udp_table_add(&greetings->found, &self->udp);
    DL_APPEND(greetings->links, &self->udp);
}

bool dtls_link_greet(struct dtls_link *self, struct dtls_greetings *greetings,
                     const struct udp_datagram *hello)
{
    self->udp.remote = hello->remote;
    self->udp.local = hello->local;
    if (!udp_guard_allows(&self->udp, hello->size) ||
        !dtls_session_listen(&self->session, &hello->remote, hello->data, hello->size))
        return false;
    memcpy(self->random, dtls_record_hello(hello->data, hello->size), DTLS_RANDOM);
    join(self, greetings);
    loop_later(board_of(self)->loop, &self->work);
    return true;
}
