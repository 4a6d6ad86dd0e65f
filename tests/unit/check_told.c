/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is told of a hub's events: values, and the JSON that they are written as. */
#include "core/told.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/json_put.h"
#include "check_main.h"
#include "core/hub_line.h"
#include "core/hub_parts.h"
#include "core/modem.h"
#include "core/told_write.h"
#include "fake.h"

static struct fake world;
static UT_string written; /* all that was told, a line each */
static struct told last;  /* its texts in room, or the peer's */
static struct link_description room;

static unsigned listener_of(const struct hub_event *event)
{
    const struct listener *listener =
        event->peer ? event->peer->origin->listener : event->listener;
    return listener ? listener->number : 0;
}

static void write_last(void)
{
    struct json json;
    json_put_init(&json, &written);
    json_put_object_begin(&json, NULL);
    told_write(&json, &last);
    json_put_object_end(&json);
}

static void watch(struct observer *observer, const struct hub_event *event)
{
    (void)observer;
    told_of_event(&last, event, &room);
    ck_assert_int_eq(last.type, event->type);
    ck_assert_int_eq(last.time, FAKE_WALL);
    ck_assert_uint_eq(last.peer.number, event->peer ? event->peer->number : 0);
    ck_assert_uint_eq(last.seq, world.hub.seq);
    ck_assert_uint_eq(last.listener.number, listener_of(event));
    last.seq = 0; /* seen above, and another one each time */
    write_last();
}

static struct observer observer = {.notice = watch, .wants = OBSERVER_ALL};

static void setup(void)
{
    utstring_init(&written);
    fake_init(&world);
    audience_join(&world.hub.audience, &observer);
}

static void teardown(void)
{
    audience_leave(&world.hub.audience, &observer);
    fake_finish(&world);
    utstring_done(&written);
}

#define WROTE(text)                                      \
    do {                                                 \
        ck_assert_str_eq(utstring_body(&written), text); \
        utstring_clear(&written);                        \
    } while (0)

static struct fake_link *call(const char *endpoint)
{
    struct fake_link *link = fake_call(&world, endpoint);
    snprintf(link->description.remote, sizeof link->description.remote, "192.0.2.1:7");
    snprintf(link->description.local, sizeof link->description.local, "192.0.2.9:9");
    return link;
}

static struct fake_link *open_call(const char *endpoint)
{
    struct fake_link *link = call(endpoint);
    hub_open(&world.hub, link->link.peer);
    utstring_clear(&written);
    return link;
}

START_TEST(listeners)
{
    struct listener *listener = fake_listen(&world, "tcp://127.0.0.1:1?name=front");
    ck_assert_str_eq(last.listener.name, "front");
    ck_assert_str_eq(last.endpoint, "tcp://127.0.0.1:1");
    WROTE("{\"listener\":1,\"endpoint\":\"tcp://127.0.0.1:1\",\"name\":\"front\"}");
    fake_peer(&world, listener);
    ck_assert_uint_eq(last.open.listener.number, 1);
    ck_assert_str_eq(last.open.listener.name, "front");
    utstring_clear(&written);
    hub_remove_listener(&world.hub, listener);
    ck_assert_int_eq(last.type, HUB_UNLISTENING);
    WROTE("{\"listener\":1,\"endpoint\":\"tcp://127.0.0.1:1\",\"name\":\"front\"}");
}
END_TEST

START_TEST(opens)
{
    struct fake_link *link = call("tcp://192.0.2.1:7");
    hub_open(&world.hub, link->link.peer);
    ck_assert(!last.datagram);
    ck_assert(!last.open.has_credentials);
    ck_assert_uint_eq(last.open.listener.number, 0);
    ck_assert_ptr_eq(last.open.remote, room.remote);
    WROTE("{\"peer\":1,\"transport\":\"tcp\",\"remote\":\"192.0.2.1:7\","
          "\"local\":\"192.0.2.9:9\"}");
    link = call("unix:/x");
    link->description.has_credentials = true;
    link->description.pid = 12;
    link->description.uid = 34;
    hub_open(&world.hub, link->link.peer);
    ck_assert(last.open.has_credentials);
    ck_assert_int_eq(last.open.pid, 12);
    ck_assert_uint_eq(last.open.uid, 34);
    WROTE("{\"peer\":2,\"transport\":\"unix\",\"remote\":\"192.0.2.1:7\","
          "\"local\":\"192.0.2.9:9\",\"pid\":12,\"uid\":34}");
    open_call("udp://192.0.2.1:7");
    ck_assert(last.datagram);
}
END_TEST

START_TEST(messages)
{
    struct fake_link *link = open_call("tcp://192.0.2.1:7?reply=echo");
    hub_receive(&world.hub, link->link.peer, "hi", 2, true);
    WROTE("{\"peer\":1,\"size\":2,\"text\":\"hi\",\"partial\":true}"
          "{\"peer\":1,\"size\":2,\"text\":\"hi\",\"by\":\"auto\"}");
    hub_name(&world.hub, link->link.peer, "boiler");
    utstring_clear(&written);
    hub_send(&world.hub, link->link.peer, "\0", 1, 7, NULL);
    ck_assert_str_eq(last.peer.name, "boiler");
    ck_assert_uint_eq(last.message.size, 1);
    ck_assert_uint_eq(last.message.console, 7);
    WROTE("{\"peer\":1,\"size\":1,\"base64\":\"AA==\",\"by\":\"operator\",\"console\":7}");
}
END_TEST

START_TEST(what_went_to_several)
{
    last = (struct told){
        .type = HUB_SENT,
        .peer.number = 3,
        .message = {.data = "x", .size = 1, .console = 1, .group = {.number = 7, .size = 12}}};
    write_last();
    WROTE("{\"peer\":3,\"size\":1,\"text\":\"x\",\"by\":\"operator\",\"console\":1,"
          "\"group\":7,\"of\":12}");
    last.message.group = (struct message_group){7, 2, {1, 3}};
    write_last();
    WROTE("{\"peer\":3,\"size\":1,\"text\":\"x\",\"by\":\"operator\",\"console\":1,"
          "\"group\":7,\"of\":2,\"peers\":[1,3]}");
}
END_TEST

START_TEST(who_said_it)
{
    struct told told = {.type = HUB_SENT, .message.console = 2};
    ck_assert(told_is_message(&told));
    ck_assert(told_is_sent_by(&told, 2));
    ck_assert(!told_is_sent_by(&told, 1));
    told.replayed = true;
    ck_assert(!told_is_sent_by(&told, 2));
    told = (struct told){.type = HUB_SENT, .message = {.console = 2, .automatic = true}};
    ck_assert(!told_is_sent_by(&told, 2));
    told = (struct told){.type = HUB_MESSAGE};
    ck_assert(told_is_message(&told));
    ck_assert(!told_is_sent_by(&told, 0));
    told.type = HUB_OPEN;
    ck_assert(!told_is_message(&told));
}
END_TEST

START_TEST(an_empty_message_has_data)
{
    struct fake_link *link = open_call("udp://192.0.2.1:7?reply=none");
    hub_receive(&world.hub, link->link.peer, NULL, 0, false);
    WROTE("{\"peer\":1,\"size\":0,\"text\":\"\"}");
}
END_TEST

START_TEST(a_message_without_its_data)
{
    const struct told told = {.type = HUB_SENT,
                              .peer = {.number = 3},
                              .message = {.size = 9, .partial = true, .automatic = true}};
    struct json json;
    json_put_init(&json, &written);
    json_put_object_begin(&json, NULL);
    told_write(&json, &told);
    json_put_object_end(&json);
    WROTE("{\"peer\":3,\"size\":9,\"partial\":true,\"by\":\"auto\"}");
}
END_TEST

START_TEST(ends)
{
    struct fake_link *link = open_call("tcp://192.0.2.1:7");
    hub_half_close(&world.hub, link->link.peer);
    WROTE("{\"peer\":1}");
    world.now += 1500000;
    hub_detach(&world.hub, link->link.peer, CLOSE_RESET, "gone");
    ck_assert_int_eq(last.close.reason, CLOSE_RESET);
    ck_assert_int_eq(last.close.duration, 1500000);
    ck_assert_str_eq(last.close.error, "gone");
    WROTE("{\"peer\":1,\"reason\":\"reset\",\"received\":0,\"sent\":0,\"unsent\":0,"
          "\"seconds\":1.5,\"error\":\"gone\"}");
}
END_TEST

START_TEST(how_a_program_ended)
{
    struct fake_link *link = open_call("tcp://192.0.2.1:7");
    hub_detach_as(&world.hub, link->link.peer,
                  &(struct line_end){.reason = CLOSE_EOF, .status = {EXIT_CODE, 3}});
    WROTE("{\"peer\":1,\"reason\":\"eof\",\"received\":0,\"sent\":0,\"unsent\":0,"
          "\"seconds\":0,\"status\":3}");
    link = open_call("tcp://192.0.2.1:7");
    hub_detach_as(
        &world.hub, link->link.peer,
        &(struct line_end){.reason = CLOSE_OPERATOR, .status = {EXIT_SIGNAL, SIGHUP}});
    WROTE("{\"peer\":2,\"reason\":\"operator\",\"received\":0,\"sent\":0,\"unsent\":0,"
          "\"seconds\":0,\"status\":129,\"signal\":\"HUP\"}");
}
END_TEST

START_TEST(names)
{
    struct fake_link *link = open_call("tcp://192.0.2.1:7");
    hub_name(&world.hub, link->link.peer, "boiler");
    ck_assert_str_eq(last.peer.name, "boiler");
    WROTE("{\"peer\":1,\"name\":\"boiler\"}");
    hub_name(&world.hub, link->link.peer, NULL);
    WROTE("{\"peer\":1,\"name\":null}");
}
END_TEST

START_TEST(notes)
{
    struct fake_link *link = open_call("tcp://192.0.2.1:7");
    hub_note(&world.hub, link->link.peer, "\xff\x1b[2J");
    WROTE("{\"peer\":1,\"text\":\"\xef\xbf\xbd\\u001b[2J\"}");
}
END_TEST

START_TEST(lines)
{
    struct fake_link *link = open_call("tcp://192.0.2.1:7");
    hub_lines_changed(&world.hub, link->link.peer, MODEM_DSR | MODEM_DCD);
    WROTE("{\"peer\":1,\"cts\":false,\"dsr\":true,\"dcd\":true,\"ri\":false}");
}
END_TEST

START_TEST(refusals)
{
    struct hub_event event = {.type = HUB_REFUSED,
                              .refused = {.remote = "x", .why = REFUSED_ACCESS, .count = 3}};
    hub_tell(&world.hub, &event);
    WROTE("{\"remote\":\"x\",\"why\":\"access\",\"count\":3}");
    event.listener = fake_listen(&world, "tcp://127.0.0.1:1");
    event.refused.why = REFUSED_LIMIT;
    utstring_clear(&written);
    hub_tell(&world.hub, &event);
    WROTE("{\"remote\":\"x\",\"listener\":1,\"why\":\"limit\",\"count\":3}");
}
END_TEST

START_TEST(files)
{
    struct fake_link *link = open_call("tcp://192.0.2.1:7");
    struct hub_event event = {.type = HUB_FILE,
                              .peer = link->link.peer,
                              .file = {.path = "/\xff", .size = 9, .bytes = 9}};
    hub_tell(&world.hub, &event);
    WROTE("{\"peer\":1,\"path\":\"/\xef\xbf\xbd\",\"size\":9,\"bytes\":9}");
    event.file.error = "it shrank";
    hub_tell(&world.hub, &event);
    WROTE("{\"peer\":1,\"path\":\"/\xef\xbf\xbd\",\"size\":9,\"bytes\":9,"
          "\"error\":\"it shrank\"}");
}
END_TEST

START_TEST(consoles)
{
    struct console_news news = {.console = 2, .uid = 1000, .read_only = true};
    hub_tell_console(&world.hub, &news);
    WROTE("{\"console\":2,\"state\":\"attached\",\"uid\":1000,\"access\":\"read\"}");
    news.state = CONSOLE_LEFT;
    news.read_only = false;
    hub_tell_console(&world.hub, &news);
    WROTE("{\"console\":2,\"state\":\"left\",\"uid\":1000,\"access\":\"write\"}");
    news.state = CONSOLE_SAYS;
    news.text = "\xff\x1b";
    hub_tell_console(&world.hub, &news);
    WROTE("{\"console\":2,\"state\":\"say\",\"text\":\"\xef\xbf\xbd\\u001b\"}");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {listeners,
                                  opens,
                                  messages,
                                  what_went_to_several,
                                  who_said_it,
                                  an_empty_message_has_data,
                                  a_message_without_its_data,
                                  ends,
                                  how_a_program_ended,
                                  names,
                                  notes,
                                  lines,
                                  refusals,
                                  files,
                                  consoles,
                                  NULL};
    return check_run_with("told", setup, teardown, tests);
}
