/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who is told what, in which order, and what they may do meanwhile. */
#include "core/audience.h"

#include <inttypes.h>
#include <string.h>

#include "check_main.h"
#include "fake_hub.h"

static struct listener *listener;

/* An observer that writes down the types of what it is told, and does something once. */
struct watcher {
    struct observer observer; /* first */
    void (*act)(struct watcher *watcher, const struct hub_event *event);
    enum hub_event_type when;
    struct watcher *other;
    bool inside;    /* its notice */
    char seen[256]; /* the first of it */
};

static struct watcher a, b, c;

static void notice(struct observer *observer, const struct hub_event *event)
{
    struct watcher *watcher = (struct watcher *)observer;
    size_t used = strlen(watcher->seen);
    ck_assert_int_eq(event->time, world.wall);
    ck_assert_msg(!watcher->inside, "told from within its own notice");
    snprintf(watcher->seen + used, sizeof watcher->seen - used, "%s#%" PRIu64 " ",
             hub_event_name(event->type), event->peer ? event->peer->number : 0);
    watcher->inside = true;
    if (watcher->act && event->type == watcher->when)
        watcher->act(watcher, event);
    watcher->inside = false;
}

static void join(struct watcher *watcher, unsigned wants)
{
    *watcher = (struct watcher){.observer = {.notice = notice, .wants = wants}};
    audience_join(&hub->audience, &watcher->observer);
}

static void leave(struct watcher *watcher)
{
    audience_leave(&hub->audience, &watcher->observer);
}

static void act_on(struct watcher *watcher, enum hub_event_type when,
                   void (*act)(struct watcher *watcher, const struct hub_event *event))
{
    watcher->when = when;
    watcher->act = act;
}

static void setup(void)
{
    setup_world();
    listener = fake_listen(&world, "tcp://127.0.0.1:1");
    fake_take(&world);
}

/* What the watcher has seen since the last time. */
#define SAW(watcher, expected)                      \
    do {                                            \
        ck_assert_str_eq((watcher).seen, expected); \
        (watcher).seen[0] = '\0';                   \
    } while (0)

/* --- who is told --- */

START_TEST(observers_are_told_what_they_want)
{
    struct fake_link *link = fake_peer(&world, listener);
    join(&a, OBSERVER_WANTS(HUB_MESSAGE));
    join(&b, OBSERVER_WANTS(HUB_MESSAGE) | OBSERVER_WANTS(HUB_CLOSE));
    join(&c, OBSERVER_WANTS(HUB_CLOSE));
    hub_receive(hub, link->link.peer, "x", 1, false);
    hub_name(hub, link->link.peer, "boiler");
    leave(&b);
    hub_receive(hub, link->link.peer, "x", 1, false);
    hub_detach(hub, link->link.peer, CLOSE_EOF, NULL);
    SAW(a, "message#1 message#1 ");
    SAW(b, "message#1 ");
    SAW(c, "close#1 ");
    leave(&a);
    leave(&c);
}
END_TEST

START_TEST(what_nobody_wants_is_not_made)
{
    ck_assert_uint_eq(hub->audience.wanted, OBSERVER_ALL);
    world.observer.wants = OBSERVER_WANTS(HUB_OPEN);
    audience_wants_changed(&hub->audience);
    ck_assert_uint_eq(hub->audience.wanted, OBSERVER_WANTS(HUB_OPEN));
    join(&a, OBSERVER_WANTS(HUB_CLOSE));
    ck_assert_uint_eq(hub->audience.wanted,
                      OBSERVER_WANTS(HUB_OPEN) | OBSERVER_WANTS(HUB_CLOSE));
    leave(&a);
    ck_assert_uint_eq(hub->audience.wanted, OBSERVER_WANTS(HUB_OPEN));
    struct fake_link *link =
        fake_peer(&world, fake_listen(&world, "tcp://127.0.0.1:1?reply=echo"));
    hub_receive(hub, link->link.peer, "x", 1, false);
    hub_send(hub, link->link.peer, "y", 1, 1, NULL);
    ck_assert_str_eq(fake_take(&world), "open #1\n");
    ck_assert_str_eq(fake_link_take(link), "xy"); /* what is done does not depend on it */
    ck_assert_uint_eq(hub->stats.messages_in, 1);
    ck_assert_uint_eq(hub->stats.messages_out, 2);
}
END_TEST

/* --- coming and going meanwhile --- */

static void leave_myself(struct watcher *watcher, const struct hub_event *event)
{
    (void)event;
    leave(watcher);
}

START_TEST(an_observer_may_leave_when_told)
{
    struct fake_link *link = fake_peer(&world, listener);
    join(&a, OBSERVER_ALL);
    join(&b, OBSERVER_ALL);
    join(&c, OBSERVER_ALL);
    act_on(&b, HUB_NAME, leave_myself);
    hub_name(hub, link->link.peer, "x");
    hub_name(hub, link->link.peer, "y");
    SAW(a, "name#1 name#1 ");
    SAW(b, "name#1 ");
    SAW(c, "name#1 name#1 ");
    leave(&a);
    leave(&c);
}
END_TEST

static void leave_both(struct watcher *watcher, const struct hub_event *event)
{
    (void)event;
    leave(watcher);
    leave(watcher->other);
    memset(watcher->other, 0xee, sizeof *watcher->other); /* as if freed */
}

/* The neighbour would have been the next, or has been told already, or there is none behind. */
START_TEST(it_may_take_its_neighbour_with_it)
{
    struct fake_link *link = fake_peer(&world, listener);
    struct watcher *const order[] = {&a, &b, &c};
    for (unsigned who = 0; who < 3; who++) {
        for (unsigned other = 0; other < 3; other++) {
            if (who == other)
                continue;
            for (unsigned i = 0; i < 3; i++)
                join(order[i], OBSERVER_ALL);
            act_on(order[who], HUB_NAME, leave_both);
            order[who]->other = order[other];
            hub_name(hub, link->link.peer, NULL);
            SAW(*order[3 - who - other], "name#1 ");
            leave(order[3 - who - other]);
            ck_assert_ptr_eq(hub->audience.observers, &world.observer);
            ck_assert_ptr_null(world.observer.next);
        }
    }
}
END_TEST

static void join_c_and_name(struct watcher *watcher, const struct hub_event *event)
{
    (void)watcher;
    join(&c, OBSERVER_ALL);
    hub_name(hub, (struct peer *)event->peer, "x");
}

START_TEST(who_comes_is_told_what_happens_from_then_on)
{
    struct fake_link *link = fake_peer(&world, listener);
    join(&a, OBSERVER_ALL);
    act_on(&a, HUB_MESSAGE, join_c_and_name);
    hub_receive(hub, link->link.peer, "x", 1, false);
    SAW(a, "message#1 name#1 ");
    SAW(c, "name#1 ");
    leave(&a);
    leave(&c);
}
END_TEST

static void name_and_leave(struct watcher *watcher, const struct hub_event *event)
{
    hub_name(hub, (struct peer *)event->peer, "x");
    leave(watcher->other);
}

START_TEST(who_has_gone_is_told_nothing_that_was_kept)
{
    struct fake_link *link = fake_peer(&world, listener);
    join(&a, OBSERVER_ALL);
    join(&b, OBSERVER_ALL);
    a.other = &b;
    act_on(&a, HUB_MESSAGE, name_and_leave);
    hub_receive(hub, link->link.peer, "x", 1, false);
    SAW(b, "");
    leave(&a);
}
END_TEST

/* --- what comes of an event --- */

static void answer(struct watcher *watcher, const struct hub_event *event)
{
    (void)watcher;
    char text[] = "pong"; /* gone when it is told */
    ck_assert_int_eq(hub_send(hub, (struct peer *)event->peer, text, strlen(text), 7, NULL),
                     SEND_OK);
    memset(text, '?', sizeof text);
}

/* Two answer the same message; all see it before the answers, which stand as they were sent. */
START_TEST(all_see_events_in_the_order_in_which_they_happened)
{
    audience_leave(&hub->audience, &world.observer);
    join(&a, OBSERVER_ALL);
    join(&b, OBSERVER_ALL);
    audience_join(&hub->audience, &world.observer);
    struct fake_link *link =
        fake_peer(&world, fake_listen(&world, "tcp://127.0.0.1:1?reply=echo"));
    fake_take(&world);
    a.seen[0] = b.seen[0] = '\0';
    act_on(&a, HUB_MESSAGE, answer);
    act_on(&b, HUB_MESSAGE, answer);
    hub_receive(hub, link->link.peer, "ping", 4, false);
    SAW(a, "message#1 sent#1 sent#1 sent#1 ");
    SAW(b, "message#1 sent#1 sent#1 sent#1 ");
    ck_assert_str_eq(fake_take(&world), "message #1 ping\nsent #1 pong by 7\n"
                                        "sent #1 pong by 7\nsent #1 ping by auto\n");
    ck_assert_str_eq(fake_link_take(link), "pongpongping");
    leave(&a);
    leave(&b);
}
END_TEST

static struct fake_link *called;

static void call_out(struct watcher *watcher, const struct hub_event *event)
{
    watcher->act = NULL;
    for (unsigned i = 0; i < 200; i++) /* the roster grows */
        called = fake_peer(&world, event->peer->origin->listener);
    ck_assert_int_eq(hub_send(hub, called->link.peer, "hi", 2, 1, NULL), SEND_OK);
}

START_TEST(it_may_call_out_and_send)
{
    struct fake_link *link = fake_peer(&world, listener);
    join(&a, OBSERVER_WANTS(HUB_MESSAGE) | OBSERVER_WANTS(HUB_SENT));
    join(&b, OBSERVER_WANTS(HUB_MESSAGE) | OBSERVER_WANTS(HUB_SENT));
    act_on(&a, HUB_MESSAGE, call_out);
    hub_receive(hub, link->link.peer, "x", 1, false);
    SAW(a, "message#1 sent#201 ");
    SAW(b, "message#1 sent#201 ");
    ck_assert_str_eq(fake_link_take(called), "hi");
    leave(&a);
    leave(&b);
}
END_TEST

static void close_it(struct watcher *watcher, const struct hub_event *event)
{
    (void)watcher;
    hub_close(hub, (struct peer *)event->peer, CLOSE_OPERATOR);
}

static void detach_it(struct watcher *watcher, const struct hub_event *event)
{
    (void)watcher;
    char *error = mem_strdup("pulled");
    hub_detach(hub, (struct peer *)event->peer, CLOSE_ERROR, error);
    free(error);
}

static void send_in_vain(struct watcher *watcher, const struct hub_event *event)
{
    (void)watcher;
    ck_assert_int_eq(hub_send(hub, (struct peer *)event->peer, "y", 1, 1, NULL), SEND_CLOSING);
}

START_TEST(a_peer_that_dies_meanwhile_is_told_of_to_the_end)
{
    struct fake_link *link =
        fake_peer(&world, fake_listen(&world, "tcp://127.0.0.1:1?reply=echo"));
    fake_take(&world);
    join(&a, OBSERVER_ALL);
    join(&b, OBSERVER_ALL);
    act_on(&a, HUB_MESSAGE, detach_it);
    act_on(&b, HUB_MESSAGE, send_in_vain);
    hub_receive(hub, link->link.peer, "x", 1, false);
    SAW(a, "message#1 close#1 ");
    SAW(b, "message#1 close#1 ");
    ck_assert_str_eq(fake_take(&world), "message #1 x\nclose #1 error received 1 sent 0 "
                                        "unsent 0 error pulled\n");
    leave(&a);
    leave(&b);
}
END_TEST

/* It is read no more, and its agent is not asked. */
START_TEST(who_opens_may_be_closed_at_once)
{
    join(&a, OBSERVER_ALL);
    act_on(&a, HUB_OPEN, close_it);
    struct fake_link *call = fake_call(&world, "tcp://127.0.0.1:9?name=far");
    hub_name(hub, call->link.peer, "far");
    hold_all(hub, &(struct hold){0});
    hub_open(hub, call->link.peer);
    SAW(a, "open#1 close#1 ");
    ck_assert_uint_eq(call->pause_calls, 0);
    leave(&a);
}
END_TEST

/* A file ends with its line; whoever is told of the one may end the other once more. */
START_TEST(a_death_is_counted_once)
{
    struct fake_link *link = fake_peer(&world, listener);
    char *error = NULL;
    fake_take(&world);
    join(&a, OBSERVER_ALL);
    act_on(&a, HUB_FILE, detach_it);
    ck_assert(fake_send_file(hub, link->link.peer, "/proc/self/exe", &error));
    hub_detach(hub, link->link.peer, CLOSE_RESET, NULL);
    SAW(a, "file#1 close#1 ");
    ck_assert_ptr_nonnull(strstr(fake_take(&world), "\nclose #1 reset received 0"));
    ck_assert_uint_eq(hub->stats.peers[listener->origin.endpoint.scheme].now, 0);
    ck_assert_uint_eq(hub_living(hub), 0);
    leave(&a);
}
END_TEST

static void do_all(struct watcher *watcher, const struct hub_event *event)
{
    char remote[] = "192.0.2.7:5";
    hub_refused(hub, &listener->origin, remote, REFUSED_ACCESS, NULL);
    memset(remote, '?', sizeof remote);
    char text[] = "no room";
    hub_note(hub, event->peer, text);
    memset(text, '?', sizeof text);
    detach_it(watcher, event); /* with its file */
    hub_remove_listener(hub, listener);
}

START_TEST(what_is_kept_stays_as_it_was)
{
    struct fake_link *link = fake_peer(&world, listener);
    char *error = NULL, expected[256];
    ck_assert(fake_send_file(hub, link->link.peer, "/proc/self/exe", &error));
    fake_take(&world);
    join(&a, OBSERVER_ALL);
    act_on(&a, HUB_MESSAGE, do_all);
    hub_receive(hub, link->link.peer, "x", 1, false);
    SAW(a, "message#1 refused#0 note#1 file#1 close#1 unlistening#0 ");
    snprintf(expected, sizeof expected, "%s", fake_take(&world));
    ck_assert_ptr_nonnull(strstr(expected, "refused 192.0.2.7:5 access 1\n"
                                           "note #1 no room\n"
                                           "file #1 /proc/self/exe 0 of "));
    ck_assert_ptr_nonnull(strstr(expected, " error pulled\nclose #1 error received 1 sent 0 "
                                           "unsent 0 error pulled\n"
                                           "unlistening 1 tcp://127.0.0.1:1\n"));
    leave(&a);
}
END_TEST

/* --- what never ends --- */

static unsigned refused_sends;

static void answer_answers(struct watcher *watcher, const struct hub_event *event)
{
    (void)watcher;
    static const char text[50000];
    enum send_status status =
        hub_send(hub, (struct peer *)event->peer, text, sizeof text, 1, NULL);
    refused_sends += status == SEND_QUEUE_FULL;
}

START_TEST(observers_that_answer_each_other_come_to_an_end)
{
    struct fake_link *link = fake_peer(&world, listener);
    audience_leave(&hub->audience, &world.observer); /* it writes all of it down */
    join(&a, OBSERVER_WANTS(HUB_SENT));
    join(&b, OBSERVER_WANTS(HUB_SENT));
    act_on(&a, HUB_SENT, answer_answers);
    act_on(&b, HUB_SENT, answer_answers);
    a.seen[0] = 'x', refused_sends = 0;
    hub_send(hub, link->link.peer, "x", 1, 1, NULL);
    ck_assert_uint_gt(refused_sends, 0);
    ck_assert_uint_lt(link->sends, AUDIENCE_KEPT_MAX / 50000 + 3);
    ck_assert_uint_gt(link->sends, AUDIENCE_KEPT_MAX / 100000);
    ck_assert(!audience_is_full(&hub->audience));
    ck_assert_int_eq(hub_send(hub, link->link.peer, "x", 1, 1, NULL), SEND_OK);
    leave(&a);
    leave(&b);
    audience_join(&hub->audience, &world.observer);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {observers_are_told_what_they_want,
                                  what_nobody_wants_is_not_made,
                                  an_observer_may_leave_when_told,
                                  it_may_take_its_neighbour_with_it,
                                  who_comes_is_told_what_happens_from_then_on,
                                  who_has_gone_is_told_nothing_that_was_kept,
                                  all_see_events_in_the_order_in_which_they_happened,
                                  it_may_call_out_and_send,
                                  a_peer_that_dies_meanwhile_is_told_of_to_the_end,
                                  who_opens_may_be_closed_at_once,
                                  a_death_is_counted_once,
                                  what_is_kept_stays_as_it_was,
                                  observers_that_answer_each_other_come_to_an_end,
                                  NULL};
    return check_run_with("audience", setup, teardown_world, tests);
}
