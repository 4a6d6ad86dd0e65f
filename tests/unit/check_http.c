/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/budget.h"
#include "check_main.h"
#include "loop/loop.h"
#include "stream/stream.h"

enum { PLACES = 32, CALLERS = 2 * PLACES, FRESH = 50000 /* microseconds */ };

static struct loop loop;
static struct budget budget;
static struct streams streams;
static struct http *http;
static struct sockaddr_in address;
static int callers[CALLERS];
static int calls;
static char answer[4096];

static void write_page(void *context, UT_string *out)
{
    utstring_printf(out, "%s", (const char *)context);
}

static char content[] = "the page";
static struct http_page page = {
    .path = "/page", .type = "text/x", .write = write_page, .context = content};

static void setup(void)
{
    socklen_t length = sizeof address;
    loop_init(&loop);
    const struct host host = loop_host(&loop);
    budget = (struct budget){0};
    streams_init(&streams, &loop, &host, &budget);
    address =
        (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&address, &length), 0);
    http = http_create(&streams, &fd, 1, &page);
    ck_assert_ptr_nonnull(http);
    calls = 0;
}

static void teardown(void)
{
    http_destroy(http);
    for (int i = 0; i < calls; i++)
        close(callers[i]);
    streams_finish(&streams);
    ck_assert_uint_eq(budget.held, 0);
    loop_finish(&loop);
}

static int call(const char *text)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    ck_assert_int_eq(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    ck_assert_int_eq(send(fd, text, strlen(text), 0), strlen(text));
    callers[calls++] = fd;
    return fd;
}

/* Up to the end, which may be a reset. */
static const char *receive(int fd)
{
    size_t size = 0;
    for (;;) {
        loop_poll(&loop);
        ssize_t got = recv(fd, answer + size, sizeof answer - 1 - size, MSG_DONTWAIT);
        if (got == 0 || (got < 0 && errno != EAGAIN))
            break;
        size += got > 0 ? (size_t)got : 0;
    }
    answer[size] = '\0';
    return answer;
}

static void check_answer(const char *text, const char *status)
{
    receive(call(text));
    ck_assert_msg(strncmp(answer, status, strlen(status)) == 0, "%.40s: %s", text, answer);
}

START_TEST(serves_its_page)
{
    check_answer("GET /page HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 200 OK\r\n");
    ck_assert_ptr_nonnull(strstr(answer, "Content-Type: text/x\r\nContent-Length: 8\r\n"));
    ck_assert_ptr_nonnull(strstr(answer, "Connection: close\r\n"));
    ck_assert_ptr_nonnull(strstr(answer, " GMT\r\n"));
    ck_assert_ptr_nonnull(strstr(answer, "\r\n\r\nthe page"));
    ck_assert_ptr_null(strstr(answer, "Allow"));
}
END_TEST

START_TEST(a_line_without_an_end_is_not_waited_for)
{
    static char line[10001];
    memset(line, 'a', sizeof line - 1);
    check_answer(line, "HTTP/1.1 400 ");
}
END_TEST

START_TEST(says_what_is_wrong)
{
    check_answer("GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 404 Not Found\r\n");
    ck_assert_ptr_nonnull(strstr(answer, "\r\n\r\n404 Not Found: there is GET /page\n"));
    check_answer("POST /page HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello", "HTTP/1.1 405 ");
    ck_assert_ptr_nonnull(strstr(answer, "\r\nAllow: GET\r\n"));
    check_answer("BREW /page HTTP/1.1\r\n\r\n", "HTTP/1.1 501 ");
    check_answer("GET /page HTTP/2.0\r\n", "HTTP/1.1 505 ");
    check_answer("GET /page HTTP/1.1\r\nx\r\n", "HTTP/1.1 400 ");
    check_answer("\r\n", "HTTP/1.1 400 ");
}
END_TEST

START_TEST(head_gets_no_body)
{
    check_answer("HEAD /page HTTP/1.0\r\n\r\n", "HTTP/1.1 405 ");
    ck_assert_str_eq(strstr(answer, "\r\n\r\n"), "\r\n\r\n");
}
END_TEST

START_TEST(a_request_has_a_bound)
{
    char text[9000] = "GET /page HTTP/1.1\r\n";
    memset(text + strlen(text), 'x', sizeof text - 1 - strlen(text));
    memcpy(text + sizeof text - 5, "\r\n\r\n", 4);
    memcpy(text + 20, "X: ", 3);
    check_answer(text, "HTTP/1.1 400 ");
}
END_TEST

START_TEST(a_page_comes_once)
{
    check_answer("GET /page HTTP/1.1\r\n\r\nGET /page HTTP/1.1\r\n\r\n", "HTTP/1.1 200 ");
    ck_assert_ptr_null(strstr(strstr(answer, "the page"), "HTTP"));
}
END_TEST

START_TEST(an_end_before_the_request_is_one)
{
    int fd = call("GET /page HTTP/1.1\r\n");
    shutdown(fd, SHUT_WR);
    ck_assert_str_eq(receive(fd), "");
}
END_TEST

/* Half requests keep nobody waiting: they go when all places are taken, but not at once. */
START_TEST(half_ones_make_room)
{
    const int64_t began = loop_clock();
    for (int i = 0; i < PLACES; i++)
        call("GET /pa");
    check_answer("GET /page HTTP/1.1\r\n\r\n", "HTTP/1.1 200 ");
    ck_assert_int_ge(loop_clock() - began, FRESH / 2);
    ck_assert_str_eq(receive(callers[0]), "");
}
END_TEST

START_TEST(half_ones_stay_while_there_is_room)
{
    int half = call("GET /pa");
    for (int64_t end = loop_clock() + 2 * FRESH; loop_clock() < end;)
        loop_poll(&loop);
    check_answer("GET /page HTTP/1.1\r\n\r\n", "HTTP/1.1 200 ");
    ck_assert_int_eq(send(half, "ge HTTP/1.1\r\n\r\n", 15, 0), 15);
    ck_assert_ptr_nonnull(strstr(receive(half), "the page"));
}
END_TEST

START_TEST(more_than_there_are_places_are_served_in_turn)
{
    for (int i = 0; i < CALLERS; i++)
        call("GET /page HTTP/1.0\r\n\r\n");
    for (int i = 0; i < CALLERS; i++)
        ck_assert_ptr_nonnull(strstr(receive(callers[i]), "the page"));
}
END_TEST

START_TEST(ends_with_somebody_there)
{
    call("GET /page HTTP/1.1\r\n");
    loop_poll(&loop);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {serves_its_page,
                                  says_what_is_wrong,
                                  a_line_without_an_end_is_not_waited_for,
                                  head_gets_no_body,
                                  a_request_has_a_bound,
                                  a_page_comes_once,
                                  an_end_before_the_request_is_one,
                                  half_ones_make_room,
                                  half_ones_stay_while_there_is_room,
                                  more_than_there_are_places_are_served_in_turn,
                                  ends_with_somebody_there,
                                  NULL};
    return check_run_with("http", setup, teardown, tests);
}
