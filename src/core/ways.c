/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/ways.h"

#include <stdlib.h>

#include "base/mem.h"
#include "core/extras.h"
#include "core/link.h"
#include "core/origin.h"

bool ways_has_eol(const struct peer *peer)
{
    return extras_of(peer)->eol != EOL_UNSET;
}

bool ways_has_framing(const struct peer *peer)
{
    return extras_of(peer)->framing != NULL;
}

enum eol ways_eol(const struct peer *peer)
{
    const struct profile *profile = &peer->origin->profile;
    if (ways_has_eol(peer))
        return (enum eol)extras_of(peer)->eol;
    if (ways_has_framing(peer) && profile->eol_follows)
        return profile_eol_of(profile, extras_of(peer)->framing);
    return profile->eol;
}

const char *ways_end(const struct peer *peer, size_t *size)
{
    const enum eol eol = ways_eol(peer);
    return eol == EOL_END ? framing_end(ways_framing(peer), size) : eol_bytes(eol, size);
}

const char *ways_eol_name(const struct peer *peer)
{
    const enum eol eol = ways_eol(peer);
    return eol == EOL_END ? framing_argument(ways_framing(peer)) : eol_name(eol);
}

const struct framing *ways_framing(const struct peer *peer)
{
    return ways_has_framing(peer) ? extras_of(peer)->framing : &peer->origin->profile.framing;
}

void ways_set_eol(struct peer *peer, enum eol eol)
{
    extras_need(peer)->eol = (unsigned char)eol;
}

void ways_set_framing(struct peer *peer, const struct framing *framing)
{
    struct extras *extras = extras_need(peer);
    struct framing *former = extras->framing;
    extras->framing = mem_alloc(sizeof *framing);
    *extras->framing = *framing;
    peer->link->ops->frame(peer->link, extras->framing);
    free(former);
}
