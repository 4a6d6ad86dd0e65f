/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/ways.h"

#include "core/extras.h"
#include "core/link.h"
#include "core/origin.h"

bool ways_has_eol(const struct peer *peer)
{
    return extras_of(peer)->eol != EOL_UNSET;
}

bool ways_has_framing(const struct peer *peer)
{
    return extras_of(peer)->framing != FRAMING_UNSET;
}

enum eol ways_eol(const struct peer *peer)
{
    return ways_has_eol(peer) ? (enum eol)extras_of(peer)->eol : peer->origin->profile.eol;
}

enum framing ways_framing(const struct peer *peer)
{
    return ways_has_framing(peer) ? (enum framing)extras_of(peer)->framing
                                  : peer->origin->profile.framing;
}

void ways_set_eol(struct peer *peer, enum eol eol)
{
    extras_need(peer)->eol = (unsigned char)eol;
}

void ways_set_framing(struct peer *peer, enum framing framing)
{
    extras_need(peer)->framing = (unsigned char)framing;
    peer->link->ops->frame(peer->link, framing);
}
