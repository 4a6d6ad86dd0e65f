/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A peer that stands on a stream: tcp, unix, calls out. The stream's user and the hub's link,
 * in one piece.
 */
#ifndef TELEX_TRANSPORT_LINE_H
#define TELEX_TRANSPORT_LINE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/address.h"
#include "base/cast.h"
#include "core/hub_event.h"
#include "core/link.h"
#include "stream/stream.h"
#include "transport/lifeline.h"

struct dial;
struct greeting;
struct line;
struct line_patience;
struct origin;
struct switchboard;

/* What a kind of line adds; one const struct a transport. */
struct line_kind {
    struct link_ops ops; /* first: LINE_OPS with describe */
    unsigned socket;     /* what it is like: set of enum stream_kind */
    size_t size;         /* of a struct that begins with the line; 0: it has no more to it */
    /* What that holds, while the descriptor is still open if it ever was; may be NULL. */
    void (*finish)(struct line *line);
    /* Options of the socket, for a call, which has none from a listener, and when settings
     * have changed; may be NULL. */
    void (*prepare)(struct switchboard *board, int fd);
    /*
     * Puts lanes on a stream that is not open yet, and says how long those of one that has
     * called us may take to open, in microseconds; 0: for ever. NULL: bytes go as they are.
     */
    int64_t (*add_lanes)(struct stream *stream, struct origin *origin);
    /* What the far end is to be called, once its lanes are open: malloc'ed, and no name of ours
     * perhaps; or NULL. NULL: it says nothing of that. */
    char *(*own_name)(const struct line *line);
    /* Whether it has none of the TLS of its scheme, asked then too. NULL: that has none. */
    bool (*is_plain)(const struct line *line);
};

/* There may be tens of thousands: what only few have is allocated for them. */
struct line {
    struct link link; /* first: links are lines */
    struct stream stream;
    union address remote;   /* of no family where it is no address of IP, or not there yet */
    bool admitted;          /* counted in the hub's limits */
    bool far_end;           /* called for a listener's peer; counted in the board's far_ends */
    bool closes_when_empty; /* half-closed, and closed once the queue is empty */
    struct lifeline life;
    union {
        struct dial *dial;              /* while stream.fd is -1 */
        struct greeting *greeting;      /* while it is no peer, and link.peer is NULL */
        struct line_patience *patience; /* then; NULL while it need not be patient */
    };
    CAST_MARK;
};

/* The link_ops of all lines; describe is to be filled in. ENDLESS: our side has no end. */
#define LINE_OPS LINE_OPS_ENDLESS, .end_output = line_end_output, .reset = line_reset
#define LINE_OPS_ENDLESS LINE_OPS_ALWAYS, .close = line_close, .pause = line_pause
/* Those that even one whose end is its own has. */
#define LINE_OPS_ALWAYS                                                                   \
    .send = line_send, .pass = line_pass, .send_shared = line_send_shared,                \
    .destroy = line_destroy, .queued = line_queued, .undelivered = line_undelivered,      \
    .renew = line_renew, .frame = line_frame, .remote = line_remote, .ended = line_ended, \
    .abort = line_abort

/* The user of a line's stream, for one that adds to it. */
extern const struct stream_user line_user;

int line_send(struct link *link, const void *data, size_t size);
int line_pass(struct link *link, const void *data, size_t size);
int line_send_shared(struct link *link, struct shared_bytes *shared);
void line_close(struct link *link, int64_t deadline);
void line_reset(struct link *link, int64_t deadline);
void line_end_output(struct link *link);
void line_ended(struct link *link);
void line_abort(struct link *link);
void line_renew(struct link *link, bool idle_times);
void line_destroy(struct link *link);
void line_pause(struct link *link, unsigned reasons);
size_t line_queued(const struct link *link);
void line_frame(struct link *link, const struct framing *framing);
uint64_t line_undelivered(const struct link *link);
union address line_remote(const struct link *link);

struct line *line_of_stream(const struct stream *stream);
struct switchboard *line_board(const struct line *line);

/*
 * An accepted connection: attaches and opens a peer, or turns it away. Owns fd from here on.
 * remote may be NULL.
 */
void line_accept(struct switchboard *board, const struct line_kind *kind, struct origin *origin,
                 int fd, const union address *remote);

/* The same in parts, where there is more to it: the line that is going to be a peer, */
struct line *line_create(struct switchboard *board, const struct line_kind *kind,
                         struct origin *origin);
/* that has been admitted, and whose stream is open, */
void line_become_peer(struct line *line, struct origin *origin);
/* or that is turned away. */
void line_refuse(struct switchboard *board, struct origin *origin, const union address *remote,
                 enum refusal why, const char *error);

/* A call: attaches a peer in state connecting. The caller adds what lanes the way there takes,
 * then line_add_lanes, and sets dial. */
struct line *line_call(struct switchboard *board, const struct line_kind *kind,
                       struct origin *origin);
/* Those of its kind. */
void line_add_lanes(struct line *line, struct origin *origin);
/* A dial's failed callback for lines: the peer closes with the reason. */
void line_call_failed(void *line, int cause, const char *text);
/* The call is answered: fd is the line. Owns fd from here on. */
void line_connected(struct line *line, int fd, const union address *remote);

#endif
