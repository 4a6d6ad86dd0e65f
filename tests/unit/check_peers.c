/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/peers.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "check_main.h"
#include "fake_operator.h"

static struct fake world;
static struct fake_operator console;
static UT_array list;

static void setup(void)
{
    fake_init(&world);
    fake_operator_init(&console, &world);
    utarray_init(&list, &ut_ptr_icd);
}

static void teardown(void)
{
    utarray_done(&list);
    fake_operator_finish(&console);
    fake_finish(&world);
}

#define SAYS(line, expected) ck_assert_str_eq(fake_say(&console, line), expected)
#define TOOK(link, expected) ck_assert_str_eq(fake_link_take(link), expected)
#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Peers #1 to #count on one listener; the links in order. */
static void make_peers(struct fake_link **links, unsigned count, const char *endpoint)
{
    struct listener *listener = fake_listen(&world, endpoint);
    for (unsigned i = 0; i < count; i++)
        links[i] = fake_peer(&world, listener);
}

/* --- finding --- */

START_TEST(finds_one_by_number_and_name)
{
    struct fake_link *links[3];
    char *error = NULL;
    make_peers(links, 3, "tcp://127.0.0.1:1");
    hub_name(&world.hub, links[1]->link.peer, "boiler");
    ck_assert_ptr_eq(peers_find_one(&world.hub, "3", &error), links[2]->link.peer);
    ck_assert_ptr_eq(peers_find_one(&world.hub, "#3", &error), links[2]->link.peer);
    ck_assert_ptr_eq(peers_find_one(&world.hub, "boiler", &error), links[1]->link.peer);
    ck_assert_ptr_null(error);
}
END_TEST

START_TEST(says_who_is_not_there)
{
    static const struct {
        const char *word, *error;
    } cases[] = {
        {"4", "no peer '4' on the line"},
        {"#9", "no peer '#9' on the line"},
        {"0", "no peer '0' on the line"},
        {"Boiler", "no peer 'Boiler' on the line"},
        {"#boiler", "no peer '#boiler' on the line"},
        {"##1", "no peer '##1' on the line"},
        {"", "no peer '' on the line"},
        {"-1", "no peer '-1' on the line"},
        {"1x", "no peer '1x' on the line"},
        {"18446744073709551617", "no peer '18446744073709551617' on the line"},
        {"*", "no peer '*' on the line"},
        {"\x1b[H", "no peer '\\x1b[H' on the line"},
    };
    struct fake_link *links[1];
    make_peers(links, 1, "tcp://127.0.0.1:1");
    hub_name(&world.hub, links[0]->link.peer, "boiler");
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *error = NULL;
        ck_assert_ptr_null(peers_find_one(&world.hub, cases[i].word, &error));
        check_error(error, cases[i].error);
    }
}
END_TEST

START_TEST(a_dead_peer_is_not_found)
{
    struct fake_link *links[2];
    char *error = NULL;
    make_peers(links, 2, "tcp://127.0.0.1:1");
    hub_detach(&world.hub, links[0]->link.peer, CLOSE_EOF, NULL);
    ck_assert_ptr_null(peers_find_one(&world.hub, "1", &error));
    check_error(error, "no peer '1' on the line");
    ck_assert(peers_find(&world.hub, "*", &list, &error));
    ck_assert_uint_eq(utarray_len(&list), 1);
    ck_assert_ptr_eq(peers_of(&list)[0], links[1]->link.peer);
}
END_TEST

static void check_list(const char *words, const char *numbers)
{
    UT_string found;
    char *error = NULL;
    utstring_init(&found);
    utarray_clear(&list);
    ck_assert_msg(peers_find(&world.hub, words, &list, &error), "%s: %s", words, error);
    for (unsigned i = 0; i < utarray_len(&list); i++)
        utstring_printf(&found, "%s%" PRIu64, i > 0 ? " " : "", peers_of(&list)[i]->number);
    ck_assert_str_eq(utstring_body(&found), numbers);
    utstring_done(&found);
}

START_TEST(finds_lists_with_each_once)
{
    struct fake_link *links[12];
    make_peers(links, 12, "tcp://127.0.0.1:1");
    hub_name(&world.hub, links[10]->link.peer, "boiler");
    check_list("3", "3");
    check_list("*", "1 2 3 4 5 6 7 8 9 10 11 12");
    check_list("9,#10,boiler,2", "2 9 10 11");
    check_list("3,#3,boiler,3,11,1", "1 3 11");
}
END_TEST

START_TEST(one_unknown_spoils_the_list)
{
    static const struct {
        const char *words, *error;
    } cases[] = {
        {"1,9", "no peer '9' on the line"},   {"9,1", "no peer '9' on the line"},
        {"1,,2", "no peer '' on the line"},   {",1", "no peer '' on the line"},
        {"1,", "no peer '' on the line"},     {"", "no peer '' on the line"},
        {"1,*", "no peer '*' on the line"},   {"**", "no peer '**' on the line"},
        {"1;2", "no peer '1;2' on the line"},
    };
    struct fake_link *links[2];
    make_peers(links, 2, "tcp://127.0.0.1:1");
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *error = NULL;
        ck_assert(!peers_find(&world.hub, cases[i].words, &list, &error));
        check_error(error, cases[i].error);
        ck_assert_uint_eq(utarray_len(&list), 0);
    }
}
END_TEST

START_TEST(all_of_nobody_is_an_error)
{
    char *error = NULL;
    ck_assert(!peers_find(&world.hub, "*", &list, &error));
    check_error(error, "nobody is on the line");
    SAYS("@* hi", "error send: nobody is on the line\n");
}
END_TEST

/* --- sending --- */

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
    ck_assert(hub_send_file(&world.hub, links[3]->link.peer, "/proc/self/exe", &error));
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
         "error bytes: nothing was sent: no bytes, and #2 is no datagram peer\n");
    ck_assert_uint_eq(links[0]->sends, 1);
    ck_assert_uint_eq(links[1]->tries, 0);
}
END_TEST

START_TEST(failures_make_one_error_or_none)
{
    struct fake_link *links[1];
    make_peers(links, 1, "tcp://127.0.0.1:1");
    struct peers_failures failures;
    peers_failures_init(&failures);
    ck_assert_ptr_null(peers_failures_finish(&failures));
    peers_failures_init(&failures);
    peers_failures_add(&failures, links[0]->link.peer, mem_strdup("it sleeps"));
    check_error(peers_failures_finish(&failures), "not sent to #1: it sleeps");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {finds_one_by_number_and_name,
                                  says_who_is_not_there,
                                  a_dead_peer_is_not_found,
                                  finds_lists_with_each_once,
                                  one_unknown_spoils_the_list,
                                  all_of_nobody_is_an_error,
                                  nobody_gets_it_where_one_is_unknown,
                                  each_gets_the_eol_of_its_own_listener,
                                  is_told_as_sent_by_this_console,
                                  names_each_that_did_not_get_it,
                                  says_why_the_kernel_refused,
                                  names_ten_and_counts_the_others,
                                  what_fits_no_datagram_goes_to_nobody,
                                  streams_take_more_than_a_datagram,
                                  no_bytes_are_a_datagram_but_nothing_on_a_stream,
                                  failures_make_one_error_or_none,
                                  NULL};
    return check_run_with("peers", setup, teardown, tests);
}
