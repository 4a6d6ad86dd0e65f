/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/like.h"

#include <fnmatch.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/ut.h"
#include "core/card.h"

/* Only * and ? are signs: addresses have brackets. */
static char *pattern_of(const char *word)
{
    UT_string pattern;
    utstring_init(&pattern);
    for (; *word; word++)
        utstring_printf(&pattern, "%s%c", strchr("[]\\", *word) ? "\\" : "", *word);
    return utstring_body(&pattern);
}

void like_init(struct like *like, const char *word)
{
    *like = (struct like){.word = word};
    if (strpbrk(word, "*?"))
        like->pattern = pattern_of(word);
    else
        search_set(&like->part, word, strlen(word));
}

void like_finish(struct like *like)
{
    search_finish(&like->part);
    free(like->pattern);
}

bool like_text(const struct like *like, const char *text)
{
    if (!text)
        return false;
    if (like->pattern)
        return fnmatch(like->pattern, text, FNM_CASEFOLD) == 0;
    return search_finds(&like->part, text, strlen(text));
}

/* "meters:" or "2:", as in PEERS of /only. */
static bool is_listener(const struct like *like, const struct who *listener)
{
    char *number = mem_printf("%" PRIu64 ":", listener->number);
    char *name = listener->name ? mem_printf("%s:", listener->name) : NULL;
    const bool is = listener->number > 0 && (strcmp(like->word, number) == 0 ||
                                             (name && strcmp(like->word, name) == 0));
    free(number);
    free(name);
    return is;
}

bool like_card(const struct like *like, const struct card *card)
{
    const struct where *where = &card->where;
    return like_text(like, card->peer.name) || like_text(like, where->remote) ||
           like_text(like, where->transport) || like_text(like, peer_state_name(card->state)) ||
           like_text(like, where->listener.name) || is_listener(like, &where->listener);
}
