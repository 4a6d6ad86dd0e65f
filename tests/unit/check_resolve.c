/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loop/resolve.h"

#include <sys/resource.h>
#include <unistd.h>

#include "base/ut.h"
#include <event2/event.h>

#include "check_main.h"
#include "fake_names.h"
#include "loop/loop.h"
#include "loop/resolve_thread.h"

enum { SHORT = 1000, LONG = 2000000000 /* microseconds */ };

static struct loop loop;

/* Who asks: notes what it is told. */
struct asker {
    struct resolve *resolve;
    unsigned calls;
    int cause;
    char text[1024]; /* the addresses, or the error */
};

static void done(void *context, const struct resolved *resolved, int cause, const char *error)
{
    struct asker *asker = context;
    UT_string text;
    utstring_init(&text);
    for (size_t i = 0; resolved && i < resolved->count; i++) {
        char address[ADDRESS_TEXT];
        address_print(&resolved->addresses[i], address);
        utstring_printf(&text, "%s%s", i > 0 ? " " : "", address);
    }
    ck_assert_int_eq(resolved != NULL, error == NULL);
    snprintf(asker->text, sizeof asker->text, "%s", error ? error : utstring_body(&text));
    utstring_done(&text);
    asker->resolve = NULL;
    asker->cause = cause;
    asker->calls++;
}

static void ask(struct asker *asker, const char *host, int64_t patience)
{
    *asker = (struct asker){0};
    asker->resolve = resolve_create(&loop, host, 7, patience, done, asker);
    ck_assert_uint_eq(asker->calls, 0);
}

static void check_told(struct asker *asker, int cause, const char *text)
{
    while (asker->calls == 0)
        event_base_loop(loop.base, EVLOOP_ONCE);
    ck_assert_uint_eq(asker->calls, 1);
    ck_assert_str_eq(asker->text, text);
    ck_assert_int_eq(asker->cause, cause);
}

static void setup(void)
{
    loop_init(&loop);
}

static void teardown(void)
{
    loop_finish(&loop);
}

START_TEST(digits_need_no_thread)
{
    struct asker asker;
    ask(&asker, "127.1", 0);
    check_told(&asker, 0, "127.0.0.1:7");
    ask(&asker, "*", 0);
    check_told(&asker, 0, "[::1]:7 127.0.0.1:7");
    ck_assert_ptr_null(loop.resolver);
}
END_TEST

START_TEST(names_are_asked_for)
{
    struct asker asker;
    ask(&asker, "+192.0.2.1+2001:db8::1", 0);
    check_told(&asker, 0, "192.0.2.1:7 [2001:db8::1]:7");
    ask(&asker, "?name", 0);
    check_told(&asker, 0, "there is no host of that name");
}
END_TEST

START_TEST(the_loop_turns_while_a_name_is_looked_up)
{
    struct asker slow, digits;
    names_hold(true);
    ask(&slow, "+192.0.2.1", 0);
    ask(&digits, "192.0.2.2", 0);
    check_told(&digits, 0, "192.0.2.2:7");
    names_await(&names.begun, 1);
    loop_poll(&loop);
    ck_assert_uint_eq(slow.calls, 0);
    names_hold(false);
    check_told(&slow, 0, "192.0.2.1:7");
}
END_TEST

START_TEST(several_are_told_in_their_order)
{
    struct asker first, second, third;
    ask(&first, "+192.0.2.1", LONG);
    ask(&second, "?name", LONG);
    ask(&third, "+192.0.2.3", LONG);
    check_told(&third, 0, "192.0.2.3:7");
    ck_assert_uint_eq(first.calls, 1);
    ck_assert_uint_eq(second.calls, 1);
    check_told(&first, 0, "192.0.2.1:7");
}
END_TEST

START_TEST(patience_comes_to_an_end)
{
    struct asker asker, other;
    names_hold(true);
    ask(&asker, "+192.0.2.1", SHORT);
    check_told(&asker, ETIMEDOUT, "no name server has answered in time");
    ask(&other, "+192.0.2.2", 0); /* waits for the first, which nobody waits for any more */
    names_hold(false);
    check_told(&other, 0, "192.0.2.2:7");
    ck_assert_uint_eq(asker.calls, 1);
}
END_TEST

/* Gives up before it has begun, while it waits, while it is looked up, and when it is answered.
 */
START_TEST(who_gave_up_is_told_nothing)
{
    struct asker asked, waiting, unbegun, last;
    names_hold(true);
    ask(&asked, "+192.0.2.1", LONG);
    ask(&waiting, "+192.0.2.2", LONG);
    while (names_begun() < 1)
        loop_poll(&loop);
    ask(&unbegun, "+192.0.2.3", LONG);
    resolve_destroy(asked.resolve);
    resolve_destroy(waiting.resolve);
    resolve_destroy(unbegun.resolve);
    resolve_destroy(NULL);
    names_hold(false);
    ask(&last, "+192.0.2.4", LONG);
    check_told(&last, 0, "192.0.2.4:7");
    ck_assert_uint_eq(asked.calls + waiting.calls + unbegun.calls, 0);
    ck_assert_uint_eq(names_begun(), 2);
}
END_TEST

START_TEST(too_many_are_refused)
{
    static struct asker askers[RESOLVE_WAITING_MAX + 2];
    const int last = RESOLVE_WAITING_MAX + 1;
    names_hold(true);
    ask(&askers[0], "+192.0.2.1", 0);
    while (names_begun() < 1)
        loop_poll(&loop);
    for (int i = 1; i <= last; i++)
        ask(&askers[i], "+192.0.2.1", 0);
    check_told(&askers[last], 0, "too many names are being looked up already: try again later");
    names_hold(false);
    for (int i = 0; i < last; i++)
        check_told(&askers[i], 0, "192.0.2.1:7");
}
END_TEST

/* The limit of descriptors is reached: no thread can be had, until it is raised again. */
START_TEST(without_a_thread_no_name_is_found)
{
    struct asker asker;
    struct rlimit limit, low;
    ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
    low = limit;
    low.rlim_cur = (rlim_t)dup(0);
    close((int)low.rlim_cur);
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &low), 0);
    ask(&asker, "+192.0.2.1", LONG);
    check_told(&asker, 0, strerror(EMFILE));
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
    ask(&asker, "+192.0.2.1", LONG);
    check_told(&asker, 0, "192.0.2.1:7");
}
END_TEST

START_TEST(the_end_waits_for_no_name)
{
    struct asker asker;
    names_hold(true);
    ask(&asker, "+192.0.2.1", 0);
    while (names_begun() < 1)
        loop_poll(&loop);
    resolve_destroy(asker.resolve); /* and then the loop is finished */
}
END_TEST

START_TEST(now_waits_for_the_answer)
{
    struct resolved resolved;
    char *error = NULL;
    ck_assert(resolve_now("+192.0.2.1+2001:db8::1", 7, &resolved, &error));
    ck_assert_uint_eq(resolved.count, 2);
    ck_assert_uint_eq(address_port(&resolved.addresses[1]), 7);
    resolved_finish(&resolved);
    ck_assert(resolve_now("127.1", 7, &resolved, &error));
    ck_assert_uint_eq(resolved.count, 1);
    ck_assert(address_is_loopback(&resolved.addresses[0]));
    resolved_finish(&resolved);
    ck_assert(!resolve_now("?name", 7, &resolved, &error));
    check_error(error, "there is no host of that name");
    ck_assert_ptr_null(resolved.addresses);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {digits_need_no_thread,
                                  names_are_asked_for,
                                  the_loop_turns_while_a_name_is_looked_up,
                                  several_are_told_in_their_order,
                                  patience_comes_to_an_end,
                                  who_gave_up_is_told_nothing,
                                  too_many_are_refused,
                                  without_a_thread_no_name_is_found,
                                  the_end_waits_for_no_name,
                                  now_waits_for_the_answer,
                                  NULL};
    return check_run_with("resolve", setup, teardown, tests);
}
