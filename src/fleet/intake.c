/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/intake.h"

#include <stdio.h>
#include <stdlib.h>

#include "client/fields.h"

void intake_init(struct intake *intake, const struct intake_hooks *hooks, const char *run,
                 uint64_t seq)
{
    *intake = (struct intake){.hooks = *hooks, .next = seq + 1};
    snprintf(intake->run, sizeof intake->run, "%s", run);
    utstring_init(&intake->waiting);
}

void intake_finish(struct intake *intake)
{
    utstring_done(&intake->waiting);
}

/* What is missing is asked for, now or as soon as that can be. */
static void ask(struct intake *intake)
{
    intake->missing = !intake->ready;
    if (intake->missing)
        return;
    intake->asked = true;
    intake->again = intake->told = false;
    intake->gone = intake->gone_messages = 0;
    intake->hooks.replay(intake->hooks.context, intake->next - 1);
}

void intake_hello(struct intake *intake, const char *run, uint64_t seq)
{
    if (strcmp(run, intake->run) != 0) {
        snprintf(intake->run, sizeof intake->run, "%s", run);
        intake->next = 1;
    }
    intake->gone = 0;
    intake->missing = seq >= intake->next;
}

void intake_ready(struct intake *intake)
{
    intake->ready = true;
    if (intake->missing)
        ask(intake);
}

void intake_away(struct intake *intake)
{
    intake->ready = intake->asked = intake->missing = false;
    utstring_done(&intake->waiting);
    utstring_init(&intake->waiting);
}

static void tell(struct intake *intake, const struct event_line *line)
{
    intake->next = line->seq + 1;
    intake->gone = intake->gone_messages = 0;
    intake->hooks.event(intake->hooks.context, line);
}

/* Up to before seq. How they part is known where they are those that telexd has counted. */
static void lose(struct intake *intake, uint64_t seq)
{
    const uint64_t count = seq - intake->next, first = intake->next;
    const uint64_t messages = count == intake->gone ? intake->gone_messages : count;
    intake->next = seq;
    intake->hooks.lost(intake->hooks.context, first, seq - 1, messages);
}

static void wait_for_answer(struct intake *intake, const struct event_line *line)
{
    if (utstring_len(&intake->waiting) + line->size >= INTAKE_WAITING_MAX) {
        intake->again = true;
        return;
    }
    ut_append(&intake->waiting, line->text, line->size);
    ut_append(&intake->waiting, "\n", 1);
}

/* One that happens. */
static void take_new(struct intake *intake, const struct event_line *line)
{
    if (line->seq < intake->next)
        return;
    if (intake->asked || intake->missing) {
        wait_for_answer(intake, line);
        return;
    }
    if (line->seq > intake->next && line->seq - intake->next > intake->gone) {
        wait_for_answer(intake, line);
        ask(intake);
        return;
    }
    if (line->seq > intake->next)
        lose(intake, line->seq);
    tell(intake, line);
}

/* One that is told again: what is left out before it is kept no more. */
static void take_old(struct intake *intake, const struct event_line *line)
{
    if (!intake->asked || line->seq < intake->next)
        return;
    intake->told = true;
    if (line->seq > intake->next)
        lose(intake, line->seq);
    tell(intake, line);
}

/* Of an answer, where it begins one; else we were not read to in time, and shall see a gap. */
static void take_lost(struct intake *intake, const struct event_line *line)
{
    uint64_t messages = 0, events = 0;
    if (!intake->asked || intake->told || intake->gone > 0) {
        intake->again = intake->asked;
        if (!intake->asked)
            ask(intake);
        return;
    }
    json_t *object = json_loadb(line->text, line->size, 0, NULL);
    fields_unsigned(object, "messages", &messages);
    fields_unsigned(object, "events", &events);
    json_decref(object);
    intake->gone_messages = messages;
    intake->gone = messages + events;
}

/* What has waited is told in its turn, as if it happened now. */
static void take_waiting(struct intake *intake)
{
    UT_string waiting = intake->waiting;
    const char *at = utstring_body(&waiting), *end = at + utstring_len(&waiting);
    utstring_init(&intake->waiting);
    while (at < end) {
        struct event_line line;
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        event_line_read(&line, at, (size_t)(newline - at));
        take_new(intake, &line);
        at = newline + 1;
    }
    utstring_done(&waiting);
}

/* An error says that telexd keeps nothing at all. */
static void take_end(struct intake *intake, bool failed)
{
    if (!intake->asked)
        return;
    intake->asked = false;
    if (failed)
        intake->gone = UINT64_MAX;
    take_waiting(intake);
    if (intake->again && !intake->asked)
        ask(intake);
}

void intake_line(struct intake *intake, const char *text, size_t size)
{
    struct event_line line;
    if (!event_line_read(&line, text, size))
        return;
    if (line.seq > 0 && line.replayed)
        take_old(intake, &line);
    else if (line.seq > 0)
        take_new(intake, &line);
    else if (event_line_is(&line, "lost"))
        take_lost(intake, &line);
    else if (event_line_is(&line, "result") || event_line_is(&line, "error"))
        take_end(intake, event_line_is(&line, "error"));
}
