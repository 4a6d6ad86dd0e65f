/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A peer's life. */
#include "core/hub.h"

#include <string.h>

#include "check_main.h"
#include "fake_hub.h"

/* An observer that keeps what it is told last, and kills the peer if it shall. */
struct witness {
    struct observer observer; /* first */
    struct hub_event last;
    unsigned told;
    bool kills;
};

static void witness_notice(struct observer *observer, const struct hub_event *event)
{
    struct witness *witness = (struct witness *)observer;
    witness->last = *event;
    witness->told++;
    if (witness->kills)
        hub_detach(hub, (struct peer *)event->peer, CLOSE_ERROR, "told so");
}

static void witness_init(struct witness *witness, bool kills)
{
    *witness = (struct witness){
        .observer = {.notice = witness_notice, .wants = OBSERVER_WANTS(HUB_CLOSE)},
        .kills = kills};
    audience_join(&hub->audience, &witness->observer);
}

/* --- from beginning to end --- */

START_TEST(events_come_in_order)
{
    struct listener *listener = fake_listen(&world, "tcp://127.0.0.1:1?reply=echo");
    struct fake_link *link = fake_peer(&world, listener);
    receive_text(link, "hi\n");
    hub_half_close(hub, link->link.peer);
    send_text(link, "yo");
    hub_close(hub, link->link.peer, CLOSE_EOF);
    TOLD("listening 1 tcp://127.0.0.1:1\n"
         "open #1\n"
         "message #1 hi\\n\n"
         "sent #1 hi\\n by auto\n"
         "half-close #1\n"
         "sent #1 yo by 1\n"
         "close #1 eof received 3 sent 5 unsent 0\n");
}
END_TEST

START_TEST(an_attached_peer_is_connecting)
{
    struct fake_link *link = fake_call(&world, "tcp://127.0.0.1:9");
    struct peer *peer = link->link.peer;
    TOLD("");
    ck_assert_int_eq(peer->state, PEER_CONNECTING);
    ck_assert_uint_eq(peer->number, 1);
    ck_assert_ptr_eq(peer->link, &link->link);
    ck_assert_ptr_null(peer->origin->listener);
    ck_assert_int_eq(peer->opened, world.now);
    ck_assert_int_eq(peer->active, world.now);
    ck_assert_ptr_eq(hub_find(hub, 1), peer);
    ck_assert(!peer_is_up(peer));
    hub_open(hub, peer);
    ck_assert_int_eq(peer->state, PEER_OPEN);
    ck_assert(peer_is_up(peer));
    TOLD("open #1\n");
}
END_TEST

START_TEST(opening_is_counted_by_transport)
{
    make_peer("tcp://127.0.0.1:1");
    make_peer("unix:/run/x");
    make_peer("udp://127.0.0.1:1");
    fake_peer(&world, fake_listen(&world, "udp://127.0.0.1:2"));
    fake_call(&world, "tcp://127.0.0.1:9");
    ck_assert_uint_eq(hub->stats.peers[SCHEME_TCP].ever, 1);
    ck_assert_uint_eq(hub->stats.peers[SCHEME_UNIX].ever, 1);
    ck_assert_uint_eq(hub->stats.peers[SCHEME_UDP].ever, 2);
}
END_TEST

START_TEST(numbers_are_never_used_again)
{
    struct listener *listener = fake_listen(&world, "tcp://127.0.0.1:1");
    for (uint64_t number = 1; number <= 5; number++) {
        struct fake_link *link = fake_peer(&world, listener);
        ck_assert_uint_eq(link->link.peer->number, number);
        hub_detach(hub, link->link.peer, CLOSE_EOF, NULL);
        fake_turn(&world);
        ck_assert_ptr_null(hub_find(hub, number));
    }
}
END_TEST

/* --- death --- */

START_TEST(events_have_a_time_and_closes_a_duration)
{
    struct witness witness;
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    witness_init(&witness, false);
    world.now += 1000000;
    receive_text(link, "a");
    world.now += 234567;
    world.wall += 7;
    hub_detach(hub, link->link.peer, CLOSE_EOF, NULL);
    audience_leave(&hub->audience, &witness.observer);
    ck_assert_int_eq(witness.last.type, HUB_CLOSE);
    ck_assert_int_eq(witness.last.time, FAKE_WALL + 7);
    ck_assert_int_eq(witness.last.close.duration, 1234567);
}
END_TEST

START_TEST(dies_once)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    hub_detach(hub, link->link.peer, CLOSE_ERROR, "No route to host");
    hub_detach(hub, link->link.peer, CLOSE_EOF, NULL);
    hub_close(hub, link->link.peer, CLOSE_OPERATOR);
    TOLD("close #1 error received 0 sent 0 unsent 0 error No route to host\n");
    ck_assert(!link->finishing);
    fake_turn(&world);
    fake_turn(&world);
    TOLD("");
}
END_TEST

START_TEST(may_be_killed_by_who_sees_it_die)
{
    struct witness witness;
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    witness_init(&witness, true);
    hub_detach(hub, link->link.peer, CLOSE_EOF, NULL);
    audience_leave(&hub->audience, &witness.observer);
    ck_assert_uint_eq(witness.told, 1);
    TOLD("close #1 eof received 0 sent 0 unsent 0\n");
    fake_turn(&world);
    ck_assert(fake_is_empty(hub));
}
END_TEST

START_TEST(the_dead_are_freed_later)
{
    struct listener *listener = fake_listen(&world, "tcp://127.0.0.1:1");
    struct fake_link *links[4];
    for (size_t i = 0; i < COUNT(links); i++)
        links[i] = fake_peer(&world, listener);
    ck_assert_uint_eq(listener->origin.references, 1 + COUNT(links));
    ck_assert_uint_eq(world.defers, 0);
    hub_detach(hub, links[2]->link.peer, CLOSE_EOF, NULL);
    hub_detach(hub, links[0]->link.peer, CLOSE_EOF, NULL);
    ck_assert_uint_ge(world.defers, 1);
    for (size_t i = 0; i < COUNT(links); i++)
        ck_assert(!links[i]->destroyed);
    fake_take(&world);
    fake_turn(&world);
    TOLD("");
    ck_assert(links[0]->destroyed && !links[1]->destroyed);
    ck_assert(links[2]->destroyed && !links[3]->destroyed);
    ck_assert_uint_eq(listener->origin.references, 3);
}
END_TEST

START_TEST(nothing_comes_from_the_dead)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1?reply=echo");
    struct peer *peer = link->link.peer;
    hub_detach(hub, peer, CLOSE_EOF, NULL);
    fake_take(&world);
    world.now += 5;
    receive_text(link, "late");
    hub_half_close(hub, peer);
    hub_drained(hub, peer);
    hub_end_output(peer);
    TOLD("");
    ck_assert_int_eq(peer->state, PEER_DEAD);
    ck_assert_uint_eq(peer->received, 0);
    ck_assert_int_eq(peer->active, world.now - 5);
    ck_assert_uint_eq(hub->stats.messages_in, 0);
    ck_assert_uint_eq(link->tries, 0);
    ck_assert(!link->ended);
}
END_TEST

START_TEST(a_failed_call_is_closed)
{
    struct fake_link *link = fake_call(&world, "tcp://127.0.0.1:9");
    hub_detach(hub, link->link.peer, CLOSE_TIMEOUT, NULL);
    TOLD("close #1 timeout received 0 sent 0 unsent 0\n");
    fake_turn(&world);
    ck_assert(fake_is_empty(hub));
}
END_TEST

START_TEST(finishing_frees_all_and_says_nothing)
{
    struct fake other;
    struct fake_link *link, *next;
    fake_init(&other);
    fake_call(&other, "tcp://127.0.0.1:9");
    struct listener *listener = fake_listen(&other, "tcp://127.0.0.1:1");
    struct fake_link *links[3];
    for (size_t i = 0; i < COUNT(links); i++)
        links[i] = fake_peer(&other, listener);
    hub_detach(&other.hub, links[0]->link.peer, CLOSE_EOF, NULL);
    links[1]->finish_later = true;
    hub_close(&other.hub, links[1]->link.peer, CLOSE_OPERATOR);
    hub_name(&other.hub, links[2]->link.peer, "boiler");
    fake_take(&other);
    hub_finish(&other.hub);
    ck_assert_str_eq(fake_take(&other), "");
    LL_FOREACH_SAFE(other.links, link, next) {
        fake_link_free(link);
    }
    utstring_done(&other.events);
    utstring_done(&other.taken);
}
END_TEST

/* --- finding --- */

static void check_walk(const char *numbers)
{
    UT_string found;
    utstring_init(&found);
    for (struct peer *peer = hub_next(hub, NULL); peer; peer = hub_next(hub, peer))
        utstring_printf(&found, " %u", (unsigned)peer->number);
    ck_assert_str_eq(utstring_body(&found), numbers);
    utstring_done(&found);
}

START_TEST(the_dead_are_not_found)
{
    struct fake_link *links[5];
    struct listener *listener = fake_listen(&world, "tcp://127.0.0.1:1");
    check_walk("");
    ck_assert(fake_is_empty(hub));
    for (size_t i = 0; i < COUNT(links); i++)
        links[i] = fake_peer(&world, listener);
    check_walk(" 1 2 3 4 5");
    ck_assert_ptr_eq(hub_find(hub, 4), links[3]->link.peer);
    ck_assert_ptr_null(hub_find(hub, 0));
    ck_assert_ptr_null(hub_find(hub, 6));
    ck_assert_ptr_null(hub_find(hub, UINT64_MAX));
    hub_detach(hub, links[0]->link.peer, CLOSE_EOF, NULL);
    hub_detach(hub, links[3]->link.peer, CLOSE_EOF, NULL);
    hub_detach(hub, links[4]->link.peer, CLOSE_EOF, NULL);
    check_walk(" 2 3");
    ck_assert_ptr_eq(hub_next(hub, links[0]->link.peer), links[1]->link.peer);
    ck_assert_ptr_null(hub_find(hub, 4));
    fake_turn(&world);
    check_walk(" 2 3");
    fake_peer(&world, listener);
    check_walk(" 2 3 6");
}
END_TEST

START_TEST(all_may_die_during_a_walk)
{
    struct listener *listener = fake_listen(&world, "udp://127.0.0.1:1");
    for (int i = 0; i < 100; i++)
        fake_peer(&world, listener);
    unsigned seen = 0;
    for (struct peer *peer = hub_next(hub, NULL); peer; peer = hub_next(hub, peer), seen++)
        hub_close(hub, peer, CLOSE_OPERATOR);
    ck_assert_uint_eq(seen, 100);
    check_walk("");
    ck_assert(!fake_is_empty(hub));
    fake_turn(&world);
    ck_assert(fake_is_empty(hub));
}
END_TEST

START_TEST(targets_are_pinned_as_often_as_chosen)
{
    struct fake_link *one = make_peer("tcp://127.0.0.1:1");
    struct fake_link *two = make_peer("tcp://127.0.0.1:1");
    hub_pin(hub, 1, true);
    hub_pin(hub, 1, true);
    hub_pin(hub, 1, false);
    hub_pin(hub, 0, true);
    hub_pin(hub, 9, true);
    ck_assert_uint_eq(one->link.peer->pins, 1);
    ck_assert_uint_eq(two->link.peer->pins, 0);
    hub_pin(hub, 1, false);
    ck_assert_uint_eq(one->link.peer->pins, 0);
    hub_detach(hub, two->link.peer, CLOSE_EOF, NULL);
    hub_pin(hub, 2, true);
    ck_assert_uint_eq(two->link.peer->pins, 0);
}
END_TEST

/* --- names --- */

START_TEST(a_name_comes_and_goes)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    ck_assert_ptr_null(hub_find_name(hub, "boiler"));
    ck_assert(hub_name(hub, link->link.peer, "boiler"));
    ck_assert_ptr_eq(hub_find_name(hub, "boiler"), link->link.peer);
    ck_assert_ptr_null(hub_find_name(hub, "Boiler"));
    ck_assert_ptr_null(hub_find_name(hub, "boile"));
    ck_assert(hub_name(hub, link->link.peer, "pump"));
    ck_assert_ptr_null(hub_find_name(hub, "boiler"));
    ck_assert(hub_name(hub, link->link.peer, NULL));
    ck_assert_ptr_null(hub_find_name(hub, "pump"));
    TOLD("name #1 boiler\nname #1 pump\nname #1\n");
}
END_TEST

START_TEST(a_name_belongs_to_one)
{
    struct fake_link *one = make_peer("tcp://127.0.0.1:1");
    struct fake_link *two = make_peer("tcp://127.0.0.1:2");
    ck_assert(hub_name(hub, one->link.peer, "boiler"));
    ck_assert(hub_name(hub, two->link.peer, "pump"));
    fake_take(&world);
    ck_assert(!hub_name(hub, two->link.peer, "boiler"));
    TOLD("");
    ck_assert_ptr_eq(hub_find_name(hub, "pump"), two->link.peer);
    ck_assert(hub_name(hub, one->link.peer, "boiler"));
    TOLD("name #1 boiler\n");
    ck_assert_ptr_eq(hub_find_name(hub, "boiler"), one->link.peer);
}
END_TEST

START_TEST(the_own_name_may_be_given_again)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    hub_name(hub, link->link.peer, "boiler");
    ck_assert(hub_name(hub, link->link.peer, link->link.peer->name));
    ck_assert_str_eq(link->link.peer->name, "boiler");
}
END_TEST

START_TEST(a_name_is_free_when_its_peer_is_dead)
{
    struct fake_link *one = make_peer("tcp://127.0.0.1:1");
    struct fake_link *two = make_peer("tcp://127.0.0.1:2");
    hub_name(hub, one->link.peer, "boiler");
    hub_detach(hub, one->link.peer, CLOSE_EOF, NULL);
    ck_assert_ptr_null(hub_find_name(hub, "boiler"));
    ck_assert(hub_name(hub, two->link.peer, "boiler"));
    ck_assert_ptr_eq(hub_find_name(hub, "boiler"), two->link.peer);
}
END_TEST

START_TEST(a_name_from_before_is_told_after_open)
{
    struct fake_link *link = fake_call(&world, "tcp://127.0.0.1:9");
    hub_name(hub, link->link.peer, "pump");
    hub_name(hub, link->link.peer, "boiler");
    ck_assert_ptr_eq(hub_find_name(hub, "boiler"), link->link.peer);
    hub_open(hub, link->link.peer);
    TOLD("open #1\nname #1 boiler\n");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {events_come_in_order,
                                  an_attached_peer_is_connecting,
                                  opening_is_counted_by_transport,
                                  numbers_are_never_used_again,
                                  events_have_a_time_and_closes_a_duration,
                                  dies_once,
                                  may_be_killed_by_who_sees_it_die,
                                  the_dead_are_freed_later,
                                  nothing_comes_from_the_dead,
                                  a_failed_call_is_closed,
                                  finishing_frees_all_and_says_nothing,
                                  the_dead_are_not_found,
                                  all_may_die_during_a_walk,
                                  targets_are_pinned_as_often_as_chosen,
                                  a_name_comes_and_goes,
                                  a_name_belongs_to_one,
                                  the_own_name_may_be_given_again,
                                  a_name_is_free_when_its_peer_is_dead,
                                  a_name_from_before_is_told_after_open,
                                  NULL};
    return check_run_with("hub", setup_world, teardown_world, tests);
}
