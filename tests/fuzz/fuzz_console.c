/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What consoles write in a fake world: the JSON one whole lines that another's parser (jansson)
 * reads, with one answer to each line that is not empty; the text one nothing that could harm
 * a terminal or be wrapped by it, whatever peers say and lines hold. The input is lines:
 * !<digit><bytes> is said by a peer, others are typed on both consoles.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/fake_console.h"
#include "console/text_cells.h"
#include "console/text_fold.h"
#include "fuzz.h"

enum { LINES_MOST = 48, LINKS = 3 };

struct world {
    struct fake fake;
    struct fake_console json, text;
    struct fake_link *links[LINKS];
    uint64_t lines; /* typed so far, as the JSON console counts them */
    unsigned answers;
    const char *typed; /* the line being run, or NULL */
    size_t size;
};

/* --- what is written --- */

static void check_answer(struct world *world, const json_t *event, const char *name)
{
    const bool error = strcmp(name, "error") == 0;
    const json_t *input = json_object_get(event, "input");
    if (!input || (!error && strcmp(name, "result") != 0))
        return;
    FUZZ_CHECK(world->typed);
    FUZZ_CHECK((uint64_t)json_integer_value(input) == world->lines);
    if (error)
        FUZZ_CHECK(json_string_length(json_object_get(event, "error")) > 0);
    else
        FUZZ_CHECK(json_is_string(json_object_get(event, "command")));
    world->answers += !json_is_true(json_object_get(event, "more"));
}

static void check_event(struct world *world, const char *line, size_t size)
{
    json_error_t error;
    json_t *event = json_loadb(line, size, JSON_REJECT_DUPLICATES, &error);
    FUZZ_CHECK(json_is_object(event));
    FUZZ_CHECK(strncmp(line, "{\"time\":\"", 9) == 0);
    const char *name = json_string_value(json_object_get(event, "event"));
    FUZZ_CHECK(name);
    check_answer(world, event, name);
    json_decref(event);
}

/* No row is so wide that a terminal would wrap it; a blank may stand in its last column. */
static void check_rows(const struct world *world, const char *at)
{
    const unsigned columns = world->text.console.columns;
    while (columns > 0 && *at) {
        const size_t size = strcspn(at, "\n");
        const bool blank = size > 0 && at[size - 1] == ' ';
        size_t length;
        text_fit(at, size - blank, text_row_width(columns), &length);
        FUZZ_CHECK(length == size - blank);
        at += size + 1;
    }
}

static void check_written(struct world *world)
{
    const char *at = fake_console_take(&world->json);
    fuzz_check_printable(at, strlen(at), "\n");
    while (*at) {
        const char *newline = strchr(at, '\n');
        FUZZ_CHECK(newline);
        check_event(world, at, (size_t)(newline - at));
        at = newline + 1;
    }
    at = fake_console_take(&world->text);
    fuzz_check_printable(at, strlen(at), "\n");
    check_rows(world, at);
}

/* --- what happens --- */

static void say(struct world *world, const char *line, size_t size)
{
    struct fake_link *link = world->links[(unsigned char)line[1] % LINKS];
    if (link->destroyed || link->link.peer->state == PEER_DEAD)
        return;
    hub_receive(&world->fake.hub, link->link.peer, line + 2, size - 2, line[1] & 0x40);
    check_written(world);
}

static void type(struct world *world, const char *line, size_t size)
{
    world->typed = line;
    world->lines++;
    world->answers = 0;
    console_line(&world->json.console, line, size);
    check_written(world);
    FUZZ_CHECK(world->answers == 1 || (size == 0 && world->answers == 0));
    world->typed = NULL;
    console_line(&world->text.console, line, size);
    check_written(world);
}

static void run(struct world *world, struct fuzz_input *input)
{
    for (unsigned i = 0; i < LINES_MOST && input->size > 0; i++) {
        size_t size;
        const char *line = fuzz_line(input, &size);
        if (size >= 2 && *line == '!')
            say(world, line, size);
        else
            type(world, size ? line : "", size);
        fake_turn(&world->fake);
        check_written(world);
    }
}

/* Endpoints that the fake world cannot make are none here. */
static const char no_program[] = "not in this world";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    struct world world = {.lines = 0};
    const struct console_settings settings = {.local_files = true, .adopt_first = true};
    fake_init(&world.fake);
    fake_console_init(&world.json, &world.fake, &render_json, &settings);
    fake_console_init(&world.text, &world.fake, &render_text, &settings);
    world.json.program.program_error = no_program;
    world.text.program.program_error = no_program;
    world.text.console.columns = fuzz_byte(&input) % 120;
    struct listener *tcp = fake_listen(&world.fake, "tcp://127.0.0.1:1?reply=stamp");
    struct listener *udp = fake_listen(&world.fake, "udp://127.0.0.1:2?reply=echo");
    for (unsigned i = 0; i < LINKS; i++)
        world.links[i] = fake_peer(&world.fake, i == 1 ? udp : tcp);
    run(&world, &input);
    fake_console_finish(&world.json);
    fake_console_finish(&world.text);
    fake_finish(&world.fake);
    return 0;
}
