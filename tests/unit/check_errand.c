/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/errand.h"

#include <stdlib.h>
#include <string.h>

#include "check_main.h"
#include "command/command.h"
#include "fake_operator.h"

enum { CROWD = 2 * ERRAND_PIECE + 500 };

static struct fake world;
static struct fake_operator console;
static struct listener *tcp;

/* --- an errand that counts --- */

static unsigned asked, visited, gone, destroyed;
static uint64_t objector;  /* 0: none */
static uint64_t last_seen; /* visited */
static void (*on_visit)(struct peer *peer);

static char *object(struct errand *errand, const struct peer *peer)
{
    (void)errand;
    ck_assert_uint_eq(visited, 0);
    asked++;
    return peer->number == objector ? mem_strdup("not me") : NULL;
}

static void visit(struct operator_session *session, struct errand *errand, struct peer *peer)
{
    ck_assert_ptr_eq(session, &console.session);
    ck_assert_uint_gt(errand->peers.at, last_seen);
    last_seen = errand->peers.at;
    visited++;
    if (!peer)
        gone++;
    else if (on_visit)
        on_visit(peer);
}

static void answer(struct operator_session *session, struct errand *errand)
{
    (void)errand;
    operator_done(session, "%u", visited);
}

static void destroy(struct errand *errand)
{
    destroyed++;
    free(errand);
}

static void run(struct operator_session *session, const struct arguments *arguments)
{
    static const struct errand_ops asks = {
        .object = object, .visit = visit, .answer = answer, .destroy = destroy};
    static const struct errand_ops just_does = {
        .visit = visit, .answer = answer, .destroy = destroy};
    struct errand *errand = mem_zalloc(sizeof *errand);
    char *error = NULL;
    errand->ops = strcmp(session->running->name, "ask") == 0 ? &asks : &just_does;
    ck_assert(peers_find(session->hub, arguments->words[0], &errand->peers, &error));
    errand_run(session, errand);
}

static const struct command cmd_ask = {.name = "ask", .max_words = 1, .run = run};
static const struct command cmd_do = {.name = "do", .max_words = 1, .run = run};
static const struct command *const commands[] = {&cmd_ask, &cmd_do, NULL};

static void setup(void)
{
    fake_init(&world);
    fake_operator_init(&console, &world);
    console.session.commands = commands;
    tcp = fake_listen(&world, "tcp://127.0.0.1:1");
    asked = visited = gone = destroyed = 0;
    objector = last_seen = 0;
    on_visit = NULL;
}

static void teardown(void)
{
    fake_operator_finish(&console);
    fake_finish(&world);
}

static void make_peers(unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        fake_peer(&world, tcp);
}

/* What happens at once. */
static void begin(const char *line)
{
    command_line(&console.session, line, strlen(line));
}

static void kill_peer(uint64_t number)
{
    hub_detach(&world.hub, hub_find(&world.hub, number), CLOSE_EOF, NULL);
    fake_turn(&world);
}

#define ANSWERED(text) ck_assert_str_eq(fake_operator_take(&console), text)

/* --- */

START_TEST(is_done_at_once_to_a_few)
{
    make_peers(3);
    begin("/do *");
    ANSWERED("do: done (3)\n");
    ck_assert_uint_eq(destroyed, 1);
    ck_assert_ptr_null(console.session.task);
}
END_TEST

START_TEST(is_done_to_a_thousand_a_turn)
{
    make_peers(CROWD);
    begin("/do *");
    ck_assert_uint_eq(visited, ERRAND_PIECE);
    operator_task_go_on(&console.session);
    ck_assert_uint_eq(visited, 2 * ERRAND_PIECE);
    ck_assert_uint_eq(destroyed, 0);
    ANSWERED("");
    operator_task_go_on(&console.session);
    ANSWERED("do: done (2500)\n");
    ck_assert_uint_eq(destroyed, 1);
    ck_assert_ptr_null(console.session.task);
}
END_TEST

START_TEST(is_done_to_fewer_where_that_takes_long)
{
    make_peers(10);
    world.pace = JOBS_SLICE / 3;
    begin("/do *");
    ck_assert_uint_gt(visited, 0);
    ck_assert_uint_lt(visited, 5);
    const unsigned before = visited;
    operator_task_go_on(&console.session);
    ck_assert_uint_gt(visited, before);
    ck_assert_uint_lt(visited, 10);
}
END_TEST

START_TEST(all_are_asked_before_one_is_visited)
{
    make_peers(CROWD);
    objector = CROWD;
    begin("/ask *");
    ck_assert_uint_eq(asked, ERRAND_PIECE);
    operator_task_go_on(&console.session);
    ANSWERED("");
    operator_task_go_on(&console.session);
    ANSWERED("error ask: not me\n");
    ck_assert_uint_eq(asked, CROWD);
    ck_assert_uint_eq(visited, 0);
    ck_assert_uint_eq(destroyed, 1);
}
END_TEST

START_TEST(is_done_where_nobody_objects)
{
    make_peers(CROWD);
    ck_assert_str_eq(fake_say(&console, "/ask *"), "ask: done (2500)\n");
    ck_assert_uint_eq(asked, CROWD);
}
END_TEST

START_TEST(who_has_gone_is_not_asked_and_visited_by_number_alone)
{
    UT_string line;
    utstring_init(&line);
    make_peers(CROWD);
    utstring_printf(&line, "/ask 1");
    for (unsigned i = 2; i <= CROWD; i++)
        utstring_printf(&line, ",%u", i);
    begin(utstring_body(&line));
    kill_peer(1);
    kill_peer(CROWD);
    while (console.session.task)
        operator_task_go_on(&console.session);
    ANSWERED("ask: done (2500)\n");
    ck_assert_uint_eq(asked, CROWD - 1);
    ck_assert_uint_eq(gone, 2);
    utstring_done(&line);
}
END_TEST

static void kill_next(struct peer *peer)
{
    struct peer *next = hub_next(&world.hub, peer);
    if (next)
        hub_detach(&world.hub, next, CLOSE_EOF, NULL);
}

START_TEST(a_visit_may_be_the_end_of_others)
{
    make_peers(4);
    on_visit = kill_next;
    begin("/do *");
    ANSWERED("do: done (2)\n");
}
END_TEST

START_TEST(ends_where_its_operator_goes)
{
    make_peers(CROWD);
    begin("/do *");
    operator_task_cancel(&console.session);
    ck_assert_uint_eq(visited, ERRAND_PIECE);
    ck_assert_uint_eq(destroyed, 1);
    ANSWERED("");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {is_done_at_once_to_a_few,
                                  is_done_to_a_thousand_a_turn,
                                  is_done_to_fewer_where_that_takes_long,
                                  all_are_asked_before_one_is_visited,
                                  is_done_where_nobody_objects,
                                  who_has_gone_is_not_asked_and_visited_by_number_alone,
                                  a_visit_may_be_the_end_of_others,
                                  ends_where_its_operator_goes,
                                  NULL};
    return check_run_with("errand", setup, teardown, tests);
}
