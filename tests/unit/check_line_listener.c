/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/line_listener.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cast.h"
#include "base/log.h"
#include "base/ut.h"
#include "check_main.h"
#include "core/hub.h"
#include "core/listener.h"
#include "fake.h"
#include "loop/loop.h"
#include "transport/transport.h"

enum { CALLERS = 5 };

static struct fake world;
static struct loop loop;
static struct switchboard board;
static struct listener *listener;
static struct sockaddr_in address;
static int callers[CALLERS], taken[CALLERS];
static int count;

static void take(struct switchboard *switchboard, struct listener *of, int fd,
                 const union address *remote)
{
    ck_assert_ptr_eq(switchboard, &board);
    ck_assert_ptr_eq(of, listener);
    ck_assert_int_eq(remote->any.sa_family, AF_INET);
    ck_assert_int_ne(fcntl(fd, F_GETFL) & O_NONBLOCK, 0);
    ck_assert_int_lt(count, CALLERS);
    taken[count++] = fd;
    world.hub.limits.streams++;
}

static const struct line_listener_ops ops = {.take = take};

static void setup(void)
{
    count = 0;
    fake_init(&world);
    loop_init(&loop);
    switchboard_init(&board, &loop, &world.hub, &(struct transport_settings){0});
    listener = fake_listen(&world, "tcp://127.0.0.1:1");
    socklen_t length = sizeof address;
    address =
        (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    char *error = NULL;
    ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&address, &length), 0);
    ck_assert(line_listener_create(&board, listener, &fd, 1, &ops, NULL, &error));
}

static void teardown(void)
{
    for (int i = 0; i < count; i++)
        close(taken[i]);
    fake_finish(&world); /* closes the listener, and so the acceptor */
    switchboard_finish(&board);
    loop_finish(&loop);
}

static void call_all(void)
{
    for (int i = 0; i < CALLERS; i++) {
        callers[i] = socket(AF_INET, SOCK_STREAM, 0);
        ck_assert_int_eq(connect(callers[i], (struct sockaddr *)&address, sizeof address), 0);
    }
}

static void hang_up_all(void)
{
    for (int i = 0; i < CALLERS; i++)
        close(callers[i]);
}

START_TEST(takes_who_calls)
{
    call_all();
    loop_poll(&loop);
    ck_assert_int_eq(count, CALLERS);
    hang_up_all();
}
END_TEST

START_TEST(rests_without_room_and_goes_on)
{
    board.stream_room = 2;
    call_all();
    loop_poll(&loop);
    ck_assert_int_eq(count, 2);
    ck_assert(board.accepting_paused);
    line_listeners_make_room(&board); /* as many as before: nothing changes */
    ck_assert(board.accepting_paused);
    world.hub.limits.streams--;
    line_listeners_make_room(&board);
    ck_assert(!board.accepting_paused);
    loop_poll(&loop);
    ck_assert_int_eq(count, 3);
    ck_assert(board.accepting_paused);
    hang_up_all();
}
END_TEST

START_TEST(rests_while_memory_is_short)
{
    world.hub.budget.over = true;
    line_listeners_heed_memory(&board);
    ck_assert(board.accepting_paused);
    call_all();
    loop_poll(&loop);
    line_listeners_make_room(&board); /* another reason to rest than descriptors */
    loop_poll(&loop);
    ck_assert_int_eq(count, 0);
    world.hub.budget.over = false;
    line_listeners_heed_memory(&board);
    loop_poll(&loop);
    ck_assert_int_eq(count, CALLERS);
    hang_up_all();
}
END_TEST

struct said {
    struct log_sink sink; /* first */
    UT_string text;
};

static bool take_line(struct log_sink *sink, const char *line, size_t size)
{
    ut_append(&((struct said *)sink)->text, line, size);
    return true;
}

static void be_short_and_recover(void)
{
    world.hub.budget.over = true;
    line_listeners_heed_memory(&board);
    world.hub.budget.over = false;
    line_listeners_heed_memory(&board);
    call_all();
    loop_poll(&loop); /* all are taken */
    hang_up_all();
    while (count > 0)
        close(taken[--count]);
    world.hub.limits.streams = 0;
}

START_TEST(says_a_shortage_once_a_minute)
{
    struct said said = {.sink.take = take_line};
    utstring_init(&said.text);
    struct log_sink *former = log_divert(&said.sink);
    for (int i = 0; i < 4; i++)
        be_short_and_recover();
    world.now += 60000000;
    be_short_and_recover();
    log_divert(former);
    ck_assert_str_eq(utstring_body(&said.text),
                     "telexd: cannot accept more connections: memory is short; new ones wait "
                     "until others end\n"
                     "telexd: cannot accept more connections: memory is short, 4 times since "
                     "that was said; new ones wait until others end\n");
    utstring_done(&said.text);
}
END_TEST

int main(void)
{
    log_init("telexd");
    const TTest *const tests[] = {takes_who_calls, rests_without_room_and_goes_on,
                                  rests_while_memory_is_short, says_a_shortage_once_a_minute,
                                  NULL};
    return check_run_with("line_listener", setup, teardown, tests);
}
