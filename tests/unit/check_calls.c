/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/calls.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "check_main.h"
#include "fake_board.h"
#include "loop/timeout.h"

static struct fake_board world;
static struct hub *hub;
static struct calls *calls;
static int far;
static union address own;
static char *endpoint;

static void setup(void)
{
    far = fake_board_socket(SOCK_STREAM, &own);
    endpoint = mem_printf("tcp://127.0.0.1:%u", address_port(&own));
    fake_board_init(&world, &(struct transport_settings){0});
    hub = &world.fake.hub;
    calls = calls_create(&world.board);
}

static void teardown(void)
{
    calls_destroy(calls);
    fake_board_finish(&world);
    free(endpoint);
    close(far);
}

static void answer(void)
{
    ck_assert_int_eq(listen(far, 5), 0);
}

/* Begins a call of endpoint with those keys. */
static struct peer *begin(const char *keys, const char *line, char **error)
{
    struct endpoint parsed;
    char *text = mem_printf("%s?%s", endpoint, keys);
    char *fault = NULL;
    ck_assert_msg(endpoint_parse(text, &parsed, &fault), "%s", fault);
    const struct transport *transport = transport_of(parsed.scheme);
    struct origin *origin = origin_create(&parsed, transport->keys, &fault);
    ck_assert_msg(origin, "%s", fault);
    profile_default(&origin->profile, &origin->endpoint, KEY_CALL, NULL, EOL_UNSET, -1);
    struct peer *peer = calls_begin(calls, origin, line, error ? error : &fault);
    ck_assert_msg(peer || error, "%s", fault);
    origin_release(origin);
    free(text);
    return peer;
}

static void until(const char *text)
{
    fake_board_until(&world, text);
}

START_TEST(a_call_is_named_and_made_once)
{
    answer();
    begin("name=boiler", NULL, NULL);
    until("name #1 boiler");
    hub_detach(hub, hub_find(hub, 1), CLOSE_EOF, NULL);
    fake_board_turn(&world);
    ck_assert_uint_eq(calls_hang_up(calls, "*"), 0);
    ck_assert_ptr_null(hub_find(hub, 2));
}
END_TEST

START_TEST(who_is_lost_is_called_again_under_its_name)
{
    answer();
    begin("name=boiler&again=0.01", NULL, NULL);
    until("name #1 boiler");
    hub_detach(hub, hub_find(hub, 1), CLOSE_RESET, NULL);
    until("name #2 boiler");
    ck_assert_ptr_eq(hub_find_name(hub, "boiler"), hub_find(hub, 2));
}
END_TEST

START_TEST(who_refuses_is_called_until_it_does_not)
{
    begin("again=0.01", NULL, NULL);
    until("close #1 error");
    until("close #2 error");
    answer();
    until("open #");
}
END_TEST

START_TEST(an_operator_ends_it)
{
    answer();
    begin("again=0.01", NULL, NULL);
    until("open #1");
    hub_close(hub, hub_find(hub, 1), CLOSE_OPERATOR);
    until("close #1 operator");
    ck_assert_uint_eq(calls_hang_up(calls, "*"), 0);
}
END_TEST

/* A call that waits for a long time to be made again. */
static void wait_for_it(void)
{
    struct peer *peer = begin("name=boiler&again=1000", NULL, NULL);
    until("name #");
    hub_detach(hub, peer, CLOSE_EOF, NULL);
    fake_board_turn(&world);
}

START_TEST(who_waits_is_hung_up_by_name_by_number_and_with_all)
{
    static const char *const words[] = {"boiler", "2", "#3", "*"};
    static const char *const others[] = {"kettle", "4", "#0", "", "**", "boile"};
    answer();
    for (size_t i = 0; i < COUNT(words); i++) {
        wait_for_it();
        for (size_t j = 0; i == 0 && j < COUNT(others); j++)
            ck_assert_uint_eq(calls_hang_up(calls, others[j]), 0);
        ck_assert_uint_eq(calls_hang_up(calls, words[i]), 1);
        ck_assert_uint_eq(calls_hang_up(calls, "*"), 0);
    }
}
END_TEST

START_TEST(who_waits_is_told_of)
{
    ck_assert_ptr_null(calls_waiting(calls));
    answer();
    wait_for_it();
    char *one = calls_waiting(calls), *wanted = mem_printf("boiler (%s)", endpoint);
    ck_assert_str_eq(one, wanted);
    for (unsigned i = 2; i <= 10; i++) {
        struct peer *peer = begin("again=1000", NULL, NULL);
        until("open #");
        close(accept(far, NULL, NULL));
        hub_detach(hub, peer, CLOSE_EOF, NULL);
        fake_board_turn(&world);
    }
    char *many = calls_waiting(calls);
    ck_assert_ptr_nonnull(strstr(many, ", #2 (tcp://"));
    ck_assert_str_eq(strrchr(many, ')'), ") and 2 more");
    free(many);
    free(wanted);
    free(one);
}
END_TEST

START_TEST(who_stands_is_closed_and_not_hung_up)
{
    answer();
    begin("name=boiler&again=1000", NULL, NULL);
    until("name #1 boiler");
    ck_assert_uint_eq(calls_hang_up(calls, "boiler"), 0);
    ck_assert_uint_eq(calls_hang_up(calls, "*"), 0);
}
END_TEST

START_TEST(a_line_of_settings_is_ended_where_it_stands_and_where_it_waits)
{
    answer();
    begin("again=1000", "one", NULL);
    begin("name=other", "other", NULL);
    until("open #1");
    ck_assert(!calls_end(calls, "none"));
    ck_assert(calls_end(calls, "one"));
    until("close #1 operator");
    ck_assert(!calls_end(calls, "one"));
    ck_assert(calls_end(calls, "other"));
    until("close #2 operator");
    struct peer *peer = begin("again=1000", "one", NULL);
    until("open #3");
    hub_detach(hub, peer, CLOSE_EOF, NULL);
    ck_assert(calls_end(calls, "one"));
    ck_assert_uint_eq(calls_hang_up(calls, "*"), 0);
}
END_TEST

START_TEST(a_name_that_is_taken_is_refused)
{
    char *error = NULL;
    begin("name=boiler&again=1000", NULL, NULL);
    ck_assert_ptr_null(begin("name=boiler", NULL, &error));
    check_error(error, "the name boiler is taken by another peer");
    hub_detach(hub, hub_find(hub, 1), CLOSE_EOF, NULL);
    error = NULL;
    ck_assert_ptr_null(begin("name=boiler", NULL, &error));
    check_error(error, "the name boiler is taken by another peer");
    ck_assert_uint_eq(calls_hang_up(calls, "boiler"), 1);
    begin("name=boiler", NULL, NULL);
}
END_TEST

START_TEST(who_got_the_name_meanwhile_keeps_it)
{
    answer();
    struct listener *listener = fake_board_listen(&world, "tcp://127.0.0.1:0");
    begin("name=boiler&again=0.01", NULL, NULL);
    until("name #1 boiler");
    hub_detach(hub, hub_find(hub, 1), CLOSE_EOF, NULL);
    struct fake_link *other = fake_peer(&world.fake, listener);
    ck_assert(hub_name(hub, other->link.peer, "boiler"));
    until("open #3");
    fake_board_turn(&world);
    ck_assert_ptr_eq(hub_find_name(hub, "boiler"), other->link.peer);
}
END_TEST

START_TEST(what_cannot_be_tried_is_tried_again_where_the_settings_ask)
{
    char *error = NULL;
    free(endpoint);
    endpoint = mem_strdup("udp://127.0.0.1:9");
    ck_assert_ptr_null(begin("from=x&again=1000", NULL, &error));
    check_error(error, "cannot connect to udp://127.0.0.1:9: from=x: no UDP listener of that "
                       "number or name");
    ck_assert_uint_eq(calls_hang_up(calls, "*"), 0);
    error = NULL;
    ck_assert_ptr_null(begin("from=x&again=0.01", "line", &error));
    free(error);
    fake_board_listen(&world, "udp://127.0.0.1:0?name=x");
    until("open #1");
    ck_assert(calls_end(calls, "line"));
}
END_TEST

static void ring_cb(void *context)
{
    *(bool *)context = true;
}

START_TEST(nobody_is_called_while_the_program_ends)
{
    answer();
    begin("again=0.01", NULL, NULL);
    until("open #1");
    hub_detach(hub, hub_find(hub, 1), CLOSE_EOF, NULL);
    hub_shutdown(hub);
    fake_take(&world.fake);
    bool rung = false;
    struct timeout *bell =
        timeout_create(&world.loop, LOOP_OPERATOR, PART_PEERS, ring_cb, &rung);
    timeout_set(bell, 50000); /* when the call would have been made long ago */
    while (!rung)
        fake_board_turn(&world);
    timeout_destroy(bell);
    ck_assert_str_eq(fake_take(&world.fake), "");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        a_call_is_named_and_made_once,
        who_is_lost_is_called_again_under_its_name,
        who_refuses_is_called_until_it_does_not,
        an_operator_ends_it,
        who_waits_is_hung_up_by_name_by_number_and_with_all,
        who_waits_is_told_of,
        who_stands_is_closed_and_not_hung_up,
        a_line_of_settings_is_ended_where_it_stands_and_where_it_waits,
        a_name_that_is_taken_is_refused,
        who_got_the_name_meanwhile_keeps_it,
        what_cannot_be_tried_is_tried_again_where_the_settings_ask,
        nobody_is_called_while_the_program_ends,
        NULL};
    return check_run_with("calls", setup, teardown, tests);
}
