/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/terminal_freeze.h"

#include "console/terminal_state.h"
#include "loop/timeout.h"

enum {
    FREEZE_PAUSE = 100000, /* microseconds between two counts that are shown */
    FREEZE_ANSWERS = 4 * CONSOLE_BACKLOG_MAX, /* bytes */
};

size_t terminal_freeze_backlog(size_t waits)
{
    return waits > CONSOLE_BACKLOG_MAX && waits < FREEZE_ANSWERS ? CONSOLE_BACKLOG_MAX : waits;
}

void terminal_freeze_news(struct terminal *terminal)
{
    terminal->news++;
    timeout_start(terminal->draw, FREEZE_PAUSE);
}

void terminal_freeze_watch(struct terminal *terminal)
{
    const struct console *console = &terminal->console;
    if (terminal->screen.frozen && console->lost_messages + console->lost_events > 0)
        timeout_set(terminal->draw, 10 * FREEZE_PAUSE);
}

void terminal_freeze_note(const struct terminal *terminal, UT_string *out)
{
    const struct console *console = &terminal->console;
    const uint64_t news = terminal->news + console->lost_messages + console->lost_events;
    if (terminal->screen.frozen && news > 0)
        utstring_printf(out, "-- %llu new, Ctrl-Q goes on -- ", (unsigned long long)news);
    else if (terminal->screen.frozen)
        utstring_printf(out, "-- held, Ctrl-Q goes on -- ");
}

void terminal_freeze(struct terminal *terminal, bool on)
{
    if (terminal->screen.frozen == on)
        return;
    if (on)
        terminal_draw(terminal); /* what came before is shown */
    terminal->screen.frozen = on;
    terminal->news = 0;
    terminal_draw(terminal);
    if (!on)
        console_drained(&terminal->console);
}
