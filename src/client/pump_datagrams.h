/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stdin over udp: each line a datagram, or all of it one. */
#ifndef TELEX_CLIENT_PUMP_DATAGRAMS_H
#define TELEX_CLIENT_PUMP_DATAGRAMS_H

#include <stddef.h>
#include <stdint.h>

struct pump;

void pump_datagrams_init(struct pump *pump);
void pump_datagrams_finish(struct pump *pump);
/* The next piece of stdin. */
void pump_datagrams_add(struct pump *pump, const char *data, size_t size);
/* stdin has ended. */
void pump_datagrams_end(struct pump *pump);
/* Bytes that were read and not sent yet. */
uint64_t pump_datagrams_left(const struct pump *pump);

#endif
