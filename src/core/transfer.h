/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A file on its way to a peer (/file): a feed of pieces of at most 64 KiB. The peers of one
 * command share one open file, each with its own place in it: a thousand peers cost one
 * descriptor.
 */
#ifndef TELEX_CORE_TRANSFER_H
#define TELEX_CORE_TRANSFER_H

#include <stdbool.h>
#include <stdint.h>

#include "core/feed.h"
#include "core/transfer_progress.h"

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
    struct feed feed;
    struct transfer_file *file; /* referenced */
    uint64_t bytes;             /* read and given to the link: its place in the file */
    const char *error;          /* why the rest cannot be sent, or NULL */
};

/* Bytes of a file that does not say how many it has. */
enum { TRANSFER_CONTENT_MAX = 1 << 20 };

/* Bytes of a piece. */
enum { TRANSFER_PIECE = 65536 };

/*
 * Opens a regular file, with one reference, the caller's. NULL with *error (malloc'ed):
 * "cannot send '/x': No such file or directory". One that says it has no bytes is read at once.
 */
struct transfer_file *transfer_file_open(const char *path, char **error);
/* The last one closes the file. */
void transfer_file_release(struct transfer_file *file);

/* Of the file that goes to the peer. */
struct transfer_progress transfer_progress_of(const struct peer *peer);

/* Takes a reference of its own. The caller has checked that the peer can get the file. */
void transfer_start(struct hub *hub, struct peer *peer, struct transfer_file *file);

#endif
