/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a daemon may say to telex attach: the input is its lines. Whatever they are, the console
 * writes nothing that could harm a terminal, a line that is refused is refused with a sentence,
 * and what the mirror keeps stays what can be shown.
 */
#include <stdlib.h>
#include <string.h>

#include "client/mirror.h"
#include "command/command.h"
#include "console/console.h"
#include "console/renderer.h"
#include "fuzz.h"

enum { LINES_MOST = 64 };

static struct {
    struct console console; /* first */
    UT_string written;
} shown;

static void shown_write(struct console *console, const char *data, size_t size)
{
    (void)console;
    FUZZ_CHECK(size > 0 && data[size - 1] == '\n');
    ut_append(&shown.written, data, size);
}

static size_t shown_backlog(const struct console *console)
{
    (void)console;
    return 0;
}

static void shown_hold(struct console *console, bool on)
{
    (void)console, (void)on;
}

static const struct front_ops front = {
    .write = shown_write, .backlog = shown_backlog, .hold_input = shown_hold};

static void hello(void *context, const struct mirror_hello *said)
{
    (void)context;
    FUZZ_CHECK(said->version && said->console > 0);
}

static bool answer(void *context, const struct mirror_answer *said)
{
    (void)context;
    FUZZ_CHECK(said->command || said->error);
    return said->input % 2 == 0;
}

static void lost(void *context)
{
    (void)context;
}

/* What a prompt and completion take as it is. */
static void check_names(const struct mirror *mirror)
{
    const struct listener *listener;
    for (const struct peer *peer = hub_next(&mirror->hub, NULL); peer;
         peer = hub_next(&mirror->hub, peer)) {
        char label[PEER_LABEL];
        peer_label(peer, label);
        fuzz_check_printable(label, strlen(label), "");
        FUZZ_CHECK(hub_find(&mirror->hub, peer->number) == peer);
    }
    DL_FOREACH(mirror->hub.listeners, listener)
        if (listener->origin.profile.name)
            fuzz_check_printable(listener->origin.profile.name,
                                 strlen(listener->origin.profile.name), "");
    FUZZ_CHECK(shown.console.session.target == 0 ||
               hub_find(&mirror->hub, shown.console.session.target));
}

static void run(struct mirror *mirror, struct fuzz_input *input)
{
    for (unsigned i = 0; i < LINES_MOST && input->size > 0; i++) {
        size_t size;
        char *error = NULL;
        const char *line = fuzz_line(input, &size);
        bool good = mirror_line(mirror, line, size, &error);
        FUZZ_CHECK(good == !error);
        if (!good)
            fuzz_check_error(error);
        fuzz_check_printable(utstring_body(&shown.written), utstring_len(&shown.written),
                             "\n\t"); /* help may have tabs */
        utstring_clear(&shown.written);
        check_names(mirror);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    const struct mirror_hooks hooks = {.hello = hello, .answer = answer, .lost = lost};
    struct mirror mirror;
    mirror_init(&mirror, &hooks);
    const struct console_settings settings = {.hub = &mirror.hub,
                                              .commands = command_table,
                                              .renderer = &render_text,
                                              .view = fuzz_byte(&input) % 4,
                                              .number = 2};
    utstring_init(&shown.written);
    console_init(&shown.console, &settings, &front);
    shown.console.columns = fuzz_byte(&input) % 120;
    mirror.console = &shown.console;
    run(&mirror, &input);
    mirror_reset(&mirror);
    FUZZ_CHECK(!hub_next(&mirror.hub, NULL) && !mirror.hub.listeners);
    console_finish(&shown.console);
    mirror_finish(&mirror);
    utstring_done(&shown.written);
    return 0;
}
