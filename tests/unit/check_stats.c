/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/stats.h"

#include <string.h>

#include "check_main.h"
#include "fake.h"

static struct fake world;
static struct stats_figure figures[STATS_FIGURES_MAX];
static unsigned count;

static void setup(void)
{
    fake_init(&world);
}

static void teardown(void)
{
    fake_finish(&world);
}

static void collect(void)
{
    memset(figures, 0xff, sizeof figures); /* whatever is not written shows */
    count = stats_collect(&world.hub, figures);
    ck_assert_uint_le(count, STATS_FIGURES_MAX);
}

/* What was collected last. */
static uint64_t figure(const char *name)
{
    for (unsigned i = 0; i < count; i++)
        if (strcmp(figures[i].name, name) == 0)
            return figures[i].value;
    ck_abort_msg("no figure %s", name);
}

START_TEST(nothing_has_happened_at_first)
{
    collect();
    for (unsigned i = 0; i < count; i++)
        ck_assert_msg(figures[i].value == 0, "%s", figures[i].name);
    ck_assert_int_eq(world.hub.stats.started, FAKE_WALL);
}
END_TEST

START_TEST(each_has_its_own_name_and_a_help)
{
    collect();
    for (unsigned i = 0; i < count; i++) {
        ck_assert_uint_gt(strlen(figures[i].help), 0);
        ck_assert_uint_eq(strspn(figures[i].name, "abcdefghijklmnopqrstuvwxyz_"),
                          strlen(figures[i].name));
        for (unsigned j = 0; j < i; j++)
            ck_assert_str_ne(figures[i].name, figures[j].name);
    }
}
END_TEST

/* Scripts read them by name. */
START_TEST(helps_by_name)
{
    collect();
    for (unsigned i = 0; i < count; i++)
        ck_assert_str_eq(stats_help(figures[i].name), figures[i].help);
    ck_assert_ptr_null(stats_help("tcp"));
    ck_assert_ptr_null(stats_help(""));
}
END_TEST

START_TEST(has_these)
{
    static const char *const names[] = {"tcp_peers",
                                        "unix_peers",
                                        "udp_peers",
                                        "queued_bytes",
                                        "memory",
                                        "tcp_opened",
                                        "unix_opened",
                                        "udp_opened",
                                        "messages_in",
                                        "bytes_in",
                                        "messages_out",
                                        "bytes_out",
                                        "replies",
                                        "suppressed_broadcast",
                                        "suppressed_port",
                                        "suppressed_own",
                                        "suppressed_rate",
                                        "suppressed_size",
                                        "suppressed_queue",
                                        "refused_access",
                                        "refused_limit",
                                        "refused_proxy",
                                        "refused_handshake",
                                        "refused_consoles",
                                        "dropped_kernel",
                                        "dropped_send",
                                        "loop_turns",
                                        "longest_turn",
                                        "longest_turn_in"};
    collect();
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        figure(names[i]);
}
END_TEST

START_TEST(each_counter_shows_under_its_name)
{
    uint64_t value = 100;
#define SET(field, help) world.hub.stats.field = value++;
    STATS_COUNTERS(SET)
#undef SET
    collect();
    value = 100;
#define LOOK(field, help) ck_assert_uint_eq(figure(#field), value++);
    STATS_COUNTERS(LOOK)
#undef LOOK
}
END_TEST

START_TEST(tells_of_the_turns)
{
    world.turns = (struct turns){.count = 7, .longest = 99, .longest_in = PART_NAMES};
    collect();
    ck_assert_uint_eq(figure("loop_turns"), 7);
    ck_assert_uint_eq(figure("longest_turn"), 99);
    for (unsigned i = 0; i < count; i++)
        if (strcmp(figures[i].name, "longest_turn_in") == 0)
            ck_assert_str_eq(figures[i].word, part_name(PART_NAMES));
}
END_TEST

START_TEST(counts_who_is_on_the_line_now)
{
    struct listener *tcp = fake_listen(&world, "tcp://127.0.0.1:1");
    struct listener *udp = fake_listen(&world, "udp://127.0.0.1:1");
    struct listener *local = fake_listen(&world, "unix:/run/x");
    struct fake_link *gone = fake_peer(&world, tcp);
    for (int i = 0; i < 3; i++)
        fake_peer(&world, tcp);
    for (int i = 0; i < 2; i++)
        fake_peer(&world, udp);
    fake_peer(&world, local);
    fake_call(&world, "tcp://127.0.0.1:9");
    hub_detach(&world.hub, gone->link.peer, CLOSE_EOF, NULL);
    collect();
    ck_assert_uint_eq(figure("tcp_peers"), 3);
    ck_assert_uint_eq(figure("udp_peers"), 2);
    ck_assert_uint_eq(figure("unix_peers"), 1);
    ck_assert_uint_eq(figure("tcp_opened"), 4); /* the call does not stand yet */
    ck_assert_uint_eq(figure("udp_opened"), 2);
    ck_assert_uint_eq(figure("unix_opened"), 1);
}
END_TEST

START_TEST(adds_up_what_waits)
{
    struct listener *tcp = fake_listen(&world, "tcp://127.0.0.1:1");
    struct fake_link *links[3];
    for (int i = 0; i < 3; i++) {
        links[i] = fake_peer(&world, tcp);
        links[i]->keep = true;
        hub_send(&world.hub, links[i]->link.peer, "12345", 5, 0, NULL);
    }
    hub_detach(&world.hub, links[0]->link.peer, CLOSE_RESET, NULL);
    fake_link_drain(links[1]);
    hub_send(&world.hub, links[1]->link.peer, "x", 1, 0, NULL);
    collect();
    ck_assert_uint_eq(figure("queued_bytes"), 6);
}
END_TEST

/* What running totals must be at any time, found by going through all peers. */
static void check_walk(void)
{
    uint64_t now[SCHEME_COUNT] = {0}, queued = 0;
    for (struct peer *peer = hub_next(&world.hub, NULL); peer;
         peer = hub_next(&world.hub, peer)) {
        if (peer->state != PEER_CONNECTING)
            now[peer->origin->endpoint.scheme]++;
        queued += peer_queued(peer);
    }
    collect();
    ck_assert_uint_eq(figure("tcp_peers"), now[SCHEME_TCP]);
    ck_assert_uint_eq(figure("udp_peers"), now[SCHEME_UDP]);
    ck_assert_uint_eq(figure("unix_peers"), now[SCHEME_UNIX]);
    ck_assert_uint_eq(figure("queued_bytes"), queued);
}

START_TEST(totals_are_what_a_walk_finds)
{
    enum { LINKS = 60, STEPS = 1000 };
    static const char *const endpoints[] = {"tcp://127.0.0.1:1", "udp://127.0.0.1:1",
                                            "unix:/run/x"};
    struct fake_link *links[LINKS] = {0};
    struct listener *listeners[3];
    for (int i = 0; i < 3; i++)
        listeners[i] = fake_listen(&world, endpoints[i]);
    srandom(1);
    for (int step = 0; step < STEPS; step++) {
        struct fake_link **link = &links[random() % LINKS];
        const long what = random() % 8;
        if (!*link && what == 0) {
            *link = fake_call(&world, "tcp://127.0.0.1:9");
        } else if (!*link) {
            *link = fake_peer(&world, listeners[random() % 3]);
            (*link)->keep = (*link)->finish_later = random() % 2;
        } else if (what == 0) {
            hub_detach(&world.hub, (*link)->link.peer, CLOSE_RESET, NULL);
            *link = NULL;
        } else if (what == 1 && (*link)->link.peer->state == PEER_CONNECTING) {
            hub_open(&world.hub, (*link)->link.peer);
        } else if (what == 2) {
            fake_link_drain(*link);
        } else if (what == 3 && (*link)->finish_later &&
                   (*link)->link.peer->state == PEER_OPEN) {
            hub_close(&world.hub, (*link)->link.peer, CLOSE_OPERATOR);
        } else {
            hub_send(&world.hub, (*link)->link.peer, "some bytes", (size_t)(random() % 10), 0,
                     NULL);
        }
        if (step % 7 == 0)
            fake_turn(&world);
        check_walk();
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {nothing_has_happened_at_first,
                                  each_has_its_own_name_and_a_help,
                                  helps_by_name,
                                  has_these,
                                  each_counter_shows_under_its_name,
                                  tells_of_the_turns,
                                  counts_who_is_on_the_line_now,
                                  adds_up_what_waits,
                                  totals_are_what_a_walk_finds,
                                  NULL};
    return check_run_with("stats", setup, teardown, tests);
}
