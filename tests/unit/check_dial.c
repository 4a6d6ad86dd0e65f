/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loop/dial.h"

#include <dirent.h>
#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/mem.h"
#include "check_main.h"
#include "fake_names.h"
#include "loop/loop.h"

enum { SHORT = 50000, LONG = 2000000000 /* microseconds */, ATTEMPT_DELAY = 250000 };
/* A timer counts from when its turn of the loop began, and is some milliseconds fine. */
enum { EARLY = 10000 };

static struct loop loop;
static struct dial_settings settings;

/* Who calls: notes how it ended. */
static struct {
    struct dial *dial;
    unsigned calls;
    int fd;
    union address remote;
    int cause;
    char text[100];
} caller;

static void connected(void *context, int fd, const union address *remote)
{
    ck_assert_ptr_eq(context, &caller);
    caller.calls++;
    caller.fd = fd;
    caller.dial = NULL;
    caller.remote = remote ? *remote : (union address){.any.sa_family = AF_UNIX};
}

static void failed(void *context, int cause, const char *text)
{
    ck_assert_ptr_eq(context, &caller);
    caller.calls++;
    caller.cause = cause;
    snprintf(caller.text, sizeof caller.text, "%s", text);
}

static const struct dial_callbacks callbacks = {.connected = connected, .failed = failed};

static void forget_call(void)
{
    dial_destroy(caller.dial);
    if (caller.fd >= 0)
        close(caller.fd);
    memset(&caller, 0, sizeof caller);
    caller.fd = -1;
}

static void setup(void)
{
    loop_init(&loop);
    settings = (struct dial_settings){.timeout = LONG};
    caller.fd = -1;
}

static void teardown(void)
{
    forget_call();
    loop_finish(&loop);
}

/* --- who is called --- */

static int listen_at(const char *host, in_port_t *port, int backlog)
{
    union address address;
    socklen_t length = sizeof address;
    ck_assert(address_parse(host, *port, &address));
    int fd = socket(address.any.sa_family, SOCK_STREAM, 0);
    ck_assert_int_eq(bind(fd, &address.any, address_length(&address)), 0);
    ck_assert_int_eq(listen(fd, backlog), 0);
    ck_assert_int_eq(getsockname(fd, &address.any, &length), 0);
    *port = address_port(&address);
    return fd;
}

/* A port at which nobody listens, at any address. */
static in_port_t free_port(void)
{
    in_port_t port = 0;
    close(listen_at("127.0.0.1", &port, 1));
    return port;
}

/* Takes the one place in the backlog of a listener: the next who calls hears nothing. */
static int fill(const char *host, in_port_t port)
{
    union address address;
    ck_assert(address_parse(host, port, &address));
    int fd = socket(address.any.sa_family, SOCK_STREAM, 0);
    ck_assert_int_eq(connect(fd, &address.any, address_length(&address)), 0);
    return fd;
}

static size_t descriptors(void)
{
    size_t count = 0;
    DIR *folder = opendir("/proc/self/fd");
    while (readdir(folder))
        count++;
    closedir(folder);
    return count;
}

/* --- calling --- */

static void call(const char *host, in_port_t port)
{
    forget_call();
    caller.dial = dial_create(&loop, host, port, &settings, &callbacks, &caller);
    ck_assert_uint_eq(caller.calls, 0);
}

static void await(void)
{
    while (caller.calls == 0)
        event_base_loop(loop.base, EVLOOP_ONCE);
    loop_poll(&loop);
    ck_assert_uint_eq(caller.calls, 1);
}

static void check_connected(const char *host, in_port_t port)
{
    char text[ADDRESS_TEXT], expected[ADDRESS_TEXT];
    union address address, there;
    socklen_t length = sizeof there;
    await();
    ck_assert_msg(caller.fd >= 0, "%s", caller.text);
    ck_assert_int_eq(getpeername(caller.fd, &there.any, &length), 0);
    ck_assert(address_parse(host, port, &address));
    address_print(&address, expected);
    address_print(&caller.remote, text);
    ck_assert_str_eq(text, expected);
    address_print(&there, text);
    ck_assert_str_eq(text, expected);
}

static void check_failed(int cause, const char *text)
{
    await();
    ck_assert_int_lt(caller.fd, 0);
    ck_assert_str_eq(caller.text, text);
    ck_assert_int_eq(caller.cause, cause);
}

START_TEST(one_address_is_called)
{
    in_port_t port = 0;
    int listener = listen_at("127.0.0.1", &port, 1);
    call("127.0.0.1", port);
    check_connected("127.0.0.1", port);
    call("+127.0.0.1", port);
    check_connected("127.0.0.1", port);
    close(listener);
}
END_TEST

START_TEST(a_refusal_calls_the_next_at_once)
{
    in_port_t port = 0;
    int listener = listen_at("127.0.0.3", &port, 1);
    call("+127.0.0.1+127.0.0.2+127.0.0.3+127.0.0.4", port);
    check_connected("127.0.0.3", port);
    close(listener);
}
END_TEST

START_TEST(all_addresses_are_tried)
{
    char name[40 * sizeof "+127.0.0.99"] = "", *end = name;
    in_port_t port = 0;
    int listener = listen_at("127.0.0.40", &port, 1);
    for (int i = 1; i <= 40; i++)
        end += snprintf(end, sizeof "+127.0.0.99", "+127.0.0.%d", i);
    call(name, port);
    check_connected("127.0.0.40", port);
    close(listener);
}
END_TEST

START_TEST(silence_calls_the_next_after_a_while)
{
    in_port_t port = 0;
    int silent = listen_at("127.0.0.1", &port, 0), first = fill("127.0.0.1", port);
    int listener = listen_at("127.0.0.2", &port, 1);
    size_t before = descriptors();
    int64_t begun = loop_clock();
    call("+127.0.0.1+127.0.0.2", port);
    check_connected("127.0.0.2", port);
    ck_assert_int_ge(loop_clock() - begun, ATTEMPT_DELAY - EARLY);
    ck_assert_uint_eq(descriptors(), before + 2); /* the connection, and the thread's */
    close(silent);
    close(first);
    close(listener);
}
END_TEST

/* The last refusal does not end an attempt that is still under way. */
START_TEST(the_last_one_standing_is_waited_for)
{
    in_port_t port = 0;
    int slow = listen_at("127.0.0.1", &port, 0), first = fill("127.0.0.1", port);
    call("+127.0.0.1+127.0.0.2", port);
    int64_t begun = loop_clock();
    while (loop_clock() - begun < 2 * ATTEMPT_DELAY)
        event_base_loop(loop.base, EVLOOP_ONCE | EVLOOP_NONBLOCK);
    ck_assert_uint_eq(caller.calls, 0);
    close(accept(slow, NULL, NULL)); /* room: the kernel's next attempt finds it */
    check_connected("127.0.0.1", port);
    close(slow);
    close(first);
}
END_TEST

START_TEST(the_last_refusal_is_told)
{
    in_port_t port = free_port();
    size_t before = descriptors();
    call("127.0.0.1", port);
    check_failed(ECONNREFUSED, strerror(ECONNREFUSED));
    ck_assert_uint_eq(descriptors(), before);
    call("+255.255.255.255+127.0.0.1", port);
    check_failed(ECONNREFUSED, strerror(ECONNREFUSED));
    call("+127.0.0.1+255.255.255.255", port);
    check_failed(ENETUNREACH, strerror(ENETUNREACH));
    ck_assert_uint_eq(descriptors(), before + 1); /* the thread's */
}
END_TEST

START_TEST(no_such_name)
{
    call("?name", 7);
    check_failed(0, "there is no host of that name");
}
END_TEST

START_TEST(time_is_limited)
{
    in_port_t port = 0;
    int silent = listen_at("127.0.0.1", &port, 0), first = fill("127.0.0.1", port);
    size_t before = descriptors();
    settings.timeout = SHORT;
    call("127.0.0.1", port);
    check_failed(ETIMEDOUT, strerror(ETIMEDOUT));
    ck_assert_uint_eq(descriptors(), before);
    close(silent);
    close(first);
}
END_TEST

/* None of them may succeed after that. */
START_TEST(the_end_of_the_time_ends_all_attempts)
{
    in_port_t port = 0;
    int silent = listen_at("127.0.0.1", &port, 0), first = fill("127.0.0.1", port);
    int other = listen_at("127.0.0.2", &port, 0), second = fill("127.0.0.2", port);
    size_t before = descriptors();
    settings.timeout = 2 * ATTEMPT_DELAY;
    call("+127.0.0.1+127.0.0.2", port);
    check_failed(ETIMEDOUT, strerror(ETIMEDOUT));
    ck_assert_uint_eq(descriptors(), before + 1); /* the thread's */
    close(silent);
    close(first);
    close(other);
    close(second);
}
END_TEST

START_TEST(finding_the_name_is_part_of_the_time)
{
    settings.timeout = SHORT;
    names_hold(true);
    call("+127.0.0.1", 7);
    check_failed(ETIMEDOUT, "no name server has answered in time");
}
END_TEST

/* Nothing is left of the time when the name is found. */
START_TEST(the_time_is_one_for_both)
{
    in_port_t port = 0;
    int silent = listen_at("127.0.0.1", &port, 0), first = fill("127.0.0.1", port);
    settings.timeout = 4 * SHORT;
    names_hold(true);
    int64_t begun = loop_clock();
    call("+127.0.0.1", port);
    while (names_begun() == 0)
        loop_poll(&loop);
    names_hold(false);
    check_failed(ETIMEDOUT, strerror(ETIMEDOUT));
    ck_assert_int_ge(loop_clock() - begun, 4 * SHORT - EARLY);
    close(silent);
    close(first);
}
END_TEST

START_TEST(who_gave_up_is_told_nothing)
{
    in_port_t port = 0;
    int silent = listen_at("127.0.0.1", &port, 0), first = fill("127.0.0.1", port);
    size_t before = descriptors();
    call("127.0.0.1", port);
    loop_poll(&loop); /* under way */
    ck_assert_uint_gt(descriptors(), before);
    forget_call();
    ck_assert_uint_eq(descriptors(), before);
    names_hold(true);
    call("+127.0.0.1", port);
    loop_poll(&loop);
    forget_call();
    names_hold(false);
    call("?name", port);
    check_failed(0, "there is no host of that name");
    close(silent);
    close(first);
}
END_TEST

START_TEST(calls_leave_from_the_address_that_was_asked_for)
{
    in_port_t port = 0;
    union address local;
    socklen_t length = sizeof local;
    int listener = listen_at("127.0.0.1", &port, 1);
    settings.bind_address = "127.0.0.9";
    call("+::1+127.0.0.1", port); /* IPv6 cannot, and is passed over */
    check_connected("127.0.0.1", port);
    ck_assert_int_eq(getsockname(caller.fd, &local.any, &length), 0);
    ck_assert_uint_eq(ntohl(local.v4.sin_addr.s_addr), 0x7f000009);
    close(listener);
}
END_TEST

/* --- Unix sockets --- */

static void call_unix(const char *path)
{
    forget_call();
    caller.dial = dial_create_unix(&loop, path, &settings, &callbacks, &caller);
    ck_assert_uint_eq(caller.calls, 0);
}

static int listen_at_path(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    memcpy(address.sun_path, path, strlen(path));
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    ck_assert_int_eq(listen(fd, 0), 0);
    return fd;
}

/* A path of this process's own; made once for each test. */
static const char *new_path(void)
{
    static char path[64];
    snprintf(path, sizeof path, "/tmp/check_dial.%d", (int)getpid());
    unlink(path);
    return path;
}

START_TEST(unix_sockets_are_called)
{
    const char *path = new_path();
    int listener = listen_at_path(path);
    call_unix(path);
    await();
    ck_assert_int_ge(caller.fd, 0);
    ck_assert_int_eq(caller.remote.any.sa_family, AF_UNIX);
    close(listener);
    call_unix(path);
    check_failed(ECONNREFUSED, strerror(ECONNREFUSED));
    unlink(path);
    call_unix(path);
    check_failed(ENOENT, strerror(ENOENT));
}
END_TEST

/* connect(2) says EAGAIN while the backlog is full: called again until the time is over. */
START_TEST(a_full_unix_socket_is_called_again)
{
    const char *path = new_path();
    int listener = listen_at_path(path);
    call_unix(path);
    await();
    int waiting = caller.fd;
    caller.fd = -1;
    settings.timeout = SHORT;
    call_unix(path);
    check_failed(ETIMEDOUT, strerror(ETIMEDOUT));
    settings.timeout = LONG;
    call_unix(path);
    loop_poll(&loop);
    ck_assert_uint_eq(caller.calls, 0);
    close(accept(listener, NULL, NULL));
    await();
    ck_assert_int_ge(caller.fd, 0);
    close(waiting);
    close(listener);
    unlink(path);
}
END_TEST

/* --- what is had at once --- */

static int open_null(void *context, char **error)
{
    ck_assert_ptr_eq(context, &caller);
    (void)error;
    return open("/dev/null", O_RDONLY);
}

static int open_nothing(void *context, char **error)
{
    (void)context;
    *error = mem_strdup("not today");
    return -1;
}

START_TEST(what_is_had_at_once_is_told_later)
{
    caller.dial = dial_create_open(&loop, open_null, &callbacks, &caller);
    ck_assert_uint_eq(caller.calls, 0);
    await();
    ck_assert_int_ge(caller.fd, 0);
    forget_call();
    caller.dial = dial_create_open(&loop, open_nothing, &callbacks, &caller);
    check_failed(0, "not today");
}
END_TEST

static unsigned asked;

static int open_third(void *context, char **error)
{
    return ++asked < 3 ? -1 : open_null(context, error);
}

START_TEST(what_is_not_to_be_had_yet_is_asked_for_again)
{
    asked = 0;
    caller.dial = dial_create_open(&loop, open_third, &callbacks, &caller);
    await();
    ck_assert_uint_eq(asked, 3);
    ck_assert_int_ge(caller.fd, 0);
}
END_TEST

START_TEST(what_is_given_up_is_not_opened)
{
    caller.dial = dial_create_open(&loop, open_null, &callbacks, &caller);
    dial_destroy(caller.dial);
    caller.dial = NULL;
    loop_poll(&loop);
    ck_assert_uint_eq(caller.calls, 0);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {one_address_is_called,
                                  a_refusal_calls_the_next_at_once,
                                  all_addresses_are_tried,
                                  silence_calls_the_next_after_a_while,
                                  the_last_one_standing_is_waited_for,
                                  the_last_refusal_is_told,
                                  no_such_name,
                                  time_is_limited,
                                  the_end_of_the_time_ends_all_attempts,
                                  finding_the_name_is_part_of_the_time,
                                  the_time_is_one_for_both,
                                  who_gave_up_is_told_nothing,
                                  calls_leave_from_the_address_that_was_asked_for,
                                  unix_sockets_are_called,
                                  a_full_unix_socket_is_called_again,
                                  what_is_had_at_once_is_told_later,
                                  what_is_not_to_be_had_yet_is_asked_for_again,
                                  what_is_given_up_is_not_opened,
                                  NULL};
    return check_run_with("dial", setup, teardown, tests);
}
