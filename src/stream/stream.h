/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A line that bytes come and go on in order: a socket, what of its input is no whole message
 * yet, what of its output the kernel has not taken, and its end. It waits for the poller, both
 * ways: a bufferevent of libevent 2.1 reads at most 4 KiB at a time, and would cost each idle
 * line a kilobyte. Whose it is, is told what happens.
 */
#ifndef TELEX_STREAM_STREAM_H
#define TELEX_STREAM_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cast.h"
#include "base/host.h"
#include "framing/framing.h"
#include "loop/poller.h"
#include "stream/stream_step.h"

struct budget;
struct lane;
struct loop;
struct pending;
struct shared_bytes;
struct stream;
struct stream_closing;
struct stream_cutter;
struct stream_queue;

/* What all streams of a program share. */
struct streams {
    struct loop *loop;
    struct host host;      /* tells the time */
    struct budget *budget; /* what they hold counts in it */
    struct poller *poller;
    bool leaving; /* the program ends: lanes that can give that as the reason do */
    /* FRAMING_MESSAGE_MAX bytes each: one read at a time goes through the first, and one
     * message that has to be decoded through the other, whose pages are there only if one is.
     */
    char *buffer, *room;
};

void streams_init(struct streams *streams, struct loop *loop, const struct host *host,
                  struct budget *budget);
void streams_finish(struct streams *streams);

/* How it ended. */
enum stream_how {
    STREAM_CLOSED, /* as it was asked to, or both sides have ended theirs */
    STREAM_RESET,
    STREAM_TIMED_OUT,
    STREAM_BROKEN
};

/*
 * Any of these may call the stream again; none may free it, which has to wait for the end of
 * the callback (loop_defer). NULL where there is nothing to say.
 */
struct stream_user {
    void (*opened)(struct stream *stream);
    /* Its bytes are borrowed. Told of a quiet one too, which took bytes of the line. */
    void (*message)(struct stream *stream, const struct framing_piece *piece);
    /* The far end sends no more, and all it sent was told. */
    void (*ended)(struct stream *stream);
    /* A lane has failed: nothing can be sent any more, and nothing comes. over does, once the
     * far end has read why, or it is too late for that. */
    void (*failed)(struct stream *stream, const char *error);
    /* What was queued has gone. */
    void (*drained)(struct stream *stream);
    /* So many bytes have come to its queue, and so many are gone from it; or what it holds has
     * changed otherwise: see stream_held. */
    void (*holds)(struct stream *stream, size_t added, size_t gone);
    /* Nothing more happens on it. error: words for the last two. */
    void (*over)(struct stream *stream, enum stream_how how, const char *error);
};

/* Why nothing is taken from it, a set. */
enum stream_pause {
    STREAM_HELD = 1,   /* until somebody else can take more */
    STREAM_UNREAD = 2, /* until the far end has taken what it is sent */
    STREAM_FULL = 4    /* it holds too much: what is here is taken, and nothing new is read */
};

/* What its descriptor is like, a set. */
enum stream_kind {
    STREAM_ACCEPTED = 1,     /* the far end has called */
    STREAM_END_NUMBERED = 2, /* the kernel counts the end of our side as a byte, as TCP does */
    /*
     * It is no socket but a terminal, a serial line or the master of a pty: our side has no end
     * to send, EIO is an end of file (nobody has the slave any more), and what it has not sent
     * is dropped with it, for which close(2) would wait half a minute.
     */
    STREAM_TTY = 4,
    /* It has no end of file: what looks like one is the loss of the device. */
    STREAM_ENDLESS = 8,
    STREAM_RESETS = 16, /* it is to end by a reset */
    STREAM_STAYS = 32,  /* see stream_stay */
};

/*
 * Embedded in what its user makes of it. There may be tens of thousands: what only few have is
 * allocated for them. What each message needs stands first, close together.
 */
struct stream {
    struct poller_source source;
    const struct stream_user *user;
    struct streams *streams;
    int fd; /* -1 before it is opened */
    struct stream_state state;
    unsigned char pauses; /* set of enum stream_pause */
    unsigned char budget; /* messages it may still give in this turn */
    unsigned char broken; /* why the far end takes no more, an errno; 0: it may */
    unsigned char kind;   /* set of enum stream_kind */
    bool served;          /* now, by the poller: what it waits for is said at the end */
    bool end_counts;      /* our end is sent, and counts as a byte */
    bool failed;          /* a lane has, and closing says why */
    const struct framing *framing;  /* borrowed of its user */
    struct lane *lane;              /* the lowest; NULL: there is none, or none any more */
    struct pending *input;          /* that is no message yet; NULL: none */
    struct stream_cutter *cutter;   /* what the framing keeps; NULL: nothing */
    struct stream_queue *queue;     /* output that waits for the kernel; NULL: none does */
    struct stream_closing *closing; /* NULL while nobody waits for its end */
    CAST_MARK;
};

/* Of zeroed memory. framing stays the user's, and must stay as it is. */
void stream_init(struct stream *stream, struct streams *streams, const struct stream_user *user,
                 const struct framing *framing);
/* fd, which is non-blocking, is the line; the stream's from here on. Tells opened, where there
 * are lanes (stream/lane.h) once those are. */
void stream_open(struct stream *stream, int fd, unsigned kind);
/* Where there are lanes: over, timed out, if they are not open by then, of the host's clock.
 * Before it is opened. */
void stream_open_by(struct stream *stream, int64_t deadline);
/* Closes fd and frees what it holds, whatever is queued; tells nothing. */
void stream_finish(struct stream *stream);

/* Takes all: what the kernel does not take at once is queued. While nobody has ended our side.
 */
void stream_send(struct stream *stream, const void *data, size_t size);
/* The same; what has to wait waits in the shared bytes, with a reference. */
void stream_send_shared(struct stream *stream, struct shared_bytes *shared);
/* Bytes of what was sent that the kernel has not taken yet; where there are lanes, so many as
 * stand in what they made of it. */
size_t stream_queued(const struct stream *stream);
/* Bytes that it has taken, and the far end has not acknowledged; known after a reset, too. The
 * same holds for lanes. */
size_t stream_undelivered(const struct stream *stream);
/* Bytes of memory that wait in it. */
size_t stream_held(const struct stream *stream);
/* The same, and what its lanes take however little it says: of which the budget knows, too. */
size_t stream_taken(const struct stream *stream);

/* Cuts what is here and no message yet, and what comes, by that framing; tells of it
 * later. It stays the user's. */
void stream_frame(struct stream *stream, const struct framing *framing);
/* pauses: set of enum stream_pause. */
void stream_pause(struct stream *stream, unsigned pauses);
/* Of one whose far end has ended its side, and that is kept however long: over as soon as the
 * far end is gone for good, which nobody would see otherwise before something is sent. */
void stream_stay(struct stream *stream);
/* Ends our side once the queue is empty; the far end may go on sending. */
void stream_end(struct stream *stream);
/*
 * Ends both: sends what is queued, then our end, and waits for the far end to have it all, at
 * most until deadline (of the host's clock). Tells over, maybe from within. Whatever comes
 * meanwhile is discarded.
 */
void stream_close(struct stream *stream, int64_t deadline);
/* The same, but what the far end sees behind all that is a reset, as where the line broke. */
void stream_reset(struct stream *stream, int64_t deadline);
/* The far end will see its line reset once stream_finish is called. */
void stream_abort(struct stream *stream);
/* The far end takes no more, by an errno: over once what it said before is read. */
void stream_break(struct stream *stream, int cause);

#endif
