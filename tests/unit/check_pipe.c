/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/pipe.h"

#include <event2/event.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "check_main.h"
#include "command/command.h"
#include "fake_console.h"
#include "loop/timeout.h"

static struct fake world;
static struct fake_operator program;
static struct loop loop;
static struct pipe_console *pipe_console;
static int in[2], out[2]; /* read, written */
static UT_string got;
static unsigned ended, left;
static bool destroy_at_end;

static void destroy(void)
{
    pipe_console_destroy(pipe_console);
    pipe_console = NULL;
}

static void end_hook(void *context)
{
    ck_assert_ptr_eq(context, &world);
    ended++;
    if (destroy_at_end)
        destroy();
}

static void leaving_hook(void *context)
{
    ck_assert_ptr_eq(context, &world);
    left++;
    destroy();
}

static void setup(void)
{
    fake_init(&world);
    fake_operator_init(&program, &world);
    loop_init(&loop);
    world.hub.host = loop_host(&loop);
    utstring_init(&got);
    ck_assert_int_eq(pipe2(in, O_CLOEXEC), 0);
    ck_assert_int_eq(pipe2(out, O_CLOEXEC), 0);
    fcntl(out[0], F_SETFL, O_NONBLOCK);
    ended = left = 0;
    destroy_at_end = false;
    const struct console_settings settings = {.hub = &world.hub,
                                              .program = &program.program,
                                              .commands = command_table,
                                              .renderer = &render_json,
                                              .number = 1,
                                              .hold_streams = true};
    const struct console_hooks hooks = {
        .context = &world, .end = end_hook, .leaving = leaving_hook};
    pipe_console = pipe_console_create(&loop, in[0], out[1], &settings, &hooks);
}

static void teardown(void)
{
    close(out[0]); /* so that nobody waits for a reader */
    destroy();
    close(in[0]);
    if (in[1] >= 0)
        close(in[1]);
    close(out[1]);
    utstring_done(&got);
    loop_finish(&loop);
    fake_operator_finish(&program);
    fake_finish(&world);
}

static void put(const char *text)
{
    ck_assert_int_eq(write(in[1], text, strlen(text)), (ssize_t)strlen(text));
}

static void put_end(void)
{
    close(in[1]);
    in[1] = -1;
}

static void turn(void)
{
    event_base_loop(loop.base, EVLOOP_ONCE);
}

static void read_some(void)
{
    static char data[65536];
    ssize_t count;
    while ((count = read(out[0], data, sizeof data)) > 0)
        ut_append(&got, data, (size_t)count);
}

static unsigned count_of(const char *text)
{
    unsigned count = 0;
    const char *at = utstring_body(&got);
    while ((at = strstr(at, text)) != NULL) {
        at += strlen(text);
        count++;
    }
    return count;
}

/* Turns until text was written count times. */
static void await(const char *text, unsigned count)
{
    read_some();
    while (count_of(text) < count) {
        turn();
        read_some();
    }
}

START_TEST(answers_each_line)
{
    pipe_console_start(pipe_console);
    put("/peers\n\n/pee");
    await("\"input\":1,\"command\":\"peers\"", 1);
    put("rs\n/nonsense\n");
    await("\"input\":3,\"command\":\"peers\"", 1);
    await("\"input\":4}", 1);
}
END_TEST

START_TEST(reads_nothing_before_the_start)
{
    put("/peers\n");
    loop_poll(&loop);
    loop_poll(&loop);
    read_some();
    ck_assert_uint_eq(utstring_len(&got), 0);
    fake_listen(&world, "tcp://127.0.0.1:1");
    pipe_console_start(pipe_console);
    await("\"command\":\"peers\"", 1);
    ck_assert(strstr(utstring_body(&got), "listening") <
              strstr(utstring_body(&got), "\"command\":\"peers\""));
}
END_TEST

START_TEST(the_last_line_needs_no_newline)
{
    pipe_console_start(pipe_console);
    put("/peers\n/stats");
    put_end();
    while (ended == 0)
        turn();
    await("\"command\":\"stats\"", 1);
    fake_listen(&world, "tcp://127.0.0.1:1"); /* events go on after the end of input */
    await("\"listening\"", 1);
    ck_assert_uint_eq(ended, 1);
}
END_TEST

START_TEST(may_be_destroyed_at_the_end)
{
    destroy_at_end = true;
    pipe_console_start(pipe_console);
    put("/peers");
    put_end();
    while (ended == 0)
        turn();
    read_some();
    ck_assert_uint_eq(count_of("\"command\":\"peers\""), 1);
}
END_TEST

START_TEST(runs_nothing_after_quit)
{
    pipe_console_start(pipe_console);
    put("/peers\n/quit\n/stats\n");
    while (left == 0)
        turn();
    read_some();
    ck_assert_uint_eq(count_of("\"command\":\"quit\""), 1);
    ck_assert_uint_eq(count_of("\"command\":\"stats\""), 0);
    ck_assert_uint_eq(ended, 0);
}
END_TEST

START_TEST(a_line_too_long_is_one_error)
{
    static char piece[65537];
    memset(piece, 'x', sizeof piece - 1);
    pipe_console_start(pipe_console);
    for (int i = 0; i < 17; i++) {
        int waiting = 1;
        put(piece);
        while (waiting > 0) {
            turn();
            ck_assert_int_eq(ioctl(in[0], FIONREAD, &waiting), 0);
        }
    }
    put("\n/peers\n");
    await("\"event\":\"error\"", 1);
    await("\"input\":2,\"command\":\"peers\"", 1);
}
END_TEST

START_TEST(mutes_when_nobody_reads)
{
    struct fake_link *link = fake_peer(&world, fake_listen(&world, "tcp://127.0.0.1:1"));
    pipe_console_start(pipe_console);
    put("/to 1\n");
    await("\"command\":\"to\"", 1);
    close(out[0]);
    put("/peers\n");
    while (!pipe_console_base(pipe_console)->muted)
        turn();
    put("hello\n");
    while (link->sends == 0)
        turn();
    ck_assert_str_eq(fake_link_take(link), "hello\\n");
    out[0] = dup(STDERR_FILENO);
}
END_TEST

/* A reader that has stopped: input and peers wait, nothing is lost, all goes on after. */
START_TEST(holds_all_until_it_is_read)
{
    static char data[60000];
    memset(data, 'x', sizeof data);
    struct fake_link *link = fake_peer(&world, fake_listen(&world, "tcp://127.0.0.1:1"));
    pipe_console_start(pipe_console);
    unsigned count = 0;
    while (!(link->pauses & LINK_PAUSE_HOLD)) {
        hub_receive(&world.hub, link->link.peer, data, sizeof data, false);
        loop_poll(&loop);
        count++;
    }
    put("/peers\n");
    for (int i = 0; i < 10; i++)
        loop_poll(&loop);
    ck_assert_uint_eq(pipe_console_base(pipe_console)->lines, 0);
    await("\"event\":\"message\"", count);
    await("\"command\":\"peers\"", 1);
    ck_assert_uint_eq(link->pauses, 0);
    ck_assert_uint_eq(count_of("\"lost\""), 0);
}
END_TEST

/* Thousands of lines at once: others get their turns in between. */
static unsigned other_turns;

static void other_cb(void *context)
{
    other_turns++;
    timeout_set(*(struct timeout **)context, 0);
}

START_TEST(a_flood_of_lines_is_no_more_than_a_peer)
{
    struct timeout *other = timeout_create(&loop, LOOP_PEERS, PART_PEERS, other_cb, &other);
    timeout_set(other, 0);
    for (int i = 0; i < 4000; i++)
        put("/no\n");
    other_turns = 0;
    pipe_console_start(pipe_console);
    while (pipe_console_base(pipe_console)->lines < 4000) {
        turn();
        read_some();
    }
    ck_assert_uint_ge(other_turns, 4000 / 64 / 2);
    timeout_destroy(other);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {answers_each_line,
                                  reads_nothing_before_the_start,
                                  the_last_line_needs_no_newline,
                                  may_be_destroyed_at_the_end,
                                  runs_nothing_after_quit,
                                  a_line_too_long_is_one_error,
                                  mutes_when_nobody_reads,
                                  holds_all_until_it_is_read,
                                  a_flood_of_lines_is_no_more_than_a_peer,
                                  NULL};
    return check_run_with("pipe", setup, teardown, tests);
}
