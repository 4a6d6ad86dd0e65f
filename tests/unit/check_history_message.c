/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each message that is told is kept, too, and read: it is what told_of_event makes of it. */
#include "core/history_message.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/shared_bytes.h"
#include "core/hub_line.h"
#include "core/hub_parts.h"
#include "core/join.h"
#include "core/told.h"
#include "fake_hub.h"

static unsigned seen;
static unsigned answers;             /* of these, those that the message before may keep, too */
static struct history_message *asks; /* that one */
static struct told last;             /* as it was read; its names are not there any more */

static void check_text(const char *got, const char *wanted)
{
    ck_assert((got == NULL) == (wanted == NULL));
    if (wanted)
        ck_assert_str_eq(got, wanted);
}

static void check_who(const struct who *got, const struct who *wanted)
{
    ck_assert_uint_eq(got->number, wanted->number);
    check_text(got->name, wanted->name);
}

static void check_message(const struct message *got, const struct message *wanted)
{
    ck_assert_ptr_null(got->data);
    ck_assert_uint_eq(got->size, wanted->size);
    ck_assert(got->partial == wanted->partial);
    ck_assert(got->bad == wanted->bad);
    ck_assert(got->automatic == wanted->automatic);
    ck_assert_uint_eq(got->console, wanted->console);
    ck_assert_mem_eq(&got->group, &wanted->group, sizeof got->group);
    ck_assert_uint_eq(got->to.count, wanted->to.count);
    for (size_t i = 0; i < got->to.count; i++)
        ck_assert_uint_eq(message_to(&got->to, i), message_to(&wanted->to, i));
}

static void check_told(const struct told *got, const struct told *wanted)
{
    ck_assert_int_eq(got->type, wanted->type);
    ck_assert_uint_eq(got->seq, wanted->seq);
    ck_assert_int_eq(got->time, wanted->time);
    ck_assert(!got->replayed && !got->whole);
    ck_assert(got->datagram == wanted->datagram);
    ck_assert(got->has_view == wanted->has_view);
    ck_assert_int_eq(got->view, wanted->view);
    check_who(&got->peer, &wanted->peer);
    check_who(&got->listener, &wanted->listener);
    check_message(&got->message, &wanted->message);
}

/* Both can be read from the one that is kept. */
static void check_answer(const struct told *wanted)
{
    struct told told;
    ck_assert(history_message_is_answered(asks));
    history_message_read(asks, true, &told);
    check_told(&told, wanted);
    history_message_read(asks, false, &told);
    ck_assert_int_eq(told.type, HUB_MESSAGE);
    ck_assert_uint_eq(told.seq, wanted->seq - 1);
}

static void watch(struct observer *observer, const struct hub_event *event)
{
    (void)observer;
    struct link_description room;
    struct told wanted;
    /* of just that size, so that a sanitizer sees whatever goes beyond */
    struct history_message *kept = mem_alloc(history_message_size(event));
    history_message_write(event, kept);
    history_message_read(kept, false, &last);
    told_of_event(&wanted, event, &room);
    check_told(&last, &wanted);
    if (asks && asks->size == kept->size && history_message_answer(asks, event)) {
        ck_assert(!history_message_answer(asks, event)); /* once */
        check_answer(&wanted);
        answers++;
    }
    free(asks);
    asks = kept;
    seen++;
}

static struct observer observer = {.notice = watch, .wants = OBSERVER_MESSAGES};

static void setup(void)
{
    setup_world();
    seen = answers = 0;
    asks = NULL;
    audience_join(&hub->audience, &observer);
}

static void teardown(void)
{
    free(asks);
    teardown_world();
}

START_TEST(those_that_are_passed_on)
{
    struct fake_link *one = make_peer("tcp://127.0.0.1:1?name=front");
    struct fake_link *other = make_peer("tcp://127.0.0.1:2");
    hub_name(hub, one->link.peer, "odd");
    join_begin(hub, one->link.peer, other->link.peer, false);
    receive_text(one, "hello");
    ck_assert_uint_eq(last.message.to.count, 1);
    ck_assert_uint_eq(seen, 1);
}
END_TEST

START_TEST(plain_ones)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1?reply=echo");
    receive_text(link, "one"); /* and its answer */
    ck_assert(last.message.automatic);
    receive_text(link, "");
    send_text(link, "by hand");
    ck_assert_uint_eq(last.message.console, 1);
    ck_assert_uint_eq(last.listener.number, 1);
    ck_assert_uint_eq(seen, 5);
}
END_TEST

START_TEST(answered_ones)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1?reply=echo&name=front");
    struct fake_link *stamp = make_peer("tcp://127.0.0.1:2?reply=stamp");
    receive_text(link, "one");
    hub_name(hub, link->link.peer, "boiler");
    hub_receive(hub, link->link.peer, "a piece", 7, true);
    receive_text(make_peer("udp://127.0.0.1:1?reply=echo&view=hex"), "two");
    ck_assert_uint_eq(seen, 6);
    ck_assert_uint_eq(answers, 3);
    receive_text(stamp, "three"); /* another size */
    send_text(link, "by hand");
    receive_text(stamp, "");
    send_text(link, "by hand"); /* what is not automatic */
    ck_assert_uint_eq(answers, 3);
}
END_TEST

START_TEST(with_names)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1?reply=none");
    hub_name(hub, link->link.peer, "boiler");
    receive_text(link, "of a peer's");
    struct fake_link *front = make_peer("tcp://127.0.0.1:2?reply=none&name=front");
    receive_text(front, "of a listener's");
    hub_name(hub, front->link.peer, "pump");
    receive_text(front, "of both");
    ck_assert_uint_eq(seen, 3);
}
END_TEST

START_TEST(to_many)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1?reply=none&name=front");
    const struct message_group group = {.number = 7, .size = 2, .peers = {1, 3}};
    struct shared_bytes *shared = shared_bytes_create(&hub->budget, 3);
    memcpy(shared->data, "all", 3);
    hub_name(hub, link->link.peer, "boiler");
    hub_send_shared(hub, link->link.peer, shared, 2, &group, NULL);
    shared_bytes_release(shared);
    ck_assert_uint_eq(seen, 1);
    ck_assert_uint_eq(last.message.group.number, 7);
}
END_TEST

START_TEST(of_other_lines)
{
    receive_text(make_peer("tcp://127.0.0.1:1?reply=none&view=hex"), "x");
    ck_assert(last.has_view && last.view == VIEW_HEX);
    receive_text(make_peer("udp://127.0.0.1:1?reply=none"), "x");
    ck_assert(last.datagram);
}
END_TEST

START_TEST(pieces)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1?reply=none");
    hub_receive(hub, link->link.peer, "x", 1, true);
    ck_assert(last.message.partial && !last.message.bad);
    hub_receive_framed(
        hub, link->link.peer,
        &(struct framing_piece){.taken = 1, .data = "x", .size = 1, .bad = true});
    ck_assert(last.message.bad && !last.message.partial);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        those_that_are_passed_on, plain_ones, answered_ones, with_names, to_many,
        of_other_lines,           pieces,     NULL};
    return check_run_with("history_message", setup, teardown, tests);
}
