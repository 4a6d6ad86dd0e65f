/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a console shows of what its focus leaves out, to people and to programs. */
#include "console/console_focus.h"

#include <string.h>

#include "check_main.h"
#include "core/told.h"
#include "fake_console.h"

static struct fake world;
static struct fake_console fake;
static struct listener *tcp;
static unsigned forgotten; /* calls */

static void test_event(struct console *console, const struct told *told)
{
    utstring_printf(&console->out, "%s %u\n", hub_event_name(told->type),
                    (unsigned)told->peer.number);
}

static void test_result(struct console *console, const struct result *result)
{
    (void)console, (void)result;
}

static void test_error(struct console *console, const char *command, const char *text)
{
    (void)command;
    utstring_printf(&console->out, "error %s\n", text);
}

static void test_target(struct console *console, int64_t time, const struct who *peer)
{
    (void)time, (void)peer;
    utstring_printf(&console->out, "target %u\n", (unsigned)console->session.target);
}

static void test_lost(struct console *console, uint64_t messages, uint64_t events, bool again)
{
    (void)again;
    utstring_printf(&console->out, "lost %u %u\n", (unsigned)messages, (unsigned)events);
}

static void test_forget(struct console *console, uint64_t peer)
{
    (void)console, (void)peer;
    forgotten++;
}

static const struct renderer people = {.event = test_event,
                                       .result = test_result,
                                       .error = test_error,
                                       .target = test_target,
                                       .lost = test_lost,
                                       .forget = test_forget};
static struct renderer programs;

static void setup(void)
{
    fake_init(&world);
    tcp = fake_listen(&world, "tcp://127.0.0.1:1");
    programs = people;
    programs.tells_all_peers = true;
    forgotten = 0;
}

static void teardown(void)
{
    fake_console_finish(&fake);
    fake_finish(&world);
}

#define WROTE(text) ck_assert_str_eq(fake_console_take(&fake), text)
#define SAYS(line, text) ck_assert_str_eq(fake_console_say(&fake, line), text)

static void receive(struct fake_link *link, const char *text)
{
    hub_receive(&world.hub, link->link.peer, text, strlen(text), false);
}

static void come_talk_and_go(void)
{
    struct fake_link *link = fake_peer(&world, tcp);
    receive(link, "hello");
    hub_half_close(&world.hub, link->link.peer);
    hub_detach(&world.hub, link->link.peer, CLOSE_EOF, NULL);
}

START_TEST(people_are_told_nothing_of_who_is_out_of_focus)
{
    fake_console_init(&fake, &world, &people, NULL);
    SAYS("/mute 1:", "");
    come_talk_and_go();
    WROTE("");
    ck_assert_uint_ge(forgotten, 1);
    SAYS("/mute -", "");
    come_talk_and_go();
    WROTE("open 2\nmessage 2\nhalf-close 2\nclose 2\n");
}
END_TEST

START_TEST(programs_are_told_who_comes_and_goes)
{
    fake_console_init(&fake, &world, &programs, NULL);
    SAYS("/mute 1:", "");
    come_talk_and_go();
    WROTE("open 1\nhalf-close 1\nclose 1\n");
}
END_TEST

START_TEST(the_target_is_told_all_the_same)
{
    fake_console_init(&fake, &world, &people, NULL);
    struct fake_link *link = fake_peer(&world, tcp);
    fake_console_say(&fake, "/to 1");
    fake_console_say(&fake, "/mute 1");
    SAYS("hi", "sent 1\n");
    hub_detach(&world.hub, link->link.peer, CLOSE_EOF, NULL);
    WROTE("target 0\n");
}
END_TEST

START_TEST(what_is_hidden_is_not_lost)
{
    fake_console_init(&fake, &world, &people, NULL);
    struct fake_link *link = fake_peer(&world, tcp);
    fake_console_say(&fake, "/grep warm");
    fake_console_take(&fake);
    fake.backlog = CONSOLE_BACKLOG_MAX + 1;
    receive(link, "cold");
    receive(link, "warm");
    fake.backlog = 0;
    console_drained(&fake.console);
    WROTE("lost 1 0\n");
}
END_TEST

START_TEST(a_line_that_is_shown_is_asked_for)
{
    fake_console_init(&fake, &world, &people, &(struct console_settings){.view = VIEW_NONE});
    struct fake_link *one = fake_peer(&world, tcp), *other = fake_peer(&world, tcp);
    fake_console_say(&fake, "/view 2 text");
    receive(one, "a");
    receive(other, "b");
    WROTE("message 2\n");
    fake_console_say(&fake, "/view 2 -");
    ck_assert_uint_eq(fake.console.observer.wants & OBSERVER_WANTS(HUB_MESSAGE), 0);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {people_are_told_nothing_of_who_is_out_of_focus,
                                  programs_are_told_who_comes_and_goes,
                                  the_target_is_told_all_the_same,
                                  what_is_hidden_is_not_lost,
                                  a_line_that_is_shown_is_asked_for,
                                  NULL};
    return check_run_with("console_focus", setup, teardown, tests);
}
