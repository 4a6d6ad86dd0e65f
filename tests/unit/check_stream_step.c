/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every state and every event, whatever is the case, against one table. */
#include "stream/stream_step.h"

#include "check_main.h"

/* Sets of states: what a row is for. */
enum { OPEN = 1, ENDED = 2, TOLD = 4, ANY_IN = OPEN | ENDED | TOLD };
enum { TO_OPEN = 1, TO_END = 2, SHUT = 4, ANY_OUT = TO_OPEN | TO_END | SHUT };
enum {
    BEGINS = 1,
    STANDS = 2,
    DRAINS = 4,
    LINGERS = 8,
    CLOSING = STANDS | DRAINS | LINGERS, /* or can be */
    LIVES = BEGINS | CLOSING
};
/* What has to be the case, and what must not: bits of the facts. */
enum { ACCEPTED = 1, QUEUED = 2, UNDELIVERED = 4, LATE = 8, FAILED = 16, FACTS = 32 };
enum { KEPT = -1 };

struct row {
    enum stream_event event;
    int in, out, life;
    int is, is_not;
    int to_in, to_out, to_life; /* enum stream_in and so on */
    unsigned acts;
};

/* What stands in no row changes nothing, and asks for nothing. */
static const struct row rows[] = {
    {STREAM_OPENED, ANY_IN, ANY_OUT, BEGINS, 0, 0, KEPT, KEPT, STREAM_STANDS,
     STREAM_TELL_OPENED},
    {STREAM_FAR_ENDED, OPEN, ANY_OUT, LIVES, 0, 0, STREAM_IN_ENDED, KEPT, KEPT, 0},
    {STREAM_LOST, ANY_IN, ANY_OUT, LIVES, 0, 0, KEPT, KEPT, STREAM_OVER, 0},

    {STREAM_ALL_TAKEN, ENDED, TO_OPEN | TO_END, STANDS, 0, 0, STREAM_IN_TOLD, KEPT, KEPT,
     STREAM_TELL_ENDED},
    {STREAM_ALL_TAKEN, ENDED, SHUT, STANDS, 0, 0, STREAM_IN_TOLD, KEPT, KEPT,
     STREAM_TELL_ENDED | STREAM_ASK},
    {STREAM_ALL_TAKEN, ENDED | TOLD, ANY_OUT, LINGERS, ACCEPTED, 0, KEPT, KEPT, STREAM_OVER,
     STREAM_TELL_OVER},
    {STREAM_ALL_TAKEN, ENDED | TOLD, ANY_OUT, LINGERS, 0, ACCEPTED, KEPT, KEPT, KEPT,
     STREAM_ASK},
    {STREAM_ALL_TAKEN, OPEN, ANY_OUT, LINGERS, 0, 0, KEPT, KEPT, KEPT, STREAM_ASK},

    {STREAM_ALL_TAKEN, ENDED | TOLD, ANY_OUT, DRAINS, 0, QUEUED | ACCEPTED, KEPT, KEPT,
     STREAM_LINGERS, STREAM_ASK},
    {STREAM_ALL_TAKEN, ENDED | TOLD, ANY_OUT, DRAINS, ACCEPTED, QUEUED, KEPT, KEPT, STREAM_OVER,
     STREAM_TELL_OVER},

    {STREAM_END, ANY_IN, TO_OPEN | TO_END, STANDS, QUEUED, 0, KEPT, STREAM_OUT_ENDS, KEPT, 0},
    {STREAM_END, OPEN | ENDED, TO_OPEN | TO_END, STANDS, 0, QUEUED, KEPT, STREAM_OUT_SHUT, KEPT,
     STREAM_SHUT},
    {STREAM_END, TOLD, TO_OPEN | TO_END, STANDS, 0, QUEUED, KEPT, STREAM_OUT_SHUT, KEPT,
     STREAM_SHUT | STREAM_ASK},

    {STREAM_CLOSE, ANY_IN, ANY_OUT, BEGINS, 0, 0, KEPT, KEPT, STREAM_OVER, STREAM_TELL_OVER},
    {STREAM_CLOSE, ANY_IN, ANY_OUT, CLOSING, QUEUED, LATE, KEPT, KEPT, STREAM_DRAINS,
     STREAM_WAIT_DEADLINE},
    {STREAM_CLOSE, ANY_IN, ANY_OUT, CLOSING, QUEUED | LATE, 0, KEPT, KEPT, STREAM_OVER,
     STREAM_TELL_OVER},
    {STREAM_CLOSE, OPEN, TO_OPEN | TO_END, CLOSING, 0, QUEUED, KEPT, STREAM_OUT_SHUT,
     STREAM_LINGERS, STREAM_SHUT | STREAM_ASK},
    {STREAM_CLOSE, OPEN, SHUT, CLOSING, 0, QUEUED, KEPT, KEPT, STREAM_LINGERS, STREAM_ASK},
    {STREAM_CLOSE, ENDED | TOLD, ANY_OUT, CLOSING, 0, QUEUED | ACCEPTED, KEPT, KEPT,
     STREAM_LINGERS, STREAM_ASK},
    {STREAM_CLOSE, ENDED | TOLD, ANY_OUT, CLOSING, ACCEPTED, QUEUED, KEPT, KEPT, STREAM_OVER,
     STREAM_TELL_OVER},

    {STREAM_FAILED, ANY_IN, ANY_OUT, BEGINS | STANDS, QUEUED, 0, KEPT, KEPT, STREAM_DRAINS,
     STREAM_WAIT_DEADLINE},
    {STREAM_FAILED, OPEN, TO_OPEN | TO_END, BEGINS | STANDS, 0, QUEUED, KEPT, STREAM_OUT_SHUT,
     STREAM_LINGERS, STREAM_SHUT | STREAM_ASK},
    {STREAM_FAILED, OPEN, SHUT, BEGINS | STANDS, 0, QUEUED, KEPT, KEPT, STREAM_LINGERS,
     STREAM_ASK},
    {STREAM_FAILED, ENDED | TOLD, ANY_OUT, BEGINS | STANDS, 0, QUEUED | ACCEPTED, KEPT, KEPT,
     STREAM_LINGERS, STREAM_ASK},
    {STREAM_FAILED, ENDED | TOLD, ANY_OUT, BEGINS | STANDS, ACCEPTED, QUEUED, KEPT, KEPT,
     STREAM_OVER, STREAM_TELL_OVER},

    {STREAM_DRAINED, OPEN, TO_OPEN | TO_END, DRAINS, 0, QUEUED, KEPT, STREAM_OUT_SHUT,
     STREAM_LINGERS, STREAM_SHUT | STREAM_ASK},
    {STREAM_DRAINED, OPEN, SHUT, DRAINS, 0, QUEUED, KEPT, KEPT, STREAM_LINGERS, STREAM_ASK},
    {STREAM_DRAINED, ENDED | TOLD, ANY_OUT, DRAINS, 0, QUEUED | ACCEPTED, KEPT, KEPT,
     STREAM_LINGERS, STREAM_ASK},
    {STREAM_DRAINED, ENDED | TOLD, ANY_OUT, DRAINS, ACCEPTED, QUEUED, KEPT, KEPT, STREAM_OVER,
     STREAM_TELL_OVER},
    {STREAM_DRAINED, OPEN | ENDED, TO_END, STANDS, 0, QUEUED, KEPT, STREAM_OUT_SHUT, KEPT,
     STREAM_SHUT},
    {STREAM_DRAINED, TOLD, TO_END, STANDS, 0, QUEUED, KEPT, STREAM_OUT_SHUT, KEPT,
     STREAM_SHUT | STREAM_ASK},

    {STREAM_LOOK, ANY_IN, ANY_OUT, DRAINS, LATE, 0, KEPT, KEPT, STREAM_OVER, STREAM_TELL_OVER},
    {STREAM_LOOK, ANY_IN, ANY_OUT, DRAINS, 0, LATE, KEPT, KEPT, KEPT, STREAM_WAIT_DEADLINE},
    {STREAM_LOOK, ANY_IN, ANY_OUT, LINGERS, LATE, 0, KEPT, KEPT, STREAM_OVER,
     STREAM_DISCARD | STREAM_TELL_OVER},
    {STREAM_LOOK, ENDED | TOLD, ANY_OUT, LINGERS, 0, LATE | UNDELIVERED, KEPT, KEPT,
     STREAM_OVER, STREAM_DISCARD | STREAM_TELL_OVER},
    {STREAM_LOOK, OPEN, ANY_OUT, LINGERS, 0, LATE | UNDELIVERED | FAILED, KEPT, KEPT,
     STREAM_OVER, STREAM_DISCARD | STREAM_TELL_OVER},
    {STREAM_LOOK, OPEN, ANY_OUT, LINGERS, FAILED, LATE | UNDELIVERED | ACCEPTED, KEPT, KEPT,
     STREAM_OVER, STREAM_DISCARD | STREAM_TELL_OVER},
    {STREAM_LOOK, OPEN, ANY_OUT, LINGERS, FAILED | ACCEPTED, LATE | UNDELIVERED, KEPT, KEPT,
     KEPT, STREAM_WAIT_DEADLINE},
    {STREAM_LOOK, ANY_IN, ANY_OUT, LINGERS, UNDELIVERED, LATE, KEPT, KEPT, KEPT, STREAM_WAIT},
    {STREAM_LOOK, TOLD, SHUT, BEGINS | STANDS, UNDELIVERED, 0, KEPT, KEPT, KEPT, STREAM_WAIT},
    {STREAM_LOOK, TOLD, SHUT, BEGINS | STANDS, 0, UNDELIVERED, KEPT, KEPT, STREAM_OVER,
     STREAM_TELL_OVER},
};

enum { ROWS = sizeof rows / sizeof *rows };

static bool is_for(const struct row *row, enum stream_event event,
                   const struct stream_state *state, int facts)
{
    return row->event == event && (row->in & (1 << state->in)) &&
           (row->out & (1 << state->out)) && (row->life & (1 << state->life)) &&
           (facts & row->is) == row->is && (facts & row->is_not) == 0;
}

/* NULL where there is none; there must not be two. */
static const struct row *find(enum stream_event event, const struct stream_state *state,
                              int facts)
{
    const struct row *found = NULL;
    for (int i = 0; i < ROWS; i++) {
        if (!is_for(&rows[i], event, state, facts))
            continue;
        ck_assert_msg(!found, "rows %d and %d are for the same", (int)(found - rows), i);
        found = &rows[i];
    }
    return found;
}

static void hold(enum stream_event event, struct stream_state state, int bits)
{
    const struct row *row = find(event, &state, bits);
    const struct stream_facts facts = {.accepted = bits & ACCEPTED,
                                       .queued = bits & QUEUED,
                                       .undelivered = bits & UNDELIVERED,
                                       .late = bits & LATE,
                                       .failed = bits & FAILED};
    struct stream_state after = state;
    unsigned acts = stream_step(&after, event, &facts);
    int in = row && row->to_in != KEPT ? row->to_in : state.in;
    int out = row && row->to_out != KEPT ? row->to_out : state.out;
    int life = row && row->to_life != KEPT ? row->to_life : state.life;
    ck_assert_msg(after.in == in && after.out == out && after.life == life &&
                      acts == (row ? row->acts : 0),
                  "event %d in %d.%d.%d with %d: %d.%d.%d and %u", event, state.in, state.out,
                  state.life, bits, after.in, after.out, after.life, acts);
}

START_TEST(every_state_and_event_is_as_the_table_says)
{
    for (unsigned event = 0; event < STREAM_EVENTS; event++)
        for (unsigned char in = 0; in <= STREAM_IN_TOLD; in++)
            for (unsigned char out = 0; out <= STREAM_OUT_SHUT; out++)
                for (unsigned char life = 0; life <= STREAM_OVER; life++)
                    for (int facts = 0; facts < FACTS; facts++)
                        hold((enum stream_event)event, (struct stream_state){in, out, life},
                             facts);
}
END_TEST

/* Each row is for something: else it says nothing. */
START_TEST(no_row_is_idle)
{
    for (int i = 0; i < ROWS; i++) {
        int cases = 0;
        for (unsigned char in = 0; in <= STREAM_IN_TOLD; in++)
            for (unsigned char out = 0; out <= STREAM_OUT_SHUT; out++)
                for (unsigned char life = 0; life <= STREAM_OVER; life++)
                    for (int facts = 0; facts < FACTS; facts++)
                        cases += is_for(&rows[i], rows[i].event,
                                        &(struct stream_state){in, out, life}, facts);
        ck_assert_msg(cases > 0, "row %d", i);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {every_state_and_event_is_as_the_table_says, no_row_is_idle,
                                  NULL};
    return check_run("stream_step", tests);
}
