/* SPDX-License-Identifier: GPL-3.0-or-later */
/* /fault: who may say it of whom, and what it tells. */
#include "check_main.h"
#include "core/faults.h"
#include "fake_operator.h"

static struct fake world;
static struct fake_operator console;
static struct fake_link *raw, *lines, *datagrams;

static void setup(void)
{
    fake_init(&world);
    fake_operator_init(&console, &world);
    raw = fake_peer(&world, fake_listen(&world, "tcp://127.0.0.1:1"));
    lines = fake_peer(&world, fake_listen(&world, "tcp://127.0.0.1:1?framing=line"));
    datagrams = fake_peer(&world, fake_listen(&world, "udp://127.0.0.1:1?reply=none"));
    hub_name(&world.hub, raw->link.peer, "boiler");
    fake_take(&world);
}

static void teardown(void)
{
    fake_operator_finish(&console);
    fake_finish(&world);
}

#define SAYS(line, expected) ck_assert_str_eq(fake_say(&console, line), expected)

START_TEST(it_is_set_shown_and_ended)
{
    SAYS("/fault *", "fault: (nothing is done to what comes from there)\n");
    SAYS("/fault boiler,3 latency=200 stall", "fault: done (set for 2 peers)\n");
    SAYS("/fault *", "fault: #1 latency=200 stall #3 latency=200 stall\n");
    SAYS("/fault 3", "fault: #3 latency=200 stall\n");
    SAYS("/fault 1 rate=1k", "fault: done (set for 1 peer)\n");
    SAYS("/fault 1", "fault: #1 rate=1024\n");
    hub_receive(&world.hub, datagrams->link.peer, "a", 1, false);
    hub_receive(&world.hub, datagrams->link.peer, "b", 1, false);
    SAYS("/fault * -", "fault: done (ended for 2 peers)\n");
    SAYS("/fault *", "fault: (nothing is done to what comes from there)\n");
    fake_pass(&world, 1);
    ck_assert_str_eq(fake_take(&world), "message #3 a\nmessage #3 b\n");
    SAYS("/fault * -", "fault: done (ended for 0 peers)\n");
}
END_TEST

START_TEST(what_cannot_be_is_done_to_none)
{
    SAYS("/fault * loss=1",
         "error fault: nothing was done: #1 boiler: loss is for whole messages, "
         "and a raw stream has none: choose a framing\n");
    SAYS("/fault * slice=1",
         "error fault: nothing was done: #3: slice is for streams, and these are datagrams\n");
    SAYS("/fault 2,9 latency=1", "error fault: no peer '9' on the line\n");
    SAYS("/fault 2 latency=x", "error fault: latency: 'x' is not a number of milliseconds, at "
                               "most 3600000\n");
    SAYS("/fault",
         "error fault: something is missing: write /fault PEERS [KEY=VALUE... | -]\n");
    fake_call(&world, "tcp://127.0.0.1:9");
    SAYS("/fault * latency=1", "error fault: nothing was done: #4 is connecting\n");
    ck_assert_ptr_null(faults_card(lines->link.peer));
    SAYS("/fault 2,3 loss=1 seed=1", "fault: done (set for 2 peers)\n");
}
END_TEST

START_TEST(who_only_looks_on_may_ask)
{
    SAYS("/fault 2 loss=1 seed=1", "fault: done (set for 1 peer)\n");
    console.session.read_only = true;
    SAYS("/fault 2", "fault: #2 loss=1 seed=1\n");
    SAYS("/fault 2 -", "error fault: this console is read-only, and only /fault PEERS alone is "
                       "for it\n");
    SAYS("/fault 2 stall",
         "error fault: this console is read-only, and only /fault PEERS alone "
         "is for it\n");
    ck_assert_ptr_nonnull(faults_card(lines->link.peer));
}
END_TEST

START_TEST(many_are_shown_in_pieces)
{
    struct listener *listener = fake_listen(&world, "tcp://127.0.0.1:5?fault=stall");
    for (int i = 0; i < 2 * RESULT_LIST_MAX; i++)
        fake_peer(&world, listener);
    const char *said = fake_say(&console, "/fault *");
    unsigned pieces = 0;
    for (; (said = strstr(said, "fault: ")); said++)
        pieces++;
    ck_assert_uint_eq(pieces, 2);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {it_is_set_shown_and_ended, what_cannot_be_is_done_to_none,
                                  who_only_looks_on_may_ask, many_are_shown_in_pieces, NULL};
    return check_run_with("cmd_fault", setup, teardown, tests);
}
