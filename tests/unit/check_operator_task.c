/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/operator_task.h"

#include <stdlib.h>
#include <string.h>

#include "check_main.h"
#include "command/command.h"
#include "fake_operator.h"

static struct fake world;
static struct fake_operator console;
static unsigned destroyed;

/* --- a command that counts down, and waits where it is told to --- */

struct countdown {
    struct operator_task task; /* first */
    unsigned left;
};

static bool count_on(struct operator_session *session, struct operator_task *task)
{
    struct countdown *countdown = (struct countdown *)task;
    struct result result = {.type = RESULT_LISTENERS, .first = countdown->left == 3};
    ck_assert(!task->waits);
    ck_assert_ptr_eq(session->running, task->command);
    result.more = --countdown->left > 0;
    operator_result(session, &result);
    return !result.more;
}

static void destroy(struct operator_task *task)
{
    destroyed++;
    free(task);
}

static void run(struct operator_session *session, const struct arguments *arguments)
{
    static const struct operator_task_ops ops = {.go_on = count_on, .destroy = destroy};
    struct countdown *countdown = mem_zalloc(sizeof *countdown);
    countdown->task.ops = &ops;
    countdown->task.waits = strcmp(arguments->words[0], "wait") == 0;
    countdown->left = 3;
    operator_task_begin(session, &countdown->task);
}

static const struct command cmd_count = {
    .name = "count", .arguments = "", .summary = "", .help = "", .max_words = 1, .run = run};
static const struct command *const commands[] = {&cmd_count, NULL};

static void setup(void)
{
    fake_init(&world);
    fake_operator_init(&console, &world);
    console.session.commands = commands;
    destroyed = 0;
}

static void teardown(void)
{
    fake_operator_finish(&console);
    fake_finish(&world);
}

static void begin(const char *line)
{
    command_line(&console.session, line, strlen(line));
    ck_assert_ptr_nonnull(console.session.task);
    ck_assert_ptr_null(console.session.running);
}

#define ANSWERED(text) ck_assert_str_eq(fake_operator_take(&console), text)

/* --- */

START_TEST(gives_a_piece_each_time_and_is_destroyed_after_the_last)
{
    begin("/count");
    ANSWERED("");
    operator_task_go_on(&console.session);
    ANSWERED("count: more\n");
    operator_task_go_on(&console.session);
    ANSWERED("count: next more\n");
    ck_assert_uint_eq(destroyed, 0);
    operator_task_go_on(&console.session);
    ANSWERED("count: next\n");
    ck_assert_uint_eq(destroyed, 1);
    ck_assert_ptr_null(console.session.task);
}
END_TEST

START_TEST(is_one_answer_to_its_line)
{
    fake_say(&console, "/count");
    fake_say(&console, "/count");
    ck_assert_uint_eq(console.answers, 2);
    ck_assert_uint_eq(destroyed, 2);
}
END_TEST

START_TEST(waits_until_it_is_woken)
{
    begin("/count wait");
    ck_assert(console.session.task->waits);
    operator_task_wake(&console.session);
    ck_assert(!console.session.task->waits);
    operator_task_go_on(&console.session);
    ANSWERED("count: more\n");
}
END_TEST

START_TEST(ends_without_an_answer_where_its_operator_goes)
{
    begin("/count wait");
    operator_task_cancel(&console.session);
    ck_assert_uint_eq(destroyed, 1);
    ck_assert_ptr_null(console.session.task);
    ANSWERED("");
    operator_task_cancel(&console.session);
    ck_assert_uint_eq(destroyed, 1);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {gives_a_piece_each_time_and_is_destroyed_after_the_last,
                                  is_one_answer_to_its_line, waits_until_it_is_woken,
                                  ends_without_an_answer_where_its_operator_goes, NULL};
    return check_run_with("operator_task", setup, teardown, tests);
}
