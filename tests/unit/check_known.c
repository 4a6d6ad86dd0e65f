/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/known.h"

#include <string.h>

#include "base/ut.h"
#include "check_main.h"

static struct known known;

static void setup(void)
{
    known_init(&known);
}

static void teardown(void)
{
    known_clear(&known);
}

static struct told told_of(enum hub_event_type type, uint64_t peer)
{
    return (struct told){.type = type, .peer.number = peer};
}

static void open_peer(uint64_t number, const char *transport)
{
    struct told told = told_of(HUB_OPEN, number);
    told.time = 1000;
    told.open = (struct where){.transport = transport, .listener.number = 7};
    ck_assert(known_tell(&known, &told));
    known_told(&known, &told);
}

static void name_peer(uint64_t number, const char *name)
{
    struct told told = told_of(HUB_NAME, number);
    told.peer.name = name;
    ck_assert(known_tell(&known, &told));
    ck_assert(!name || told.peer.name != name); /* a copy */
}

static void listen_on(uint64_t number, const char *name)
{
    struct told told = {.type = HUB_LISTENING,
                        .listener = {.number = number, .name = name},
                        .endpoint = "tcp://*:1"};
    ck_assert(known_tell(&known, &told));
}

/* "3", "3 boiler": in the order of the directory. */
static bool write_who(void *context, const struct who *who)
{
    UT_string *out = context;
    utstring_printf(out, "%u%s%s,", (unsigned)who->number, who->name ? " " : "",
                    who->name ? who->name : "");
    return who->number != 99;
}

static void check_directory(const char *peers, const char *listeners)
{
    UT_string out;
    utstring_init(&out);
    known.directory.peers(&known.directory, write_who, &out);
    ck_assert_str_eq(utstring_body(&out), peers);
    utstring_clear(&out);
    known.directory.listeners(&known.directory, write_who, &out);
    ck_assert_str_eq(utstring_body(&out), listeners);
    utstring_done(&out);
}

START_TEST(fills_in_names)
{
    listen_on(7, "front");
    open_peer(3, "tcp");
    name_peer(3, "boiler");
    struct told told = told_of(HUB_HALF_CLOSE, 3);
    ck_assert(known_tell(&known, &told));
    ck_assert_str_eq(told.peer.name, "boiler");
    ck_assert_str_eq(known.directory.find(&known.directory, 3).name, "boiler");
    told = told_of(HUB_OPEN, 4);
    told.open = (struct where){.transport = "tcp", .listener.number = 7};
    ck_assert(known_tell(&known, &told));
    ck_assert_str_eq(told.open.listener.name, "front");
    told = told_of(HUB_MESSAGE, 4);
    ck_assert(known_tell(&known, &told));
    ck_assert_uint_eq(told.listener.number, 7);
    ck_assert_str_eq(told.listener.name, "front");
    told = told_of(HUB_MESSAGE, 5); /* whose open was not told */
    ck_assert(known_tell(&known, &told));
    ck_assert_uint_eq(told.listener.number, 0);
    told = told_of(HUB_CLOSE, 5);
    known_told(&known, &told);
    told = (struct told){.type = HUB_REFUSED, .listener.number = 7};
    ck_assert(known_tell(&known, &told));
    ck_assert_str_eq(told.listener.name, "front");
    told.listener = (struct who){.number = 8};
    ck_assert(known_tell(&known, &told));
    ck_assert_ptr_null(told.listener.name);
    check_directory("3 boiler,4,", "7 front,");
    name_peer(3, NULL);
    check_directory("3,4,", "7 front,");
}
END_TEST

START_TEST(an_open_says_whether_messages_are_whole)
{
    open_peer(1, "tcp");
    open_peer(2, "udp");
    for (uint64_t number = 1; number <= 3; number++) {
        struct told told = told_of(HUB_MESSAGE, number);
        ck_assert(known_tell(&known, &told));
        ck_assert(told.datagram == (number == 2));
    }
}
END_TEST

START_TEST(knows_somebody_until_the_end_was_shown)
{
    listen_on(7, "front");
    open_peer(3, "tcp");
    name_peer(3, "boiler");
    struct told told = told_of(HUB_CLOSE, 3);
    ck_assert(known_tell(&known, &told));
    ck_assert_str_eq(told.peer.name, "boiler");
    known_told(&known, &told);
    ck_assert(!known_has(&known, 3));
    told = (struct told){.type = HUB_UNLISTENING, .listener.number = 7};
    ck_assert(known_tell(&known, &told));
    known_told(&known, &told);
    known_told(&known, &told);
    check_directory("", "");
}
END_TEST

/* --- answers --- */

static const struct card *list_of;

static bool take_card(const struct card *card)
{
    const struct result result = {.type = RESULT_PEER, .peer.card = *card};
    return known_result(&known, &result);
}

static bool take_origin(const struct origin_card *card)
{
    const struct result result = {.type = RESULT_LISTENERS,
                                  .listeners = {.items = card, .count = 1}};
    return known_result(&known, &result);
}

static bool take_list(struct cards *cards, bool first, bool last)
{
    const struct result result = {
        .type = RESULT_PEERS, .first = first, .more = !last, .peers = cards};
    return known_result(&known, &result);
}

static void get_card(struct cards *cards, size_t index, struct card *card)
{
    ck_assert_uint_lt(index, cards->count);
    *card = list_of[index];
}

START_TEST(a_list_of_some_tells_nothing_of_others)
{
    const struct card list[] = {
        {.peer = {.number = 2, .name = "pump"}, .where.transport = "tcp"}};
    struct cards cards = {.count = 1, .get = get_card};
    const struct result result = {
        .type = RESULT_PEERS, .first = true, .some = true, .peers = &cards};
    list_of = list;
    open_peer(2, "tcp");
    open_peer(3, "tcp");
    ck_assert(known_result(&known, &result));
    ck_assert(known_has(&known, 2) && known_has(&known, 3));
}
END_TEST

START_TEST(a_list_says_who_is_there)
{
    const struct card list[] = {
        {.peer = {.number = 2}, .where.transport = "udp"},
        {.peer = {.number = 3, .name = "boiler"}, .where.transport = "tcp"},
        {.peer = {.number = 4, .name = "kettle"}, .where.transport = "tcp"}};
    struct cards cards = {.count = 2, .get = get_card};
    open_peer(1, "tcp");
    open_peer(2, "tcp");
    name_peer(2, "boiler");
    list_of = list;
    ck_assert(take_list(&cards, true, false));
    ck_assert(known_has(&known, 1)); /* it may be in the next piece */
    list_of = list + 2;
    cards.count = 1;
    ck_assert(take_list(&cards, false, true));
    check_directory("2,3 boiler,4 kettle,", "");
    struct told told = told_of(HUB_MESSAGE, 2);
    ck_assert(known_tell(&known, &told) && told.datagram);
    cards.count = 0;
    ck_assert(take_list(&cards, true, true));
    ck_assert_uint_eq(known_peers(&known), 0);
}
END_TEST

START_TEST(completes_a_card)
{
    struct told told = told_of(HUB_OPEN, 1);
    told.time = 1000;
    told.open =
        (struct where){.transport = "unix", .has_credentials = true, .pid = 12, .uid = 34};
    ck_assert(known_tell(&known, &told));
    struct card card = {.peer.number = 1, .where.transport = "unix"};
    known_complete(&known, &card, 5000);
    ck_assert_int_eq(card.since, 4000);
    ck_assert(card.where.has_credentials);
    ck_assert_int_eq(card.where.pid, 12);
    ck_assert_uint_eq(card.where.uid, 34);
    card = (struct card){.peer.number = 2, .where.transport = "tcp"};
    ck_assert(take_card(&card)); /* that was there before us */
    known_complete(&known, &card, 5000);
    ck_assert_int_eq(card.since, CARD_SINCE_UNKNOWN);
    ck_assert(!card.where.has_credentials);
}
END_TEST

START_TEST(remembers_how_a_listener_treats_its_peers)
{
    const struct origin_card card = {.listener = {.number = 7, .name = "front"},
                                     .endpoint = "tcp://*:1",
                                     .reply = "echo",
                                     .eol = "lf",
                                     .framing = "line"};
    listen_on(7, "front");
    ck_assert_str_eq(known_origin(&known, 7).listener.name, "front");
    ck_assert_ptr_null(known_origin(&known, 7).reply);
    ck_assert(take_origin(&card));
    struct origin_card found = known_origin(&known, 7);
    ck_assert_str_eq(found.reply, "echo");
    ck_assert_str_eq(found.eol, "lf");
    ck_assert_str_eq(found.framing, "line");
    found = known_origin(&known, 8);
    ck_assert_uint_eq(found.listener.number, 8);
    ck_assert_ptr_null(found.eol);
    ck_assert_uint_eq(known_origin(&known, 0).listener.number, 0);
}
END_TEST

/* --- bounds --- */

START_TEST(a_visit_ends_where_it_is_told_to)
{
    open_peer(99, "tcp");
    open_peer(3, "tcp");
    listen_on(99, NULL);
    listen_on(3, NULL);
    check_directory("99,", "99,");
}
END_TEST

START_TEST(keeps_no_more_than_so_many)
{
    for (uint64_t number = 1; number <= KNOWN_LISTENERS_MAX; number++)
        listen_on(number, NULL);
    struct told told = {.type = HUB_LISTENING, .listener.number = KNOWN_LISTENERS_MAX + 1};
    ck_assert(!known_tell(&known, &told));
    listen_on(1, "again");
    known.peers.most = 2;
    ck_assert(known_meet(&known, 1) && known_meet(&known, 7));
    ck_assert(!known_meet(&known, 8) && known_meet(&known, 7));
    told = told_of(HUB_MESSAGE, 8);
    ck_assert(!known_tell(&known, &told));
    known_clear(&known);
    check_directory("", "");
    ck_assert(!known_meet(&known, 0));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        fills_in_names,
        an_open_says_whether_messages_are_whole,
        knows_somebody_until_the_end_was_shown,
        a_list_of_some_tells_nothing_of_others,
        a_list_says_who_is_there,
        completes_a_card,
        remembers_how_a_listener_treats_its_peers,
        a_visit_ends_where_it_is_told_to,
        keeps_no_more_than_so_many,
        NULL,
    };
    return check_run_with("known", setup, teardown, tests);
}
