/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/text_time.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "console/console.h"
#include "console/text_line.h"

/* Up to the second: times of day are those of this place, dates those of UTC. */
static const char *time_second(struct text_clock *clock, enum time_form form, time_t second)
{
    struct tm parts;
    if (*clock->text != '\0' && clock->second == second && clock->form == form)
        return clock->text;
    clock->second = second;
    clock->form = form;
    if (form == TIME_FORM_ISO)
        gmtime_r(&second, &parts);
    else
        localtime_r(&second, &parts);
    strftime(clock->text, sizeof clock->text,
             form == TIME_FORM_ISO ? "%Y-%m-%dT%H:%M:%S" : "%H:%M:%S", &parts);
    return clock->text;
}

/* "+12.345", as wide as any: from a quarter of an hour on in hours, then in days. */
static void time_delta(const struct text_clock *clock, int64_t time, char *text, size_t size)
{
    const int64_t gone = clock->message > 0 ? time - clock->message : 0;
    const int64_t ms = gone > 0 ? gone / 1000 : 0, seconds = ms / 1000;
    char delta[32];
    if (seconds < 1000)
        snprintf(delta, sizeof delta, "+%" PRId64 ".%03d", seconds, (int)(ms % 1000));
    else if (seconds < 36000)
        snprintf(delta, sizeof delta, "+%" PRId64 ":%02d:%02d", seconds / 3600,
                 (int)(seconds / 60 % 60), (int)(seconds % 60));
    else
        snprintf(delta, sizeof delta, "+%" PRId64 "d %02dh", seconds / 86400,
                 (int)(seconds / 3600 % 24));
    snprintf(text, size, "%8s", delta);
}

static void time_text(struct console *console, int64_t time, char *text, size_t size)
{
    const enum time_form form = console->session.time_form;
    const int part = (int)(time % 1000000);
    if (form == TIME_FORM_DELTA) {
        time_delta(&console->clock, time, text, size);
        return;
    }
    const char *second = time_second(&console->clock, form, (time_t)(time / 1000000));
    if (form == TIME_FORM_MS)
        snprintf(text, size, "%s.%03d", second, part / 1000);
    else if (form == TIME_FORM_ISO)
        snprintf(text, size, "%s.%06dZ", second, part);
    else
        snprintf(text, size, "%s", second);
}

unsigned text_time_cells(enum time_form form)
{
    static const unsigned cells[] = {[TIME_FORM_CLOCK] = 9,
                                     [TIME_FORM_MS] = 13,
                                     [TIME_FORM_ISO] = 28,
                                     [TIME_FORM_DELTA] = 9,
                                     [TIME_FORM_NONE] = 0};
    return cells[form];
}

unsigned text_time(struct console *console, int64_t time)
{
    char text[48];
    if (console->session.time_form == TIME_FORM_NONE)
        return 0;
    time_text(console, time, text, sizeof text);
    text_style(console, TEXT_DIM);
    text_plain(&console->out, text);
    text_style_end(console);
    text_plain(&console->out, " ");
    return text_time_cells(console->session.time_form);
}

void text_time_message(struct console *console, int64_t time)
{
    console->clock.message = time;
}
