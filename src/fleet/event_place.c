/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/event_place.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/number.h"

enum { WORDS_MAX = 16 };

/*
 * $JS.ACK.STREAM.CONSUMER.TIMES.SEQ.TOLD.TIME.PENDING, or with the domain and a hash of the
 * account before the stream, and perhaps more behind it all.
 */
bool event_place_read(struct event_place *place, const char *reply)
{
    char *copy = mem_strdup(reply), *rest = copy;
    const char *words[WORDS_MAX];
    unsigned count = 0;
    while (rest && count < WORDS_MAX)
        words[count++] = strsep(&rest, ".");
    const unsigned at = count == 9 ? 5 : 7;
    const bool good = (count == 9 || count >= 11) && strcmp(words[0], "$JS") == 0 &&
                      strcmp(words[1], "ACK") == 0 &&
                      number_parse(words[at], UINT64_MAX, &place->seq) &&
                      number_parse(words[at + 1], UINT64_MAX, &place->told);
    free(copy);
    return good;
}
