/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/control.h"

#include <event2/event.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check_main.h"
#include "command/command.h"
#include "console/control_spec.h"
#include "fake_operator.h"
#include "loop/loop.h"
#include "loop/poller.h"
#include "loop/unix_path.h"

static struct fake world;
static struct fake_operator program;
static struct loop loop;
static struct poller *poller;
static struct control *control;
static char directory[] = "/tmp/check_controlXXXXXX";
static char path[64];

static void setup(void)
{
    fake_init(&world);
    fake_operator_init(&program, &world);
    loop_init(&loop);
    world.hub.host = loop_host(&loop);
    ck_assert_ptr_nonnull(mkdtemp(directory));
    snprintf(path, sizeof path, "%s/control", directory);
    poller = poller_create(&loop);
    const struct control_settings settings = {.loop = &loop,
                                              .poller = poller,
                                              .console = {.hub = &world.hub,
                                                          .program = &program.program,
                                                          .commands = command_table,
                                                          .number = 2,
                                                          .patience = 1000000},
                                              .version = "9.9"};
    control = control_create(&settings);
}

static void teardown(void)
{
    control_destroy(control, 0);
    unlink(path);
    rmdir(directory);
    poller_destroy(poller);
    loop_finish(&loop);
    fake_operator_finish(&program);
    fake_finish(&world);
}

static void bind_control(unsigned mode, bool read_only)
{
    char *error = NULL;
    struct control_spec spec = {.path = path, .mode = mode, .read_only = read_only};
    ck_assert_msg(control_bind(control, &spec, &error), "%s", error);
}

static int attach(void)
{
    int fd = unix_path_connect(path);
    ck_assert_int_ge(fd, 0);
    return fd;
}

/* Turns the loop until the far end has text, or, for NULL, has ended. */
static void await(int fd, const char *text)
{
    static char data[65536];
    size_t size = 0;
    for (;;) {
        ssize_t count = read(fd, data + size, sizeof data - 1 - size);
        if (count > 0)
            size += (size_t)count;
        data[size] = '\0';
        if (text ? strstr(data, text) != NULL : count == 0)
            return;
        ck_assert_msg(count != 0, "the end, after: %s", data);
        if (count < 0)
            event_base_loop(loop.base, EVLOOP_ONCE);
    }
}

static void say(int fd, const char *text)
{
    ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
}

START_TEST(nobody_is_let_in_before_the_start)
{
    bind_control(0, false);
    int fd = attach();
    loop_poll(&loop);
    char byte;
    ck_assert_int_lt(read(fd, &byte, 1), 0);
    control_start(control);
    await(fd, "\"event\":\"hello\",\"protocol\":1,\"version\":\"9.9\",\"access\":\"write\","
              "\"console\":2,\"run\":\"");
    close(fd);
}
END_TEST

START_TEST(each_is_an_operator)
{
    bind_control(0660, false);
    struct stat status;
    ck_assert_int_eq(stat(path, &status), 0);
    ck_assert_uint_eq(status.st_mode & 0777, 0660);
    control_start(control);
    int one = attach(), two = attach();
    await(one, "\"console\":2,\"run\":\"");
    await(two, "\"console\":3,\"run\":\"");
    fake_peer(&world, fake_listen(&world, "tcp://127.0.0.1:1"));
    say(two, "@1 hello\n");
    await(one, "\"by\":\"operator\",\"console\":3}");
    say(one, "/quit\n");
    await(one, NULL);
    close(one);
    close(two);
}
END_TEST

START_TEST(a_read_only_socket_makes_read_only_consoles)
{
    bind_control(0, true);
    control_start(control);
    int fd = attach();
    await(fd, "\"access\":\"read\"");
    say(fd, "/shutdown\n");
    await(fd, "read-only");
    ck_assert_uint_eq(program.shutdowns, 0);
    close(fd);
}
END_TEST

/* Events go on after its input, for as long as it is there. */
START_TEST(one_that_has_ended_its_side_is_told_until_it_goes)
{
    world.hub.limits.most.consoles = 1;
    bind_control(0, false);
    control_start(control);
    int fd = attach();
    await(fd, "hello");
    shutdown(fd, SHUT_WR);
    for (int i = 0; i < 5; i++)
        loop_poll(&loop);
    fake_peer(&world, fake_listen(&world, "tcp://127.0.0.1:1"));
    await(fd, "\"event\":\"open\"");
    int other = attach();
    await(other, "no more consoles");
    close(other);
    close(fd);
    loop_poll(&loop);
    int next = attach();
    await(next, "hello");
    close(next);
}
END_TEST

START_TEST(stopped_it_keeps_its_sessions)
{
    bind_control(0, false);
    control_start(control);
    int fd = attach();
    await(fd, "hello");
    ck_assert(control_listens(control));
    control_stop(control);
    ck_assert(!control_listens(control));
    ck_assert_int_lt(access(path, F_OK), 0);
    say(fd, "/stats\n");
    await(fd, "loop_turns");
    control_destroy(control, 0);
    control = NULL;
    await(fd, NULL);
    close(fd);
}
END_TEST

START_TEST(takes_over_a_socket)
{
    struct unix_path *file;
    char *error = NULL;
    int fd = unix_path_bind(path, 0666, &file, &error);
    ck_assert_int_eq(listen(fd, 5), 0);
    ck_assert_int_eq(fcntl(fd, F_SETFL, 0), 0); /* as it may come */
    ck_assert_msg(control_adopt(control, fd, &error), "%s", error);
    control_start(control);
    int one = attach();
    await(one, "\"access\":\"write\"");
    close(one);
    control_stop(control);
    ck_assert_int_eq(access(path, F_OK), 0); /* not ours */
    unix_path_remove(file);
}
END_TEST

START_TEST(takes_over_nothing_else)
{
    char *error = NULL;
    int pair[2];
    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    ck_assert(!control_adopt(control, pair[0], &error));
    ck_assert_ptr_nonnull(strstr(error, "no listening unix stream socket"));
    free(error);
    error = NULL;
    int tcp = socket(AF_INET, SOCK_STREAM, 0);
    ck_assert_int_eq(listen(tcp, 1), 0);
    ck_assert(!control_adopt(control, tcp, &error));
    free(error);
    close(tcp);
    close(pair[0]);
    close(pair[1]);
    ck_assert(!control_listens(control));
}
END_TEST

START_TEST(says_why_it_cannot_bind)
{
    char *error = NULL;
    struct control_spec spec = {.path = (char *)"/does/not\n/exist"};
    ck_assert(!control_bind(control, &spec, &error));
    check_error(error, "cannot listen on control socket /does/not\\n/exist: No such file or "
                       "directory");
    ck_assert(!control_listens(control));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {nobody_is_let_in_before_the_start,
                                  each_is_an_operator,
                                  a_read_only_socket_makes_read_only_consoles,
                                  one_that_has_ended_its_side_is_told_until_it_goes,
                                  stopped_it_keeps_its_sessions,
                                  takes_over_a_socket,
                                  takes_over_nothing_else,
                                  says_why_it_cannot_bind,
                                  NULL};
    return check_run_with("control", setup, teardown, tests);
}
