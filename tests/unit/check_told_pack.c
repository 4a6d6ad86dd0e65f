/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/told_pack.h"

#include <stdlib.h>

#include "base/json_put.h"
#include "base/mem.h"
#include "check_main.h"
#include "core/modem.h"
#include "core/told.h"
#include "core/told_write.h"

/* One of each type at least, with all its members, and with as few as there may be. */
static const uint64_t passed_to[] = {2, 7, UINT64_MAX};

static const struct told examples[] = {
    {.type = HUB_LISTENING,
     .seq = 1,
     .listener = {.number = 3, .name = "front"},
     .endpoint = "tcp://*:1"},
    {.type = HUB_LISTENING,
     .seq = 1,
     .listener.number = 4,
     .endpoint = "tls://*:2",
     .fingerprint = "sha256:00ff"},
    {.type = HUB_UNLISTENING, .seq = 2, .listener.number = 3, .endpoint = ""},
    {.type = HUB_OPEN,
     .seq = UINT64_MAX,
     .time = INT64_MIN,
     .datagram = true,
     .peer.number = UINT64_MAX,
     .listener = {.number = 7, .name = "front"},
     .open = {.transport = "unix",
              .remote = "unix:",
              .local = "unix:/x",
              .has_credentials = true,
              .pid = 12,
              .uid = 34,
              .listener = {.number = 7, .name = "front"}}},
    {.type = HUB_OPEN,
     .seq = 3,
     .peer.number = 1,
     .open = {.transport = "tcp", .remote = "", .local = "[::1]:7"}},
    {.type = HUB_OPEN,
     .seq = 3,
     .peer.number = 1,
     .open = {.transport = "tls",
              .remote = "[::1]:8",
              .local = "[::1]:7",
              .tls = {.version = "TLSv1.3",
                      .cipher = "TLS_AES_128_GCM_SHA256",
                      .alpn = "h2",
                      .server_name = "db.example",
                      .subject = "CN=boiler",
                      .fingerprint = "sha256:00ff",
                      .psk_identity = "kettle",
                      .resumed = true}}},
    {.type = HUB_OPEN,
     .seq = 3,
     .peer.number = 1,
     .open = {.transport = "tls", .remote = "", .local = "", .tls.version = "TLSv1.2"}},
    {.type = HUB_MESSAGE,
     .seq = 4,
     .time = 5,
     .peer = {.number = 1, .name = "boiler"},
     .listener = {.number = 7, .name = "front"},
     .message = {.data = "a\0b\xff", .size = 4, .partial = true}},
    {.type = HUB_MESSAGE, .seq = 4, .peer.number = 1, .message = {.data = "", .size = 0}},
    {.type = HUB_MESSAGE, .seq = 4, .peer.number = 1, .message.size = 1 << 30},
    {.type = HUB_SENT,
     .seq = 5,
     .peer.number = 1,
     .message = {.data = "x", .size = 1, .automatic = true}},
    {.type = HUB_SENT,
     .seq = 5,
     .peer.number = 1,
     .message = {.data = "x", .size = 1, .console = 9}},
    {.type = HUB_SENT,
     .seq = 5,
     .peer.number = 1,
     .message = {.data = "x", .size = 1, .console = 9, .group = {7, 2, {1, 3}}}},
    {.type = HUB_HALF_CLOSE, .seq = 6, .peer = {.number = 1, .name = "boiler"}},
    {.type = HUB_CLOSE,
     .seq = 7,
     .peer = {.number = 1, .name = "boiler"},
     .close = {.reason = CLOSE_ERROR,
               .error = "Broken pipe",
               .received = 1,
               .status = {EXIT_SIGNAL, 15},
               .sent = UINT64_MAX,
               .unsent = 3,
               .duration = 4500006,
               .again = 250000,
               .repeated = true}},
    {.type = HUB_CLOSE, .seq = 7, .peer.number = 1},
    {.type = HUB_MESSAGE,
     .seq = 4,
     .peer.number = 1,
     .message = {.data = "odd", .size = 3, .to = {passed_to, COUNT(passed_to)}}},
    {.type = HUB_JOIN, .seq = 4, .peer.number = 2, .other = 1},
    {.type = HUB_PART, .seq = 4, .peer = {.number = 1, .name = "boiler"}, .other = 2},
    {.type = HUB_LINE, .seq = 7, .peer.number = 1, .lines = TIOCM_CTS | TIOCM_RI},
    {.type = HUB_NOTE, .seq = 7, .peer.number = 1, .note = "no such file"},
    {.type = HUB_REFUSED,
     .seq = 8,
     .listener.number = 2,
     .refused = {.remote = "x:1", .why = REFUSED_HANDSHAKE, .count = 3, .error = "no hello"}},
    {.type = HUB_NAME, .seq = 9, .peer = {.number = 1, .name = "boiler"}},
    {.type = HUB_NAME, .seq = 9, .peer.number = 1},
    {.type = HUB_FILE,
     .seq = 10,
     .peer.number = 1,
     .file = {.path = "/a b", .size = 9, .bytes = 4, .error = "it shrank"}},
    {.type = HUB_FILE, .seq = 10, .peer.number = 1, .file.path = "/"},
    {.type = HUB_CONSOLE, .seq = 11, .console = {.console = 9, .uid = 1000, .read_only = true}},
    {.type = HUB_CONSOLE, .seq = 11, .console = {.console = 1, .state = CONSOLE_LEFT}},
    {.type = HUB_CONSOLE,
     .seq = 11,
     .console = {.console = 2, .state = CONSOLE_SAYS, .text = "hi"}},
};

/* In memory of just that size, so that a sanitizer sees whatever goes beyond. */
static void *pack(const struct told *told, size_t *size)
{
    *size = told_pack_size(told);
    void *packed = mem_alloc(*size);
    told_pack(told, packed);
    return packed;
}

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

static void write_json(UT_string *out, const struct told *told)
{
    struct json json;
    json_put_init(&json, out);
    json_put_object_begin(&json, NULL);
    told_write(&json, told);
    json_put_object_end(&json);
}

/* What JSON does not tell is compared, and then all that it tells. */
static void check_same(const struct told *got, const struct told *wanted)
{
    UT_string one, other;
    utstring_init(&one);
    utstring_init(&other);
    ck_assert_int_eq(got->type, wanted->type);
    ck_assert_int_eq(got->time, wanted->time);
    ck_assert(got->datagram == wanted->datagram);
    check_who(&got->peer, &wanted->peer);
    check_who(&got->listener, &wanted->listener);
    if (got->type == HUB_OPEN)
        check_who(&got->open.listener, &wanted->open.listener);
    write_json(&one, got);
    write_json(&other, wanted);
    ck_assert_str_eq(utstring_body(&one), utstring_body(&other));
    utstring_done(&one);
    utstring_done(&other);
}

START_TEST(every_type_comes_back)
{
    unsigned seen = 0;
    for (size_t i = 0; i < COUNT(examples); i++) {
        size_t size;
        struct told told;
        void *packed = pack(&examples[i], &size);
        ck_assert(told_unpack(&told, packed, size));
        check_same(&told, &examples[i]);
        seen |= 1u << told.type;
        free(packed);
    }
    ck_assert_uint_eq(seen, (1u << HUB_EVENT_TYPES) - 1);
}
END_TEST

START_TEST(it_is_told_for_the_first_time)
{
    struct told told = examples[0];
    size_t size;
    told.replayed = true;
    void *packed = pack(&told, &size);
    ck_assert(told_unpack(&told, packed, size));
    ck_assert(!told.replayed);
    free(packed);
}
END_TEST

START_TEST(a_part_is_none)
{
    for (size_t i = 0; i < COUNT(examples); i++) {
        size_t size;
        void *packed = pack(&examples[i], &size);
        for (size_t length = 0; length < size; length++) {
            struct told told;
            void *part = mem_dup(packed, length);
            ck_assert(!told_unpack(&told, part, length));
            free(part);
        }
        free(packed);
    }
}
END_TEST

/* Whatever it is then, it can be looked at. */
START_TEST(no_byte_is_trusted)
{
    for (size_t i = 0; i < COUNT(examples); i++) {
        size_t size;
        unsigned char *packed = pack(&examples[i], &size);
        for (size_t at = 0; at < size * 4; at++) {
            static const unsigned char masks[] = {0x01, 0x80, 0xff, 0x10};
            UT_string out;
            struct told told;
            utstring_init(&out);
            packed[at / 4] ^= masks[at % 4];
            if (told_unpack(&told, packed, size))
                write_json(&out, &told);
            packed[at / 4] ^= masks[at % 4];
            utstring_done(&out);
        }
        free(packed);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {every_type_comes_back, it_is_told_for_the_first_time,
                                  a_part_is_none, no_byte_is_trusted, NULL};
    return check_run("told_pack", tests);
}
