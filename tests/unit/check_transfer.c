/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/transfer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cast.h"
#include "base/mem.h"
#include "check_main.h"
#include "core/agents.h"
#include "core/hub_parts.h"
#include "fake.h"

static struct fake world;
static struct hub *hub;
static int file; /* in memory; path names it */
static char path[64];

static void setup(void)
{
    fake_init(&world);
    hub = &world.hub;
    file = memfd_create("file", MFD_CLOEXEC);
    ck_assert_int_ge(file, 0);
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
}

static void teardown(void)
{
    fake_finish(&world);
    close(file);
}

#define TOOK(link, expected) ck_assert_str_eq(fake_link_take(link), expected)

/* expected is a format that takes the path. */
#define TOLD(expected)                             \
    do {                                           \
        char *told = mem_printf(expected, path);   \
        ck_assert_str_eq(fake_take(&world), told); \
        free(told);                                \
    } while (0)

static struct fake_link *make_peer(const char *endpoint)
{
    struct fake_link *link = fake_peer(&world, fake_listen(&world, endpoint));
    fake_take(&world);
    return link;
}

static void write_file(const char *text)
{
    size_t size = strlen(text);
    ck_assert_int_eq(pwrite(file, text, size, 0), (ssize_t)size);
}

static void resize_file(off_t size)
{
    ck_assert_int_eq(ftruncate(file, size), 0);
}

static void start(struct fake_link *link)
{
    char *error = NULL;
    ck_assert_msg(fake_send_file(hub, link->link.peer, path, &error), "%s", error);
}

static const struct transfer_file *file_of(const struct fake_link *link)
{
    return container_of(feed_of(link->link.peer), struct transfer, feed)->file;
}

static void check_refused(struct fake_link *link, const char *which, const char *expected)
{
    char *error = NULL;
    fake_take(&world);
    world.laters = 0;
    ck_assert_msg(!fake_send_file(hub, link->link.peer, which, &error), "%s", which);
    check_error(error, expected);
    ck_assert_str_eq(fake_take(&world), "");
    ck_assert_uint_eq(world.laters, 0);
}

/* --- pacing --- */

START_TEST(begins_with_the_next_turn)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    write_file("hello\n");
    start(link);
    ck_assert_str_eq(fake_take(&world), "");
    ck_assert_uint_eq(link->tries, 0);
    ck_assert_uint_eq(world.laters, 1);
    fake_turn(&world);
    TOOK(link, "hello\\n");
    TOLD("file #1 %s 6 of 6\n");
    ck_assert_ptr_null(feed_of(link->link.peer));
    ck_assert_ptr_null(hub->feeds);
    ck_assert_uint_eq(world.laters, 0);
}
END_TEST

START_TEST(goes_piece_by_piece)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    resize_file(3 * TRANSFER_PIECE + 10);
    start(link);
    for (unsigned turn = 1; turn <= 3; turn++) {
        fake_turn(&world);
        ck_assert_uint_eq(link->sends, turn);
        ck_assert_uint_eq(link->last, TRANSFER_PIECE);
        ck_assert_str_eq(fake_take(&world), "");
        ck_assert_uint_ge(world.laters, 1);
    }
    fake_turn(&world);
    ck_assert_uint_eq(link->last, 10);
    TOLD("file #1 %s 196618 of 196618\n");
    ck_assert_uint_eq(link->link.peer->accepted, 196618);
    ck_assert_uint_eq(hub->stats.bytes_out, 196618);
}
END_TEST

START_TEST(the_peer_sets_the_pace)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    resize_file(2 * TRANSFER_PIECE + 1);
    link->keep = true;
    start(link);
    fake_turn(&world);
    for (unsigned piece = 1; piece <= 3; piece++) {
        ck_assert_uint_eq(link->sends, piece);
        fake_turn(&world); /* nothing to do: it has not read */
        link->queued = 1;
        hub_later(hub, &hub->feeding);
        fake_turn(&world); /* nor when others are served, nor with one byte to go */
        ck_assert_uint_eq(link->sends, piece);
        ck_assert_uint_eq(world.laters, 0);
        ck_assert_str_eq(fake_take(&world), "");
        fake_link_drain(link);
        ck_assert_uint_eq(link->sends, piece);
        ck_assert_uint_eq(world.laters, 1);
        fake_turn(&world);
    }
    TOLD("file #1 %s 131073 of 131073\n"); /* not before the last byte is with the kernel */
    ck_assert_uint_eq(link->sends, 3);
}
END_TEST

START_TEST(waits_for_what_was_sent_before)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    write_file("file");
    link->keep = true;
    hub_send(hub, link->link.peer, "text", 4, 1, NULL);
    fake_take(&world);
    start(link);
    fake_turn(&world);
    TOOK(link, "text");
    link->keep = false;
    fake_link_drain(link);
    fake_turn(&world);
    TOOK(link, "file");
    TOLD("file #1 %s 4 of 4\n");
}
END_TEST

START_TEST(peers_take_turns)
{
    struct fake_link *links[3];
    for (size_t i = 0; i < COUNT(links); i++)
        links[i] = make_peer("tcp://127.0.0.1:1");
    links[1]->keep = true; /* one that does not read keeps nobody waiting */
    resize_file(3 * TRANSFER_PIECE);
    for (size_t i = 0; i < COUNT(links); i++)
        start(links[i]);
    for (unsigned turn = 1; turn <= 3; turn++) {
        fake_turn(&world);
        ck_assert_uint_eq(links[0]->sends, turn);
        ck_assert_uint_eq(links[1]->sends, 1);
        ck_assert_uint_eq(links[2]->sends, turn);
    }
    ck_assert_uint_eq(world.laters, 0);
    ck_assert_ptr_nonnull(feed_of(links[1]->link.peer));
    ck_assert_ptr_null(feed_of(links[2]->link.peer));
}
END_TEST

/* --- many at once: so many pieces a turn, whoever waited longest first --- */

enum { CROWD = 2 * FEED_PIECES_A_TURN + 5 };

static void make_crowd(struct fake_link *links[CROWD])
{
    for (size_t i = 0; i < CROWD; i++)
        links[i] = make_peer("tcp://127.0.0.1:1");
}

static unsigned count_sends(struct fake_link *const links[CROWD])
{
    unsigned sends = 0;
    for (size_t i = 0; i < CROWD; i++)
        sends += links[i]->sends;
    return sends;
}

START_TEST(a_turn_has_a_bound)
{
    struct fake_link *links[CROWD];
    ck_assert_int_eq(TRANSFER_PIECE, 64 << 10); /* a mebibyte a turn: the measured bound */
    ck_assert_int_eq(FEED_PIECES_A_TURN, 16);
    make_crowd(links);
    resize_file(3 * TRANSFER_PIECE);
    for (size_t i = 0; i < CROWD; i++)
        start(links[i]);
    for (unsigned sent = 0; sent < 3 * CROWD;) {
        const unsigned left = 3 * CROWD - sent;
        ck_assert_uint_ge(world.laters, 1);
        fake_turn(&world);
        sent += left < FEED_PIECES_A_TURN ? left : FEED_PIECES_A_TURN;
        ck_assert_uint_eq(count_sends(links), sent);
    }
    ck_assert_uint_eq(world.laters, 0);
    ck_assert_ptr_null(hub->feeds);
}
END_TEST

START_TEST(nobody_gets_a_second_piece_before_all_had_one)
{
    struct fake_link *links[CROWD];
    make_crowd(links);
    resize_file(4 * TRANSFER_PIECE);
    for (size_t i = 0; i < CROWD; i++)
        start(links[i]);
    for (unsigned turn = 1; turn <= 6; turn++) {
        fake_turn(&world);
        const unsigned sent = turn * FEED_PIECES_A_TURN;
        for (unsigned i = 0; i < CROWD; i++)
            ck_assert_uint_eq(links[i]->sends, sent / CROWD + (i < sent % CROWD));
    }
}
END_TEST

START_TEST(who_does_not_read_costs_no_turn)
{
    struct fake_link *links[CROWD];
    make_crowd(links);
    resize_file(4 * TRANSFER_PIECE);
    for (size_t i = 0; i < CROWD; i++) {
        links[i]->queued = i < 2 * FEED_PIECES_A_TURN ? 1 : 0;
        start(links[i]);
    }
    for (unsigned turn = 1; turn <= 2; turn++) {
        fake_turn(&world);
        ck_assert_uint_eq(count_sends(links), turn * 5);
        for (size_t i = 2 * FEED_PIECES_A_TURN; i < CROWD; i++)
            ck_assert_uint_eq(links[i]->sends, turn);
    }
    /* They have waited longest: theirs is all of the next turn. */
    for (size_t i = 0; i < FEED_PIECES_A_TURN; i++)
        fake_link_drain(links[i]);
    fake_turn(&world);
    for (size_t i = 0; i < CROWD; i++)
        ck_assert_uint_eq(links[i]->sends, i < FEED_PIECES_A_TURN       ? 1
                                           : i < 2 * FEED_PIECES_A_TURN ? 0
                                                                        : 2);
}
END_TEST

START_TEST(where_nobody_reads_no_turn_is_asked_for)
{
    struct fake_link *links[CROWD];
    make_crowd(links);
    resize_file(2 * TRANSFER_PIECE);
    for (size_t i = 0; i < CROWD; i++) {
        links[i]->keep = true;
        start(links[i]);
    }
    for (unsigned turn = 1; turn <= 3; turn++) {
        ck_assert_uint_ge(world.laters, 1);
        fake_turn(&world);
    }
    ck_assert_uint_eq(count_sends(links), CROWD);
    ck_assert_uint_eq(world.laters, 0);
}
END_TEST

/* Whoever hears that the first file has ended breaks off all others that are to be served. */
static void end_others(struct observer *observer, const struct hub_event *event)
{
    (void)observer;
    for (struct peer *peer = hub_next(hub, NULL); peer; peer = hub_next(hub, peer))
        if (event->peer->number == 1 && peer->number > 1)
            hub_detach(hub, peer, CLOSE_ERROR, NULL);
}

START_TEST(who_hears_of_an_end_may_end_others)
{
    struct fake_link *links[3];
    struct observer observer = {.notice = end_others, .wants = OBSERVER_WANTS(HUB_FILE)};
    for (size_t i = 0; i < COUNT(links); i++)
        links[i] = make_peer("tcp://127.0.0.1:1");
    write_file("file");
    for (size_t i = 0; i < COUNT(links); i++)
        start(links[i]);
    audience_join(&hub->audience, &observer);
    fake_turn(&world);
    audience_leave(&hub->audience, &observer);
    TOOK(links[0], "file");
    TOOK(links[1], "");
    TOOK(links[2], "");
    ck_assert_ptr_null(hub->feeds);
}
END_TEST

START_TEST(an_empty_file_ends_without_a_byte)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    start(link);
    ck_assert_str_eq(fake_take(&world), "");
    fake_turn(&world);
    TOLD("file #1 %s 0 of 0\n");
    ck_assert_uint_eq(link->tries, 0);
}
END_TEST

/* The files of /proc say they are empty, and are not. */
START_TEST(what_says_it_is_empty_is_read_to_its_end)
{
    char wanted[512];
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    const int fd = open("/proc/version", O_RDONLY | O_CLOEXEC);
    const ssize_t size = read(fd, wanted, sizeof wanted);
    ck_assert_int_gt(size, 0);
    close(fd);
    snprintf(path, sizeof path, "/proc/version");
    start(link);
    fake_turn(&world);
    ck_assert_uint_eq(utstring_len(&link->sent), size);
    ck_assert_mem_eq(utstring_body(&link->sent), wanted, size);
    char *told = mem_printf("file #1 /proc/version %zd of %zd\n", size, size);
    ck_assert_str_eq(fake_take(&world), told);
    free(told);
}
END_TEST

/* --- meanwhile --- */

START_TEST(other_sends_are_refused_as_busy)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    struct fake_link *other = make_peer("tcp://127.0.0.1:1");
    write_file("file");
    start(link);
    ck_assert_int_eq(hub_send(hub, link->link.peer, "x", 1, 1, NULL), SEND_BUSY);
    ck_assert_int_eq(hub_send(hub, other->link.peer, "x", 1, 1, NULL), SEND_OK);
    check_refused(link, path, "a file is being sent to it");
    world.laters = 1;
    fake_turn(&world);
    TOOK(link, "file");
    ck_assert_int_eq(hub_send(hub, link->link.peer, "x", 1, 1, NULL), SEND_OK);
    start(link);
}
END_TEST

START_TEST(what_the_peer_says_is_heard)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    write_file("file");
    start(link);
    hub_receive(hub, link->link.peer, "stop!", 5, false);
    ck_assert_str_eq(fake_take(&world), "message #1 stop!\n");
    ck_assert_uint_eq(link->pause_calls, 0);
}
END_TEST

/* A reply would land in the middle of the file. */
START_TEST(who_gets_replies_is_not_read_from)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1?reply=echo");
    write_file("file");
    start(link);
    ck_assert_uint_eq(link->pauses, LINK_PAUSE_FILE);
    fake_turn(&world);
    ck_assert_uint_eq(link->pauses, 0);
    ck_assert_uint_eq(link->pause_calls, 2);
}
END_TEST

START_TEST(datagrams_are_read_meanwhile)
{
    struct fake_link *link = make_peer("udp://127.0.0.1:1?reply=echo");
    write_file("file");
    start(link);
    ck_assert_uint_eq(link->pause_calls, 0);
    hub_receive(hub, link->link.peer, "ping", 4, false);
    fake_turn(&world);
    TOOK(link, "pingfile");
}
END_TEST

START_TEST(reading_goes_on_after_replies_that_waited_and_a_file)
{
    world.hub.settings.max_queue = HUB_REPLY_MAX; /* so that no byte may wait */
    struct fake_link *link = make_peer("tcp://127.0.0.1:1?reply=echo");
    write_file("file");
    link->keep = true;
    hub_receive(hub, link->link.peer, "ping", 4, false);
    start(link);
    ck_assert_uint_eq(link->pauses, LINK_PAUSE_OUTPUT | LINK_PAUSE_FILE);
    fake_link_drain(link);
    ck_assert_uint_eq(link->pauses, LINK_PAUSE_FILE);
    fake_turn(&world);
    fake_link_drain(link);
    fake_turn(&world);
    TOOK(link, "pingfile");
    ck_assert_ptr_null(feed_of(link->link.peer));
    ck_assert_uint_eq(link->pauses, 0);
}
END_TEST

START_TEST(a_reply_chosen_meanwhile_spoils_no_file)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    resize_file(TRANSFER_PIECE + 1);
    start(link);
    fake_turn(&world);
    link->link.peer->origin->profile.reply = &agent_echo;
    hub_receive(hub, link->link.peer, "ping", 4, false);
    ck_assert_uint_eq(link->sends, 1);
    ck_assert_uint_eq(link->pauses, LINK_PAUSE_FILE);
    ck_assert_uint_eq(hub->stats.suppressed_queue, 1);
    fake_turn(&world);
    ck_assert_uint_eq(link->pauses, 0);
    fake_link_take(link);
    hub_receive(hub, link->link.peer, "pong", 4, false);
    TOOK(link, "pong");
}
END_TEST

START_TEST(our_side_ends_after_the_file)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    resize_file(2 * TRANSFER_PIECE);
    start(link);
    fake_turn(&world);
    hub_end_output(link->link.peer);
    ck_assert(!link->ended);
    ck_assert_int_eq(hub_send(hub, link->link.peer, "x", 1, 1, NULL), SEND_ENDED);
    fake_turn(&world);
    TOLD("file #1 %s 131072 of 131072\n");
    ck_assert(link->ended);
}
END_TEST

/* --- files that change --- */

START_TEST(what_is_appended_is_not_sent)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    write_file("short");
    start(link);
    write_file("short no more");
    fake_turn(&world);
    TOOK(link, "short");
    TOLD("file #1 %s 5 of 5\n");
}
END_TEST

START_TEST(appending_to_an_empty_file_makes_no_difference)
{
    struct fake_link *stream = make_peer("tcp://127.0.0.1:1");
    struct fake_link *datagram = make_peer("udp://127.0.0.1:1");
    start(stream);
    start(datagram);
    write_file("late");
    fake_turn(&world);
    ck_assert_uint_eq(stream->tries, 0);
    ck_assert_uint_eq(datagram->sends, 1);
    ck_assert_uint_eq(datagram->last, 0);
}
END_TEST

START_TEST(a_file_that_shrinks_breaks_off)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    resize_file(3 * TRANSFER_PIECE);
    start(link);
    fake_turn(&world);
    resize_file(TRANSFER_PIECE + 100);
    fake_turn(&world);
    ck_assert_uint_eq(link->last, 100);
    ck_assert_str_eq(fake_take(&world), "");
    fake_turn(&world);
    TOLD("file #1 %s 65636 of 196608 error the file has become shorter\n");
    ck_assert_int_eq(link->link.peer->state, PEER_OPEN);
    ck_assert_int_eq(hub_send(hub, link->link.peer, "x", 1, 1, NULL), SEND_OK);
}
END_TEST

START_TEST(a_file_emptied_before_it_began_breaks_off)
{
    struct fake_link *link = make_peer("udp://127.0.0.1:1");
    write_file("text");
    start(link);
    resize_file(0);
    fake_turn(&world);
    TOLD("file #1 %s 0 of 4 error the file has become shorter\n");
    ck_assert_uint_eq(link->tries, 0);
}
END_TEST

START_TEST(a_read_error_is_told)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1?reply=echo");
    write_file("text");
    start(link);
    int blind = open("/dev/null", O_WRONLY | O_CLOEXEC);
    dup2(blind, file_of(link)->fd);
    close(blind);
    fake_turn(&world);
    TOLD("file #1 %s 0 of 4 error Bad file descriptor\n");
    ck_assert_uint_eq(link->pauses, 0);
}
END_TEST

START_TEST(what_the_link_refuses_is_told)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    resize_file(2 * TRANSFER_PIECE);
    start(link);
    fake_turn(&world);
    link->fail = ENOBUFS;
    fake_turn(&world);
    TOLD("file #1 %s 65536 of 131072 error No buffer space available\n");
    ck_assert_uint_eq(link->link.peer->accepted, TRANSFER_PIECE);
    ck_assert_int_eq(link->link.peer->state, PEER_OPEN);
}
END_TEST

/* --- the line ends --- */

START_TEST(a_close_waits_for_the_file)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    resize_file(TRANSFER_PIECE + 1);
    link->keep = link->finish_later = true;
    start(link);
    fake_turn(&world);
    hub_close(hub, link->link.peer, CLOSE_OPERATOR);
    ck_assert_int_eq(link->link.peer->state, PEER_CLOSING);
    ck_assert_int_eq(hub_send(hub, link->link.peer, "x", 1, 1, NULL), SEND_CLOSING);
    hub_receive(hub, link->link.peer, "x", 1, false);
    fake_link_drain(link);
    fake_turn(&world);
    ck_assert_uint_eq(link->sends, 2);
    ck_assert(!link->finishing);
    world.now += 7000000; /* the deadline counts from the file's end */
    fake_link_drain(link);
    fake_turn(&world);
    TOLD("file #1 %s 65537 of 65537\n");
    ck_assert(link->finishing);
    ck_assert_int_eq(link->deadline, world.now + FAKE_DRAIN);
    fake_link_finish(link);
    ck_assert_str_eq(fake_take(&world), "close #1 operator received 0 sent 65537 unsent 0\n");
}
END_TEST

START_TEST(a_broken_file_lets_the_close_go_on)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    write_file("text");
    start(link);
    hub_close(hub, link->link.peer, CLOSE_OPERATOR);
    resize_file(0);
    fake_turn(&world);
    TOLD("file #1 %s 0 of 4 error the file has become shorter\n"
         "close #1 operator received 0 sent 0 unsent 0\n");
}
END_TEST

START_TEST(a_second_close_breaks_it_off)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    resize_file(2 * TRANSFER_PIECE);
    link->keep = true;
    start(link);
    fake_turn(&world);
    link->queued = 1000;
    hub_close(hub, link->link.peer, CLOSE_OPERATOR);
    hub_close(hub, link->link.peer, CLOSE_OPERATOR);
    TOLD("file #1 %s 64536 of 131072 error the line was closed\n"
         "close #1 operator received 0 sent 64536 unsent 1000\n");
    ck_assert_uint_eq(hub->stats.bytes_out, 64536);
    fake_turn(&world);
    ck_assert(link->destroyed);
}
END_TEST

START_TEST(text_that_waits_before_it_is_no_part_of_it)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    write_file("file");
    link->keep = true;
    hub_send(hub, link->link.peer, "text", 4, 1, NULL);
    fake_take(&world);
    start(link);
    hub_detach(hub, link->link.peer, CLOSE_ERROR, "No route to host");
    TOLD("file #1 %s 0 of 4 error No route to host\n"
         "close #1 error received 0 sent 0 unsent 4 error No route to host\n");
    fake_turn(&world);
    ck_assert(fake_is_empty(hub));
}
END_TEST

START_TEST(the_death_of_one_leaves_the_others_going)
{
    struct fake_link *links[3];
    for (size_t i = 0; i < COUNT(links); i++)
        links[i] = make_peer("tcp://127.0.0.1:1");
    resize_file(TRANSFER_PIECE + 1);
    for (size_t i = 0; i < COUNT(links); i++)
        start(links[i]);
    fake_turn(&world);
    hub_detach(hub, links[1]->link.peer, CLOSE_RESET, NULL);
    fake_turn(&world);
    ck_assert_uint_eq(links[0]->sends, 2);
    ck_assert_uint_eq(links[2]->sends, 2);
    ck_assert(links[1]->destroyed);
    ck_assert_ptr_null(hub->feeds);
}
END_TEST

START_TEST(a_shutdown_waits_for_it)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    write_file("text");
    start(link);
    hub_shutdown(hub);
    ck_assert_str_eq(fake_take(&world), "");
    fake_turn(&world);
    TOLD("file #1 %s 4 of 4\nclose #1 shutdown received 0 sent 4 unsent 0\n");
}
END_TEST

/* teardown finishes the hub, and the sanitizer sees what it leaves. */
START_TEST(may_be_under_way_at_the_end)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    resize_file(2 * TRANSFER_PIECE);
    start(link);
    fake_turn(&world);
    ck_assert_ptr_nonnull(feed_of(link->link.peer));
}
END_TEST

/* Also where the line ends first. */
START_TEST(closes_the_file)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    write_file("text");
    start(link);
    int fd = file_of(link)->fd;
    ck_assert_int_ne(fcntl(fd, F_GETFD) & FD_CLOEXEC, 0);
    fake_turn(&world);
    ck_assert_int_eq(fcntl(fd, F_GETFD), -1);
    start(link);
    fd = file_of(link)->fd;
    hub_detach(hub, link->link.peer, CLOSE_EOF, NULL);
    ck_assert_int_eq(fcntl(fd, F_GETFD), -1);
}
END_TEST

/* --- one open file for several --- */

static struct transfer_file *open_file(void)
{
    char *error = NULL;
    struct transfer_file *opened = transfer_file_open(path, &error);
    ck_assert_msg(opened != NULL, "%s", error);
    return opened;
}

static void start_opened(struct fake_link *link, struct transfer_file *opened)
{
    char *error = NULL;
    ck_assert_msg(hub_send_opened(hub, link->link.peer, opened, &error), "%s", error);
}

START_TEST(each_has_its_own_place_in_a_shared_file)
{
    struct fake_link *fast = make_peer("tcp://127.0.0.1:1");
    struct fake_link *slow = make_peer("tcp://127.0.0.1:1");
    write_file("begin");
    ck_assert_int_eq(pwrite(file, "end", 3, TRANSFER_PIECE), 3);
    struct transfer_file *opened = open_file();
    start_opened(fast, opened);
    start_opened(slow, opened);
    transfer_file_release(opened);
    slow->queued = 1;
    while (feed_of(fast->link.peer))
        fake_turn(&world);
    ck_assert_uint_eq(slow->sends, 0);
    fake_link_drain(slow);
    while (feed_of(slow->link.peer))
        fake_turn(&world);
    ck_assert_uint_eq(utstring_len(&fast->sent), TRANSFER_PIECE + 3);
    ck_assert_uint_eq(utstring_len(&slow->sent), TRANSFER_PIECE + 3);
    ck_assert_int_eq(memcmp(utstring_body(&slow->sent), "begin", 5), 0);
    ck_assert_int_eq(memcmp(utstring_body(&slow->sent) + TRANSFER_PIECE, "end", 3), 0);
    ck_assert_str_eq(utstring_body(&fast->sent) + TRANSFER_PIECE, "end");
}
END_TEST

/* However the first of them ends. */
START_TEST(a_shared_file_is_closed_with_the_last)
{
    struct fake_link *links[3];
    struct transfer_file *opened = open_file();
    const int fd = opened->fd;
    for (size_t i = 0; i < COUNT(links); i++) {
        links[i] = make_peer("tcp://127.0.0.1:1");
        links[i]->queued = 1;
        start_opened(links[i], opened);
    }
    transfer_file_release(opened);
    hub_detach(hub, links[0]->link.peer, CLOSE_RESET, NULL);
    ck_assert_int_ne(fcntl(fd, F_GETFD), -1);
    fake_link_drain(links[2]);
    fake_turn(&world);
    ck_assert_ptr_null(feed_of(links[2]->link.peer));
    ck_assert_int_ne(fcntl(fd, F_GETFD), -1);
    hub_detach(hub, links[1]->link.peer, CLOSE_EOF, NULL);
    ck_assert_int_eq(fcntl(fd, F_GETFD), -1);
}
END_TEST

/* --- datagrams --- */

START_TEST(a_file_is_one_datagram)
{
    struct fake_link *link = make_peer("udp://127.0.0.1:1");
    write_file("text\n");
    start(link);
    fake_turn(&world);
    ck_assert_uint_eq(link->sends, 1);
    TOOK(link, "text\\n");
    TOLD("file #1 %s 5 of 5\n");
}
END_TEST

START_TEST(an_empty_file_is_an_empty_datagram)
{
    struct fake_link *link = make_peer("udp://127.0.0.1:1");
    start(link);
    fake_turn(&world);
    ck_assert_uint_eq(link->sends, 1);
    ck_assert_uint_eq(link->last, 0);
    TOLD("file #1 %s 0 of 0\n");
    fake_turn(&world);
    ck_assert_uint_eq(link->sends, 1);
}
END_TEST

START_TEST(a_file_must_fit_its_datagram)
{
    struct fake_link *link = make_peer("udp://127.0.0.1:1");
    resize_file(65507);
    start(link);
    fake_turn(&world);
    ck_assert_uint_eq(link->last, 65507);
    resize_file(65508);
    check_refused(link, path, "a datagram holds at most 65507 bytes");
    ck_assert_ptr_null(feed_of(link->link.peer));
}
END_TEST

START_TEST(a_datagram_the_kernel_refuses_is_told)
{
    struct fake_link *link = make_peer("udp://127.0.0.1:1");
    write_file("text");
    link->fail = ENETUNREACH;
    start(link);
    fake_turn(&world);
    TOLD("file #1 %s 0 of 4 error Network is unreachable\n");
    ck_assert_uint_eq(link->tries, 1);
    resize_file(0);
    start(link);
    fake_turn(&world);
    TOLD("file #1 %s 0 of 0 error Network is unreachable\n");
}
END_TEST

/* --- what cannot be sent --- */

START_TEST(says_what_is_wrong_with_the_path)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    check_refused(link, "/nonexistent/x",
                  "cannot send '/nonexistent/x': No such file or directory");
    check_refused(link, "", "cannot send '': No such file or directory");
    check_refused(link, "/", "cannot send '/': it is not a regular file");
    check_refused(link, "/dev/null", "cannot send '/dev/null': it is not a regular file");
    check_refused(link, "/nonexistent/\x1b[H",
                  "cannot send '/nonexistent/\\x1b[H': No such file or directory");
    ck_assert_int_eq(hub_send(hub, link->link.peer, "x", 1, 1, NULL), SEND_OK);
}
END_TEST

/* The lowest free descriptor; the next look finds the same one where none was kept. */
static int next_descriptor(void)
{
    int fd = dup(file);
    close(fd);
    return fd;
}

START_TEST(what_is_refused_keeps_no_file_open)
{
    struct fake_link *link = make_peer("udp://127.0.0.1:1");
    const int before = next_descriptor();
    resize_file(65508);
    check_refused(link, path, "a datagram holds at most 65507 bytes");
    check_refused(link, "/", "cannot send '/': it is not a regular file");
    ck_assert_int_eq(next_descriptor(), before);
}
END_TEST

/* Opening a FIFO that nobody writes to would wait for ever. */
START_TEST(a_fifo_does_not_hold_up_the_loop)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    char name[] = "/tmp/telex-check-XXXXXX";
    ck_assert_ptr_nonnull(mkdtemp(name));
    char *fifo = mem_printf("%s/fifo", name);
    char *error = NULL,
         *expected = mem_printf("cannot send '%s': it is not a regular file", fifo);
    ck_assert_int_eq(mkfifo(fifo, 0600), 0);
    bool sent = fake_send_file(hub, link->link.peer, fifo, &error);
    unlink(fifo);
    rmdir(name);
    ck_assert(!sent);
    check_error(error, expected);
    free(expected);
    free(fifo);
}
END_TEST

START_TEST(only_who_stands_gets_a_file)
{
    struct fake_link *call = fake_call(&world, "tcp://127.0.0.1:9");
    struct fake_link *closing = make_peer("tcp://127.0.0.1:1");
    struct fake_link *ended = make_peer("tcp://127.0.0.1:1");
    struct fake_link *half = make_peer("tcp://127.0.0.1:1");
    closing->finish_later = true;
    hub_close(hub, closing->link.peer, CLOSE_OPERATOR);
    hub_end_output(ended->link.peer);
    hub_half_close(hub, half->link.peer);
    check_refused(call, path, "it is not connected yet");
    check_refused(closing, path, "it is closing");
    check_refused(ended, path, "our sending side has ended");
    start(half);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {begins_with_the_next_turn,
                                  goes_piece_by_piece,
                                  the_peer_sets_the_pace,
                                  waits_for_what_was_sent_before,
                                  peers_take_turns,
                                  a_turn_has_a_bound,
                                  nobody_gets_a_second_piece_before_all_had_one,
                                  who_does_not_read_costs_no_turn,
                                  where_nobody_reads_no_turn_is_asked_for,
                                  who_hears_of_an_end_may_end_others,
                                  an_empty_file_ends_without_a_byte,
                                  what_says_it_is_empty_is_read_to_its_end,
                                  other_sends_are_refused_as_busy,
                                  what_the_peer_says_is_heard,
                                  who_gets_replies_is_not_read_from,
                                  datagrams_are_read_meanwhile,
                                  reading_goes_on_after_replies_that_waited_and_a_file,
                                  a_reply_chosen_meanwhile_spoils_no_file,
                                  our_side_ends_after_the_file,
                                  what_is_appended_is_not_sent,
                                  appending_to_an_empty_file_makes_no_difference,
                                  a_file_that_shrinks_breaks_off,
                                  a_file_emptied_before_it_began_breaks_off,
                                  a_read_error_is_told,
                                  what_the_link_refuses_is_told,
                                  a_close_waits_for_the_file,
                                  a_broken_file_lets_the_close_go_on,
                                  a_second_close_breaks_it_off,
                                  text_that_waits_before_it_is_no_part_of_it,
                                  the_death_of_one_leaves_the_others_going,
                                  a_shutdown_waits_for_it,
                                  may_be_under_way_at_the_end,
                                  closes_the_file,
                                  each_has_its_own_place_in_a_shared_file,
                                  a_shared_file_is_closed_with_the_last,
                                  a_file_is_one_datagram,
                                  an_empty_file_is_an_empty_datagram,
                                  a_file_must_fit_its_datagram,
                                  a_datagram_the_kernel_refuses_is_told,
                                  says_what_is_wrong_with_the_path,
                                  what_is_refused_keeps_no_file_open,
                                  a_fifo_does_not_hold_up_the_loop,
                                  only_who_stands_gets_a_file,
                                  NULL};
    return check_run_with("transfer", setup, teardown, tests);
}
