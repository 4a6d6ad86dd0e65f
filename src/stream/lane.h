/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What stands between the socket of a stream and its framing: bytes of the wire become
 * plaintext on their way up, and plaintext bytes of the wire on their way down. Poller, queue,
 * drain and linger know nothing of it: the queue holds what the wire needs, and a ledger tells
 * how much of that is plaintext. Lanes stack: the lowest is at the wire. The stream opens when
 * the uppermost has.
 */
#ifndef TELEX_STREAM_LANE_H
#define TELEX_STREAM_LANE_H

#include <stdbool.h>
#include <stddef.h>

#include "stream/ledger.h"

struct framing_piece;
struct lane;
struct pending;
struct stream;

/* The most that may wait in a lane for what comes behind it. */
enum { LANE_REST_MAX = 1 << 17 };

struct lane_ops {
    const char *name;
    /* What is said where it has not opened in time (stream_open_by). */
    const char *late;
    /* The lanes below are open: whoever has to speak first does. NULL: nobody has to. */
    void (*start)(struct lane *lane);
    /*
     * Bytes from below, what it has left before first. Returns how many it has taken; the rest
     * is kept and given again with what comes behind it.
     */
    size_t (*in)(struct lane *lane, const char *data, size_t size);
    /* No more come from below: lane_up_end, or it fails. NULL: the same is told above. */
    void (*in_end)(struct lane *lane);
    /* Bytes from above, to be given to lane_down. NULL: as they are. */
    void (*out)(struct lane *lane, const char *data, size_t size);
    /* Our side is to end: what the far end's lane has to know before. NULL: nothing. */
    void (*out_end)(struct lane *lane);
    /* Bytes of memory that it holds, its rest apart. NULL: none. */
    size_t (*held)(const struct lane *lane);
    /* Those that it takes as long as it is there, whatever comes; changes from within in alone,
     * as held does. NULL: few. */
    size_t (*room)(const struct lane *lane);
    /* What the far end's lane has said in the end, escaped, or NULL; a number that stands for
     * it in *code, 0: none. NULL: its farewell says nothing. */
    const char *(*farewell)(const struct lane *lane, unsigned *code);
    void (*destroy)(struct lane *lane);
};

/* First in its own struct. */
struct lane {
    const struct lane_ops *ops;
    struct stream *stream;
    struct lane *above, *below; /* NULL: framing; the socket */
    struct pending *rest;       /* of what came from below, not taken; NULL: none */
    struct ledger ledger;       /* of the stream; the lowest one's */
    bool open;
    bool leaves;
    bool waits; /* it has more to tell, once it may: lane_may_tell */
    /* It has said farewell, and waits for the far end's, which is lane_up_end; or fails. */
    bool awaits_end;
    bool parted; /* lane_part: what becomes of the connection behind it does not matter */
};

/* Puts it above all others of a stream that is not open yet; the stream's from here on. */
void lane_add(struct stream *stream, struct lane *lane);

/* --- for lanes --- */

/* It can be passed: the next one starts, or the stream opens. From within in or start. */
void lane_open(struct lane *lane);
/* The same, and it was all that it is for: destroyed once in has returned. */
void lane_leave(struct lane *lane);
/* Plaintext on its way up. */
void lane_up(struct lane *lane, const char *data, size_t size);
/*
 * For one whose plaintext is messages already, instead of lane_up: whether the next may be told
 * now, and that message. Where it may not the lane waits, and is given its rest again.
 */
bool lane_may_tell(const struct lane *lane);
void lane_tell(struct lane *lane, const struct framing_piece *piece);
/* Bytes of the wire that the kernel has not taken yet. */
size_t lane_queued(const struct lane *lane);
/* The far end has ended its side: no more goes up. Ours lives on. */
void lane_up_end(struct lane *lane);
/* Bytes on their way down. */
void lane_down(struct lane *lane, const char *data, size_t size);
/*
 * It cannot go on, and what is to tell the far end so is queued already. Those below end their
 * side, all that waits is sent, and the stream is over with these words.
 */
void lane_fail(struct lane *lane, const char *why);
/* Both sides have ended theirs: our end follows what is queued. */
void lane_part(struct lane *lane);
/* The stream is over at once, with these words: there is nothing to tell the far end. */
void lane_drop(struct lane *lane, const char *why);
/* The same, where the far end does not answer. */
void lane_time_out(struct lane *lane, const char *why);

/* --- for the stream, which has the lowest --- */

void lane_start(struct lane *lowest);
void lane_in(struct lane *lowest, const char *data, size_t size);
void lane_in_end(struct lane *lowest);
void lane_out(struct lane *lowest, const char *data, size_t size);
void lane_out_end(struct lane *lowest);
/* Those that wait may tell what they have. */
void lane_again(struct lane *lowest);
bool lane_waits(const struct lane *lowest);
/* One has said farewell, and is told the far end's before ours is sent. */
bool lane_awaits_end(const struct lane *lowest);
/* Both ends have said farewell. */
bool lane_has_parted(const struct lane *lowest);
/* See lane_ops; of no lanes nothing. */
const char *lane_farewell(const struct lane *lowest, unsigned *code);
/* What is said where they are not open in time. */
const char *lane_late(const struct lane *lowest);
/* Bytes of memory that wait in it and those above. */
size_t lane_held(const struct lane *lowest);
/* Those that they take themselves. */
size_t lane_room(const struct lane *lowest);
void lane_destroy_all(struct lane *lowest);

#endif
