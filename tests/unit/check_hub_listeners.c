/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The hub's listeners. */
#include "core/hub.h"

#include <string.h>

#include "check_main.h"
#include "core/agent.h"
#include "fake_hub.h"

/* --- adding and finding --- */

START_TEST(listeners_are_told_and_numbered)
{
    struct listener *one = fake_listen(&world, "tcp://127.0.0.1:1");
    struct listener *two = fake_listen(&world, "udp://[::1]:2?name=b");
    TOLD("listening 1 tcp://127.0.0.1:1\nlistening 2 udp://[::1]:2\n");
    ck_assert(one->open && two->open);
    ck_assert_uint_eq(one->origin.references, 1);
    ck_assert_ptr_eq(hub->listeners, one);
    ck_assert_ptr_eq(one->next, two);
    ck_assert_ptr_null(two->next);
}
END_TEST

START_TEST(their_numbers_are_never_used_again)
{
    for (unsigned number = 1; number <= 4; number++) {
        struct listener *listener = fake_listen(&world, "tcp://127.0.0.1:1");
        ck_assert_uint_eq(listener->number, number);
        hub_remove_listener(hub, listener);
    }
    ck_assert_ptr_null(hub->listeners);
}
END_TEST

START_TEST(found_by_number_and_name)
{
    static const char *const nobody[] = {"0",
                                         "#0",
                                         "4",
                                         "#4",
                                         "",
                                         "#",
                                         "##1",
                                         "-1",
                                         "1 ",
                                         "a1",
                                         "#one",
                                         "One",
                                         "*",
                                         "onee",
                                         "tcp",
                                         "4294967297",
                                         "18446744073709551617"};
    struct listener *one = fake_listen(&world, "tcp://127.0.0.1:1?name=one");
    struct listener *two = fake_listen(&world, "tcp://127.0.0.1:2");
    struct listener *three = fake_listen(&world, "udp://127.0.0.1:3?name=x3");
    ck_assert_ptr_eq(hub_find_listener(hub, "1"), one);
    ck_assert_ptr_eq(hub_find_listener(hub, "#1"), one);
    ck_assert_ptr_eq(hub_find_listener(hub, "one"), one);
    ck_assert_ptr_eq(hub_find_listener(hub, "2"), two);
    ck_assert_ptr_eq(hub_find_listener(hub, "x3"), three);
    ck_assert_ptr_eq(hub_find_listener(hub, "#3"), three);
    for (size_t i = 0; i < COUNT(nobody); i++)
        ck_assert_msg(!hub_find_listener(hub, nobody[i]), "'%s'", nobody[i]);
    fake_call(&world, "tcp://127.0.0.1:9?name=call");
    ck_assert_ptr_null(hub_find_listener(hub, "call"));
}
END_TEST

/* --- removing --- */

struct fake_binding {
    struct binding binding; /* first */
    unsigned destroyed;
};

static void destroy(struct binding *binding)
{
    ((struct fake_binding *)binding)->destroyed++;
    TOLD("unlistening 1 udp://127.0.0.1:1\n"
         "close #1 operator received 0 sent 0 unsent 0\n");
}

START_TEST(its_sockets_close_when_its_peers_have)
{
    static const struct binding_ops ops = {.destroy = destroy};
    struct fake_binding binding = {.binding.ops = &ops};
    struct listener *listener = fake_listen(&world, "udp://127.0.0.1:1");
    listener->binding = &binding.binding;
    fake_peer(&world, listener);
    fake_take(&world);
    hub_remove_listener(hub, listener);
    ck_assert_uint_eq(binding.destroyed, 1);
    fake_turn(&world);
    TOLD("");
    ck_assert_uint_eq(binding.destroyed, 1);
}
END_TEST

START_TEST(a_removed_one_is_not_found)
{
    struct listener *one = fake_listen(&world, "tcp://127.0.0.1:1?name=a");
    struct listener *two = fake_listen(&world, "tcp://127.0.0.1:2?name=b");
    hub_remove_listener(hub, one);
    ck_assert_ptr_null(hub_find_listener(hub, "1"));
    ck_assert_ptr_null(hub_find_listener(hub, "a"));
    ck_assert_ptr_eq(hub_find_listener(hub, "b"), two);
    ck_assert_ptr_eq(hub->listeners, two);
    struct listener *three = fake_listen(&world, "tcp://127.0.0.1:3?name=a");
    ck_assert_ptr_eq(hub_find_listener(hub, "a"), three);
}
END_TEST

START_TEST(stream_peers_stay_with_their_profile)
{
    struct listener *listener = fake_listen(&world, "tcp://127.0.0.1:1?reply=echo&name=a");
    struct fake_link *link = fake_peer(&world, listener);
    fake_take(&world);
    hub_remove_listener(hub, listener);
    TOLD("unlistening 1 tcp://127.0.0.1:1\n");
    struct listener *kept = link->link.peer->origin->listener;
    ck_assert_uint_eq(kept->origin.references, 1);
    ck_assert_uint_eq(kept->number, 1);
    ck_assert(!kept->open);
    ck_assert_str_eq(kept->origin.profile.name, "a");
    hub_receive(hub, link->link.peer, "hi", 2, false);
    TOOK(link, "hi");
    hub_close(hub, link->link.peer, CLOSE_OPERATOR);
    fake_turn(&world); /* the last reference goes with it */
    ck_assert(link->destroyed);
}
END_TEST

START_TEST(only_its_own_udp_peers_close)
{
    struct listener *one = fake_listen(&world, "udp://127.0.0.1:1");
    struct listener *two = fake_listen(&world, "udp://127.0.0.1:2");
    struct fake_link *dead = fake_peer(&world, one);
    fake_peer(&world, two);
    fake_peer(&world, one);
    struct fake_link *call = fake_call(&world, "udp://127.0.0.1:9");
    hub_open(hub, call->link.peer);
    fake_peer(&world, one);
    hub_detach(hub, dead->link.peer, CLOSE_TIMEOUT, NULL);
    fake_take(&world);
    hub_remove_listener(hub, one);
    TOLD("unlistening 1 udp://127.0.0.1:1\n"
         "close #3 operator received 0 sent 0 unsent 0\n"
         "close #5 operator received 0 sent 0 unsent 0\n");
    ck_assert_ptr_nonnull(hub_find(hub, 2));
    ck_assert_ptr_nonnull(hub_find(hub, 4));
    fake_turn(&world);
    hub_remove_listener(hub, two);
    TOLD("unlistening 2 udp://127.0.0.1:2\nclose #2 operator received 0 sent 0 unsent 0\n");
}
END_TEST

START_TEST(who_was_turned_away_is_counted)
{
    struct listener *listener = fake_listen(&world, "tcp://127.0.0.1:1");
    fake_take(&world);
    hub_refused(hub, &listener->origin, "192.0.2.7:5", REFUSED_ACCESS, NULL);
    hub_refused(hub, &listener->origin, "192.0.2.8:6", REFUSED_LIMIT, NULL);
    hub_refused(hub, &listener->origin, "192.0.2.8:7", REFUSED_LIMIT, NULL);
    ck_assert_uint_eq(hub->stats.refused_access, 1);
    ck_assert_uint_eq(hub->stats.refused_limit, 2);
    const char *told = "refused 192.0.2.7:5 access 1\nrefused 192.0.2.8:6 limit 1\n";
    ck_assert_int_eq(strncmp(fake_take(&world), told, strlen(told)), 0);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {listeners_are_told_and_numbered,
                                  their_numbers_are_never_used_again,
                                  found_by_number_and_name,
                                  its_sockets_close_when_its_peers_have,
                                  a_removed_one_is_not_found,
                                  stream_peers_stay_with_their_profile,
                                  only_its_own_udp_peers_close,
                                  who_was_turned_away_is_counted,
                                  NULL};
    return check_run_with("hub_listeners", setup_world, teardown_world, tests);
}
