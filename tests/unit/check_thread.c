/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loop/thread.h"

#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>

#include "base/cast.h"
#include "check_main.h"

enum { TASKS = 3 };

/* One that waits until it is let go on, and says who ran it. */
static struct counted {
    struct task task;
    pthread_t in;
    bool gated;
    bool signals; /* reach the thread */
    int runs;
    int drops;
} counted[TASKS];

static struct thread *thread;
static sem_t begun, gate, dropped;

static struct counted *counted_of(struct task *task)
{
    return container_of(task, struct counted, task);
}

static void run(struct task *task)
{
    struct counted *self = counted_of(task);
    sigset_t mask;
    pthread_sigmask(SIG_SETMASK, NULL, &mask);
    self->signals = !sigismember(&mask, SIGTERM);
    self->in = pthread_self();
    self->runs++;
    sem_post(&begun);
    if (self->gated)
        sem_wait(&gate);
}

static void drop(struct task *task)
{
    counted_of(task)->drops++;
    sem_post(&dropped);
}

static void setup(void)
{
    sem_init(&begun, 0, 0);
    sem_init(&gate, 0, 0);
    sem_init(&dropped, 0, 0);
    for (int i = 0; i < TASKS; i++)
        counted[i] = (struct counted){.task = {.run = run, .drop = drop}};
    thread = thread_create();
    ck_assert_ptr_nonnull(thread);
}

static void teardown(void)
{
    thread_destroy(thread);
    thread_destroy(NULL);
}

static bool is_readable(int milliseconds)
{
    struct pollfd poller = {.fd = thread_fd(thread), .events = POLLIN};
    return poll(&poller, 1, milliseconds) > 0;
}

static struct counted *await_done(void)
{
    ck_assert(is_readable(-1));
    struct task *task = thread_done(thread);
    ck_assert_ptr_nonnull(task);
    return counted_of(task);
}

START_TEST(runs_what_it_is_given_in_order)
{
    ck_assert_ptr_null(thread_done(thread));
    for (int i = 0; i < TASKS; i++)
        thread_give(thread, &counted[i].task);
    for (int i = 0; i < TASKS; i++) {
        ck_assert_ptr_eq(await_done(), &counted[i]);
        ck_assert_int_eq(counted[i].runs, 1);
        ck_assert(!pthread_equal(counted[i].in, pthread_self()));
        ck_assert(!counted[i].signals);
    }
    ck_assert(!is_readable(0));
    ck_assert_ptr_null(thread_done(thread));
}
END_TEST

START_TEST(a_task_may_be_given_again)
{
    for (int i = 1; i <= 3; i++) {
        thread_give(thread, &counted[0].task);
        ck_assert_ptr_eq(await_done(), &counted[0]);
        ck_assert_int_eq(counted[0].runs, i);
    }
}
END_TEST

static void give_all_behind_a_gate(void)
{
    counted[0].gated = true;
    for (int i = 0; i < TASKS; i++)
        thread_give(thread, &counted[i].task);
    sem_wait(&begun);
}

START_TEST(what_is_not_begun_can_be_taken_back)
{
    give_all_behind_a_gate();
    ck_assert_uint_eq(thread_waiting(thread), 2);
    ck_assert(thread_withdraw(thread, &counted[1].task));
    ck_assert(!thread_withdraw(thread, &counted[1].task));
    ck_assert(!thread_withdraw(thread, &counted[0].task));
    ck_assert_uint_eq(thread_waiting(thread), 1);
    ck_assert(!is_readable(0));
    sem_post(&gate);
    ck_assert_ptr_eq(await_done(), &counted[0]);
    ck_assert_ptr_eq(await_done(), &counted[2]);
    ck_assert_int_eq(counted[1].runs, 0);
}
END_TEST

START_TEST(the_end_drops_what_is_left)
{
    give_all_behind_a_gate();
    thread_destroy(thread); /* it does not wait */
    thread = NULL;
    ck_assert_int_eq(counted[1].drops, 1);
    ck_assert_int_eq(counted[2].drops, 1);
    ck_assert_int_eq(counted[1].runs + counted[2].runs, 0);
    for (int i = 0; i < 2; i++)
        sem_wait(&dropped);
    sem_post(&gate);
    sem_wait(&dropped); /* by the thread */
    ck_assert_int_eq(counted[0].drops, 1);
}
END_TEST

START_TEST(what_is_owed_is_run_after_the_end)
{
    counted[2].task.owed = true;
    give_all_behind_a_gate();
    thread_destroy(thread);
    thread = NULL;
    sem_post(&gate);
    for (int i = 0; i < TASKS; i++)
        sem_wait(&dropped);
    ck_assert_int_eq(counted[1].runs, 0);
    ck_assert_int_eq(counted[2].runs, 1);
}
END_TEST

START_TEST(the_end_drops_what_nobody_has_taken)
{
    thread_give(thread, &counted[0].task);
    ck_assert(is_readable(-1));
    thread_destroy(thread);
    thread = NULL;
    ck_assert_int_eq(counted[0].drops, 1);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {runs_what_it_is_given_in_order,
                                  a_task_may_be_given_again,
                                  what_is_not_begun_can_be_taken_back,
                                  the_end_drops_what_is_left,
                                  what_is_owed_is_run_after_the_end,
                                  the_end_drops_what_nobody_has_taken,
                                  NULL};
    return check_run_with("thread", setup, teardown, tests);
}
