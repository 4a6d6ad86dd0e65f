/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was told, written as JSON and read back: the same values, as far as they are written. */
#include "client/told_read.h"

#include <string.h>

#include "base/json_put.h"
#include "check_main.h"
#include "core/modem.h"
#include "core/told_write.h"

static UT_string text, scratch;
static json_t *read_json;

static void setup(void)
{
    utstring_init(&text);
    utstring_init(&scratch);
    read_json = NULL;
}

static void teardown(void)
{
    json_decref(read_json);
    utstring_done(&text);
    utstring_done(&scratch);
}

static const json_t *parse(void)
{
    json_decref(read_json);
    read_json = json_loadb(utstring_body(&text), utstring_len(&text), 0, NULL);
    ck_assert_ptr_nonnull(read_json);
    return read_json;
}

static struct told back(const struct told *told)
{
    struct told read = {.type = told->type, .time = told->time};
    struct json json;
    utstring_clear(&text);
    json_put_init(&json, &text);
    json_put_object_begin(&json, NULL);
    told_write(&json, told);
    json_put_object_end(&json);
    ck_assert_msg(told_read(&read, parse(), &scratch), "%s", utstring_body(&text));
    ck_assert_uint_eq(read.seq, told->seq);
    ck_assert(read.replayed == told->replayed);
    ck_assert_uint_eq(read.peer.number, told->peer.number);
    ck_assert_uint_eq(read.listener.number, told->listener.number);
    return read;
}

static void check_text(const char *read, const char *told)
{
    ck_assert((read == NULL) == (told == NULL));
    if (told)
        ck_assert_str_eq(read, told);
}

static void check_where(const struct where *read, const struct where *told)
{
    check_text(read->transport, told->transport);
    check_text(read->remote, told->remote);
    check_text(read->local, told->local);
    ck_assert_uint_eq(read->listener.number, told->listener.number);
    ck_assert(read->has_credentials == told->has_credentials);
    ck_assert_int_eq(read->pid, told->pid);
    ck_assert_uint_eq(read->uid, told->uid);
#define CHECK_FACT(name) check_text(read->tls.name, told->tls.name);
    TLS_FACTS(CHECK_FACT)
#undef CHECK_FACT
    ck_assert(read->tls.resumed == told->tls.resumed);
}

static void check_passed(const void *data, size_t size)
{
    static const uint64_t numbers[] = {4, UINT64_C(1) << 40};
    const struct told told = {.type = HUB_MESSAGE,
                              .peer.number = 3,
                              .message = {.data = data, .size = size, .to = {numbers, 2}}};
    const struct told read = back(&told);
    ck_assert_uint_eq(read.message.size, size);
    ck_assert_mem_eq(read.message.data, data, size);
    ck_assert_uint_eq(read.message.to.count, 2);
    for (size_t i = 0; i < 2; i++)
        ck_assert_uint_eq(message_to(&read.message.to, i), numbers[i]);
}

/* Whether its bytes have to be decoded, which takes room, or not. */
START_TEST(where_a_message_went)
{
    check_passed("text", 4);
    check_passed("\0\xff", 2);
    check_passed("", 0);
    const struct told none = back(&(struct told){
        .type = HUB_MESSAGE, .peer.number = 3, .message = {.data = "x", .size = 1}});
    ck_assert_uint_eq(none.message.to.count, 0);
}
END_TEST

START_TEST(who_is_joined)
{
    struct told read = back(&(struct told){.type = HUB_JOIN, .peer.number = 3, .other = 2});
    ck_assert_uint_eq(read.other, 2);
    read = back(&(struct told){.type = HUB_PART, .peer.number = 3, .other = 4});
    ck_assert_uint_eq(read.other, 4);
}
END_TEST

START_TEST(types_have_names)
{
    for (enum hub_event_type type = 0; type < HUB_EVENT_TYPES; type++) {
        enum hub_event_type found;
        ck_assert(told_read_type(hub_event_name(type), &found));
        ck_assert_int_eq(found, type);
    }
    ck_assert(!told_read_type("target", &(enum hub_event_type){0}));
}
END_TEST

START_TEST(listening_and_unlistening)
{
    struct told told = {.type = HUB_LISTENING,
                        .listener = {.number = 7, .name = "front"},
                        .endpoint = "tcp://*:1?x=\x7f"};
    struct told read = back(&told);
    check_text(read.listener.name, "front");
    check_text(read.endpoint, told.endpoint);
    check_text(read.fingerprint, NULL);
    told.fingerprint = "sha256:00ff";
    read = back(&told);
    check_text(read.fingerprint, told.fingerprint);
    told = (struct told){.type = HUB_UNLISTENING, .listener.number = 7, .endpoint = "unix:/x"};
    read = back(&told);
    check_text(read.listener.name, NULL);
    check_text(read.endpoint, "unix:/x");
}
END_TEST

START_TEST(opens)
{
    struct told told = {.type = HUB_OPEN,
                        .peer.number = UINT64_MAX / 4,
                        .open = {.transport = "tcp",
                                 .remote = "192.0.2.1:7",
                                 .local = "[::1]:9",
                                 .listener.number = 3}};
    struct told read = back(&told);
    check_where(&read.open, &told.open);
    told.open = (struct where){.transport = "unix",
                               .remote = "unix:",
                               .local = "unix:/x y",
                               .has_credentials = true,
                               .pid = 12,
                               .uid = 34};
    read = back(&told);
    check_where(&read.open, &told.open);
    told.open = (struct where){.transport = "tls",
                               .remote = "192.0.2.1:7",
                               .local = "[::1]:9",
                               .tls = {.version = "TLSv1.3",
                                       .cipher = "TLS_AES_128_GCM_SHA256",
                                       .alpn = "h2",
                                       .server_name = "db.example",
                                       .subject = "CN=\"boiler\x7f\"",
                                       .fingerprint = "sha256:00ff",
                                       .psk_identity = "kettle",
                                       .resumed = true}};
    read = back(&told);
    check_where(&read.open, &told.open);
    told.open.tls = (struct tls_facts){.version = "TLSv1.2"};
    read = back(&told);
    check_where(&read.open, &told.open);
}
END_TEST

static void check_message(const struct told *told)
{
    const struct told read = back(told);
    const struct message *one = &read.message, *other = &told->message;
    ck_assert_uint_eq(one->size, other->size);
    ck_assert_mem_eq(one->data, other->data, other->size);
    ck_assert(one->partial == other->partial);
    ck_assert(one->automatic == other->automatic);
    ck_assert_uint_eq(one->console, other->console);
    ck_assert_mem_eq(&one->group, &other->group, sizeof one->group);
}

START_TEST(messages_of_any_bytes)
{
    char bytes[256];
    for (unsigned i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)i;
    struct told told = {.type = HUB_MESSAGE, .peer.number = 1, .message.data = bytes};
    for (; told.message.size <= sizeof bytes; told.message.size++)
        check_message(&told);
    told.message = (struct message){.data = "\"\\ü\xe2\x80\xae", .size = 7, .partial = true};
    check_message(&told);
}
END_TEST

START_TEST(who_sent_it)
{
    struct told told = {.type = HUB_SENT,
                        .peer.number = 1,
                        .message = {.data = "x", .size = 1, .automatic = true}};
    check_message(&told);
    told.message.automatic = false;
    told.message.console = 9;
    check_message(&told);
    told.message.group = (struct message_group){.number = 7, .size = 12};
    check_message(&told);
    told.message.group = (struct message_group){7, 4, {1, 3, 5, 12}};
    check_message(&told);
}
END_TEST

START_TEST(a_message_may_come_without_its_data)
{
    const struct told told = {.type = HUB_MESSAGE, .peer.number = 1, .message.size = 3};
    const struct told read = back(&told);
    ck_assert_ptr_null(read.message.data);
    ck_assert_uint_eq(read.message.size, 3);
}
END_TEST

START_TEST(ends)
{
    struct told told = {.type = HUB_HALF_CLOSE, .peer.number = 1};
    back(&told);
    told.seq = UINT64_MAX / 4;
    back(&told);
    told.replayed = true;
    back(&told);
    told.type = HUB_CLOSE;
    for (enum close_reason reason = 0; reason < CLOSE_REASONS; reason++) {
        told.close = (struct line_end){.reason = reason,
                                       .again = reason % 2 == 0 ? 250000 : 0,
                                       .repeated = reason % 3 == 0,
                                       .error = reason == CLOSE_ERROR ? "Broken \n pipe" : NULL,
                                       .received = 1,
                                       .sent = 2,
                                       .unsent = 3,
                                       .duration = 4500006};
        const struct told read = back(&told);
        ck_assert_int_eq(read.close.reason, reason);
        check_text(read.close.error, told.close.error);
        ck_assert_uint_eq(read.close.received, 1);
        ck_assert_uint_eq(read.close.sent, 2);
        ck_assert_uint_eq(read.close.unsent, 3);
        ck_assert_int_eq(read.close.duration, 4500006);
        ck_assert_int_eq(read.close.again, told.close.again);
        ck_assert(read.close.repeated == told.close.repeated);
    }
}
END_TEST

START_TEST(how_a_program_ended)
{
    struct told told = {.type = HUB_CLOSE, .peer.number = 1, .close.status = {EXIT_CODE, 0}};
    ck_assert_int_eq(back(&told).close.status.how, EXIT_CODE);
    told.close.status = (struct exit_status){EXIT_SIGNAL, 9};
    ck_assert_int_eq(back(&told).close.status.how, EXIT_SIGNAL);
    ck_assert_int_eq(back(&told).close.status.number, 9);
    told.close.status = (struct exit_status){0};
    ck_assert_int_eq(back(&told).close.status.how, EXIT_UNKNOWN);
}
END_TEST

START_TEST(refusals)
{
    struct told told = {.type = HUB_REFUSED,
                        .listener.number = 2,
                        .refused = {.remote = "x:1", .why = REFUSED_ACCESS, .count = 3}};
    struct told read = back(&told);
    check_text(read.refused.remote, "x:1");
    ck_assert_int_eq(read.refused.why, REFUSED_ACCESS);
    ck_assert_uint_eq(read.refused.count, 3);
    told.listener.number = 0;
    ck_assert_ptr_null(read.refused.word);
    told.refused.why = REFUSED_LIMIT;
    ck_assert_int_eq(back(&told).refused.why, REFUSED_LIMIT);
}
END_TEST

START_TEST(names)
{
    struct told told = {.type = HUB_NAME, .peer = {.number = 1, .name = "boiler"}};
    check_text(back(&told).peer.name, "boiler");
    told.peer.name = NULL;
    check_text(back(&told).peer.name, NULL);
    told.peer.name = "\x1b[2J"; /* nobody may be called that */
    check_text(back(&told).peer.name, NULL);
}
END_TEST

START_TEST(files)
{
    struct told told = {
        .type = HUB_FILE, .peer.number = 1, .file = {.path = "/a b", .size = 9, .bytes = 9}};
    struct told read = back(&told);
    check_text(read.file.path, "/a b");
    check_text(read.file.error, NULL);
    told.file.bytes = 4;
    told.file.error = "it shrank";
    read = back(&told);
    ck_assert_uint_eq(read.file.size, 9);
    ck_assert_uint_eq(read.file.bytes, 4);
    check_text(read.file.error, "it shrank");
}
END_TEST

START_TEST(notes)
{
    const struct told told = {.type = HUB_NOTE, .peer.number = 1, .note = "a\x1b\xc3\xbc"};
    check_text(back(&told).note, "a\x1b\xc3\xbc");
}
END_TEST

START_TEST(lines)
{
    const struct told told = {
        .type = HUB_LINE, .peer.number = 1, .lines = MODEM_CTS | MODEM_RI};
    ck_assert_uint_eq(back(&told).lines, MODEM_CTS | MODEM_RI);
}
END_TEST

START_TEST(consoles)
{
    struct told told = {.type = HUB_CONSOLE,
                        .console = {.console = 3, .uid = 1000, .read_only = true}};
    struct told read = back(&told);
    ck_assert_int_eq(read.console.state, CONSOLE_ATTACHED);
    ck_assert_uint_eq(read.console.console, 3);
    ck_assert_uint_eq(read.console.uid, 1000);
    ck_assert(read.console.read_only);
    told.console.state = CONSOLE_LEFT;
    told.console.read_only = false;
    read = back(&told);
    ck_assert_int_eq(read.console.state, CONSOLE_LEFT);
    ck_assert(!read.console.read_only);
    told.console.state = CONSOLE_SAYS;
    told.console.text = "a\x1b\xc3\xbc";
    read = back(&told);
    ck_assert_int_eq(read.console.state, CONSOLE_SAYS);
    check_text(read.console.text, "a\x1b\xc3\xbc");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {where_a_message_went,
                                  who_is_joined,
                                  types_have_names,
                                  listening_and_unlistening,
                                  opens,
                                  messages_of_any_bytes,
                                  who_sent_it,
                                  a_message_may_come_without_its_data,
                                  ends,
                                  how_a_program_ended,
                                  refusals,
                                  names,
                                  files,
                                  notes,
                                  lines,
                                  consoles,
                                  NULL};
    return check_run_with("told_read", setup, teardown, tests);
}
