/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was said, told again: /show, /find and /replay. */
#include "command/retell.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "check_main.h"
#include "command/command.h"
#include "command/operator_task.h"
#include "core/hub_parts.h"
#include "fake_operator.h"

static struct fake world;
static struct fake_operator console;
static struct listener *meters; /* listening is event 1, open of first 2, of second 3 */
static struct fake_link *first, *second;

static void keep(uint64_t bytes)
{
    struct hub_settings settings = world.hub.settings;
    settings.history = bytes;
    hub_configure(&world.hub, &settings);
}

static void setup(void)
{
    fake_init(&world);
    keep(1 << 20);
    fake_operator_init(&console, &world);
    meters = fake_listen(&world, "tcp://127.0.0.1:1?name=meters&reply=none");
    first = fake_peer(&world, meters);
    second = fake_peer(&world, meters);
}

static void teardown(void)
{
    fake_operator_finish(&console);
    fake_finish(&world);
}

#define SAYS(line, expected) ck_assert_str_eq(fake_say(&console, line), expected)

static void receive(struct fake_link *link, const char *text)
{
    hub_receive(&world.hub, link->link.peer, text, strlen(text), false);
}

static void leave(struct fake_link *link)
{
    hub_detach(&world.hub, link->link.peer, CLOSE_EOF, NULL);
    hub_run_deferred(&world.hub);
}

/* --- /show --- */

START_TEST(shows_messages_with_all)
{
    SAYS("/show", "show: done (no message in the history)\n");
    receive(first, "a");
    receive(second, "b");
    hub_send(&world.hub, first->link.peer, "c", 1, 1, NULL);
    SAYS("/show", "again 4 message\nagain 5 message\nagain 6 sent\nshow: done\n");
    SAYS("/show * 2", "again 5 message\nagain 6 sent\nshow: done\n");
    SAYS("/show * 1", "again 6 sent whole\nshow: done\n");
    SAYS("/show * 0", "error show: how many is a number from 1 on, as in /show boiler 50\n");
    SAYS("/show 1 x", "error show: how many is a number from 1 on, as in /show boiler 50\n");
}
END_TEST

START_TEST(shows_twenty)
{
    for (unsigned i = 0; i < 30; i++)
        receive(first, "a");
    const char *said = fake_say(&console, "/show");
    ck_assert_msg(strncmp(said, "again 14 message\n", 17) == 0, "%s", said);
    said = fake_say(&console, "/show * 25");
    ck_assert_msg(strncmp(said, "again 9 message\n", 16) == 0, "%s", said);
}
END_TEST

START_TEST(shows_files)
{
    struct hub_event event = {.type = HUB_FILE, .peer = first->link.peer, .file.path = "/x"};
    hub_tell(&world.hub, &event);
    SAYS("/show 1", "again 4 file\nshow: done\n");
}
END_TEST

START_TEST(shows_those_of_some)
{
    receive(first, "a");
    receive(second, "b");
    receive(first, "c");
    SAYS("/show 1", "again 4 message\nagain 6 message\nshow: done\n");
    SAYS("/show #2", "again 5 message\nshow: done\n");
    SAYS("/show 1,2 2", "again 5 message\nagain 6 message\nshow: done\n");
    SAYS("/show meters:", "again 4 message\nagain 5 message\nagain 6 message\nshow: done\n");
    SAYS("/show 3", "error show: no peer '3' on the line\n");
    SAYS("/show 1,3", "error show: no peer '3' on the line\n");
}
END_TEST

START_TEST(shows_those_of_the_past)
{
    receive(first, "a");                               /* 4 */
    hub_name(&world.hub, first->link.peer, "boiler");  /* 5 */
    receive(first, "b");                               /* 6 */
    hub_name(&world.hub, first->link.peer, NULL);      /* 7 */
    receive(first, "c");                               /* 8 */
    leave(first);                                      /* 9 */
    receive(second, "d");                              /* 10 */
    hub_name(&world.hub, second->link.peer, "boiler"); /* 11 */
    SAYS("/show 1", "again 4 message\nagain 6 message\nagain 8 message\nshow: done\n");
    SAYS("/show boiler",
         "again 4 message\nagain 6 message\nagain 8 message\nagain 10 message\nshow: done\n");
    SAYS("/show boiler 2", "again 8 message\nagain 10 message\nshow: done\n");
    SAYS("/show boil* 1", "again 10 message whole\nshow: done\n");
    leave(second);
    SAYS("/show boiler 1", "again 10 message whole\nshow: done\n");
    SAYS("/show pump", "error show: no peer 'pump' on the line, and none in the history\n");
    SAYS("/show boiler,pump",
         "error show: no peer 'pump' on the line, and none in the history\n");
    SAYS("/show pump*", "show: done (no message in the history)\n");
}
END_TEST

/* Of whom nothing is kept any more, but who is there. */
START_TEST(a_name_of_who_is_there)
{
    hub_name(&world.hub, first->link.peer, "boiler");
    keep(0);
    keep(1 << 20);
    SAYS("/show boiler", "show: done (no message in the history)\n");
    leave(first);
    SAYS("/show 1", "show: done (no message in the history)\n");
}
END_TEST

/* --- /find --- */

START_TEST(finds_a_text)
{
    receive(first, "One error");
    receive(second, "two");
    receive(second, "ERROR three");
    hub_send(&world.hub, second->link.peer, "error?", 6, 1, NULL);
    SAYS("/find error", "again 4 message\nagain 6 message\nagain 7 sent\n"
                        "find: done (3 messages)\n");
    SAYS("/find @2 error", "again 6 message\nagain 7 sent\nfind: done (2 messages)\n");
    SAYS("/find @1 error", "again 4 message\nfind: done (1 message)\n");
    SAYS("/find two ", "find: done (no message in the history)\n");
    SAYS("/find", "error find: something is missing: write /find [@PEERS] TEXT\n");
    SAYS("/find @2", "error find: it needs a text: /find TEXT, or /find @PEERS TEXT\n");
    SAYS("/find @2 ", "error find: it needs a text: /find TEXT, or /find @PEERS TEXT\n");
    SAYS("/find @9 x", "error find: no peer '9' on the line\n");
}
END_TEST

START_TEST(finds_bytes)
{
    const char line[] = "/find x\0Y";
    hub_receive(&world.hub, first->link.peer, "\0X\0y\xff", 5, false);
    receive(first, "xy");
    ck_assert_str_eq(fake_say_bytes(&console, line, sizeof line - 1),
                     "again 4 message\nfind: done (1 message)\n");
    SAYS("/find \xff", "again 4 message\nfind: done (1 message)\n");
}
END_TEST

/* --- /replay --- */

START_TEST(replays_all_events)
{
    receive(first, "a");
    leave(first);
    SAYS("/replay 0", "again 1 listening\nagain 2 open\nagain 3 open\nagain 4 message\n"
                      "again 5 close\nreplay: done (5 events)\n");
    SAYS("/replay 3", "again 4 message\nagain 5 close\nreplay: done (2 events)\n");
    SAYS("/replay 3 2", "replay: done (no event in the history)\n");
    SAYS("/replay 0 2", "again 3 open\nreplay: done (1 event)\n");
    SAYS("/replay 5", "replay: done (no event in the history)\n");
    SAYS("/replay 6", "replay: done (no event in the history)\n");
    SAYS("/replay 18446744073709551615", "replay: done (no event in the history)\n");
    SAYS("/replay x", "error replay: SEQ is the number of an event, or 0, as in /replay 0\n");
    SAYS("/replay -1", "error replay: SEQ is the number of an event, or 0, as in /replay 0\n");
}
END_TEST

START_TEST(says_what_is_kept_no_more)
{
    keep(0);
    receive(first, "a");
    receive(first, "b");
    keep(4 << 10);
    for (unsigned i = 0; i < 100; i++)
        receive(first, "a");
    char expected[64];
    uint64_t oldest = history_first(&world.hub.history);
    ck_assert_uint_gt(oldest, 50);
    const char *said = fake_say(&console, "/replay 10");
    uint64_t messages = 0, events = 0;
    ck_assert_int_eq(sscanf(said, "lost %" SCNu64 " and %" SCNu64, &messages, &events), 2);
    ck_assert_uint_eq(messages + events, oldest - 1 - 10);
    snprintf(expected, sizeof expected, "\nagain %" PRIu64 " message\n", oldest);
    ck_assert_ptr_eq(strstr(said, expected), strchr(said, '\n'));
    said = fake_say(&console, "/show * 100000"); /* who asks for the last says nothing of it */
    ck_assert_ptr_null(strstr(said, "lost"));
}
END_TEST

START_TEST(where_nothing_is_kept)
{
    keep(0);
    receive(first, "a");
    SAYS("/show", "error show: nothing is kept: telexd runs with --history 0\n");
    SAYS("/find a", "error find: nothing is kept: telexd runs with --history 0\n");
    SAYS("/replay 0", "error replay: nothing is kept: telexd runs with --history 0\n");
}
END_TEST

/* --- all of them --- */

START_TEST(also_for_who_only_looks_on)
{
    console.session.read_only = true;
    receive(first, "a");
    SAYS("/show", "again 4 message\nshow: done\n");
    SAYS("/find a", "again 4 message\nfind: done (1 message)\n");
    SAYS("/replay 3", "again 4 message\nreplay: done (1 event)\n");
}
END_TEST

/* Begins a line that is not answered at once, and says how many were told. */
static unsigned begin(const char *line)
{
    unsigned told = 0;
    fake_operator_take(&console);
    command_line(&console.session, line, strlen(line));
    ck_assert_ptr_nonnull(console.session.task);
    for (const char *at = fake_operator_take(&console); (at = strstr(at, "again")); at++)
        told++;
    return told;
}

static unsigned go_on(void)
{
    unsigned told = 0;
    operator_task_go_on(&console.session);
    for (const char *at = fake_operator_take(&console); (at = strstr(at, "again")); at++)
        told++;
    return told;
}

START_TEST(in_pieces)
{
    for (unsigned i = 0; i < 2500; i++)
        receive(first, "a");
    ck_assert_uint_eq(begin("/replay 0"), RESULT_LIST_MAX);
    receive(first, "is not asked for");
    ck_assert_uint_eq(go_on(), RESULT_LIST_MAX);
    ck_assert_uint_eq(go_on(), 503);
    ck_assert_ptr_null(console.session.task);
}
END_TEST

START_TEST(while_there_is_room)
{
    for (unsigned i = 0; i < 3; i++)
        receive(first, "a");
    console.full = true;
    ck_assert_uint_eq(begin("/show"), 1);
    ck_assert_uint_eq(go_on(), 1);
    ck_assert_uint_eq(go_on(), 1);
    ck_assert_ptr_null(console.session.task);
    ck_assert_uint_eq(console.answers, 1);
}
END_TEST

START_TEST(no_longer_than_a_turn_may_take)
{
    for (unsigned i = 0; i < 500; i++)
        receive(first, "a");
    receive(second, "b");
    world.pace = JOBS_SLICE / 4;
    ck_assert_uint_eq(begin("/show meters: 400"), 0); /* looks whom that means, first */
    unsigned told = 0, turns = 0;
    for (; console.session.task; turns++)
        told += go_on();
    ck_assert_uint_eq(told, 400);
    ck_assert_uint_gt(turns, 5);
    ck_assert_uint_eq(console.answers, 1);
}
END_TEST

START_TEST(what_goes_meanwhile)
{
    keep(16 << 10); /* what there was goes: it is of larger chunks */
    for (unsigned i = 0; i < 50; i++)
        receive(first, "a");
    console.full = true;
    ck_assert_uint_eq(begin("/replay 0"), 1);
    for (unsigned i = 0; i < 5000; i++)
        receive(first, "a");
    console.full = false;
    operator_task_go_on(&console.session);
    const char *said = fake_operator_take(&console);
    unsigned messages = 0, events = 0;
    ck_assert_int_eq(sscanf(said, "lost %u and %u", &messages, &events), 2);
    ck_assert_uint_eq(messages + events, 49); /* none of those that came later */
    ck_assert_str_eq(strchr(said, '\n'), "\nreplay: done (1 event)\n");
    ck_assert_ptr_null(console.session.task);
}
END_TEST

START_TEST(who_asks_may_go)
{
    for (unsigned i = 0; i < 2500; i++)
        receive(first, "a");
    begin("/replay 0 meters:");
    operator_task_cancel(&console.session);
    ck_assert_ptr_null(console.session.task);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {shows_messages_with_all,
                                  shows_twenty,
                                  shows_files,
                                  shows_those_of_some,
                                  shows_those_of_the_past,
                                  a_name_of_who_is_there,
                                  finds_a_text,
                                  finds_bytes,
                                  replays_all_events,
                                  says_what_is_kept_no_more,
                                  where_nothing_is_kept,
                                  also_for_who_only_looks_on,
                                  in_pieces,
                                  while_there_is_room,
                                  no_longer_than_a_turn_may_take,
                                  what_goes_meanwhile,
                                  who_asks_may_go,
                                  NULL};
    return check_run_with("retell", setup, teardown, tests);
}
