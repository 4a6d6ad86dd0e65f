/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/delivery.h"

#include <errno.h>
#include <string.h>

#include "check_main.h"
#include "command/command.h"
#include "command/errand.h"
#include "fake_operator.h"

static struct fake world;
static struct fake_operator console;

static void setup(void)
{
    fake_init(&world);
    fake_operator_init(&console, &world);
}

static void teardown(void)
{
    fake_operator_finish(&console);
    fake_finish(&world);
}

#define SAYS(line, expected) ck_assert_str_eq(fake_say(&console, line), expected)
#define TOOK(link, expected) ck_assert_str_eq(fake_link_take(link), expected)

/* Peers #1 to #count on one listener; the links in order. */
static void make_peers(struct fake_link **links, unsigned count, const char *endpoint)
{
    struct listener *listener = fake_listen(&world, endpoint);
    for (unsigned i = 0; i < count; i++)
        links[i] = fake_peer(&world, listener);
}

START_TEST(of_nobody_it_says_so)
{
    SAYS("@* hi", "error send: nobody is on the line\n");
}
END_TEST

START_TEST(nobody_gets_it_where_one_is_unknown)
{
    struct fake_link *links[2];
    make_peers(links, 2, "tcp://127.0.0.1:1");
    SAYS("@1,2,9 hi", "error send: no peer '9' on the line\n");
    TOOK(links[0], "");
    TOOK(links[1], "");
}
END_TEST

START_TEST(each_gets_the_eol_of_its_own_listener)
{
    static const char *const endpoints[] = {
        "tcp://127.0.0.1:1?eol=crlf", "tcp://127.0.0.1:2?eol=none", "unix:/run/x?eol=nul",
        "tcp://127.0.0.1:3",          "udp://127.0.0.1:4",          "udp://127.0.0.1:5?eol=lf"};
    static const char *const taken[] = {"hi\\r\\n", "hi", "hi\\x00", "hi\\n", "hi", "hi\\n"};
    struct fake_link *links[COUNT(endpoints)];
    for (size_t i = 0; i < COUNT(endpoints); i++)
        make_peers(&links[i], 1, endpoints[i]);
    SAYS("@* hi", "send: done\n");
    for (size_t i = 0; i < COUNT(endpoints); i++) {
        TOOK(links[i], taken[i]);
        ck_assert_uint_eq(links[i]->sends, 1);
    }
}
END_TEST

START_TEST(is_told_as_sent_by_this_console)
{
    struct fake_link *links[2];
    make_peers(links, 2, "tcp://127.0.0.1:1");
    console.session.console = 7;
    fake_take(&world);
    SAYS("@* hi", "send: done\n");
    ck_assert_str_eq(fake_take(&world), "sent #1 hi\\n by 7\nsent #2 hi\\n by 7\n");
}
END_TEST

/* What is told of a send to several: only what is the same in all. */
static struct message_group groups[8];
static unsigned grouped;

static void note_group(struct observer *observer, const struct hub_event *event)
{
    (void)observer;
    ck_assert_uint_lt(grouped, COUNT(groups));
    groups[grouped++] = event->message.group;
}

START_TEST(says_of_each_send_that_it_is_one_of_several)
{
    struct observer observer = {.notice = note_group, .wants = OBSERVER_WANTS(HUB_SENT)};
    struct fake_link *links[6];
    make_peers(links, COUNT(links), "tcp://127.0.0.1:1");
    audience_join(&world.hub.audience, &observer);
    grouped = 0;
    fake_say(&console, "@2 alone");
    ck_assert_uint_eq(groups[0].number, 0);
    grouped = 0;
    fake_say(&console, "@4,2,4,5 some");
    ck_assert_uint_eq(grouped, 3);
    for (unsigned i = 0; i < grouped; i++) {
        const struct message_group wanted = {1, 3, {2, 4, 5}};
        ck_assert_mem_eq(&groups[i], &wanted, sizeof wanted);
    }
    grouped = 0;
    fake_say(&console, "@* all");
    ck_assert_uint_eq(grouped, 6);
    for (unsigned i = 0; i < grouped; i++) {
        const struct message_group wanted = {.number = 2, .size = 6};
        ck_assert_mem_eq(&groups[i], &wanted, sizeof wanted);
    }
    audience_leave(&world.hub.audience, &observer);
}
END_TEST

START_TEST(names_each_that_did_not_get_it)
{
    struct fake_link *links[5];
    make_peers(links, 5, "tcp://127.0.0.1:1");
    fake_call(&world, "tcp://127.0.0.1:9");
    links[0]->fail = ENOBUFS;
    links[0]->queued = 1048576;
    links[2]->finish_later = true;
    hub_name(&world.hub, links[2]->link.peer, "boiler");
    hub_close(&world.hub, links[2]->link.peer, CLOSE_OPERATOR);
    links[3]->keep = true;
    char *error = NULL;
    ck_assert(fake_send_file(&world.hub, links[3]->link.peer, "/proc/self/exe", &error));
    SAYS("@* hi", "error send: not sent to #1: its queue is full (1048576 bytes wait); "
                  "#3 boiler: it is closing; #4: a file is being sent to it; "
                  "#6: it is not connected yet\n");
    TOOK(links[1], "hi\\n");
    TOOK(links[4], "hi\\n");
    ck_assert_uint_eq(links[2]->tries, 0);
    ck_assert_uint_eq(links[3]->tries, 0);
}
END_TEST

START_TEST(says_why_the_kernel_refused)
{
    struct fake_link *links[1];
    make_peers(links, 1, "udp://127.0.0.1:1");
    links[0]->fail = ENETUNREACH;
    SAYS("@1 hi", "error send: not sent to #1: Network is unreachable\n");
}
END_TEST

START_TEST(names_ten_and_counts_the_others)
{
    struct fake_link *links[13];
    make_peers(links, 13, "udp://127.0.0.1:1");
    for (unsigned i = 0; i < COUNT(links); i++)
        links[i]->fail = EPERM;
    SAYS("@1,2,3,4,5,6,7,8,9,10 hi",
         "error send: not sent to #1: Operation not permitted; "
         "#2: Operation not permitted; #3: Operation not permitted; "
         "#4: Operation not permitted; #5: Operation not permitted; "
         "#6: Operation not permitted; #7: Operation not permitted; "
         "#8: Operation not permitted; #9: Operation not permitted; "
         "#10: Operation not permitted\n");
    const char *answer = fake_say(&console, "@* hi");
    ck_assert_ptr_nonnull(strstr(answer, "#10: Operation not permitted; and 3 more\n"));
}
END_TEST

/* "@* " and size bytes of x. */
static const char *say_long(size_t size)
{
    char *line = mem_alloc(size + 3);
    memset(line, 'x', size + 3);
    memcpy(line, "@* ", 3);
    const char *answer = fake_say_bytes(&console, line, size + 3);
    free(line);
    return answer;
}

START_TEST(what_fits_no_datagram_goes_to_nobody)
{
    struct fake_link *links[2];
    make_peers(&links[0], 1, "tcp://127.0.0.1:1");
    make_peers(&links[1], 1, "udp://127.0.0.1:1?eol=crlf");
    ck_assert_str_eq(say_long(65506),
                     "error send: nothing was sent: a datagram holds at most 65507 bytes, the "
                     "one for #2 would have 65508\n");
    ck_assert_uint_eq(links[0]->tries + links[1]->tries, 0);
    ck_assert_str_eq(say_long(65505), "send: done\n");
    ck_assert_uint_eq(links[0]->last, 65506);
    ck_assert_uint_eq(links[1]->last, 65507);
}
END_TEST

START_TEST(streams_take_more_than_a_datagram)
{
    struct fake_link *links[1];
    make_peers(links, 1, "tcp://127.0.0.1:1");
    ck_assert_str_eq(say_long(1 << 20), "send: done\n");
    ck_assert_uint_eq(links[0]->last, (1 << 20) + 1);
}
END_TEST

START_TEST(no_bytes_are_a_datagram_but_nothing_on_a_stream)
{
    struct fake_link *links[2];
    make_peers(&links[0], 1, "udp://127.0.0.1:1");
    SAYS("/bytes 1 \"\"", "bytes: done\n");
    ck_assert_uint_eq(links[0]->sends, 1);
    make_peers(&links[1], 1, "tcp://127.0.0.1:1");
    SAYS("/bytes * \"\"",
         "error bytes: nothing was sent: no bytes, and #2 has no empty messages\n");
    ck_assert_uint_eq(links[0]->sends, 1);
    ck_assert_uint_eq(links[1]->tries, 0);
}
END_TEST

/* --- more than a turn has time for --- */

static struct fake_link *crowd[ERRAND_PIECE + 500];

/* Asks all, sends the first piece, and leaves the others. */
static void begin(const char *line)
{
    make_peers(crowd, COUNT(crowd), "udp://127.0.0.1:1");
    fake_operator_take(&console);
    command_line(&console.session, line, strlen(line));
    ck_assert_uint_eq(crowd[0]->tries, 0);
    operator_task_go_on(&console.session);
    ck_assert_ptr_nonnull(console.session.task);
    ck_assert_str_eq(fake_operator_take(&console), "");
}

/* Gives it its last piece. */
static void check_end(const char *answer)
{
    operator_task_go_on(&console.session);
    ck_assert_ptr_null(console.session.task);
    ck_assert_str_eq(fake_operator_take(&console), answer);
}

START_TEST(a_thousand_get_it_in_a_turn)
{
    begin("@* hi");
    TOOK(crowd[ERRAND_PIECE - 1], "hi");
    ck_assert_uint_eq(crowd[ERRAND_PIECE]->tries, 0);
    check_end("send: done\n");
    for (unsigned i = 0; i < COUNT(crowd); i++)
        ck_assert_uint_eq(crowd[i]->sends, 1);
    TOOK(crowd[COUNT(crowd) - 1], "hi");
}
END_TEST

START_TEST(who_was_named_and_has_gone_meanwhile_is_told)
{
    UT_string line;
    utstring_init(&line);
    utstring_printf(&line, "@1");
    for (unsigned i = 1; i < COUNT(crowd); i++)
        utstring_printf(&line, ",%u", i + 1);
    utstring_printf(&line, " hi");
    begin(utstring_body(&line));
    hub_detach(&world.hub, crowd[0]->link.peer, CLOSE_EOF, NULL);
    hub_detach(&world.hub, crowd[ERRAND_PIECE]->link.peer, CLOSE_EOF, NULL);
    fake_turn(&world);
    check_end("error send: not sent to #1001: it has gone\n");
    TOOK(crowd[ERRAND_PIECE + 1], "hi");
    utstring_done(&line);
}
END_TEST

START_TEST(of_all_who_have_gone_meanwhile_are_none)
{
    begin("@* hi");
    hub_detach(&world.hub, crowd[ERRAND_PIECE]->link.peer, CLOSE_EOF, NULL);
    fake_turn(&world);
    struct fake_link *late = fake_peer(&world, fake_listen(&world, "udp://127.0.0.1:2"));
    check_end("send: done\n");
    TOOK(crowd[ERRAND_PIECE + 1], "hi");
    TOOK(late, "");
}
END_TEST

START_TEST(the_bytes_are_there_once_and_as_long_as_they_are_needed)
{
    const uint64_t before = world.hub.budget.held;
    char line[1003];
    memset(line, 'x', sizeof line);
    memcpy(line, "@* ", 3);
    line[sizeof line - 1] = '\0';
    begin(line);
    ck_assert_uint_ge(world.hub.budget.held, before + 999);
    ck_assert_uint_le(world.hub.budget.held, before + 2 * 999);
    check_end("send: done\n");
    ck_assert_uint_eq(world.hub.budget.held, before);
}
END_TEST

START_TEST(the_others_get_nothing_where_the_operator_goes)
{
    const uint64_t before = world.hub.budget.held;
    begin("@* hi");
    operator_task_cancel(&console.session);
    ck_assert_uint_eq(crowd[ERRAND_PIECE]->tries, 0);
    ck_assert_uint_eq(world.hub.budget.held, before);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {of_nobody_it_says_so,
                                  nobody_gets_it_where_one_is_unknown,
                                  each_gets_the_eol_of_its_own_listener,
                                  is_told_as_sent_by_this_console,
                                  says_of_each_send_that_it_is_one_of_several,
                                  names_each_that_did_not_get_it,
                                  says_why_the_kernel_refused,
                                  names_ten_and_counts_the_others,
                                  what_fits_no_datagram_goes_to_nobody,
                                  streams_take_more_than_a_datagram,
                                  no_bytes_are_a_datagram_but_nothing_on_a_stream,
                                  a_thousand_get_it_in_a_turn,
                                  who_was_named_and_has_gone_meanwhile_is_told,
                                  of_all_who_have_gone_meanwhile_are_none,
                                  the_bytes_are_there_once_and_as_long_as_they_are_needed,
                                  the_others_get_nothing_where_the_operator_goes,
                                  NULL};
    return check_run_with("delivery", setup, teardown, tests);
}
