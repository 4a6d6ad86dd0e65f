/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/operator_target.h"

#include "check_main.h"
#include "core/told.h"
#include "fake_operator.h"

static struct fake world;
static struct fake_operator console;
static struct operator_session *session;
static struct fake_link *first, *second;

static void setup(void)
{
    fake_init(&world);
    fake_operator_init(&console, &world);
    session = &console.session;
    struct listener *listener = fake_listen(&world, "tcp://127.0.0.1:1");
    first = fake_peer(&world, listener);
    second = fake_peer(&world, listener);
    hub_name(&world.hub, first->link.peer, "boiler");
    fake_operator_take(&console);
}

static void teardown(void)
{
    fake_operator_finish(&console);
    fake_finish(&world);
}

#define TOLD(text) ck_assert_str_eq(fake_operator_take(&console), text)

static void choose(struct fake_link *link, const char *word)
{
    operator_target_choose(session, link->link.peer, word);
}

/* Names a peer (NULL: takes its name), as a console is told. */
static void name(struct fake_link *link, const char *text)
{
    ck_assert(hub_name(&world.hub, link->link.peer, text));
    operator_target_follow(session,
                           &(struct told){.type = HUB_NAME, .peer = peer_who(link->link.peer)});
}

static void closes(struct fake_link *link)
{
    const struct told told = {.type = HUB_CLOSE, .peer = peer_who(link->link.peer)};
    hub_detach(&world.hub, link->link.peer, CLOSE_EOF, NULL);
    operator_target_follow(session, &told);
}

START_TEST(by_number_it_is_that_line)
{
    choose(first, "1");
    TOLD("changed target 1\n");
    name(first, "kettle");
    name(first, NULL);
    name(second, "boiler");
    TOLD("");
    closes(first);
    TOLD("changed target 0\n");
    ck_assert(!operator_target_is_away(session));
}
END_TEST

START_TEST(by_name_it_comes_back)
{
    choose(first, "boiler");
    closes(first);
    TOLD("changed target 1\nchanged target 0\n");
    ck_assert(operator_target_is_away(session));
    name(second, "kettle");
    TOLD("");
    name(second, "boiler");
    TOLD("changed target 2\n");
    ck_assert(!operator_target_is_away(session));
}
END_TEST

START_TEST(a_name_that_is_taken_over_takes_it_along)
{
    struct fake_link *const both[] = {first, second};
    choose(first, "boiler");
    ck_assert(hub_name(&world.hub, first->link.peer, NULL));
    ck_assert(hub_name(&world.hub, second->link.peer, "boiler"));
    for (size_t i = 0; i < COUNT(both); i++)
        operator_target_follow(
            session, &(struct told){.type = HUB_NAME, .peer = peer_who(both[i]->link.peer)});
    TOLD("changed target 1\nchanged target 2\n");
    closes(first);
    TOLD("");
}
END_TEST

START_TEST(without_a_name_it_is_that_line)
{
    choose(first, "boiler");
    name(first, NULL);
    name(second, "boiler");
    TOLD("changed target 1\n");
    closes(first);
    TOLD("changed target 0\n");
    ck_assert(!operator_target_is_away(session));
}
END_TEST

START_TEST(another_name_changes_nothing_but_what_it_is_kept_by)
{
    choose(first, "boiler");
    name(first, "kettle");
    name(second, "boiler");
    TOLD("changed target 1\n");
    closes(first);
    TOLD("changed target 0\n");
    ck_assert_str_eq(session->target_name, "kettle");
}
END_TEST

START_TEST(it_is_pinned_while_it_is_there)
{
    choose(first, "boiler");
    ck_assert_uint_eq(first->link.peer->pins, 1);
    choose(first, "1");
    ck_assert_uint_eq(first->link.peer->pins, 1);
    operator_target_set(session, 2);
    ck_assert_uint_eq(first->link.peer->pins, 0);
    ck_assert_uint_eq(second->link.peer->pins, 1);
}
END_TEST

START_TEST(none_is_none)
{
    choose(first, "boiler");
    closes(first);
    fake_operator_take(&console);
    operator_target_choose(session, NULL, "-");
    TOLD("changed target 0\n"); /* none is not away */
    ck_assert(!operator_target_is_away(session));
    name(second, "boiler");
    operator_target_choose(session, NULL, "-");
    TOLD("");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {by_number_it_is_that_line,
                                  by_name_it_comes_back,
                                  a_name_that_is_taken_over_takes_it_along,
                                  another_name_changes_nothing_but_what_it_is_kept_by,
                                  without_a_name_it_is_that_line,
                                  it_is_pinned_while_it_is_there,
                                  none_is_none,
                                  NULL};
    return check_run_with("operator_target", setup, teardown, tests);
}
