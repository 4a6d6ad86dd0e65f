/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names: given by operators, or to those who are known from where they come. */
#include "core/hub.h"

#include <stdlib.h>

#include "check_main.h"
#include "fake.h"

static struct fake fake;
static struct listener *tcp, *udp, *local;

static void setup(void)
{
    fake_init(&fake);
    tcp = fake_listen(&fake, "tcp://*:9999");
    udp = fake_listen(&fake, "udp://*:9998");
    local = fake_listen(&fake, "unix:/run/x");
    fake_take(&fake);
}

static void teardown(void)
{
    fake_finish(&fake);
}

static void know(const char *first, const char *second)
{
    const char *const texts[] = {first, second};
    struct phonebook typed = {0};
    for (size_t i = 0; i < 2 && texts[i]; i++) {
        struct phonebook_entry entry;
        char *error = NULL;
        ck_assert_msg(phonebook_parse(texts[i], &entry, &error), "%s", error);
        phonebook_add(&typed, &entry);
    }
    phonebook_set(&fake.hub.phonebook, &typed);
    phonebook_finish(&typed);
}

static struct peer *comes(struct listener *listener, const char *host, in_port_t port)
{
    return fake_peer_from(&fake, listener, host, port)->link.peer;
}

START_TEST(an_operator_names_a_peer)
{
    struct peer *one = fake_peer(&fake, tcp)->link.peer;
    struct peer *other = fake_peer(&fake, tcp)->link.peer;
    fake_take(&fake);
    ck_assert(hub_name(&fake.hub, one, "boiler"));
    ck_assert(!hub_name(&fake.hub, other, "boiler"));
    ck_assert(hub_name(&fake.hub, one, "boiler"));
    ck_assert_ptr_eq(hub_find_name(&fake.hub, "boiler"), one);
    ck_assert_str_eq(fake_take(&fake), "name #1 boiler\nname #1 boiler\n");
    hub_detach(&fake.hub, one, CLOSE_EOF, NULL);
    ck_assert(hub_name(&fake.hub, other, "boiler"));
}
END_TEST

START_TEST(who_is_known_is_named_right_behind_its_open)
{
    know("10.0.0.7 boiler", "10.0.0.8:5000 kettle");
    comes(tcp, "10.0.0.7", 40000);
    comes(udp, "10.0.0.8", 5000);
    comes(udp, "10.0.0.8", 5001);
    comes(tcp, "10.0.0.9", 5000);
    ck_assert_str_eq(fake_take(&fake), "open #1\nname #1 boiler\n"
                                       "open #2\nname #2 kettle\n"
                                       "open #3\nopen #4\n");
}
END_TEST

START_TEST(a_device_that_comes_back_takes_its_name)
{
    know("10.0.0.7 boiler", NULL);
    comes(tcp, "10.0.0.7", 40000);
    struct peer *newer = comes(tcp, "::ffff:10.0.0.7", 40001);
    ck_assert_str_eq(fake_take(&fake), "open #1\nname #1 boiler\n"
                                       "open #2\nname #1\nname #2 boiler\n");
    ck_assert_ptr_eq(hub_find_name(&fake.hub, "boiler"), newer);
    ck_assert_ptr_null(hub_find(&fake.hub, 1)->name);
}
END_TEST

START_TEST(it_takes_it_from_whatever_line_of_the_address_has_it)
{
    know("10.0.0.7:5000 boiler", NULL);
    struct peer *older = comes(udp, "10.0.0.7", 4000);
    hub_name(&fake.hub, older, "boiler");
    fake_take(&fake);
    comes(tcp, "10.0.0.7", 5000);
    ck_assert_str_eq(fake_take(&fake), "open #2\nname #1\nname #2 boiler\n");
}
END_TEST

START_TEST(a_peer_at_another_address_keeps_it)
{
    know("10.0.0.0/24 plant", "2001:db8::7 plant");
    comes(tcp, "10.0.0.7", 40000);
    comes(tcp, "10.0.0.8", 40000);
    comes(tcp, "2001:db8::7", 40000);
    ck_assert_str_eq(fake_take(&fake), "open #1\nname #1 plant\nopen #2\nopen #3\n");
    hub_detach(&fake.hub, hub_find(&fake.hub, 1), CLOSE_EOF, NULL);
    fake_take(&fake);
    comes(tcp, "10.0.0.8", 40001);
    ck_assert_str_eq(fake_take(&fake), "open #4\nname #4 plant\n");
}
END_TEST

START_TEST(a_peer_without_an_address_keeps_it_and_is_known_by_none)
{
    know("0.0.0.0/0 anybody", "::/0 anybody");
    struct peer *older = fake_peer(&fake, local)->link.peer;
    hub_name(&fake.hub, older, "anybody");
    fake_take(&fake);
    comes(tcp, "10.0.0.7", 40000);
    fake_peer(&fake, local);
    ck_assert_str_eq(fake_take(&fake), "open #2\nopen #3\n");
}
END_TEST

START_TEST(a_call_takes_nothing_away)
{
    know("10.0.0.7 boiler", NULL);
    comes(tcp, "10.0.0.7", 40000);
    struct fake_link *call = fake_call(&fake, "tcp://10.0.0.7:9999");
    ck_assert(address_parse("10.0.0.7", 9999, &call->remote));
    hub_open(&fake.hub, call->link.peer);
    ck_assert_str_eq(fake_take(&fake), "open #1\nname #1 boiler\nopen #2\n");
    hub_detach(&fake.hub, hub_find(&fake.hub, 1), CLOSE_EOF, NULL);
    fake_take(&fake);
    call = fake_call(&fake, "tcp://10.0.0.7:9999");
    ck_assert(address_parse("10.0.0.7", 9999, &call->remote));
    hub_open(&fake.hub, call->link.peer);
    ck_assert_str_eq(fake_take(&fake), "open #3\nname #3 boiler\n");
}
END_TEST

START_TEST(a_call_keeps_the_name_that_it_was_given)
{
    know("10.0.0.7 boiler", NULL);
    struct fake_link *call = fake_call(&fake, "tcp://10.0.0.7:9999");
    ck_assert(address_parse("10.0.0.7", 9999, &call->remote));
    hub_name(&fake.hub, call->link.peer, "kettle");
    hub_open(&fake.hub, call->link.peer);
    ck_assert_str_eq(fake_take(&fake), "open #1\nname #1 kettle\n");
}
END_TEST

/* As a certificate does. */
static void comes_as(const char *name, const char *host)
{
    struct fake_link *link = fake_attach(&fake, &tcp->origin);
    ck_assert(address_parse(host, 40000, &link->remote));
    hub_name_newcomer(&fake.hub, link->link.peer, name);
    hub_open(&fake.hub, link->link.peer);
}

START_TEST(a_newcomer_may_say_how_it_is_called)
{
    know("10.0.0.7 kettle", NULL);
    comes_as("boiler", "10.0.0.7");
    ck_assert_str_eq(fake_take(&fake), "open #1\nname #1 boiler\n");
    comes_as("boiler", "10.0.0.8");
    ck_assert_str_eq(fake_take(&fake), "open #2\n");
    comes_as("boiler", "10.0.0.7");
    ck_assert_str_eq(fake_take(&fake), "name #1\nopen #3\nname #3 boiler\n");
}
END_TEST

/* Closes the peer that a name was taken from, or given to. */
struct closer {
    struct observer observer;
    uint64_t peer;
};

static void close_it(struct observer *observer, const struct hub_event *event)
{
    const struct closer *closer = (struct closer *)observer;
    if (event->peer->number == closer->peer)
        hub_detach(&fake.hub, hub_find(&fake.hub, closer->peer), CLOSE_OPERATOR, NULL);
}

START_TEST(whoever_is_told_may_close_it)
{
    struct closer closer = {.observer = {.notice = close_it, .wants = OBSERVER_WANTS(HUB_OPEN)},
                            .peer = 2};
    know("10.0.0.7 boiler", NULL);
    comes(tcp, "10.0.0.7", 40000);
    audience_join(&fake.hub.audience, &closer.observer);
    comes(tcp, "10.0.0.7", 40001);
    audience_leave(&fake.hub.audience, &closer.observer);
    ck_assert_ptr_eq(hub_find_name(&fake.hub, "boiler"), hub_find(&fake.hub, 1));
    ck_assert_ptr_null(hub_find(&fake.hub, 2));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {an_operator_names_a_peer,
                                  who_is_known_is_named_right_behind_its_open,
                                  a_device_that_comes_back_takes_its_name,
                                  it_takes_it_from_whatever_line_of_the_address_has_it,
                                  a_peer_at_another_address_keeps_it,
                                  a_peer_without_an_address_keeps_it_and_is_known_by_none,
                                  a_call_takes_nothing_away,
                                  a_call_keeps_the_name_that_it_was_given,
                                  a_newcomer_may_say_how_it_is_called,
                                  whoever_is_told_may_close_it,
                                  NULL};
    return check_run_with("hub_names", setup, teardown, tests);
}
