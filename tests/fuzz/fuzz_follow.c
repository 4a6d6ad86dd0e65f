/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a daemon may say to telex attach: the input is its lines. Whatever they are, the console
 * writes nothing that could harm a terminal, a line that is refused is refused with a sentence,
 * and who is known has a name that can be shown.
 */
#include <stdlib.h>
#include <string.h>

#include "base/host.h"
#include "client/follow.h"
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

static void hello(void *context, const struct follow_hello *said)
{
    (void)context;
    FUZZ_CHECK(said->version && said->console > 0);
}

static bool answer(void *context, const struct follow_answer *said)
{
    (void)context;
    FUZZ_CHECK(said->command || said->error);
    return said->input % 2 == 0;
}

static enum follow_again again(void *context)
{
    (void)context;
    return FOLLOW_ASKED_ONE;
}

static void lost(void *context)
{
    (void)context;
}

static bool check_name(void *context, const struct who *who)
{
    char label[WHO_LABEL];
    (void)context;
    who_label(who, label);
    fuzz_check_printable(label, strlen(label), "");
    return true;
}

/* What a prompt and completion take as it is. */
static void check_names(const struct follow *follow)
{
    const struct directory *directory = &follow->known.directory;
    const uint64_t target = shown.console.session.target;
    directory->peers(directory, check_name, NULL);
    directory->listeners(directory, check_name, NULL);
    FUZZ_CHECK(target == 0 || directory->find(directory, target).number == target);
}

static void run(struct follow *follow, struct fuzz_input *input)
{
    for (unsigned i = 0; i < LINES_MOST && input->size > 0; i++) {
        size_t size;
        char *error = NULL;
        const char *line = fuzz_line(input, &size);
        bool good = follow_line(follow, line, size, &error);
        FUZZ_CHECK(good == !error);
        if (!good)
            fuzz_check_error(error);
        fuzz_check_printable(utstring_body(&shown.written), utstring_len(&shown.written),
                             "\n\t"); /* help may have tabs */
        utstring_clear(&shown.written);
        check_names(follow);
    }
}

static bool nobody(void *context, const struct who *who)
{
    (void)context, (void)who;
    FUZZ_CHECK(false);
    return false;
}

static int64_t wall(void *context)
{
    (void)context;
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    const struct follow_hooks hooks = {
        .hello = hello, .answer = answer, .again = again, .lost = lost};
    const struct host host = {.wall = wall};
    struct follow follow;
    follow_init(&follow, &hooks);
    const struct directory *directory = &follow.known.directory;
    const struct console_settings settings = {.host = &host,
                                              .directory = directory,
                                              .commands = command_table,
                                              .renderer = &render_text,
                                              .view = fuzz_byte(&input) % 4,
                                              .number = 2};
    utstring_init(&shown.written);
    console_init(&shown.console, &settings, &front);
    shown.console.columns = fuzz_byte(&input) % 120;
    follow.console = &shown.console;
    run(&follow, &input);
    follow_reset(&follow);
    directory->peers(directory, nobody, NULL);
    directory->listeners(directory, nobody, NULL);
    console_finish(&shown.console);
    follow_finish(&follow);
    utstring_done(&shown.written);
    return 0;
}
