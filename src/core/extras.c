/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/extras.h"

#include <stdlib.h>

#include "base/mem.h"

const struct extras extras_none;

struct extras *extras_need(struct peer *peer)
{
    if (!peer->extras)
        peer->extras = mem_zalloc(sizeof *peer->extras);
    return peer->extras;
}

void extras_tidy(struct peer *peer)
{
    const struct extras *extras = extras_of(peer);
    if (!extras->feed && !extras->agent && extras->holds == 0 && extras->eol == EOL_UNSET &&
        !extras->framing && !extras->fault && !extras->joins && !extras->ends &&
        !extras->breaks && !extras->why)
        extras_free(peer);
}

void extras_say_why(struct peer *peer, const char *why)
{
    if (!why)
        return;
    free(extras_need(peer)->why);
    peer->extras->why = mem_strdup(why);
}

void extras_free(struct peer *peer)
{
    if (peer->extras) {
        free(peer->extras->agent);
        free(peer->extras->framing);
        free(peer->extras->why);
    }
    free(peer->extras);
    peer->extras = NULL;
}
