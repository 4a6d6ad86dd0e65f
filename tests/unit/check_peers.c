/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/peers.h"

#include <inttypes.h>
#include <string.h>

#include "check_main.h"
#include "fake.h"

static struct fake world;

static void setup(void)
{
    fake_init(&world);
}

static void teardown(void)
{
    fake_finish(&world);
}

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
}
END_TEST

/* Goes through them: "1 2 gone:3". */
static void check_next(struct peers *peers, const char *expected)
{
    UT_string found;
    struct peer *peer;
    utstring_init(&found);
    while (peers_next(peers, &world.hub, &peer)) {
        utstring_printf(&found, "%s%s%" PRIu64, utstring_len(&found) > 0 ? " " : "",
                        peer ? "" : "gone:", peers->at);
        ck_assert(!peer || peer->number == peers->at);
    }
    ck_assert_str_eq(utstring_body(&found), expected);
    utstring_done(&found);
}

static void find(struct peers *peers, const char *words)
{
    char *error = NULL;
    ck_assert_msg(peers_find(&world.hub, words, peers, &error), "%s: %s", words, error);
}

static void check_list(const char *words, const char *numbers)
{
    struct peers peers;
    find(&peers, words);
    check_next(&peers, numbers);
    peers_rewind(&peers);
    check_next(&peers, numbers);
    peers_finish(&peers);
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
        struct peers peers;
        char *error = NULL;
        ck_assert(!peers_find(&world.hub, cases[i].words, &peers, &error));
        check_error(error, cases[i].error);
    }
}
END_TEST

START_TEST(all_of_nobody_is_an_error)
{
    struct peers peers;
    struct fake_link *links[1];
    char *error = NULL;
    ck_assert(!peers_find(&world.hub, "*", &peers, &error));
    check_error(error, "nobody is on the line");
    make_peers(links, 1, "tcp://127.0.0.1:1");
    hub_detach(&world.hub, links[0]->link.peer, CLOSE_EOF, NULL);
    error = NULL;
    ck_assert(!peers_find(&world.hub, "*", &peers, &error));
    check_error(error, "nobody is on the line");
}
END_TEST

START_TEST(just_one_is_found_by_its_number)
{
    struct peers peers;
    struct fake_link *links[2];
    make_peers(links, 2, "tcp://127.0.0.1:1");
    peers_just(&peers, 2);
    check_next(&peers, "2");
    peers_finish(&peers);
}
END_TEST

START_TEST(of_a_list_those_are_told_that_have_gone)
{
    struct peers peers;
    struct fake_link *links[4];
    make_peers(links, 4, "tcp://127.0.0.1:1");
    find(&peers, "1,2,4");
    hub_detach(&world.hub, links[1]->link.peer, CLOSE_EOF, NULL);
    hub_detach(&world.hub, links[3]->link.peer, CLOSE_EOF, NULL);
    fake_turn(&world);
    check_next(&peers, "1 gone:2 gone:4");
    peers_finish(&peers);
}
END_TEST

START_TEST(all_are_those_that_were_there_and_still_are)
{
    struct peers peers;
    struct peer *peer;
    struct fake_link *links[4], *late[1];
    make_peers(links, 4, "tcp://127.0.0.1:1");
    find(&peers, "*");
    make_peers(late, 1, "tcp://127.0.0.1:1");
    ck_assert(peers_next(&peers, &world.hub, &peer));
    ck_assert_uint_eq(peer->number, 1);
    hub_detach(&world.hub, links[0]->link.peer, CLOSE_EOF, NULL);
    hub_detach(&world.hub, links[1]->link.peer, CLOSE_EOF, NULL);
    fake_turn(&world);
    hub_detach(&world.hub, links[3]->link.peer, CLOSE_EOF, NULL);
    check_next(&peers, "3");
    peers_finish(&peers);
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
                                  just_one_is_found_by_its_number,
                                  of_a_list_those_are_told_that_have_gone,
                                  all_are_those_that_were_there_and_still_are,
                                  NULL};
    return check_run_with("peers", setup, teardown, tests);
}
