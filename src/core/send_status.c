/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/send_status.h"

#include <inttypes.h>
#include <string.h>

#include "base/mem.h"
#include "core/link.h"
#include "core/peer.h"
#include "core/ways.h"

static const char *const texts[SEND_STATUSES] = {
    [SEND_OK] = "sent",
    [SEND_BUSY] = "a file is being sent to it",
    [SEND_CLOSING] = "it is closing",
    [SEND_CONNECTING] = "it is not connected yet",
    [SEND_ENDED] = "our sending side has ended",
};

char *send_status_text(const struct peer *peer, enum send_status status, int cause)
{
    if (status == SEND_QUEUE_FULL)
        return mem_printf("its queue is full (%" PRIu64 " bytes wait)", peer_queued(peer));
    if (status == SEND_FAILED)
        return mem_strdup(strerror(cause));
    if (status == SEND_TOO_LONG)
        return mem_printf("a datagram holds at most %zu bytes", link_most(peer->link));
    if (status == SEND_NO_FRAME)
        return mem_printf("no frame of framing=%s can hold it", ways_framing(peer)->word);
    return mem_strdup(texts[status]);
}
