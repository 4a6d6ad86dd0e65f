/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/http_request.h"

#include <string.h>

#include "check_main.h"

static struct http_request request;

static enum http_status read_line(const char *line)
{
    request = (struct http_request){0};
    return http_request_read(line, strlen(line), &request);
}

static void check_path(const char *line, const char *path)
{
    ck_assert_msg(read_line(line) == HTTP_OK, "%s", line);
    ck_assert_msg(http_request_is_for(&request, path), "%s", line);
}

START_TEST(reads_what_is_asked_for)
{
    check_path("GET /metrics HTTP/1.1\r\n", "/metrics");
    ck_assert(request.get);
    ck_assert(!request.head);
    check_path("GET /metrics HTTP/1.0\n", "/metrics");
    check_path("HEAD / HTTP/1.1", "/");
    ck_assert(!request.get);
    ck_assert(request.head);
    check_path("OPTIONS * HTTP/1.1\r\n", "*");
    check_path("CONNECT a:1 HTTP/1.1\r\n", "a:1");
}
END_TEST

START_TEST(a_path_is_what_it_is)
{
    ck_assert_int_eq(read_line("GET /metrics/ HTTP/1.1\r\n"), HTTP_OK);
    ck_assert(!http_request_is_for(&request, "/metrics"));
    ck_assert_int_eq(read_line("GET /metric HTTP/1.1\r\n"), HTTP_OK);
    ck_assert(!http_request_is_for(&request, "/metrics"));
}
END_TEST

START_TEST(a_query_is_no_part_of_the_path)
{
    check_path("GET /metrics?name=x HTTP/1.1\r\n", "/metrics");
    check_path("GET /metrics? HTTP/1.1\r\n", "/metrics");
    check_path("GET /?/metrics HTTP/1.1\r\n", "/");
}
END_TEST

START_TEST(a_whole_uri_has_a_path)
{
    check_path("GET http://host:1/metrics HTTP/1.1\r\n", "/metrics");
    check_path("GET http://host:1/metrics?x HTTP/1.1\r\n", "/metrics");
    check_path("GET http:// HTTP/1.1\r\n", "");
    check_path("GET http://[ HTTP/1.1\r\n", "");
}
END_TEST

START_TEST(what_is_no_request_is_bad)
{
    static const char *const lines[] = {"",
                                        "\r\n",
                                        "GET",
                                        "GET ",
                                        "GET /metrics",
                                        "GET /metrics\r\n",
                                        "GET /metrics ",
                                        " /metrics HTTP/1.1",
                                        "GET  HTTP/1.1",
                                        "GET /metrics HTTP/1.1 x",
                                        "GET /metrics  HTTP/1.1",
                                        "GET /metrics HTTP/11",
                                        "GET /metrics HTTP/1.",
                                        "GET /metrics HTTP/x.1",
                                        "GET /metrics http/1.1",
                                        "G\tT /metrics HTTP/1.1",
                                        "\x16\x03\x01"};
    for (size_t i = 0; i < COUNT(lines); i++)
        ck_assert_msg(read_line(lines[i]) == HTTP_BAD, "%s", lines[i]);
    ck_assert_int_eq(http_request_read("\0 / HTTP/1.1", 12, &request), HTTP_BAD);
}
END_TEST

START_TEST(other_versions_and_methods_are_told_apart)
{
    ck_assert_int_eq(read_line("GET /metrics HTTP/9.9\r\n"), HTTP_VERSION);
    ck_assert_int_eq(read_line("PRI * HTTP/2.0\r\n"), HTTP_VERSION);
    ck_assert_int_eq(read_line("BREW /metrics HTTP/1.1\r\n"), HTTP_UNKNOWN_METHOD);
    ck_assert_int_eq(read_line("get /metrics HTTP/1.1\r\n"), HTTP_UNKNOWN_METHOD);
    ck_assert_int_eq(read_line("PATCH /metrics HTTP/1.1\r\n"), HTTP_OK);
    ck_assert_str_eq(http_status_reason(HTTP_UNKNOWN_METHOD), "Not Implemented");
}
END_TEST

static bool field(const char *line)
{
    return http_field_is_valid(line, strlen(line));
}

START_TEST(a_field_has_a_name)
{
    ck_assert(field("Host: x\r\n"));
    ck_assert(field("X-y_z:\n"));
    ck_assert(!field("x\r\n"));
    ck_assert(!field(": x\r\n"));
    ck_assert(!field("a b: x\r\n"));
    ck_assert(!field(" folded: x\r\n"));
    ck_assert(!http_field_is_valid("a\0: b", 5));
}
END_TEST

START_TEST(the_end_is_an_empty_line)
{
    ck_assert(http_line_is_empty("\r\n", 2));
    ck_assert(http_line_is_empty("\n", 1));
    ck_assert(!http_line_is_empty(" \n", 2));
    ck_assert(!http_line_is_empty("\r\r\n", 3));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {reads_what_is_asked_for,
                                  a_path_is_what_it_is,
                                  a_query_is_no_part_of_the_path,
                                  a_whole_uri_has_a_path,
                                  what_is_no_request_is_bad,
                                  other_versions_and_methods_are_told_apart,
                                  a_field_has_a_name,
                                  the_end_is_an_empty_line,
                                  NULL};
    return check_run("http_request", tests);
}
