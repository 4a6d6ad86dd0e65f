/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/text_line.h"

#include <inttypes.h>
#include <string.h>

#include "base/escape.h"
#include "base/scheme.h"
#include "console/console.h"
#include "console/text_colour.h"
#include "core/told.h"

/* ECMA-48 8.3.117, select graphic rendition. */
static const char *const text_styles[TEXT_STYLES] = {
    [TEXT_NORMAL] = "",        [TEXT_DIM] = "\x1b[2m",    [TEXT_STRONG] = "\x1b[1m",
    [TEXT_NOTICE] = "\x1b[2m", [TEXT_ERROR] = "\x1b[31m",
};

void text_plain(UT_string *out, const char *text)
{
    ut_append(out, text, strlen(text));
}

void text_style(struct console *console, enum text_style style)
{
    if (console->colours != TEXT_COLOURS_NONE)
        text_plain(&console->out, text_styles[style]);
}

void text_style_end(struct console *console)
{
    if (console->colours != TEXT_COLOURS_NONE)
        text_plain(&console->out, TEXT_COLOUR_END);
}

/* With a comma before each three, if grouped. Every line has some, so no printf. */
static void text_digits(UT_string *out, uint64_t number, bool grouped)
{
    char text[32], *at = text + sizeof text;
    int count = 0;
    do {
        if (grouped && count > 0 && count % 3 == 0)
            *--at = ',';
        *--at = (char)('0' + number % 10);
        number /= 10;
        count++;
    } while (number > 0);
    ut_append(out, at, (size_t)(text + sizeof text - at));
}

void text_safe(UT_string *out, const char *text)
{
    escape_bytes(out, text, strlen(text));
}

static void text_node(UT_string *out, const struct who *peer)
{
    if (peer->node)
        text_safe(out, peer->node);
    text_plain(out, peer->node ? "/" : "#");
}

void text_peer_number(UT_string *out, const struct who *peer)
{
    text_node(out, peer);
    text_digits(out, peer->node ? who_number(peer->number) : peer->number, false);
}

void text_peer_short(UT_string *out, const struct who *peer)
{
    if (!peer->name) {
        text_peer_number(out, peer);
        return;
    }
    if (peer->node)
        text_node(out, peer);
    text_safe(out, peer->name);
}

void text_peer(UT_string *out, const struct who *peer)
{
    if (!peer->node) {
        text_peer_number(out, peer);
        text_plain(out, peer->name ? " " : "");
    }
    if (peer->node || peer->name)
        text_peer_short(out, peer);
}

/* The transport stands before it already: "/dev/ttyUSB0" of "serial:/dev/ttyUSB0". */
static const char *bare_remote(const struct where *where)
{
    const size_t length = strlen(where->transport);
    const char *rest = where->remote + length;
    const bool named = strncmp(where->remote, where->transport, length) == 0 && *rest == ':';
    return named && rest[1] != '\0' ? rest + 1 : where->remote;
}

void text_remote(UT_string *out, const struct where *where)
{
    const bool is_program = strcmp(where->transport, schemes[SCHEME_EXEC].name) == 0;
    if (!where->has_credentials || is_program)
        text_safe(out, bare_remote(where));
    if (where->has_credentials && is_program)
        utstring_printf(out, " (pid %ld)", (long)where->pid);
    else if (where->has_credentials)
        utstring_printf(out, "pid %ld, uid %lu", (long)where->pid, (unsigned long)where->uid);
}

void text_listener(UT_string *out, const struct who *listener)
{
    text_plain(out, "listener ");
    text_digits(out, listener->number, false);
    if (!listener->name)
        return;
    text_plain(out, " (");
    text_safe(out, listener->name);
    text_plain(out, ")");
}

void text_number(UT_string *out, uint64_t number)
{
    text_digits(out, number, true);
}

void text_count(UT_string *out, uint64_t number, const char *one, const char *many)
{
    text_number(out, number);
    text_plain(out, " ");
    text_plain(out, number == 1 ? one : many);
}

void text_duration(UT_string *out, int64_t duration)
{
    int64_t hundredths = (duration > 0 ? duration : 0) / 10000;
    int64_t seconds = hundredths / 100;
    if (seconds < 10)
        utstring_printf(out, "%" PRId64 ".%02" PRId64 " s", seconds, hundredths % 100);
    else if (seconds < 60)
        utstring_printf(out, "%" PRId64 " s", seconds);
    else if (seconds < 3600)
        utstring_printf(out, "%" PRId64 " min %" PRId64 " s", seconds / 60, seconds % 60);
    else if (seconds < 86400)
        utstring_printf(out, "%" PRId64 " h %" PRId64 " min", seconds / 3600,
                        seconds / 60 % 60);
    else
        utstring_printf(out, "%" PRId64 " d %" PRId64 " h", seconds / 86400,
                        seconds / 3600 % 24);
}
