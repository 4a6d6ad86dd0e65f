/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stream/stream_step.h"

static unsigned over(struct stream_state *state)
{
    state->life = STREAM_OVER;
    return STREAM_TELL_OVER;
}

static unsigned shut(struct stream_state *state)
{
    state->out = STREAM_OUT_SHUT;
    return STREAM_SHUT;
}

/*
 * Whoever has called us and ended its side is not waited for: closing sends our end, and resets
 * nothing.
 */
static unsigned await_delivery(struct stream_state *state, const struct stream_facts *facts)
{
    return state->in != STREAM_IN_OPEN && facts->accepted ? over(state) : STREAM_ASK;
}

static unsigned linger(struct stream_state *state, const struct stream_facts *facts)
{
    state->life = STREAM_LINGERS;
    unsigned acts = await_delivery(state, facts);
    if (state->in == STREAM_IN_OPEN && state->out != STREAM_OUT_SHUT)
        acts |= shut(state);
    return acts;
}

/* Both sides have ended, ours by its own will: over when the far end has taken all, however
 * long that takes. */
static bool both_ended(const struct stream_state *state)
{
    return state->in == STREAM_IN_TOLD && state->out == STREAM_OUT_SHUT;
}

static unsigned close_it(struct stream_state *state, const struct stream_facts *facts)
{
    if (state->life == STREAM_BEGINS || (facts->queued && facts->late))
        return over(state);
    if (!facts->queued)
        return linger(state, facts);
    state->life = STREAM_DRAINS;
    return STREAM_WAIT_DEADLINE;
}

static unsigned fail(struct stream_state *state, const struct stream_facts *facts)
{
    if (state->life != STREAM_BEGINS && state->life != STREAM_STANDS)
        return 0;
    if (!facts->queued)
        return linger(state, facts);
    state->life = STREAM_DRAINS;
    return STREAM_WAIT_DEADLINE;
}

static unsigned end(struct stream_state *state, const struct stream_facts *facts)
{
    if (state->life != STREAM_STANDS || state->out == STREAM_OUT_SHUT)
        return 0;
    state->out = STREAM_OUT_ENDS;
    if (facts->queued)
        return 0;
    unsigned acts = shut(state);
    return both_ended(state) ? acts | STREAM_ASK : acts;
}

static unsigned drained(struct stream_state *state, const struct stream_facts *facts)
{
    if (state->life == STREAM_DRAINS)
        return facts->queued ? 0 : linger(state, facts);
    return state->out == STREAM_OUT_ENDS ? end(state, facts) : 0;
}

static unsigned all_taken(struct stream_state *state, const struct stream_facts *facts)
{
    if (state->life == STREAM_LINGERS)
        return await_delivery(state, facts);
    if (state->life == STREAM_DRAINS) /* no farewell comes any more */
        return facts->queued || state->in == STREAM_IN_OPEN ? 0 : linger(state, facts);
    if (state->life != STREAM_STANDS || state->in != STREAM_IN_ENDED)
        return 0;
    state->in = STREAM_IN_TOLD;
    return both_ended(state) ? STREAM_TELL_ENDED | STREAM_ASK : STREAM_TELL_ENDED;
}

/* What a caller has on its way would reset the line, and it would not read our farewell. Whom
 * we have called waits for us to speak, and we need not wait for more than its kernel. */
static bool awaits_end(const struct stream_state *state, const struct stream_facts *facts)
{
    return facts->failed && facts->accepted && state->in == STREAM_IN_OPEN;
}

static unsigned look(struct stream_state *state, const struct stream_facts *facts)
{
    if (state->life == STREAM_DRAINS)
        return facts->late ? over(state) : STREAM_WAIT_DEADLINE;
    if (state->life == STREAM_LINGERS &&
        (facts->late || (!facts->undelivered && !awaits_end(state, facts))))
        return STREAM_DISCARD | over(state);
    if (state->life != STREAM_LINGERS && !both_ended(state))
        return 0;
    if (!facts->undelivered && state->life == STREAM_LINGERS)
        return STREAM_WAIT_DEADLINE;
    return facts->undelivered ? STREAM_WAIT : over(state);
}

static unsigned opened(struct stream_state *state)
{
    if (state->life != STREAM_BEGINS)
        return 0;
    state->life = STREAM_STANDS;
    return STREAM_TELL_OPENED;
}

static unsigned far_ended(struct stream_state *state)
{
    if (state->in == STREAM_IN_OPEN)
        state->in = STREAM_IN_ENDED;
    return 0;
}

unsigned stream_step(struct stream_state *state, enum stream_event event,
                     const struct stream_facts *facts)
{
    if (state->life == STREAM_OVER)
        return 0;
    switch (event) {
    case STREAM_OPENED:
        return opened(state);
    case STREAM_END:
        return end(state, facts);
    case STREAM_CLOSE:
        return close_it(state, facts);
    case STREAM_DRAINED:
        return drained(state, facts);
    case STREAM_ALL_TAKEN:
        return all_taken(state, facts);
    case STREAM_LOOK:
        return look(state, facts);
    case STREAM_FAR_ENDED:
        return far_ended(state);
    case STREAM_FAILED:
        return fail(state, facts);
    case STREAM_LOST:
        state->life = STREAM_OVER;
        return 0;
    case STREAM_EVENTS:
        break;
    }
    return 0;
}
