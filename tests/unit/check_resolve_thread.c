/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loop/resolve_thread.h"

#include <poll.h>

#include "check_main.h"
#include "fake_names.h"

static struct thread *thread;
static int asker; /* its address is what counts */

static void setup(void)
{
    thread = thread_create();
    ck_assert_ptr_nonnull(thread);
}

static void teardown(void)
{
    thread_destroy(thread);
}

static struct resolve_question *ask(const char *name)
{
    struct resolve_question *question = resolve_thread_ask(thread, name, &asker);
    ck_assert_ptr_nonnull(question);
    return question;
}

static void await_readable(void)
{
    struct pollfd poller = {.fd = thread_fd(thread), .events = POLLIN};
    ck_assert_int_eq(poll(&poller, 1, -1), 1);
}

static struct resolve_question *await_answer(void)
{
    await_readable();
    struct resolve_question *answer = resolve_thread_answer(thread);
    ck_assert_ptr_nonnull(answer);
    return answer;
}

static void check_answer(const struct resolve_question *question)
{
    struct resolve_question *answer = await_answer();
    ck_assert_ptr_eq(answer, question);
    ck_assert_ptr_eq(answer->asker, &asker);
    ck_assert_ptr_nonnull(answer->lookup.found);
    resolve_question_free(answer);
}

START_TEST(answers_come_in_the_order_of_questions)
{
    struct resolve_question *questions[3];
    for (int i = 0; i < 3; i++)
        questions[i] = ask("+192.0.2.1+2001:db8::1");
    for (int i = 0; i < 3; i++)
        check_answer(questions[i]);
    ck_assert_ptr_null(resolve_thread_answer(thread));
    ck_assert(!names.took_signals);
}
END_TEST

START_TEST(nobody_is_told_before_the_answer)
{
    names_hold(true);
    struct resolve_question *question = ask("+192.0.2.1");
    names_await(&names.begun, 1);
    ck_assert_ptr_null(resolve_thread_answer(thread));
    names_hold(false);
    check_answer(question);
}
END_TEST

START_TEST(withdrawn_while_waiting_is_never_asked)
{
    names_hold(true);
    struct resolve_question *first = ask("+192.0.2.1");
    names_await(&names.begun, 1);
    struct resolve_question *second = ask("+192.0.2.2"), *third = ask("+192.0.2.3");
    resolve_thread_withdraw(thread, second);
    names_hold(false);
    check_answer(first);
    check_answer(third);
    ck_assert_uint_eq(names_begun(), 2);
}
END_TEST

START_TEST(withdrawn_while_asked_comes_back_without_an_asker)
{
    names_hold(true);
    struct resolve_question *question = ask("+192.0.2.1");
    names_await(&names.begun, 1);
    resolve_thread_withdraw(thread, question);
    names_hold(false);
    struct resolve_question *answer = await_answer();
    ck_assert_ptr_null(answer->asker);
    resolve_question_free(answer);
}
END_TEST

START_TEST(withdrawn_when_answered_comes_back_without_an_asker)
{
    struct resolve_question *question = ask("+192.0.2.1");
    await_readable();
    resolve_thread_withdraw(thread, question);
    struct resolve_question *answer = await_answer();
    ck_assert_ptr_null(answer->asker);
    resolve_question_free(answer);
}
END_TEST

START_TEST(more_than_may_wait_are_refused)
{
    names_hold(true);
    ask("+192.0.2.1");
    names_await(&names.begun, 1);
    struct resolve_question *last = NULL;
    for (int i = 0; i < RESOLVE_WAITING_MAX; i++)
        last = ask("+192.0.2.2");
    ck_assert_ptr_null(resolve_thread_ask(thread, "+192.0.2.3", &asker));
    resolve_thread_withdraw(thread, last); /* makes room */
    last = ask("+192.0.2.3");
    ck_assert_ptr_null(resolve_thread_ask(thread, "+192.0.2.3", &asker));
    names_hold(false);
    for (int i = 0; i <= RESOLVE_WAITING_MAX; i++)
        resolve_question_free(await_answer());
    resolve_question_free((ask("+192.0.2.4"), await_answer()));
}
END_TEST

START_TEST(the_end_leaves_a_lookup_to_the_thread)
{
    names_hold(true);
    ask("+192.0.2.1");
    names_await(&names.begun, 1);
    ask("+192.0.2.2");
    thread_destroy(thread);
    thread = NULL;
    names_hold(false);
    names_await(&names.ended, 1);
    ck_assert_uint_eq(names_begun(), 1);
}
END_TEST

/* As at the end of a program whose name server is silent: no sanitizer takes it for a leak. */
START_TEST(the_end_waits_for_no_lookup)
{
    names_hold(true);
    ask("+192.0.2.1");
    names_await(&names.begun, 1);
}
END_TEST

START_TEST(the_end_frees_answers_that_nobody_took)
{
    ask("+192.0.2.1");
    ask("+192.0.2.2");
    await_readable();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {answers_come_in_the_order_of_questions,
                                  nobody_is_told_before_the_answer,
                                  withdrawn_while_waiting_is_never_asked,
                                  withdrawn_while_asked_comes_back_without_an_asker,
                                  withdrawn_when_answered_comes_back_without_an_asker,
                                  more_than_may_wait_are_refused,
                                  the_end_leaves_a_lookup_to_the_thread,
                                  the_end_waits_for_no_lookup,
                                  the_end_frees_answers_that_nobody_took,
                                  NULL};
    return check_run_with("resolve_thread", setup, teardown, tests);
}
