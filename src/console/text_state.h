/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a console keeps for its text renderer, from one line to the next. */
#ifndef TELEX_CONSOLE_TEXT_STATE_H
#define TELEX_CONSOLE_TEXT_STATE_H

#include <stdint.h>
#include <time.h>

#include "core/time_form.h"

/* The second that was shown last, as text, since many lines share it; and the message before.
 */
struct text_clock {
    enum time_form form; /* of text */
    time_t second;
    char text[24];   /* "" at first */
    int64_t message; /* microseconds since the epoch; 0: there was none */
};

/* Which sends to several peers have their line already (core/message.h, message_group). */
struct text_groups {
    uint64_t live;     /* up to this number */
    uint64_t replayed; /* this one, of those that are told again, */
    uint64_t seq;      /* up to this event */
};

#endif
