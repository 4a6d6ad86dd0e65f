/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "websocket/ws_deflate.h"

#include <string.h>

#include "base/mem.h"
#include "check_main.h"

/* RFC 7692 sections 7.2.3.1 to 7.2.3.4. */
static const struct {
    const char *packed;
    size_t size;
} hellos[] = {
    {"\xf2\x48\xcd\xc9\xc9\x07\x00", 7},
    {"\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00", 11},
    {"\xf3\x48\xcd\xc9\xc9\x07\x00\x00", 8},
    {"\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00", 13},
};

static struct ws_deflate *deflate_it;

static void set_up(void)
{
    deflate_it = ws_deflate_create();
}

static void tear_down(void)
{
    ws_deflate_destroy(deflate_it);
}

/* So many bytes at a time, into so much room; returns how much it was, SIZE_MAX: bad. */
static size_t unpack(const char *packed, size_t size, size_t step, size_t room, char *out)
{
    struct ws_unpacker *unpacker = ws_unpacker_take(deflate_it);
    struct ws_unpacking part = {.data = packed, .room = room};
    size_t got = 0;
    bool good = true;
    for (const char *end = packed + size; good && part.data < end; got += part.put) {
        part.size = (size_t)(end - part.data) < step ? (size_t)(end - part.data) : step;
        part.out = out + got;
        good = ws_unpacker_run(unpacker, &part);
    }
    for (part.put = room; good && part.put == room; got += part.put) {
        part.out = out + got;
        good = ws_unpacker_end(unpacker, &part);
    }
    ws_unpacker_give_back(deflate_it, unpacker);
    return good ? got : SIZE_MAX;
}

START_TEST(unpacks_as_the_rfc_has_it)
{
    char out[64];
    for (size_t i = 0; deflate_it && i < COUNT(hellos); i++)
        for (size_t step = 1; step < 14; step++)
            for (size_t room = 1; room < 8; room++) {
                ck_assert_uint_eq(unpack(hellos[i].packed, hellos[i].size, step, room, out), 5);
                ck_assert_mem_eq(out, "Hello", 5);
            }
}
END_TEST

START_TEST(what_is_not_compressed_is_bad)
{
    char out[4096];
    if (!deflate_it)
        return;
    ck_assert_uint_eq(unpack("\xff\xff\xff\xff\xff", 5, 5, 64, out), SIZE_MAX);
    ck_assert_uint_eq(unpack("\xf2\x48\xcd", 3, 3, 64, out), SIZE_MAX); /* it breaks off */
    ck_assert_uint_eq(unpack("", 0, 1, 64, out), 0);
}
END_TEST

START_TEST(what_was_packed_comes_out)
{
    char *text = mem_alloc(WS_PACK_MAX), *packed = mem_alloc(WS_PACK_MAX),
         *out = mem_alloc(WS_PACK_MAX + 4096);
    for (size_t i = 0; i < WS_PACK_MAX; i++)
        text[i] = (char)(i % 251 ^ i / 251);
    for (size_t size = 1; deflate_it && size <= WS_PACK_MAX; size = size * 3 / 2 + 1) {
        const size_t shorter = ws_deflate_pack(deflate_it, text, size, packed);
        ck_assert_uint_lt(shorter, size);
        if (shorter > 0) {
            ck_assert_uint_eq(unpack(packed, shorter, 4096, 4096, out), size);
            ck_assert_mem_eq(out, text, size);
        }
    }
    free(text);
    free(packed);
    free(out);
}
END_TEST

START_TEST(what_does_not_get_shorter_stays)
{
    char text[256], packed[256];
    uint32_t random = 1;
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (char)((random = random * 1103515245 + 12345) >> 16);
    for (size_t size = 1; deflate_it && size <= sizeof text; size++)
        ck_assert_uint_eq(ws_deflate_pack(deflate_it, text, size, packed), 0);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {unpacks_as_the_rfc_has_it, what_is_not_compressed_is_bad,
                                  what_was_packed_comes_out, what_does_not_get_shorter_stays,
                                  NULL};
    return check_run_with("ws_deflate", set_up, tear_down, tests);
}
