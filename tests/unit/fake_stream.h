/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A stream on one end of a socket pair, with a clock that the test moves, whose user writes
 * down what it is told. */
#ifndef TELEX_TESTS_FAKE_STREAM_H
#define TELEX_TESTS_FAKE_STREAM_H

#include "base/budget.h"
#include "base/ut.h"
#include "loop/loop.h"
#include "stream/stream.h"

struct fake_stream {
    struct stream stream; /* first */
    struct framing framing;
    struct streams streams;
    struct loop loop;
    struct budget budget;
    int64_t now; /* microseconds */
    int far;     /* the other end; -1: closed */
    size_t told_queued;
    UT_string log, taken;
    void (*on_message)(struct fake_stream *fake); /* what the user does; may be NULL */
};

/* Not opened yet. */
void fake_stream_init(struct fake_stream *fake, const char *framing);
void fake_stream_open(struct fake_stream *fake, unsigned kind);
void fake_stream_finish(struct fake_stream *fake);

/* Turns of the loop until it finds nothing to do. */
void fake_stream_turn(struct fake_stream *fake);
/* A line for each thing told since the last call: "message abc", "over reset". */
const char *fake_stream_log(struct fake_stream *fake);
/* The far end. */
void fake_stream_say(struct fake_stream *fake, const void *data, size_t size);
size_t fake_stream_hear(struct fake_stream *fake, char *data, size_t size);
void fake_stream_hang_up(struct fake_stream *fake);
/* Fills the socket, so that what is sent next is queued; returns with how much. */
size_t fake_stream_fill(struct fake_stream *fake);
/* The far end reads all that comes; returns how much. */
size_t fake_stream_drain(struct fake_stream *fake);

#define SAY(fake, text) fake_stream_say(fake, text, sizeof(text) - 1)
#define TOLD(fake, text) ck_assert_str_eq(fake_stream_log(fake), text)

#endif
