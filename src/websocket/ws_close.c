/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "websocket/ws_close.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/escape.h"
#include "base/mem.h"
#include "base/utf8.h"

/* RFC 6455 section 7.4.1, and the registry that it begins. */
static const struct {
    unsigned code;
    const char *words;
} codes[] = {
    {1000, "normal end"},
    {1001, "going away"},
    {1002, "protocol error"},
    {1003, "a kind of data that it does not take"},
    {1007, "data that is not what it says"},
    {1008, "against its policy"},
    {1009, "message too big"},
    {1010, "an extension is missing"},
    {1011, "internal error"},
    {1012, "restarts"},
    {1013, "try again later"},
    {1014, "bad gateway"},
};

const char *ws_close_words(unsigned code)
{
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (codes[i].code == code)
            return codes[i].words;
    return "";
}

enum { LIBRARIES = 3000, LAST = 4999 };

bool ws_close_is_failure(unsigned code)
{
    return code > WS_CODE_GOING_AWAY && code < LIBRARIES && code != WS_CODE_NONE;
}

/* Those that may stand in a frame. */
static bool is_valid(unsigned code)
{
    return *ws_close_words(code) != '\0' || (code >= LIBRARIES && code <= LAST);
}

const char *ws_close_read(const char *body, size_t size, struct ws_close *close, unsigned *code)
{
    const uint8_t *bytes = (const uint8_t *)body;
    *close = (struct ws_close){.code = WS_CODE_NONE, .reason = ""};
    *code = WS_CODE_PROTOCOL;
    if (size == 0)
        return NULL;
    if (size == 1)
        return "half a close code";
    close->code = (unsigned)bytes[0] << 8 | bytes[1];
    close->reason = body + 2;
    close->reason_size = size - 2;
    if (!is_valid(close->code))
        return "a close code that may not be sent";
    return utf8_valid(close->reason, close->reason_size) ? NULL
                                                         : "a close reason that is no UTF-8";
}

char *ws_close_text(const struct ws_close *close)
{
    const char *words = ws_close_words(close->code);
    const bool plain = close->code == WS_CODE_NORMAL || close->code == WS_CODE_NONE;
    if (plain && close->reason_size == 0)
        return NULL;
    UT_string reason;
    utstring_init(&reason);
    escape_bytes(&reason, close->reason, close->reason_size);
    char *text =
        mem_printf("%u%s%s%s%s%s", close->code, *words ? " (" : "", words, *words ? ")" : "",
                   close->reason_size > 0 ? ": " : "", utstring_body(&reason));
    utstring_done(&reason);
    return text;
}
