/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/bus_queue.h"

#include <poll.h>
#include <pthread.h>
#include <stdbool.h>

#include "base/mem.h"
#include "check_main.h"

enum { MOST = 1000, THREADS = 4, EACH = 20000 };

static struct bus_queue *queue;
static int dropped;

static void setup(void)
{
    queue = bus_queue_create(MOST);
    ck_assert_ptr_nonnull(queue);
    dropped = 0;
}

static void drop(void *handle)
{
    (void)handle;
    dropped++;
}

static void put(uint64_t of, size_t size)
{
    static int nothing;
    bus_queue_put(queue, &(struct bus_item){.kind = BUS_ITEM_MESSAGE,
                                            .of = of,
                                            .text = mem_strdup("text"),
                                            .handle = &nothing,
                                            .drop = drop,
                                            .size = size});
}

static bool readable(void)
{
    struct pollfd fd = {.fd = bus_queue_fd(queue), .events = POLLIN};
    return poll(&fd, 1, 0) == 1;
}

/* Returns whose it was; 0 where there is none. */
static uint64_t take(void)
{
    struct bus_item *item = bus_queue_take(queue);
    if (!item)
        return 0;
    const uint64_t of = item->of;
    bus_item_free(item);
    return of;
}

START_TEST(what_is_put_in_comes_out_in_order)
{
    ck_assert(!readable());
    ck_assert_uint_eq(take(), 0);
    put(1, 10);
    put(2, 10);
    ck_assert(readable());
    ck_assert_uint_eq(take(), 1);
    ck_assert(readable());
    ck_assert_uint_eq(take(), 2);
    ck_assert(!readable());
    put(3, 10);
    ck_assert(readable());
    ck_assert_uint_eq(take(), 3);
    ck_assert_int_eq(dropped, 3);
    bus_queue_close(queue);
}
END_TEST

START_TEST(messages_beyond_its_bound_are_dropped_and_news_of_the_connection_never)
{
    put(1, MOST - 1);
    put(2, 2);
    ck_assert_int_eq(dropped, 1);
    put(3, 1);
    bus_queue_put(queue, &(struct bus_item){.kind = BUS_ITEM_LOST, .of = 4});
    ck_assert_uint_eq(take(), 1);
    put(5, MOST - 1);
    ck_assert_uint_eq(take(), 3);
    ck_assert_uint_eq(take(), 4);
    ck_assert_uint_eq(take(), 5);
    ck_assert_uint_eq(take(), 0);
    bus_queue_close(queue);
}
END_TEST

START_TEST(one_that_is_closed_takes_nothing_and_stays_while_it_is_used)
{
    bus_queue_hold(queue);
    put(1, 10);
    bus_queue_close(queue);
    ck_assert_int_eq(dropped, 1);
    put(2, 10);
    ck_assert_int_eq(dropped, 2);
    bus_queue_release(queue);
}
END_TEST

/* Numbers of one thread: so many times its own, and how often before. */
static void *put_many(void *context)
{
    const uint64_t self = *(const uint64_t *)context;
    for (uint64_t i = 0; i < EACH; i++)
        bus_queue_put(queue,
                      &(struct bus_item){.kind = BUS_ITEM_COMPLAINT, .of = i * THREADS + self});
    bus_queue_release(queue);
    return NULL;
}

START_TEST(each_thread_keeps_its_order)
{
    pthread_t threads[THREADS];
    uint64_t numbers[THREADS], next[THREADS] = {0};
    for (uint64_t i = 0; i < THREADS; i++) {
        numbers[i] = i;
        bus_queue_hold(queue);
        pthread_create(&threads[i], NULL, put_many, &numbers[i]);
    }
    struct pollfd fd = {.fd = bus_queue_fd(queue), .events = POLLIN};
    for (int left = THREADS * EACH; left > 0;) {
        ck_assert_int_eq(poll(&fd, 1, 10000), 1);
        struct bus_item *item = bus_queue_take(queue);
        ck_assert_ptr_nonnull(item);
        ck_assert_uint_eq(item->of / THREADS, next[item->of % THREADS]++);
        bus_item_free(item);
        left--;
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    ck_assert(!readable());
    bus_queue_close(queue);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        what_is_put_in_comes_out_in_order,
        messages_beyond_its_bound_are_dropped_and_news_of_the_connection_never,
        one_that_is_closed_takes_nothing_and_stays_while_it_is_used,
        each_thread_keeps_its_order, NULL};
    return check_run_with("bus_queue", setup, NULL, tests);
}
