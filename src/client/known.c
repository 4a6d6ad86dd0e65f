/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/known.h"

#include <stdlib.h>
#include <string.h>

#include "base/cast.h"
#include "base/mem.h"
#include "base/scheme.h"
#include "base/ut.h"

/* A peer or a listener. */
struct known_one {
    uint64_t number;
    char *name; /* NULL: none */
    UT_hash_handle hh;

    /* Of a peer, told when it opens, and then no more. */
    uint64_t listener; /* that it came in by; 0: a call, or not told yet */
    bool datagram;
    bool has_credentials;
    pid_t pid;
    uid_t uid;
    int64_t opened; /* microseconds since the epoch; negative: before we were there */
    unsigned seen;  /* in this list of /peers */

    char *reply, *eol, *framing; /* of a listener; NULL: not told yet */
};

/* --- peers and listeners alike --- */

static unsigned hash(const struct known_table *table, uint64_t number)
{
    return (unsigned)hash_bytes(&table->key, &number, sizeof number);
}

static struct known_one *find(const struct known_table *table, uint64_t number)
{
    struct known_one *one;
    HASH_FIND_BYHASHVALUE(hh, table->all, &number, sizeof number, hash(table, number), one);
    return one;
}

/* Makes one that was never heard of; NULL for number 0, and where there are too many. */
static struct known_one *meet(struct known_table *table, uint64_t number)
{
    struct known_one *one = find(table, number);
    if (one || number == 0 || number >= WHO_NUMBER_END || HASH_COUNT(table->all) >= table->most)
        return one;
    one = mem_zalloc(sizeof *one);
    one->number = number;
    one->opened = -1;
    HASH_ADD_KEYPTR_BYHASHVALUE(hh, table->all, &one->number, sizeof one->number,
                                hash(table, number), one);
    return one;
}

static void forget(struct known_table *table, struct known_one *one)
{
    if (!one)
        return;
    HASH_DEL(table->all, one);
    free(one->name);
    free(one->reply);
    free(one->eol);
    free(one->framing);
    free(one);
}

static void set_text(char **field, const char *text)
{
    free(*field);
    *field = text ? mem_strdup(text) : NULL;
}

static struct who who_of(const struct known_table *table, uint64_t number)
{
    const struct known_one *one = find(table, number);
    return (struct who){.number = number, .name = one ? one->name : NULL};
}

static void visit_all(const struct known *known, const struct known_table *table,
                      directory_visit *visit, void *context)
{
    const struct known_one *one;
    for (one = table->all; one; one = one->hh.next) {
        const struct who who = {
            .number = known->base + one->number, .name = one->name, .node = known->node};
        if (!visit(context, &who))
            return;
    }
}

/* --- peers --- */

uint64_t known_number(const struct known *known, uint64_t peer)
{
    return who_beside(peer, 0) == known->base ? who_number(peer) : 0;
}

bool known_meet(struct known *known, uint64_t peer)
{
    return meet(&known->peers, peer) != NULL;
}

bool known_has(const struct known *known, uint64_t peer)
{
    return find(&known->peers, peer) != NULL;
}

void known_place(const struct known *known, struct told *told)
{
    if (told->peer.number != 0)
        told->peer.number += known->base;
    told->peer.node = known->node;
}

size_t known_peers(const struct known *known)
{
    return HASH_COUNT(known->peers.all);
}

static bool is_datagram(const char *transport)
{
    for (enum scheme scheme = 0; scheme < SCHEME_COUNT; scheme++)
        if (strcmp(schemes[scheme].name, transport) == 0)
            return schemes[scheme].datagram;
    return false;
}

/* Its name is told next. */
static void open_peer(struct known_one *peer, const struct told *told)
{
    set_text(&peer->name, NULL);
    peer->opened = told->time;
    peer->listener = told->open.listener.number;
    peer->datagram = is_datagram(told->open.transport);
    peer->has_credentials = told->open.has_credentials;
    peer->pid = told->open.pid;
    peer->uid = told->open.uid;
}

static bool take_card(struct known *known, const struct card *card)
{
    struct known_one *peer = meet(&known->peers, known_number(known, card->peer.number));
    if (!peer)
        return false;
    set_text(&peer->name, card->peer.name);
    peer->listener = card->where.listener.number;
    peer->datagram = is_datagram(card->where.transport);
    peer->seen = known->lists;
    return true;
}

static void forget_unseen(struct known *known)
{
    struct known_one *peer, *next;
    HASH_ITER(hh, known->peers.all, peer, next) {
        if (peer->seen != known->lists)
            forget(&known->peers, peer);
    }
}

static bool take_list(struct known *known, const struct result *result)
{
    struct card card;
    known->lists += result->first && !result->some;
    for (size_t i = 0; i < result->peers->count; i++) {
        result->peers->get(result->peers, i, &card);
        if (!take_card(known, &card))
            return false;
    }
    if (!result->more && !result->some)
        forget_unseen(known);
    return true;
}

void known_complete(const struct known *known, struct card *card, int64_t time)
{
    const struct known_one *peer = find(&known->peers, card->peer.number);
    card->peer.number += known->base;
    card->peer.node = known->node;
    card->since = peer && peer->opened >= 0 ? time - peer->opened : CARD_SINCE_UNKNOWN;
    if (!peer || !peer->has_credentials)
        return;
    card->where.has_credentials = true;
    card->where.pid = peer->pid;
    card->where.uid = peer->uid;
}

/* --- listeners --- */

static bool take_origin(struct known *known, const struct origin_card *card)
{
    struct known_one *listener = meet(&known->listeners, card->listener.number);
    if (!listener)
        return false;
    set_text(&listener->name, card->listener.name);
    set_text(&listener->reply, card->reply);
    set_text(&listener->eol, card->eol);
    set_text(&listener->framing, card->framing);
    return true;
}

struct origin_card known_origin(const struct known *known, uint64_t number)
{
    const struct known_one *listener = find(&known->listeners, number);
    struct origin_card card = {.listener.number = number, .half_close = -1};
    if (listener) {
        card.listener.name = listener->name;
        card.reply = listener->reply;
        card.eol = listener->eol;
        card.framing = listener->framing;
    }
    return card;
}

/* --- what is told --- */

static bool tell_of_peer(struct known *known, struct told *told)
{
    struct known_one *peer = meet(&known->peers, told->peer.number);
    if (!peer)
        return false;
    if (told->type == HUB_OPEN) {
        open_peer(peer, told);
        told->open.listener = who_of(&known->listeners, told->open.listener.number);
    } else if (told->type == HUB_NAME) {
        set_text(&peer->name, told->peer.name);
    }
    told->peer.name = peer->name;
    told->listener = who_of(&known->listeners, peer->listener);
    told->datagram = peer->datagram;
    return true;
}

bool known_tell(struct known *known, struct told *told)
{
    if (told->peer.number != 0)
        return tell_of_peer(known, told);
    if (told->type == HUB_LISTENING)
        return take_origin(known, &(struct origin_card){.listener = told->listener});
    if (told->type == HUB_REFUSED)
        told->listener = who_of(&known->listeners, told->listener.number);
    return true;
}

void known_retell(const struct known *known, struct told *told)
{
    const struct known_one *peer = find(&known->peers, told->peer.number);
    if (peer) {
        told->listener = who_of(&known->listeners, peer->listener);
        told->datagram = peer->datagram;
    }
    if (told->type == HUB_OPEN)
        told->open.listener = who_of(&known->listeners, told->open.listener.number);
}

void known_told(struct known *known, const struct told *told)
{
    if (told->type == HUB_CLOSE)
        forget(&known->peers, find(&known->peers, told->peer.number));
    else if (told->type == HUB_UNLISTENING)
        forget(&known->listeners, find(&known->listeners, told->listener.number));
}

bool known_result(struct known *known, const struct result *result)
{
    bool room = true;
    if (result->type == RESULT_PEERS)
        room = take_list(known, result);
    else if (result->type == RESULT_PEER)
        room = take_card(known, &result->peer.card);
    else if (result->type == RESULT_LISTENERS)
        for (size_t i = 0; i < result->listeners.count && room; i++)
            room = take_origin(known, &result->listeners.items[i]);
    return room;
}

/* --- the directory --- */

static const struct known *known_of(const struct directory *directory)
{
    return container_of(directory, struct known, directory);
}

static struct who find_peer(const struct directory *directory, uint64_t number)
{
    const struct known *known = known_of(directory);
    struct who who = who_of(&known->peers, known_number(known, number));
    if (!known_has(known, who.number))
        return (struct who){0};
    who.number = number;
    who.node = known->node;
    return who;
}

static void each_peer(const struct directory *directory, directory_visit *visit, void *context)
{
    const struct known *known = known_of(directory);
    visit_all(known, &known->peers, visit, context);
}

static void each_listener(const struct directory *directory, directory_visit *visit,
                          void *context)
{
    const struct known *known = known_of(directory);
    visit_all(known, &known->listeners, visit, context);
}

void known_init(struct known *known)
{
    *known = (struct known){
        .directory = {.find = find_peer, .peers = each_peer, .listeners = each_listener},
        .peers.most = KNOWN_PEERS_MAX,
        .listeners.most = KNOWN_LISTENERS_MAX};
    hash_key_init(&known->peers.key);
    hash_key_init(&known->listeners.key);
}

void known_clear(struct known *known)
{
    while (known->peers.all)
        forget(&known->peers, known->peers.all);
    while (known->listeners.all)
        forget(&known->listeners, known->listeners.all);
}
