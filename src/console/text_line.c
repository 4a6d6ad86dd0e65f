/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/text_line.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "base/escape.h"
#include "console/console.h"
#include "core/listener.h"
#include "core/peer.h"

/* ECMA-48 8.3.117, select graphic rendition. */
static const char *const text_styles[TEXT_STYLES] = {
    [TEXT_DIM] = "\x1b[2m",   [TEXT_STRONG] = "\x1b[1m",  [TEXT_RECEIVED] = "\x1b[32m",
    [TEXT_SENT] = "\x1b[36m", [TEXT_NOTICE] = "\x1b[33m", [TEXT_ERROR] = "\x1b[31m",
};

static void text_plain(UT_string *out, const char *text)
{
    utstring_bincpy(out, text, strlen(text));
}

void text_style(struct console *console, enum text_style style)
{
    if (console->colour)
        text_plain(&console->out, text_styles[style]);
}

void text_style_end(struct console *console)
{
    if (console->colour)
        text_plain(&console->out, "\x1b[0m");
}

void text_time(struct console *console, int64_t time)
{
    time_t seconds = (time_t)(time / 1000000);
    struct tm local;
    char text[16];
    localtime_r(&seconds, &local);
    size_t size = strftime(text, sizeof text, "%H:%M:%S", &local);
    text_style(console, TEXT_DIM);
    utstring_bincpy(&console->out, text, size);
    text_style_end(console);
    utstring_bincpy(&console->out, " ", 1);
}

void text_safe(UT_string *out, const char *text)
{
    escape_bytes(out, text, strlen(text));
}

void text_peer(UT_string *out, const struct peer *peer)
{
    char label[PEER_LABEL];
    peer_label(peer, label);
    text_safe(out, label);
}

void text_listener(UT_string *out, const struct listener *listener)
{
    utstring_printf(out, "listener %u", listener->number);
    if (!listener->profile.name)
        return;
    text_plain(out, " (");
    text_safe(out, listener->profile.name);
    text_plain(out, ")");
}

void text_number(UT_string *out, uint64_t number)
{
    char digits[32];
    int count = snprintf(digits, sizeof digits, "%" PRIu64, number);
    for (int i = 0; i < count; i++) {
        if (i > 0 && (count - i) % 3 == 0)
            utstring_bincpy(out, ",", 1);
        utstring_bincpy(out, &digits[i], 1);
    }
}

void text_count(UT_string *out, uint64_t number, const char *one, const char *many)
{
    text_number(out, number);
    utstring_printf(out, " %s", number == 1 ? one : many);
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
