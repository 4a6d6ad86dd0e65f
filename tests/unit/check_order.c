/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/order.h"

#include <string.h>

#include "check_main.h"
#include "loop/lines.h"

START_TEST(answers_go_to_inboxes_alone)
{
    static const char *const good[] = {"_INBOX.x", "_INBOX.x.y.1", "_INBOX_alice.x"};
    static const char *const bad[] = {"",          "_INBOX",      "_INBOXES.x",
                                      "inbox.x",   "telex.p",     "telex.c.paris.w",
                                      "_INBOX.*",  "_INBOX.>",    "telex.e.berlin.talk",
                                      "_INBOX. x", "$JS.API.INFO"};
    for (size_t i = 0; i < COUNT(good); i++)
        ck_assert_msg(order_may_answer(good[i]), "%s", good[i]);
    for (size_t i = 0; i < COUNT(bad); i++)
        ck_assert_msg(!order_may_answer(bad[i]), "%s", bad[i]);
    ck_assert(!order_may_answer(NULL));
}
END_TEST

static void refuses_headers(const char *id, const char *expires, const char *error)
{
    const struct order_request request = {.id = id, .expires = expires};
    char *why = NULL;
    int64_t time;
    ck_assert(!order_check_headers(&request, &time, &why));
    check_error(why, error);
}

START_TEST(headers_are_needed)
{
    static const char bad_id[] =
        "its Telex-Id is not 1 to 128 letters, digits or signs of ASCII";
    const struct order_request good = {.id = "a-1", .expires = "1970-01-01T00:00:01Z"};
    char longest[130], *error = NULL;
    int64_t expires = 0;
    ck_assert(order_check_headers(&good, &expires, &error));
    ck_assert_int_eq(expires, 1000000);
    refuses_headers(NULL, good.expires,
                    "it has no header Telex-Id, which tells whether it comes again");
    refuses_headers("", good.expires, bad_id);
    refuses_headers("a b", good.expires, bad_id);
    refuses_headers("\xc3\xa4", good.expires, bad_id);
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    refuses_headers(longest, good.expires, bad_id);
    refuses_headers("a", NULL, "it has no header Telex-Expires, such as 2026-01-02T03:04:05Z");
    refuses_headers("a", "so\xffon",
                    "its Telex-Expires 'so\\xffon' is no time such as 2026-01-02T03:04:05Z");
}
END_TEST

static void takes(const char *line)
{
    char *error = NULL;
    ck_assert_msg(order_check_line(line, strlen(line), &error), "%s", line);
}

static void refuses(const char *line, size_t size, const char *part)
{
    char *error = NULL;
    ck_assert_msg(!order_check_line(line, size, &error), "%s", line);
    ck_assert_msg(strstr(error, part) != NULL, "%s: %s", line, error);
    free(error);
}

#define REFUSES(line, part) refuses(line, sizeof line - 1, part)

START_TEST(lines_of_a_node_are_taken)
{
    takes("/peers");
    takes("/shutdown");
    takes("@3 text");
    takes("@boiler,3 text");
    takes("@* \xff\x01");
    takes("/send 3 text");
    takes("/nonsense"); /* telexd knows its commands */
    takes("/say hello");
    takes("/file 1 /etc/passwd"); /* and whom it lets have them */
}
END_TEST

START_TEST(what_changes_a_console_alone_is_refused)
{
    static const char *const lines[] = {
        "/to 1",     "/every 1 /peers", "/only 1",    "/mute 1",   "/grep x", "/view none",
        "/vie none", "/time iso",       "/read-only", "/restrict", "/quit",   "/q",
        "/view\r"};
    for (size_t i = 0; i < COUNT(lines); i++)
        refuses(lines[i], strlen(lines[i]), "changes a console alone");
    static const char *const texts[] = {"text", "//text", "/@text", "@1", "@boiler", "/"};
    for (size_t i = 0; i < COUNT(texts); i++)
        refuses(texts[i], strlen(texts[i]), "a node has no target");
}
END_TEST

START_TEST(what_is_no_line_is_refused)
{
    char *longest = calloc(1, LINES_MAX + 1);
    REFUSES("", "says nothing");
    REFUSES("/peers\n/quit", "newline");
    REFUSES("@1 a\n", "newline");
    REFUSES("/quit\0", "NUL");
    REFUSES("/view none\0x", "NUL");
    memset(longest, 'x', LINES_MAX + 1);
    refuses(longest, LINES_MAX + 1, "longer than 1048576 bytes");
    free(longest);
}
END_TEST

START_TEST(some_tell_again)
{
    ck_assert(order_tells_again("/replay 0", 9));
    ck_assert(order_tells_again("/sho", 4));
    ck_assert(order_tells_again("/find x", 7));
    ck_assert(!order_tells_again("/peers", 6));
    ck_assert(!order_tells_again("@1 /replay", 10));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {answers_go_to_inboxes_alone,
                                  headers_are_needed,
                                  lines_of_a_node_are_taken,
                                  what_changes_a_console_alone_is_refused,
                                  what_is_no_line_is_refused,
                                  some_tell_again,
                                  NULL};
    return check_run("order", tests);
}
