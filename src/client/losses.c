/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/losses.h"

#include <inttypes.h>
#include <string.h>

#include "base/mem.h"
#include "base/ut.h"

static void begin_clause(UT_string *text)
{
    if (utstring_len(text) > 0)
        utstring_printf(text, "; ");
}

static void add_count(UT_string *text, const char *before, uint64_t count, const char *one,
                      const char *what)
{
    if (count == 0)
        return;
    begin_clause(text);
    utstring_printf(text, "%s%" PRIu64 " %s%s %s %s", before, count, one, count == 1 ? "" : "s",
                    count == 1 ? "was" : "were", what);
}

static void add_reason(UT_string *text, const char *before, const char *reason)
{
    begin_clause(text);
    utstring_printf(text, "%s%s", before, reason);
}

char *losses_text(const struct losses *losses)
{
    UT_string text;
    utstring_init(&text);
    if (losses->line)
        add_reason(&text, "", losses->line);
    if (losses->output)
        add_reason(&text, "cannot write to stdout: ", strerror(losses->output));
    add_count(&text, "", losses->unwritten, "byte", "not written");
    add_count(&text, losses->at_least ? "at least " : "", losses->undelivered, "byte",
              "not delivered");
    add_count(&text, "", losses->datagrams, "datagram", "not sent");
    char *result = utstring_len(&text) > 0 ? mem_strdup(utstring_body(&text)) : NULL;
    utstring_done(&text);
    return result;
}
