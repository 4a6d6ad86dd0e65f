/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/retell_peers.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/ut.h"
#include "command/operator.h"
#include "command/selection.h"
#include "core/hub.h"
#include "core/names.h"
#include "core/told.h"

struct retell_word {
    struct selection one;
    bool met;
    char *name; /* NULL: it is a number, a pattern or a listener */
    struct retell_word *prev, *next;
};

struct retell_peer {
    uint64_t number;
    UT_hash_handle hh;
};

/* --- words --- */

static bool add_word(struct retell_peers *peers, const char *word, char **error)
{
    struct retell_word *added = mem_zalloc(sizeof *added);
    DL_APPEND(peers->words, added);
    if (names_valid(word))
        added->name = mem_strdup(word);
    peers->by_name |= selection_is_open(word) || added->name;
    return selection_add(&added->one, word, error);
}

static bool add_words(struct retell_peers *peers, const char *words, char **error)
{
    char *copy = mem_strdup(words), *rest = copy;
    bool good = true;
    while (good && rest)
        good = add_word(peers, strsep(&rest, ","), error);
    free(copy);
    return good;
}

bool retell_peers_find(struct retell_peers *peers, const struct operator_session *session,
                       const char *words, char **error)
{
    *peers = (struct retell_peers){0};
    if (strcmp(words, "*") == 0)
        return true;
    const bool good =
        operator_may_select(session, words, error) && add_words(peers, words, error);
    if (!good)
        retell_peers_finish(peers);
    return good;
}

void retell_peers_finish(struct retell_peers *peers)
{
    struct retell_word *word, *next_word;
    struct retell_peer *peer, *next;
    HASH_ITER(hh, peers->met, peer, next) {
        HASH_DEL(peers->met, peer);
        free(peer);
    }
    DL_FOREACH_SAFE(peers->words, word, next_word) {
        selection_finish(&word->one);
        free(word->name);
        free(word);
    }
    *peers = (struct retell_peers){0};
}

/* --- those who are meant --- */

static bool is_met(const struct retell_peers *peers, uint64_t number)
{
    struct retell_peer *peer;
    HASH_FIND(hh, peers->met, &number, sizeof number, peer);
    return peer != NULL;
}

static void meet(struct retell_peers *peers, uint64_t number)
{
    struct retell_peer *peer = mem_zalloc(sizeof *peer);
    peer->number = number;
    HASH_ADD(hh, peers->met, number, sizeof peer->number, peer);
}

bool retell_peers_has(struct retell_peers *peers, const struct told *told)
{
    const bool met = is_met(peers, told->peer.number);
    bool has = met || !peers->words;
    struct retell_word *word;
    DL_FOREACH(peers->words, word) {
        if (has && word->met)
            continue;
        if (selection_has(&word->one, &told->peer, &told->listener))
            has = word->met = true;
    }
    if (has && !met && peers->words && told->peer.number != 0)
        meet(peers, told->peer.number);
    return has;
}

char *retell_peers_missing(const struct retell_peers *peers, const struct hub *hub)
{
    const struct retell_word *word;
    DL_FOREACH(peers->words, word) {
        if (word->name && !word->met && !hub_find_name(hub, word->name))
            return mem_printf("no peer '%s' on the line, and none in the history", word->name);
    }
    return NULL;
}
