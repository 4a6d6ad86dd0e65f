/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/journal.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cast.h"
#include "base/log.h"
#include "console/console.h"
#include "console/directory.h"
#include "console/renderer.h"
#include "core/hub.h"
#include "core/told.h"

struct journal {
    struct console console; /* it is one that nobody types at */
    CAST_MARK;
    struct hub *hub;
    struct observer observer;
    struct directory_hub directory;
    enum journal_extent extent;
};

/* --- what its console says --- */

static void write_lines(struct console *console, const char *data, size_t size)
{
    const char *const end = data + size;
    (void)console;
    while (data < end) {
        const char *newline = memchr(data, '\n', (size_t)(end - data));
        size_t length = (size_t)((newline ? newline : end) - data);
        log_error("%.*s", (int)length, data);
        data += length + 1;
    }
}

/* What finds no room is counted by the log. */
static size_t backlog(const struct console *console)
{
    (void)console;
    return 0;
}

static void hold_input(struct console *console, bool on)
{
    (void)console, (void)on;
}

/* --- what it is told --- */

static bool wants(const struct journal *journal, const struct hub_event *event)
{
    return journal->extent == JOURNAL_ALL ||
           (event->type == HUB_LISTENING && event->listener->origin.port_chosen);
}

static void notice(struct observer *observer, const struct hub_event *event)
{
    struct journal *journal = container_of(observer, struct journal, observer);
    struct link_description room;
    struct told told;
    if (!wants(journal, event))
        return;
    told_of_event(&told, event, &room);
    console_tell(&journal->console, &told);
}

/* systemd.exec(5): whether stderr is the journal, which has the times itself. */
static bool has_times(void)
{
    const char *stream = getenv("JOURNAL_STREAM");
    struct stat status;
    char own[64];
    if (!stream || fstat(STDERR_FILENO, &status) < 0)
        return false;
    snprintf(own, sizeof own, "%ju:%ju", (uintmax_t)status.st_dev, (uintmax_t)status.st_ino);
    return strcmp(stream, own) == 0;
}

struct journal *journal_create(struct hub *hub, enum journal_extent extent)
{
    static const struct front_ops front = {
        .write = write_lines, .backlog = backlog, .hold_input = hold_input};
    struct journal *journal = mem_zalloc(sizeof *journal);
    CAST_INIT(journal, journal);
    directory_of_hub(&journal->directory, hub);
    const struct console_settings settings = {.host = &hub->host,
                                              .directory = &journal->directory.directory,
                                              .renderer = &render_text,
                                              .time_form =
                                                  has_times() ? TIME_FORM_NONE : TIME_FORM_ISO};
    console_init(&journal->console, &settings, &front);
    journal->hub = hub;
    journal->observer.notice = notice;
    audience_join(&hub->audience, &journal->observer);
    journal_set(journal, extent);
    return journal;
}

void journal_set(struct journal *journal, enum journal_extent extent)
{
    static const unsigned wanted[] = {
        [JOURNAL_NOTHING] = 0,
        [JOURNAL_PORTS] = OBSERVER_WANTS(HUB_LISTENING),
        [JOURNAL_ALL] = OBSERVER_ALL & ~OBSERVER_MESSAGES,
    };
    journal->extent = extent;
    journal->observer.wants = wanted[extent];
    audience_wants_changed(&journal->hub->audience);
}

void journal_destroy(struct journal *journal)
{
    if (!journal)
        return;
    audience_leave(&journal->hub->audience, &journal->observer);
    console_finish(&journal->console);
    free(journal);
}
