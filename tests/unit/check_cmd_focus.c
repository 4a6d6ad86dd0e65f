/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What of all messages a console shows, and how: /only, /mute, /grep and /view. */
#include <string.h>

#include "check_main.h"
#include "core/told.h"
#include "core/ways.h"
#include "fake_operator.h"

static struct fake world;
static struct fake_operator console;
static struct fake_link *first, *second;

static void setup(void)
{
    fake_init(&world);
    fake_operator_init(&console, &world);
    struct listener *listener = fake_listen(&world, "tcp://127.0.0.1:1?name=meters");
    first = fake_peer(&world, listener);
    second = fake_peer(&world, listener);
}

static void teardown(void)
{
    fake_operator_finish(&console);
    fake_finish(&world);
}

#define SAYS(line, expected) ck_assert_str_eq(fake_say(&console, line), expected)

static struct told message_of(const struct fake_link *link, const char *text)
{
    const struct message message = {.data = text, .size = strlen(text)};
    const struct hub_event event = {
        .type = HUB_MESSAGE, .peer = link->link.peer, .message = message};
    struct link_description room;
    struct told told;
    told_of_event(&told, &event, &room);
    return told;
}

static bool shows(const struct fake_link *link, const char *text)
{
    const struct told told = message_of(link, text);
    return !focus_hides(&console.session.focus, &told, console.session.console);
}

static enum view view_of(const struct fake_link *link)
{
    const struct told told = message_of(link, "a");
    return operator_view(&console.session, &told);
}

START_TEST(only_says_who_is_shown)
{
    SAYS("/only", "only: done (shown: everybody)\n");
    SAYS("/only #2,boil*", "only: done (shown: only 2,boil*)\n");
    ck_assert(shows(second, "a") && !shows(first, "a"));
    hub_name(&world.hub, first->link.peer, "boiler");
    ck_assert(shows(first, "a"));
    SAYS("/only", "only: done (shown: only 2,boil*)\n");
    SAYS("/only boiler,kettle,pot,kett*,kettle:",
         "only: done (shown: only boiler,kettle,pot,kett*,kettle:; not on the line: "
         "kettle,pot)\n");
    SAYS("/only -", "only: done (shown: everybody)\n");
}
END_TEST

START_TEST(mute_says_who_is_muted)
{
    SAYS("/mute", "mute: done (muted: nobody)\n");
    SAYS("/mute 2", "mute: done (muted: 2)\n");
    SAYS("/mute meters:", "mute: done (muted: 2,meters:)\n");
    ck_assert(!shows(first, "a"));
    SAYS("/mute -", "mute: done (muted: nobody)\n");
    ck_assert(shows(first, "a") && shows(second, "a"));
}
END_TEST

START_TEST(a_number_that_nobody_has_had_is_refused)
{
    SAYS("/only 3", "error only: no peer '3' on the line\n");
    SAYS("/mute 1,3", "error mute: no peer '3' on the line\n");
    SAYS("/view 3 hex", "error view: no peer '3' on the line\n");
    hub_detach(&world.hub, second->link.peer, CLOSE_EOF, NULL);
    SAYS("/only 2,3:", "only: done (shown: only 2,3:)\n");
}
END_TEST

START_TEST(what_is_no_peer_is_named)
{
    ck_assert_ptr_nonnull(strstr(fake_say(&console, "/only a;b"), "error only: 'a;b' is no"));
    ck_assert_ptr_nonnull(strstr(fake_say(&console, "/mute 1, 2"), "error mute: ' 2' is no"));
    SAYS("/view - hex", "error view: no peer '-' on the line\n");
    ck_assert_ptr_nonnull(strstr(fake_say(&console, "/view a;b: hex"), "'a;b:' is no"));
    ck_assert(shows(first, "a"));
}
END_TEST

START_TEST(grep_takes_its_text_as_it_is)
{
    SAYS("/grep", "grep: done (shown: all messages)\n");
    SAYS("/grep It is ", "grep: done (shown: only messages that contain 'it is ')\n");
    ck_assert(shows(first, "it IS warm") && !shows(first, "it is"));
    const char *answer = fake_say_bytes(&console, "/grep \x1b\0x", 9);
    ck_assert_str_eq(answer, "grep: done (shown: only messages that contain '\\x1b\\x00x')\n");
    SAYS("/grep -", "grep: done (shown: all messages)\n");
    ck_assert(shows(first, "it is"));
}
END_TEST

START_TEST(view_of_some_lines)
{
    SAYS("/view 2 hex", "changed view text\nview: done (view hex: 2)\n");
    ck_assert_int_eq(view_of(second), VIEW_HEX);
    ck_assert_int_eq(view_of(first), VIEW_TEXT);
    SAYS("/view size", "changed view size\nview: done (view size)\n");
    ck_assert_int_eq(view_of(second), VIEW_HEX);
    ck_assert_int_eq(view_of(first), VIEW_SIZE);
    SAYS("/view 2 -", "changed view size\nview: done (no view of their own: 2)\n");
    ck_assert_int_eq(view_of(second), VIEW_SIZE);
    SAYS("/view 2 blue", "error view: unknown view 'blue': use text, hex, size or none\n");
    SAYS("/view text hex", "error view: no peer 'text' on the line\n");
    SAYS("/view meters:,boil* hex",
         "changed view size\nview: done (view hex: meters:,boil*)\n");
    SAYS("/view 2 hex now",
         "error view: unknown view 'hex now': use text, hex, size or none\n");
}
END_TEST

START_TEST(view_of_all_is_the_console_s)
{
    fake_say(&console, "/view 2 hex");
    SAYS("/view * size", "changed view size\nview: done (view size: *)\n");
    ck_assert_int_eq(view_of(second), VIEW_SIZE);
    ck_assert_int_eq(console.session.view, VIEW_SIZE);
    ck_assert_ptr_null(console.session.focus.views);
}
END_TEST

/* --- set --- */

START_TEST(set_is_of_these_lines_alone)
{
    SAYS("/set 2 eol=crlf framing=line", "set: done (set for 1 peer)\n");
    ck_assert_int_eq(ways_eol(second->link.peer), EOL_CRLF);
    ck_assert_str_eq(ways_framing(second->link.peer)->word, "line");
    ck_assert_str_eq(second->framing->word, "line");
    ck_assert_int_eq(ways_eol(first->link.peer), EOL_LF);
    ck_assert_str_eq(ways_framing(first->link.peer)->word, "raw");
    SAYS("@* hi", "send: done\n");
    ck_assert_str_eq(fake_link_take(first), "hi\\n");
    ck_assert_str_eq(fake_link_take(second), "hi\\r\\n");
    SAYS("/set * eol=none", "set: done (set for 2 peers)\n");
    SAYS("@2 hi", "send: done\n");
    ck_assert_str_eq(fake_link_take(second), "hi");
    ck_assert_str_eq(ways_framing(second->link.peer)->word, "line");
}
END_TEST

START_TEST(set_view_is_this_console_s)
{
    SAYS("/set 2  view=hex", "changed view text\nset: done (set for 1 peer)\n");
    ck_assert_int_eq(view_of(second), VIEW_HEX);
    ck_assert_int_eq(view_of(first), VIEW_TEXT);
}
END_TEST

START_TEST(what_cannot_be_set_is_said)
{
    SAYS("/set 2 eol=cr", "error set: unknown eol 'cr': use none, lf, crlf or nul\n");
    SAYS("/set 2 framing=x",
         "error set: unknown framing 'x': use raw, line, nul, crlf, delimiter:HEX, fixed:N, "
         "length:TYPE[@OFFSET][+N or -N], octet, mllp, stx, slip, cobs, modbus or gap:MS\n");
    SAYS("/set 2 view=x", "error set: unknown view 'x': use text, hex, size or none\n");
    SAYS("/set 2 reply=echo",
         "error set: 'reply=echo' is not to be set: write eol=, framing= or view=\n");
    SAYS("/set 2 eol=crlf x",
         "error set: 'x' is not to be set: write eol=, framing= or view=\n");
    SAYS("/set 2,9 eol=crlf", "error set: no peer '9' on the line\n");
    SAYS("/set 2", "error set: something is missing: write /set PEERS KEY=VALUE...\n");
    ck_assert_int_eq(ways_eol(second->link.peer), EOL_LF);
    ck_assert_ptr_null(console.session.focus.views);
}
END_TEST

START_TEST(a_datagram_is_a_message)
{
    struct fake_link *third = fake_peer(&world, fake_listen(&world, "udp://127.0.0.1:2"));
    SAYS("/set * eol=crlf framing=line",
         "error set: nothing was set: #3 is a datagram peer, and each datagram is a message\n");
    ck_assert_int_eq(ways_eol(first->link.peer), EOL_LF);
    SAYS("/set 3 eol=crlf", "set: done (set for 1 peer)\n");
    ck_assert_int_eq(ways_eol(third->link.peer), EOL_CRLF);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {only_says_who_is_shown,
                                  mute_says_who_is_muted,
                                  a_number_that_nobody_has_had_is_refused,
                                  what_is_no_peer_is_named,
                                  grep_takes_its_text_as_it_is,
                                  view_of_some_lines,
                                  view_of_all_is_the_console_s,
                                  set_is_of_these_lines_alone,
                                  set_view_is_this_console_s,
                                  what_cannot_be_set_is_said,
                                  a_datagram_is_a_message,
                                  NULL};
    return check_run_with("cmd_focus", setup, teardown, tests);
}
