/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A file on its way to a peer (/file), paced by the peer's reading: the next piece of at most
 * 64 KiB is read when the link's queue is empty, one piece a turn of the loop, so that a file
 * of gigabytes costs one piece of memory and other peers get their turns. The peers of one
 * command share one open file, each with its own place in it: a thousand peers cost one
 * descriptor.
 */
#ifndef TELEX_CORE_TRANSFER_H
#define TELEX_CORE_TRANSFER_H

#include <stdbool.h>
#include <stdint.h>

struct hub;
struct peer;

struct transfer_file {
    int fd; /* read with pread only: its offset belongs to nobody */
    char *path;
    uint64_t size; /* when it was opened; what is appended later is not sent */
    char *content; /* all of it, where it said that it had nothing, as in /proc; else NULL */
    unsigned references;
};

struct transfer {
    struct peer *peer;
    struct transfer_file *file; /* referenced */
    uint64_t bytes;             /* read and given to the link: its place in the file */
    struct transfer *prev, *next;
};

/* Bytes of a file that does not say how many it has. */
enum { TRANSFER_CONTENT_MAX = 1 << 20 };

/* Bytes of a piece, and pieces a turn of the loop for all peers together. */
enum { TRANSFER_PIECE = 65536, TRANSFER_PIECES_A_TURN = 16 };

/*
 * Opens a regular file, with one reference, the caller's. NULL with *error (malloc'ed):
 * "cannot send '/x': No such file or directory". One that says it has no bytes is read at once.
 */
struct transfer_file *transfer_file_open(const char *path, char **error);
/* The last one closes the file. */
void transfer_file_release(struct transfer_file *file);

/* Sets peer->transfer, which takes a reference of its own. The caller has checked that the peer
 * can get the file. */
void transfer_start(struct hub *hub, struct peer *peer, struct transfer_file *file);
/* Sends the next piece, or says the file event where all went, where the link's queue is empty.
 */
void transfer_continue(struct hub *hub, struct transfer *transfer);
/* Says the file event, with error where it is not NULL, and frees; peer->transfer becomes NULL.
 */
void transfer_end(struct hub *hub, struct transfer *transfer, const char *error);

#endif
