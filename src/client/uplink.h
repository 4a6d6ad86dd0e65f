/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The connection to a daemon's control socket: the carrier of lines there and back. */
#ifndef TELEX_CLIENT_UPLINK_H
#define TELEX_CLIENT_UPLINK_H

#include <stdbool.h>
#include <stddef.h>

#include "client/carrier.h"

struct loop;
struct uplink;

/* The longest line that is taken: a message of 1 MiB with each byte escaped fits, and more. */
enum { UPLINK_LINE_MAX = 16 << 20 };

/* NULL with errno where nobody listens there. */
struct uplink *uplink_create(struct loop *loop, const char *path,
                             const struct carrier_hooks *hooks);
void uplink_destroy(struct uplink *uplink); /* NULL is fine */
struct carrier *uplink_carrier(struct uplink *uplink);
/* Adds the newline. */
void uplink_send(struct uplink *uplink, const char *line, size_t size);
/* Parts of lines, or several. */
void uplink_send_bytes(struct uplink *uplink, const char *data, size_t size);
/* Reads no more from the daemon while on; what was read already still comes. */
void uplink_hold(struct uplink *uplink, bool on);
/* Bytes that the daemon has not read. */
size_t uplink_backlog(const struct uplink *uplink);

#endif
