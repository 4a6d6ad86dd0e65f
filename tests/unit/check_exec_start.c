/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/exec_start.h"

#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/endpoint.h"
#include "check_main.h"
#include "core/origin.h"
#include "fake.h"
#include "loop/child.h"
#include "loop/loop.h"
#include "transport/exec_options.h"

static struct fake world;
static struct loop loop;
static struct children children;
static struct peer peer;
static struct exec_started started;

static void setup(void)
{
    fake_init(&world);
    loop_init(&loop);
    children_init(&children, &loop, NULL, NULL);
    peer = *fake_peer(&world, fake_listen(&world, "tcp://127.0.0.1:1"))->link.peer;
}

static void teardown(void)
{
    close(started.line);
    if (started.errors >= 0)
        close(started.errors);
    child_release(started.child);
    children_finish(&children);
    loop_finish(&loop);
    fake_finish(&world);
}

static void start(const char *text)
{
    struct endpoint endpoint;
    char *error = NULL;
    ck_assert(endpoint_parse(text, &endpoint, &error));
    peer.origin = origin_create(&endpoint, &exec_options_keys, &error);
    ck_assert_msg(peer.origin, "%s", error);
    const struct exec_start how = {.children = &children, .peer = &peer};
    ck_assert_msg(exec_start(&how, &started, &error), "%s", error);
    origin_release(peer.origin);
}

static void says(int fd, const char *wanted)
{
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    char text[100] = "";
    ck_assert_int_eq(poll(&ready, 1, -1), 1);
    ck_assert_int_eq(read(fd, text, sizeof text), (int)strlen(wanted));
    ck_assert_str_eq(text, wanted);
    ck_assert_int_lt(read(fd, text, 1), 1); /* it does not wait for more */
}

START_TEST(between_a_pair_of_sockets_and_a_pipe)
{
    start("exec:echo $TELEX_PEER; echo no >&2; read x");
    says(started.line, "1\n");
    says(started.errors, "no\n");
}
END_TEST

START_TEST(on_a_terminal)
{
    start("exec:stty size >&2; read x?pty=90x20");
    says(started.line, "20 90\r\n");
    ck_assert_int_eq(started.errors, -1);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {between_a_pair_of_sockets_and_a_pipe, on_a_terminal, NULL};
    return check_run_with("exec_start", setup, teardown, tests);
}
