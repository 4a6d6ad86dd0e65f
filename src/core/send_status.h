/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What became of a send that an operator asked for. */
#ifndef TELEX_CORE_SEND_STATUS_H
#define TELEX_CORE_SEND_STATUS_H

#include <stddef.h>

struct peer;

enum send_status {
    SEND_OK,
    SEND_QUEUE_FULL,
    SEND_BUSY, /* a file is on its way */
    SEND_CLOSING,
    SEND_CONNECTING,
    SEND_ENDED,    /* our sending side is */
    SEND_TOO_LONG, /* for a datagram */
    SEND_NO_FRAME, /* its framing has none that holds it */
    SEND_FAILED,   /* the kernel refused the datagram: see its errno */
    SEND_STATUSES
};

/* Why the peer did not get it: "its queue is full (1048576 bytes wait)". malloc'ed. */
char *send_status_text(const struct peer *peer, enum send_status status, int cause);

#endif
