/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "check_main.h"
#include "core/hub.h"
#include "fake_board.h"

static struct fake_board world;
static struct hub *hub;

static void setup(void)
{
    fake_board_init(&world, &(struct transport_settings){.max_children = 2});
    hub = &world.fake.hub;
}

static void teardown(void)
{
    fake_board_finish(&world);
}

static struct peer *call(const char *endpoint)
{
    return fake_board_call(&world, endpoint, NULL);
}

static void send_text(struct peer *peer, const char *text)
{
    ck_assert_int_eq(hub_send(hub, peer, text, strlen(text), 1, NULL), SEND_OK);
}

static void tells(const char *last, const char *wanted)
{
    const char *told = fake_board_until(&world, last);
    ck_assert_msg(strstr(told, wanted), "%s", told);
}

START_TEST(its_output_is_told_before_its_end)
{
    call("exec:echo hi; exec >&-; exit 3");
    tells("close", "open #1\nmessage #1 hi\\n\nclose #1 eof");
}
END_TEST

START_TEST(its_end_of_input_is_not_its_end)
{
    struct peer *peer = call("exec:sort");
    fake_board_until(&world, "open");
    send_text(peer, "b\na\n");
    hub_end_output(peer);
    tells("close", "message #1 a\\nb\\n\nclose #1 eof");
}
END_TEST

START_TEST(what_it_leaves_unread_resets_nothing)
{
    struct peer *peer = call("exec:head -n 1");
    fake_board_until(&world, "open");
    send_text(peer, "one\ntwo\n");
    tells("close", "close #1 eof");
}
END_TEST

START_TEST(one_that_ends_its_output_is_half_closed)
{
    struct peer *peer = call("exec:exec <&- >&-; sleep 1000");
    tells("half-close", "half-close #1");
    hub_close(hub, peer, CLOSE_OPERATOR);
    tells("close #1", "close #1 operator");
}
END_TEST

START_TEST(stderr_is_told_as_notes)
{
    call("exec:echo one >&2; printf two >&2");
    tells("close", "open #1\nnote #1 one\nnote #1 two\nclose #1 eof");
}
END_TEST

START_TEST(a_terminal_echoes_and_ends)
{
    struct peer *peer = call("exec:stty size; cat >/dev/null; echo over >&2?pty=40x5");
    tells("40", "message #1 5 40\\r\\n");
    send_text(peer, "typed\n");
    tells("message #1 typed", "message #1 typed\\r\\n");
    hub_end_output(peer);
    tells("close", "over\\r\\n\nclose #1 eof");
}
END_TEST

START_TEST(closing_hangs_it_up)
{
    struct peer *peer =
        call("exec:trap 'echo bye >&2; exit' HUP; while :; do sleep 0.01; done");
    fake_board_until(&world, "open");
    hub_close(hub, peer, CLOSE_OPERATOR);
    tells("close", "close #1 operator");
}
END_TEST

START_TEST(one_that_goes_at_once_is_seen_to)
{
    struct peer *peer = call("exec:sleep 1000");
    struct link_description description = {0};
    fake_board_until(&world, "open");
    peer->link->ops->describe(peer->link, &description);
    ck_assert(description.has_credentials);
    ck_assert_str_eq(description.remote, "exec:sleep 1000");
    hub_detach(hub, peer, CLOSE_ERROR, NULL);
    tells("close", "close #1 error");
    while (world.board.children.count > 0)
        fake_board_turn(&world);
    ck_assert_int_lt(kill(description.pid, 0), 0);
}
END_TEST

START_TEST(there_is_a_limit)
{
    char *error = NULL;
    struct peer *one = call("exec:cat"), *two = call("exec:cat");
    ck_assert_ptr_null(fake_board_call(&world, "exec:cat", &error));
    check_error(error, "the most programs that may run do so already: 2 (--max-children)");
    error = NULL;
    fake_board_until(&world, "open #2");
    ck_assert_ptr_null(fake_board_call(&world, "exec:cat", &error));
    check_error(error, "the most programs that may run do so already: 2 (--max-children)");
    hub_close(hub, one, CLOSE_OPERATOR);
    hub_detach(hub, two, CLOSE_ERROR, NULL);
    while (world.board.children.count > 0)
        fake_board_turn(&world);
    call("exec:cat");
}
END_TEST

START_TEST(keys)
{
    char *error = NULL;
    ck_assert_ptr_null(fake_board_call(&world, "exec:cat?pty=big", &error));
    check_error(error, "pty=big is no size like 80x24: use no, yes or COLUMNSxROWS");
    call("exec:test -t 0?pty=no");
    tells("close", "close #1 eof");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {its_output_is_told_before_its_end,
                                  its_end_of_input_is_not_its_end,
                                  what_it_leaves_unread_resets_nothing,
                                  one_that_ends_its_output_is_half_closed,
                                  stderr_is_told_as_notes,
                                  a_terminal_echoes_and_ends,
                                  closing_hangs_it_up,
                                  one_that_goes_at_once_is_seen_to,
                                  there_is_a_limit,
                                  keys,
                                  NULL};
    return check_run_with("exec", setup, teardown, tests);
}
