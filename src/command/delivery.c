/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/delivery.h"

#include <stdlib.h>
#include <string.h>

#include "base/cast.h"
#include "base/mem.h"
#include "base/shared_bytes.h"
#include "command/errand.h"
#include "command/failures.h"
#include "command/operator.h"
#include "core/hub.h"
#include "core/ways.h"

struct delivery {
    struct errand errand; /* first */
    CAST_MARK;
    struct failures failures;
    bool with_eol;
    bool quiet;       /* says nothing where all got it */
    const char *note; /* else this; or NULL */
    struct message_group group;
    /* The bytes as the peers of one eol get them, made when the first of those is served: one
     * copy, however many they are. The first is without an eol. */
    struct shared_bytes *texts[EOL_END];
};

static struct delivery *delivery_of(struct errand *errand)
{
    return CAST(delivery, errand);
}

static enum eol eol_of(const struct delivery *delivery, const struct peer *peer)
{
    return delivery->with_eol ? ways_eol(peer) : EOL_UNSET;
}

static char *object(struct errand *errand, const struct peer *peer)
{
    const struct delivery *delivery = delivery_of(errand);
    const bool datagram = peer->link->ops->datagram;
    size_t size = 0;
    char label[PEER_LABEL];
    if (delivery->with_eol)
        ways_end(peer, &size);
    size += delivery->texts[EOL_UNSET]->size;
    peer_label(peer, label);
    if (datagram && size > link_most(peer->link))
        return mem_printf("nothing was sent: a datagram holds at most %zu bytes, the one "
                          "for %s would have %zu",
                          link_most(peer->link), label, size);
    if (!datagram && !delivery->with_eol && size == 0 && framing_is_plain(ways_framing(peer)))
        return mem_printf("nothing was sent: no bytes, and %s has no empty messages", label);
    return NULL;
}

static struct shared_bytes *make_text(const struct delivery *delivery, const struct peer *peer)
{
    const struct shared_bytes *plain = delivery->texts[EOL_UNSET];
    size_t size;
    const char *eol = ways_end(peer, &size);
    struct shared_bytes *text = shared_bytes_create(plain->budget, plain->size + size);
    memcpy(text->data, plain->data, plain->size);
    memcpy(text->data + plain->size, eol, size);
    return text;
}

/* With a reference for the caller. An end that only one framing has is not kept. */
static struct shared_bytes *text_for(struct delivery *delivery, const struct peer *peer)
{
    const enum eol eol = eol_of(delivery, peer);
    if (eol == EOL_END)
        return make_text(delivery, peer);
    if (!delivery->texts[eol])
        delivery->texts[eol] = make_text(delivery, peer);
    return shared_bytes_reference(delivery->texts[eol]);
}

static void visit(struct operator_session *session, struct errand *errand, struct peer *peer)
{
    struct delivery *delivery = delivery_of(errand);
    int cause = 0;
    if (!peer) {
        failures_add_gone(&delivery->failures, errand->peers.at);
        return;
    }
    struct shared_bytes *text = text_for(delivery, peer);
    enum send_status status = SEND_OK;
    if (text->size > 0 || !delivery->with_eol)
        status = hub_send_shared(session->hub, peer, text, session->console, &delivery->group,
                                 &cause);
    shared_bytes_release(text);
    if (status != SEND_OK)
        failures_add(&delivery->failures, peer, send_status_text(peer, status, cause));
}

static void answer(struct operator_session *session, struct errand *errand)
{
    const struct delivery *delivery = delivery_of(errand);
    char *error = failures_text(&delivery->failures);
    if (error)
        operator_answer(session, error);
    else if (!delivery->quiet)
        operator_done(session, delivery->note ? "%s" : NULL, delivery->note);
}

static void destroy(struct errand *errand)
{
    struct delivery *delivery = delivery_of(errand);
    for (enum eol eol = EOL_UNSET; eol < EOL_END; eol++)
        shared_bytes_release(delivery->texts[eol]);
    failures_finish(&delivery->failures);
    free(delivery);
}

static struct delivery *create(struct operator_session *session, const void *data, size_t size)
{
    static const struct errand_ops ops = {
        .object = object, .visit = visit, .answer = answer, .destroy = destroy};
    struct delivery *delivery = mem_zalloc(sizeof *delivery);
    CAST_INIT(delivery, delivery);
    struct shared_bytes *plain = shared_bytes_create(&session->hub->budget, size);
    memcpy(plain->data, data, size);
    delivery->errand.ops = &ops;
    delivery->texts[EOL_UNSET] = plain;
    failures_init(&delivery->failures);
    return delivery;
}

/* Says of each send that it is one of several. */
static void set_group(struct hub *hub, struct delivery *delivery)
{
    struct peers *peers = &delivery->errand.peers;
    struct message_group *group = &delivery->group;
    struct peer *peer;
    group->size = peers_count(peers, hub);
    if (group->size < 2)
        return;
    group->number = ++hub->last_group;
    if (group->size > MESSAGE_GROUP_NAMED)
        return;
    for (uint64_t *number = group->peers; peers_next(peers, hub, &peer); number++)
        *number = peers->at;
    peers_rewind(peers);
}

void delivery_run(struct operator_session *session, const char *words, const void *data,
                  size_t size, bool with_eol)
{
    struct peers peers;
    char *error = NULL;
    if (!peers_find(session->hub, words, &peers, &error)) {
        operator_answer(session, error);
        return;
    }
    struct delivery *delivery = create(session, data, size);
    delivery->errand.peers = peers;
    set_group(session->hub, delivery);
    delivery->with_eol = with_eol;
    errand_run(session, &delivery->errand);
}

void delivery_run_to(struct operator_session *session, uint64_t number, const void *data,
                     size_t size, bool quiet, const char *note)
{
    struct delivery *delivery = create(session, data, size);
    peers_just(&delivery->errand.peers, number);
    delivery->with_eol = true;
    delivery->quiet = quiet;
    delivery->note = note;
    errand_run(session, &delivery->errand);
}
