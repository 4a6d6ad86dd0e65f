/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <arpa/inet.h>
#include <stdint.h>
#include <string.h>

#include "base/mem.h"
#include "stream/via.h"

enum { VERSION = 5, CONNECT = 1, SIGN_IN_VERSION = 1 };
enum { ADDRESS_V4 = 1, ADDRESS_NAME = 3, ADDRESS_V6 = 4 };
enum { WITHOUT = 0, PASSWORD = 2, NO_WAY = 0xff }; /* to sign in */

enum step { METHOD, SIGN_IN, REPLY };

static size_t fail(struct via_talk *talk, const char *why)
{
    talk->error = mem_strdup(why);
    return 0;
}

static void put_byte(UT_string *out, unsigned value)
{
    const uint8_t byte = (uint8_t)value;
    ut_append(out, &byte, 1);
}

/* Its length in one byte before it. */
static void put_text(UT_string *out, const char *text)
{
    put_byte(out, (unsigned)strlen(text));
    ut_append(out, text, strlen(text));
}

static void put_host(UT_string *out, const char *host)
{
    struct in6_addr address; /* room for either */
    if (inet_pton(AF_INET, host, &address) == 1) {
        put_byte(out, ADDRESS_V4);
        ut_append(out, &address, sizeof(struct in_addr));
    } else if (inet_pton(AF_INET6, host, &address) == 1) {
        put_byte(out, ADDRESS_V6);
        ut_append(out, &address, sizeof address);
    } else {
        put_byte(out, ADDRESS_NAME);
        put_text(out, host);
    }
}

static void ask(struct via_talk *talk)
{
    const uint8_t head[] = {VERSION, CONNECT, 0};
    ut_append(&talk->say, head, sizeof head);
    put_host(&talk->say, talk->via->host);
    put_byte(&talk->say, talk->via->port >> 8);
    put_byte(&talk->say, talk->via->port);
    talk->step = REPLY;
}

static void sign_in(struct via_talk *talk)
{
    put_byte(&talk->say, SIGN_IN_VERSION);
    put_text(&talk->say, talk->via->user);
    put_text(&talk->say, talk->via->password);
    talk->step = SIGN_IN;
}

static void begin(struct via_talk *talk)
{
    const uint8_t offer[] = {VERSION, 2, WITHOUT, PASSWORD}, without[] = {VERSION, 1, WITHOUT};
    if (talk->via->user)
        ut_append(&talk->say, offer, sizeof offer);
    else
        ut_append(&talk->say, without, sizeof without);
}

static size_t take_method(struct via_talk *talk, const uint8_t *data, size_t size)
{
    if (data[0] != VERSION)
        return fail(talk, "this is no SOCKS5 proxy");
    if (size < 2)
        return 0;
    if (data[1] == WITHOUT)
        ask(talk);
    else if (data[1] == PASSWORD && talk->via->user)
        sign_in(talk);
    else if (data[1] == PASSWORD || !talk->via->user)
        return fail(talk, "the proxy wants a user name and password");
    else
        return fail(talk, data[1] == NO_WAY ? "the proxy takes no user name and password"
                                            : "the proxy wants to be told who calls in a "
                                              "way that was not offered");
    return 2;
}

static size_t take_sign_in(struct via_talk *talk, const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    if (data[1] != 0)
        return fail(talk, "the proxy does not accept this user name and password");
    ask(talk);
    return 2;
}

static size_t refuse(struct via_talk *talk, unsigned code)
{
    static const char *const words[] = {
        [1] = "general failure",     [2] = "not allowed by its rules",
        [3] = "network unreachable", [4] = "host unreachable",
        [5] = "connection refused",  [6] = "TTL expired",
        [7] = "it cannot connect",   [8] = "it does not know such addresses"};
    talk->error = code < sizeof words / sizeof *words
                      ? mem_printf("the proxy refused: %s", words[code])
                      : mem_printf("the proxy refused: code %u", code);
    return 0;
}

/* What its address takes, of which the first two bytes are at data; 0: it is none. */
static size_t address_size(const uint8_t *data)
{
    switch (data[0]) {
    case ADDRESS_V4:
        return 1 + sizeof(struct in_addr);
    case ADDRESS_V6:
        return 1 + sizeof(struct in6_addr);
    case ADDRESS_NAME:
        return 2 + (size_t)data[1];
    default:
        return 0;
    }
}

static size_t take_reply(struct via_talk *talk, const uint8_t *data, size_t size)
{
    enum { HEAD = 3, PORT = 2 };
    if (data[0] != VERSION)
        return fail(talk, "the proxy's answer is none of SOCKS5");
    if (size >= 2 && data[1] != 0)
        return refuse(talk, data[1]);
    if (size < HEAD + 2)
        return 0;
    const size_t address = address_size(data + HEAD);
    if (address == 0)
        return fail(talk, "the proxy's answer is none of SOCKS5");
    if (size < HEAD + address + PORT)
        return 0;
    talk->open = true;
    return HEAD + address + PORT;
}

static size_t take(struct via_talk *talk, const char *data, size_t size)
{
    const uint8_t *bytes = (const uint8_t *)data;
    if (size == 0)
        return 0;
    switch ((enum step)talk->step) {
    case METHOD:
        return take_method(talk, bytes, size);
    case SIGN_IN:
        return take_sign_in(talk, bytes, size);
    case REPLY:
        break;
    }
    return take_reply(talk, bytes, size);
}

const struct via_protocol via_socks5 = {.name = "socks5", .begin = begin, .take = take};
