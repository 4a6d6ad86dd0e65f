/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/peers.h"

#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "core/hub.h"
#include "core/names.h"

static struct peer *find(const struct hub *hub, const char *word)
{
    uint64_t number;
    if (names_valid(word))
        return hub_find_name(hub, word);
    if (who_parse_number(word, UINT64_MAX, &number))
        return hub_find(hub, number);
    return NULL;
}

struct peer *peers_find_one(const struct hub *hub, const char *word, char **error)
{
    struct peer *peer = find(hub, word);
    if (!peer) {
        char *quote = escape_quote(word);
        *error = mem_printf("no peer %s on the line", quote);
        free(quote);
    }
    return peer;
}

static void init(struct peers *peers)
{
    static const UT_icd icd = {.sz = sizeof(uint64_t)};
    *peers = (struct peers){0};
    utarray_init(&peers->numbers, &icd);
}

static bool find_all(const struct hub *hub, struct peers *peers, char **error)
{
    peers->all = true;
    peers->last = hub->last_peer;
    if (hub_living(hub) == 0)
        *error = mem_strdup("nobody is on the line");
    return hub_living(hub) > 0;
}

static int compare(const void *a, const void *b)
{
    const uint64_t *left = a, *right = b;
    return (*left > *right) - (*left < *right);
}

static void keep_each_once(UT_array *list)
{
    utarray_sort(list, compare);
    uint64_t *numbers = (uint64_t *)utarray_front(list);
    unsigned kept = 1;
    for (unsigned i = 1; i < utarray_len(list); i++)
        if (numbers[i] != numbers[kept - 1])
            numbers[kept++] = numbers[i];
    utarray_resize(list, kept);
}

static bool find_listed(const struct hub *hub, const char *words, struct peers *peers,
                        char **error)
{
    char *copy = mem_strdup(words), *rest = copy;
    const struct peer *peer = NULL;
    do {
        peer = peers_find_one(hub, strsep(&rest, ","), error);
        if (peer)
            utarray_push_back(&peers->numbers, &peer->number);
    } while (peer && rest);
    free(copy);
    if (peer)
        keep_each_once(&peers->numbers);
    return peer != NULL;
}

bool peers_find(const struct hub *hub, const char *words, struct peers *peers, char **error)
{
    init(peers);
    const bool found = strcmp(words, "*") == 0 ? find_all(hub, peers, error)
                                               : find_listed(hub, words, peers, error);
    if (!found)
        peers_finish(peers);
    return found;
}

void peers_just(struct peers *peers, uint64_t number)
{
    init(peers);
    utarray_push_back(&peers->numbers, &number);
}

void peers_finish(struct peers *peers)
{
    utarray_done(&peers->numbers);
}

bool peers_next(struct peers *peers, const struct hub *hub, struct peer **peer)
{
    if (peers->all) {
        *peer = hub_after(hub, peers->at);
        if (!*peer || (*peer)->number > peers->last)
            return false;
        peers->at = (*peer)->number;
        return true;
    }
    if (peers->place == utarray_len(&peers->numbers))
        return false;
    peers->at = ((const uint64_t *)utarray_front(&peers->numbers))[peers->place++];
    *peer = hub_find(hub, peers->at);
    return true;
}

uint64_t peers_count(const struct peers *peers, const struct hub *hub)
{
    return peers->all ? hub_living(hub) : utarray_len(&peers->numbers);
}

void peers_rewind(struct peers *peers)
{
    peers->place = 0;
    peers->at = 0;
}
