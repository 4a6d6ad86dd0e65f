/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a console keeps of the times that it has shown: see console/text_time. */
#ifndef TELEX_CONSOLE_TEXT_CLOCK_H
#define TELEX_CONSOLE_TEXT_CLOCK_H

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

#endif
