/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/peers.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "command/operator.h"
#include "core/hub.h"
#include "core/profile.h"
#include "core/shared.h"

/* The most peers that one error names. */
enum { FAILURES_NAMED = 10 };

/* --- finding --- */

static struct peer *find(const struct hub *hub, const char *word)
{
    uint64_t number;
    if (name_valid(word))
        return hub_find_name(hub, word);
    if (number_parse(*word == '#' ? word + 1 : word, UINT64_MAX, &number))
        return hub_find(hub, number);
    return NULL;
}

struct peer *peers_find_one(const struct hub *hub, const char *word, char **error)
{
    struct peer *peer = find(hub, word);
    if (!peer) {
        char *quote = operator_quote(word);
        *error = mem_printf("no peer %s on the line", quote);
        free(quote);
    }
    return peer;
}

static bool find_all(const struct hub *hub, UT_array *list, char **error)
{
    for (struct peer *peer = hub_next(hub, NULL); peer; peer = hub_next(hub, peer))
        utarray_push_back(list, &peer);
    if (utarray_len(list) == 0)
        *error = mem_strdup("nobody is on the line");
    return utarray_len(list) > 0;
}

static bool find_listed(const struct hub *hub, const char *words, UT_array *list, char **error)
{
    char *copy = mem_strdup(words), *rest = copy;
    bool found = true;
    while (found && rest) {
        struct peer *peer = peers_find_one(hub, strsep(&rest, ","), error);
        found = peer != NULL;
        utarray_push_back(list, &peer);
    }
    free(copy);
    return found;
}

static int by_number(const void *a, const void *b)
{
    const struct peer *const *left = a, *const *right = b;
    return ((*left)->number > (*right)->number) - ((*left)->number < (*right)->number);
}

static void keep_each_once(UT_array *list)
{
    utarray_sort(list, by_number);
    struct peer **peers = (struct peer **)utarray_front(list);
    unsigned kept = 1;
    for (unsigned i = 1; i < utarray_len(list); i++)
        if (peers[i] != peers[kept - 1])
            peers[kept++] = peers[i];
    utarray_resize(list, kept);
}

bool peers_find(const struct hub *hub, const char *words, UT_array *list, char **error)
{
    const bool found = strcmp(words, "*") == 0 ? find_all(hub, list, error)
                                               : find_listed(hub, words, list, error);
    if (found)
        keep_each_once(list);
    else
        utarray_clear(list);
    return found;
}

struct peer *const *peers_of(const UT_array *list)
{
    return (struct peer *const *)utarray_front(list);
}

/* --- failures --- */

void peers_failures_init(struct peers_failures *failures)
{
    utstring_init(&failures->text);
    failures->count = 0;
}

void peers_failures_add(struct peers_failures *failures, const struct peer *peer, char *reason)
{
    if (failures->count++ < FAILURES_NAMED) {
        char label[PEER_LABEL];
        peer_label(peer, label);
        utstring_printf(&failures->text, "%s%s: %s",
                        failures->count == 1 ? "not sent to " : "; ", label, reason);
    }
    free(reason);
}

char *peers_failures_finish(struct peers_failures *failures)
{
    if (failures->count > FAILURES_NAMED)
        utstring_printf(&failures->text, "; and %zu more", failures->count - FAILURES_NAMED);
    char *text = failures->count > 0 ? mem_strdup(utstring_body(&failures->text)) : NULL;
    utstring_done(&failures->text);
    return text;
}

/* --- sending --- */

static const char *eol_of(const struct peer *peer, bool with_eol, size_t *size)
{
    *size = 0;
    return with_eol ? eol_bytes(peer->origin->profile.eol, size) : "";
}

/* Why nobody is to get it, found out before the first of them does. */
static char *find_misfit(struct peer *const *peers, size_t count, size_t size, bool with_eol)
{
    for (size_t i = 0; i < count; i++) {
        size_t eol_size;
        char label[PEER_LABEL];
        eol_of(peers[i], with_eol, &eol_size);
        const bool datagram = peers[i]->link->ops->datagram;
        const bool too_long = datagram && size + eol_size > SEND_DATAGRAM_MAX;
        const bool empty = !datagram && !with_eol && size == 0;
        if (too_long || empty)
            peer_label(peers[i], label);
        if (too_long)
            return mem_printf("nothing was sent: a datagram holds at most %d bytes, the one "
                              "for %s would have %zu",
                              SEND_DATAGRAM_MAX, label, size + eol_size);
        if (empty)
            return mem_printf("nothing was sent: no bytes, and %s is no datagram peer", label);
    }
    return NULL;
}

/* The bytes as the peers of one eol get them: one copy, however many they are. */
struct texts {
    struct budget *budget;
    const void *data;
    size_t size;
    bool with_eol;
    struct shared *of[EOL_NUL + 1];
};

static struct shared *text_for(struct texts *texts, const struct peer *peer)
{
    struct shared **text = &texts->of[texts->with_eol ? peer->origin->profile.eol : EOL_UNSET];
    if (!*text) {
        size_t eol_size;
        const char *eol = eol_of(peer, texts->with_eol, &eol_size);
        *text = shared_create(texts->budget, texts->size + eol_size);
        memcpy((*text)->data, texts->data, texts->size);
        memcpy((*text)->data + texts->size, eol, eol_size);
    }
    return *text;
}

static void release_texts(struct texts *texts)
{
    for (enum eol eol = EOL_UNSET; eol <= EOL_NUL; eol++)
        shared_release(texts->of[eol]);
}

char *peers_deliver(struct operator_session *session, struct peer *const *peers, size_t count,
                    const void *data, size_t size, bool with_eol)
{
    char *misfit = find_misfit(peers, count, size, with_eol);
    if (misfit)
        return misfit;
    struct texts texts = {
        .budget = &session->hub->budget, .data = data, .size = size, .with_eol = with_eol};
    struct peers_failures failures;
    peers_failures_init(&failures);
    for (size_t i = 0; i < count; i++) {
        int cause = 0;
        struct shared *text = text_for(&texts, peers[i]);
        if (with_eol && text->size == 0)
            continue;
        enum send_status status =
            hub_send_shared(session->hub, peers[i], text, session->console, &cause);
        if (status != SEND_OK)
            peers_failures_add(&failures, peers[i], send_status_text(peers[i], status, cause));
    }
    release_texts(&texts);
    return peers_failures_finish(&failures);
}

void peers_send(struct operator_session *session, const char *words, const void *data,
                size_t size, bool with_eol)
{
    UT_array list;
    char *error = NULL;
    utarray_init(&list, &ut_ptr_icd);
    if (peers_find(session->hub, words, &list, &error))
        error =
            peers_deliver(session, peers_of(&list), utarray_len(&list), data, size, with_eol);
    operator_answer(session, error);
    utarray_done(&list);
}
