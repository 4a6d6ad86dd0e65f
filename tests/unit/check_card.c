/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/card.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/json_put.h"
#include "base/mem.h"
#include "check_main.h"
#include "core/card_write.h"
#include "core/transfer.h"
#include "core/ways.h"
#include "fake.h"

static struct fake world;
static UT_string written;
static struct json json;

static void setup(void)
{
    fake_init(&world);
    utstring_init(&written);
    json_put_init(&json, &written);
}

static void teardown(void)
{
    utstring_done(&written);
    fake_finish(&world);
}

START_TEST(of_a_peer)
{
    struct fake_link *link = fake_peer(&world, fake_listen(&world, "tcp://127.0.0.1:1?name=x"));
    const struct peer *peer = link->link.peer;
    struct link_description room;
    struct card card;
    snprintf(link->description.remote, sizeof link->description.remote, "192.0.2.1:7");
    snprintf(link->description.local, sizeof link->description.local, "192.0.2.9:9");
    link->keep = true;
    hub_name(&world.hub, link->link.peer, "boiler");
    hub_receive(&world.hub, link->link.peer, "hello", 5, false);
    hub_send(&world.hub, link->link.peer, "abc", 3, 1, NULL);
    card_of_peer(&card, peer, world.now + 2500000, &room);
    ck_assert_str_eq(card.peer.name, "boiler");
    ck_assert_str_eq(card.where.listener.name, "x");
    ck_assert_int_eq(card.idle, 2500000);
    ck_assert_int_eq(card.since, 2500000);
    card_write(&json, NULL, &card);
    ck_assert_str_eq(utstring_body(&written),
                     "{\"peer\":1,\"transport\":\"tcp\",\"remote\":\"192.0.2.1:7\","
                     "\"local\":\"192.0.2.9:9\",\"listener\":1,\"name\":\"boiler\","
                     "\"state\":\"open\",\"received\":5,\"sent\":0,\"queued\":3,\"idle\":2.5,"
                     "\"joined\":[]}");
    fake_link_drain(link);
    card_of_peer(&card, peer, world.now - 1, &room); /* a clock that stood still meanwhile */
    ck_assert_int_eq(card.idle, 0);
    ck_assert_uint_eq(card.sent, 3);
    ck_assert_uint_eq(card.queued, 0);
}
END_TEST

/* What is queued of it has not gone. */
START_TEST(of_a_peer_that_gets_a_file)
{
    struct fake_link *link = fake_peer(&world, fake_listen(&world, "tcp://127.0.0.1:1"));
    struct link_description room;
    struct card card;
    char *error = NULL;
    card_of_peer(&card, link->link.peer, world.now, &room);
    ck_assert_ptr_null(card.file.path);
    link->keep = true;
    ck_assert(fake_send_file(&world.hub, link->link.peer, "/proc/self/exe", &error));
    card_of_peer(&card, link->link.peer, world.now, &room);
    ck_assert_str_eq(card.file.path, "/proc/self/exe");
    ck_assert_uint_gt(card.file.size, TRANSFER_PIECE);
    ck_assert_uint_eq(card.file.bytes, 0);
    fake_turn(&world);
    card_of_peer(&card, link->link.peer, world.now, &room);
    ck_assert_uint_eq(card.queued, TRANSFER_PIECE);
    ck_assert_uint_eq(card.file.bytes, 0);
    fake_link_drain(link);
    card_of_peer(&card, link->link.peer, world.now, &room);
    ck_assert_uint_eq(card.file.bytes, TRANSFER_PIECE);
    card_write(&json, NULL, &card);
    char *written_file = mem_printf(",\"file\":{\"path\":\"/proc/self/exe\",\"size\":%" PRIu64
                                    ",\"bytes\":65536}}",
                                    card.file.size);
    ck_assert_ptr_nonnull(strstr(utstring_body(&written), written_file));
    free(written_file);
}
END_TEST

/* Somebody else's feed is no file. */
START_TEST(of_a_peer_that_is_fed)
{
    static const struct feed_ops ops;
    struct feed feed = {.ops = &ops};
    struct fake_link *link = fake_peer(&world, fake_listen(&world, "tcp://127.0.0.1:1"));
    struct link_description room;
    struct card card;
    feed_start(&world.hub, &feed, link->link.peer);
    card_of_peer(&card, link->link.peer, world.now, &room);
    ck_assert_ptr_null(card.file.path);
    feed_stop(&world.hub, &feed);
}
END_TEST

START_TEST(of_a_call)
{
    struct fake_link *link = fake_call(&world, "udp://192.0.2.1:7?eol=nul");
    struct link_description room;
    struct card card;
    struct origin_card origin;
    card_of_peer(&card, link->link.peer, world.now, &room);
    ck_assert_int_eq(card.state, PEER_CONNECTING);
    ck_assert_uint_eq(card.where.listener.number, 0);
    card_of_origin(&origin, link->link.peer->origin);
    ck_assert_uint_eq(origin.listener.number, 0);
    ck_assert_str_eq(origin.eol, "nul");
    ck_assert_str_eq(origin.reply, "none");
}
END_TEST

START_TEST(of_a_peer_that_has_ways_of_its_own)
{
    struct fake_link *link = fake_peer(&world, fake_listen(&world, "tcp://127.0.0.1:1"));
    struct peer *peer = link->link.peer;
    struct link_description room;
    struct card card;
    struct origin_card origin;
    const struct framing line = framing_of(&framing_line);
    ways_set_eol(peer, EOL_CRLF);
    card_of_peer(&card, peer, world.now, &room);
    ck_assert_str_eq(card.eol, "crlf");
    ck_assert_ptr_null(card.framing);
    ways_set_framing(peer, &line);
    ck_assert_str_eq(link->framing->word, "line");
    card_of_peer(&card, peer, world.now, &room);
    card_of_origin(&origin, peer->origin);
    ck_assert_str_eq(origin.eol, "lf");
    card_fill_origin(&origin, &card);
    ck_assert_str_eq(origin.eol, "crlf");
    ck_assert_str_eq(origin.framing, "line");
    ck_assert_str_eq(origin.reply, "none");
}
END_TEST

START_TEST(of_a_listener)
{
    struct listener *listener =
        fake_listen(&world, "tcp://127.0.0.1:1?name=x&reply=echo&framing=line&half-close=0.5");
    struct origin_card card;
    card_of_origin(&card, &listener->origin);
    card_write_origin(&json, &card);
    ck_assert_str_eq(utstring_body(&written),
                     "{\"listener\":1,\"endpoint\":\"tcp://127.0.0.1:1\",\"name\":\"x\","
                     "\"reply\":\"echo\",\"eol\":\"lf\",\"framing\":\"line\","
                     "\"half_close\":0.5}");
    snprintf(listener->fingerprint, sizeof listener->fingerprint, "sha256:00ff");
    card_of_origin(&card, &listener->origin);
    card_write_origin(&json, &card);
    ck_assert_ptr_nonnull(
        strstr(utstring_body(&written), "\"half_close\":0.5,\"fingerprint\":\"sha256:00ff\"}"));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        of_a_peer, of_a_peer_that_gets_a_file,         of_a_peer_that_is_fed,
        of_a_call, of_a_peer_that_has_ways_of_its_own, of_a_listener,
        NULL};
    return check_run_with("card", setup, teardown, tests);
}
