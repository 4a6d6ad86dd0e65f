/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A file on its way to a peer (/file), paced by the peer's reading: the next piece of at most
 * 64 KiB is read when the link's queue is empty, one piece a turn of the loop, so that a file
 * of gigabytes costs one piece of memory and other peers get their turns.
 */
#ifndef TELEX_CORE_TRANSFER_H
#define TELEX_CORE_TRANSFER_H

#include <stdbool.h>
#include <stdint.h>

struct hub;
struct peer;

struct transfer {
    struct peer *peer;
    int fd;
    char *path;
    uint64_t size;  /* when it was opened; what is appended later is not sent */
    uint64_t bytes; /* read and given to the link */
    struct transfer *prev, *next;
};

enum { TRANSFER_PIECE = 65536 };

/* Sets peer->transfer. *error (malloc'ed) says what is wrong with the path. */
bool transfer_start(struct hub *hub, struct peer *peer, const char *path, char **error);
/* Sends the next piece, or says the file event where all went, where the link's queue is empty.
 */
void transfer_continue(struct hub *hub, struct transfer *transfer);
/* Says the file event, with error where it is not NULL, and frees; peer->transfer becomes NULL.
 */
void transfer_end(struct hub *hub, struct transfer *transfer, const char *error);

#endif
