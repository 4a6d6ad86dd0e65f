/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/console.h"

#include <string.h>

#include "check_main.h"
#include "command/command.h"
#include "command/operator_task.h"
#include "core/told.h"
#include "fake_console.h"

static struct fake world;
static struct fake_console fake;
static struct listener *tcp, *udp;

/* Renders each event in a word or two, so that the tests tell what comes when. */
static void test_event(struct console *console, const struct told *told)
{
    utstring_printf(&console->out, "%s", hub_event_name(told->type));
    if (told->peer.number != 0)
        utstring_printf(&console->out, " %u", (unsigned)told->peer.number);
    utstring_printf(&console->out, "\n");
}

static void test_result(struct console *console, const struct result *result)
{
    utstring_printf(&console->out, "result %u %s%s\n", (unsigned)console->line, result->command,
                    result->more ? " more" : "");
}

static void test_error(struct console *console, const char *command, const char *text)
{
    ck_assert_ptr_nonnull(text);
    utstring_printf(&console->out, "error %u %s\n", (unsigned)console->line,
                    command ? command : "-");
}

static void test_target(struct console *console, int64_t time, const struct who *peer)
{
    ck_assert_int_eq(time, world.wall);
    ck_assert_uint_eq(peer->number, console->session.target);
    utstring_printf(&console->out, "target %u\n", (unsigned)console->session.target);
}

static void test_lost(struct console *console, uint64_t messages, uint64_t events, bool gone)
{
    (void)gone;
    utstring_printf(&console->out, "lost %u %u\n", (unsigned)messages, (unsigned)events);
}

static void test_hello(struct console *console, const struct hello *hello)
{
    utstring_printf(&console->out, "hello %s\n", hello->version);
}

static uint64_t forgotten;

static void test_forget(struct console *console, uint64_t peer)
{
    (void)console;
    forgotten = peer;
}

static const struct renderer renderer = {.event = test_event,
                                         .result = test_result,
                                         .error = test_error,
                                         .target = test_target,
                                         .lost = test_lost,
                                         .hello = test_hello,
                                         .forget = test_forget};

static void begin(const struct console_settings *settings)
{
    fake_console_init(&fake, &world, &renderer, settings);
}

static void setup(void)
{
    fake_init(&world);
    tcp = fake_listen(&world, "tcp://127.0.0.1:1");
    udp = fake_listen(&world, "udp://127.0.0.1:2?reply=none");
}

static void teardown(void)
{
    fake_console_finish(&fake);
    fake_finish(&world);
}

#define WROTE(text) ck_assert_str_eq(fake_console_take(&fake), text)
#define SAYS(line, text) ck_assert_str_eq(fake_console_say(&fake, line), text)

static void receive(struct fake_link *link, const char *text)
{
    hub_receive(&world.hub, link->link.peer, text, strlen(text), false);
}

static void detach(struct fake_link *link)
{
    hub_detach(&world.hub, link->link.peer, CLOSE_EOF, NULL);
}

/* --- the target --- */

START_TEST(adopts_the_first_peer_once)
{
    begin(&(struct console_settings){.adopt_first = true});
    struct fake_link *first = fake_peer(&world, tcp);
    fake_peer(&world, tcp);
    WROTE("open 1\ntarget 1\nopen 2\n");
    detach(first);
    fake_peer(&world, tcp);
    WROTE("close 1\ntarget 0\nopen 3\n");
    SAYS("hello", "error 1 send\n");
    ck_assert_uint_eq(fake.console.session.target, 0);
}
END_TEST

START_TEST(adopts_nobody_unasked)
{
    begin(NULL);
    fake_peer(&world, tcp);
    WROTE("open 1\n");
    ck_assert_uint_eq(fake.console.session.target, 0);
}
END_TEST

START_TEST(tells_the_target_that_the_operator_sets)
{
    begin(NULL);
    fake_peer(&world, tcp);
    SAYS("/to 1", "target 1\nresult 1 to\n");
    SAYS("hello", "sent 1\nresult 2 send\n");
    SAYS("/to 1", "result 3 to\n");
    SAYS("/to -", "target 0\nresult 4 to\n");
    ck_assert_uint_eq(fake.changes, 1u << OPERATOR_TARGET);
}
END_TEST

/* --- lines --- */

START_TEST(counts_every_line)
{
    begin(NULL);
    fake_peer(&world, tcp);
    SAYS("/to 1", "target 1\nresult 1 to\n");
    SAYS("", "sent 1\n");
    console_long_line(&fake.console);
    WROTE("error 3 -\n");
    SAYS("/nonsense", "error 4 -\n");
}
END_TEST

START_TEST(says_hello)
{
    begin(NULL);
    console_hello(&fake.console, &(struct hello){.version = "1.2"});
    WROTE("hello 1.2\n");
}
END_TEST

/* --- what it wants --- */

START_TEST(an_unwanted_view_costs_nothing)
{
    begin(&(struct console_settings){.view = VIEW_NONE});
    struct fake_link *link = fake_peer(&world, tcp);
    receive(link, "hello");
    WROTE("open 1\n");
    SAYS("/view text", "result 1 view\n");
    receive(link, "hello");
    WROTE("message 1\n");
    SAYS("/view none", "result 2 view\n");
    receive(link, "hello");
    audience_leave(&world.hub.audience, &world.observer);
    ck_assert_uint_eq(world.hub.audience.wanted & OBSERVER_WANTS(HUB_MESSAGE), 0);
    audience_join(&world.hub.audience, &world.observer);
    WROTE("");
}
END_TEST

/* --- a slow reader --- */

static void fill(void)
{
    fake.backlog = CONSOLE_BACKLOG_MAX + 1;
}

static void drain(void)
{
    fake.backlog = 0;
    console_drained(&fake.console);
}

START_TEST(skips_and_says_how_many)
{
    begin(NULL);
    struct fake_link *link = fake_peer(&world, tcp);
    WROTE("open 1\n");
    fill();
    receive(link, "one");
    receive(link, "two");
    hub_send(&world.hub, link->link.peer, "three", 5, 2, NULL);
    fake_peer(&world, tcp);
    WROTE("");
    drain();
    WROTE("lost 3 1\n");
    receive(link, "four");
    WROTE("message 1\n");
    drain();
    WROTE("");
}
END_TEST

START_TEST(lost_comes_before_what_is_newer)
{
    begin(NULL);
    struct fake_link *link = fake_peer(&world, tcp);
    fake_console_take(&fake);
    fill();
    receive(link, "one");
    fake.backlog = 0; /* before anybody says drained */
    receive(link, "two");
    WROTE("lost 1 0\nmessage 1\n");
}
END_TEST

START_TEST(what_is_skipped_stays_so_until_there_is_room)
{
    begin(NULL);
    struct fake_link *link = fake_peer(&world, tcp);
    fake_console_take(&fake);
    fill();
    receive(link, "one");
    fake.backlog = CONSOLE_BACKLOG_LOW + 1;
    receive(link, "two");
    WROTE("");
    fake.backlog = CONSOLE_BACKLOG_LOW;
    receive(link, "three");
    WROTE("lost 2 0\nmessage 1\n");
}
END_TEST

START_TEST(answers_are_never_dropped)
{
    begin(NULL);
    struct fake_link *link = fake_peer(&world, tcp);
    fill();
    receive(link, "one");
    fake_console_take(&fake);
    SAYS("/peers", "lost 1 0\nresult 1 peers\n");
    SAYS("/nonsense", "error 2 -\n");
    SAYS("/to 1", "target 1\nresult 3 to\n");
}
END_TEST

START_TEST(reads_no_input_while_full)
{
    begin(NULL);
    SAYS("/peers", "result 1 peers\n");
    ck_assert(!fake.input_held);
    fill();
    SAYS("/peers", "result 2 peers\n");
    SAYS("/peers", "result 3 peers\n");
    ck_assert(fake.input_held);
    ck_assert_uint_eq(fake.holds, 1);
    drain();
    ck_assert(!fake.input_held);
}
END_TEST

START_TEST(reads_no_input_while_told_so)
{
    begin(NULL);
    console_hold(&fake.console, true);
    ck_assert(fake.input_held);
    fill();
    SAYS("/peers", "result 1 peers\n");
    console_hold(&fake.console, false);
    ck_assert(fake.input_held); /* for it is full now */
    console_hold(&fake.console, true);
    drain();
    ck_assert(fake.input_held);
    console_hold(&fake.console, false);
    ck_assert(!fake.input_held);
    ck_assert_uint_eq(fake.holds, 2);
}
END_TEST

START_TEST(tells_what_somebody_else_has_skipped)
{
    begin(NULL);
    console_lost(&fake.console, 3, 4);
    WROTE("lost 3 4\n");
    struct fake_link *link = fake_peer(&world, tcp);
    fake_console_take(&fake);
    fill();
    receive(link, "one");
    console_lost(&fake.console, 3, 4);
    WROTE("");
    drain();
    WROTE("lost 4 4\n");
}
END_TEST

static char forwarded[16];

static void forward(void *context, const char *line, size_t size)
{
    ck_assert_ptr_eq(context, &world);
    ck_assert_uint_lt(size, sizeof forwarded);
    memcpy(forwarded, line, size);
    forwarded[size] = '\0';
}

START_TEST(gives_lines_to_who_runs_them)
{
    begin(&(struct console_settings){.forward = forward, .forward_context = &world});
    SAYS("/peers", "");
    ck_assert_str_eq(forwarded, "/peers");
    ck_assert_uint_eq(fake.console.lines, 1);
}
END_TEST

START_TEST(lets_the_target_go_in_the_end)
{
    begin(NULL);
    const struct peer *peer = fake_peer(&world, udp)->link.peer;
    SAYS("/to 1", "target 1\nresult 1 to\n");
    ck_assert_uint_eq(peer->pins, 1);
    fake_console_finish(&fake);
    ck_assert_uint_eq(peer->pins, 0);
    begin(NULL);
}
END_TEST

START_TEST(a_skipped_close_takes_the_target_along)
{
    begin(NULL);
    struct fake_link *link = fake_peer(&world, tcp);
    SAYS("/to 1", "target 1\nresult 1 to\n");
    fill();
    forgotten = 0;
    detach(link);
    WROTE("lost 0 1\ntarget 0\n");
    ck_assert_uint_eq(forgotten, 1);
}
END_TEST

/* --- an answer of several pieces --- */

static unsigned pieces; /* still to come */
static bool destroyed;

static bool next_piece(struct operator_session *session, struct operator_task *task)
{
    if (--pieces == 0 || !task->quiet)
        operator_result(session, &(struct result){.more = pieces > 0});
    return pieces == 0;
}

static void end_pieces(struct operator_task *task)
{
    (void)task;
    destroyed = true;
}

static const struct operator_task_ops piece_ops = {.go_on = next_piece, .destroy = end_pieces};
static struct operator_task piece_task;

static void run_pieces(struct operator_session *session, const struct arguments *arguments)
{
    (void)arguments;
    piece_task = (struct operator_task){.ops = &piece_ops, .waits = pieces == 1};
    destroyed = false;
    operator_task_begin(session, &piece_task);
}

static const struct command cmd_pieces = {
    .name = "pieces", .arguments = "", .summary = "", .help = "", .run = run_pieces};
static const struct command *const pieces_table[] = {&cmd_pieces, NULL};

static void begin_pieces(unsigned count)
{
    begin(&(struct console_settings){.commands = pieces_table});
    pieces = count;
    SAYS("/pieces", "");
    ck_assert(fake.input_held);
}

#define TURN(text)         \
    do {                   \
        fake_turn(&world); \
        WROTE(text);       \
    } while (0)

START_TEST(gives_a_piece_a_turn_and_runs_no_line_meanwhile)
{
    begin_pieces(3);
    TURN("result 1 pieces more\n");
    struct fake_link *link = fake_peer(&world, tcp);
    TURN("open 1\nresult 1 pieces more\n");
    ck_assert(fake.input_held);
    detach(link);
    TURN("close 1\nresult 1 pieces\n");
    ck_assert(!fake.input_held && destroyed);
    TURN("");
    SAYS("/nonsense", "error 2 -\n");
}
END_TEST

START_TEST(gives_no_piece_while_there_is_no_room)
{
    begin_pieces(3);
    fake.backlog = CONSOLE_BACKLOG_LOW + 1;
    TURN("");
    fake.backlog = CONSOLE_BACKLOG_LOW;
    console_drained(&fake.console);
    TURN("result 1 pieces more\n");
    TURN("result 1 pieces more\n");
    fake.backlog = CONSOLE_BACKLOG_MAX + 1;
    TURN("");
    drain();
    TURN("result 1 pieces\n");
    ck_assert(!fake.input_held);
}
END_TEST

START_TEST(quiet_pieces_need_no_room)
{
    begin_pieces(2);
    piece_task.quiet = true;
    fake.backlog = CONSOLE_BACKLOG_MAX + 1;
    TURN("");
    ck_assert_uint_eq(pieces, 1);
    TURN("result 1 pieces\n");
    ck_assert(destroyed);
}
END_TEST

START_TEST(waits_for_what_a_task_waits_for)
{
    begin_pieces(1);
    TURN("");
    operator_task_wake(&fake.console.session);
    TURN("result 1 pieces\n");
    ck_assert(!fake.input_held && destroyed);
}
END_TEST

START_TEST(ends_its_task_when_it_goes)
{
    begin_pieces(3);
    fake_turn(&world);
    fake_console_finish(&fake);
    ck_assert(destroyed);
    begin(NULL);
    TURN("");
}
END_TEST

START_TEST(muted_it_brings_its_task_to_the_end)
{
    begin_pieces(2);
    console_mute(&fake.console);
    TURN("");
    TURN("");
    ck_assert(!fake.input_held && destroyed);
}
END_TEST

/* --- holding the peers instead --- */

#define HOLDING                \
    &(struct console_settings) \
    {                          \
        .hold_streams = true   \
    }

START_TEST(holds_streams_and_misses_nothing)
{
    begin(HOLDING);
    struct fake_link *link = fake_peer(&world, tcp);
    ck_assert_uint_eq(link->pauses, 0);
    fill();
    receive(link, "one");
    ck_assert_uint_eq(link->pauses, LINK_PAUSE_HOLD);
    struct fake_link *late = fake_peer(&world, tcp);
    ck_assert_uint_eq(late->pauses, LINK_PAUSE_HOLD);
    receive(link, "two");
    WROTE("open 1\nmessage 1\nopen 2\nmessage 1\n");
    drain();
    ck_assert_uint_eq(link->pauses, 0);
    ck_assert_uint_eq(late->pauses, 0);
    WROTE("");
}
END_TEST

START_TEST(counts_datagrams_while_it_holds)
{
    begin(HOLDING);
    struct fake_link *stream = fake_peer(&world, tcp);
    struct fake_link *datagram = fake_peer(&world, udp);
    receive(datagram, "shown");
    fake_console_take(&fake);
    fill();
    receive(stream, "one");
    receive(datagram, "two");
    hub_send(&world.hub, datagram->link.peer, "three", 5, 2, NULL);
    fake.backlog = 1000; /* it still holds */
    receive(datagram, "four");
    WROTE("message 1\n");
    drain();
    WROTE("lost 3 0\n");
    receive(datagram, "five");
    WROTE("message 2\n");
}
END_TEST

START_TEST(even_held_it_has_a_bound)
{
    begin(HOLDING);
    struct fake_link *link = fake_peer(&world, tcp);
    fake_console_take(&fake);
    fake.backlog = CONSOLE_BACKLOG_HELD_MAX + 1;
    receive(link, "one");
    fake_peer(&world, tcp);
    drain();
    WROTE("lost 1 1\n");
}
END_TEST

START_TEST(lets_the_peers_go_in_the_end)
{
    begin(HOLDING);
    struct fake_link *link = fake_peer(&world, tcp);
    fill();
    receive(link, "one");
    ck_assert_uint_eq(link->pauses, LINK_PAUSE_HOLD);
    fake_console_finish(&fake);
    ck_assert_uint_eq(link->pauses, 0);
    begin(NULL);
}
END_TEST

/* --- nobody reads --- */

START_TEST(is_silent_once_muted)
{
    begin(HOLDING);
    struct fake_link *link = fake_peer(&world, tcp);
    fill();
    receive(link, "one");
    fake_console_take(&fake);
    console_mute(&fake.console);
    console_mute(&fake.console);
    ck_assert_uint_eq(link->pauses, 0);
    ck_assert(!fake.input_held);
    receive(link, "two");
    SAYS("/peers", "");
    drain();
    WROTE("");
}
END_TEST

START_TEST(muted_it_still_speaks_to_the_right_peer)
{
    begin(&(struct console_settings){.adopt_first = true});
    console_mute(&fake.console);
    struct fake_link *first = fake_peer(&world, tcp);
    fake_peer(&world, tcp);
    SAYS("hello", "");
    ck_assert_str_eq(fake_link_take(first), "hello\\n");
    detach(first);
    ck_assert_uint_eq(fake.console.session.target, 0);
}
END_TEST

/* --- a disk that is full --- */

START_TEST(skips_all_while_suspended)
{
    begin(HOLDING);
    struct fake_link *link = fake_peer(&world, tcp);
    fill();
    receive(link, "one");
    fake_console_take(&fake);
    console_suspend(&fake.console);
    ck_assert_uint_eq(link->pauses, 0);
    ck_assert(!fake.input_held);
    fake.backlog = 0;
    receive(link, "two");
    hub_send(&world.hub, link->link.peer, "three", 5, 2, NULL);
    SAYS("/peers", "");
    SAYS("/to 1", "");
    SAYS("four", "");
    ck_assert_str_eq(fake_link_take(link), "threefour\\n");
    drain();
    WROTE("lost 3 4\n");
    receive(link, "five");
    WROTE("message 1\n");
}
END_TEST

START_TEST(suspended_it_brings_its_task_to_the_end)
{
    begin_pieces(2);
    fill();
    console_suspend(&fake.console);
    TURN("");
    TURN("");
    ck_assert(!fake.input_held && destroyed);
}
END_TEST

/* --- lines that are typed again and again --- */

START_TEST(repeats_while_input_is_read)
{
    begin(NULL);
    fake_peer(&world, tcp);
    fake_console_take(&fake);
    SAYS("/every 1 /name 1 a", "result 1 every\n");
    console_hold(&fake.console, true);
    fake_turn(&world);
    fake_pass(&world, 2500000);
    WROTE("");
    console_hold(&fake.console, false);
    fake_pass(&world, 100000);
    WROTE("name 1\nresult 0 name\n");
    fill();
    fake_console_say(&fake, "/peers");
    fake_pass(&world, 5000000);
    WROTE("");
    drain();
    fake_pass(&world, 100000);
    WROTE("name 1\nresult 0 name\n");
}
END_TEST

START_TEST(repeats_no_line_before_the_last_is_answered)
{
    begin_pieces(3);
    fake.console.session.every = 7;
    TURN("result 1 pieces more\n");
    ck_assert_uint_eq(fake.console.session.every, 7);
    TURN("result 1 pieces more\n");
    TURN("result 1 pieces\n");
    ck_assert_uint_eq(fake.console.session.every, 0);
}
END_TEST

START_TEST(repeats_nothing_when_it_is_gone)
{
    begin(NULL);
    struct fake_link *link = fake_peer(&world, tcp);
    fake_console_say(&fake, "/every 1 @1 x");
    fake_console_finish(&fake);
    fake_turn(&world);
    fake_pass(&world, 5000000);
    ck_assert_str_eq(fake_link_take(link), "");
    begin(NULL);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {adopts_the_first_peer_once,
                                  adopts_nobody_unasked,
                                  tells_the_target_that_the_operator_sets,
                                  counts_every_line,
                                  says_hello,
                                  an_unwanted_view_costs_nothing,
                                  skips_and_says_how_many,
                                  lost_comes_before_what_is_newer,
                                  what_is_skipped_stays_so_until_there_is_room,
                                  answers_are_never_dropped,
                                  reads_no_input_while_full,
                                  reads_no_input_while_told_so,
                                  tells_what_somebody_else_has_skipped,
                                  gives_lines_to_who_runs_them,
                                  gives_a_piece_a_turn_and_runs_no_line_meanwhile,
                                  gives_no_piece_while_there_is_no_room,
                                  quiet_pieces_need_no_room,
                                  waits_for_what_a_task_waits_for,
                                  ends_its_task_when_it_goes,
                                  muted_it_brings_its_task_to_the_end,
                                  repeats_while_input_is_read,
                                  repeats_no_line_before_the_last_is_answered,
                                  repeats_nothing_when_it_is_gone,
                                  lets_the_target_go_in_the_end,
                                  a_skipped_close_takes_the_target_along,
                                  skips_all_while_suspended,
                                  suspended_it_brings_its_task_to_the_end,
                                  holds_streams_and_misses_nothing,
                                  counts_datagrams_while_it_holds,
                                  even_held_it_has_a_bound,
                                  lets_the_peers_go_in_the_end,
                                  is_silent_once_muted,
                                  muted_it_still_speaks_to_the_right_peer,
                                  NULL};
    return check_run_with("console", setup, teardown, tests);
}
