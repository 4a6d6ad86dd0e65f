/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/newlines.h"

#include <string.h>

static void add_newline(const struct newlines *newlines, UT_string *out)
{
    size_t size;
    const char *eol = eol_bytes(newlines->eol, &size);
    if (newlines->eol == EOL_UNSET || (newlines->eol == EOL_CRLF && newlines->after_cr))
        ut_append(out, "\n", 1);
    else
        ut_append(out, eol, size);
}

static void add_text(struct newlines *newlines, UT_string *out, const char *data, size_t size)
{
    if (size == 0)
        return;
    ut_append(out, data, size);
    newlines->after_cr = data[size - 1] == '\r';
}

void newlines_add(struct newlines *newlines, UT_string *out, const char *data, size_t size)
{
    const char *end = data + size, *newline;
    while ((newline = memchr(data, '\n', (size_t)(end - data)))) {
        add_text(newlines, out, data, (size_t)(newline - data));
        add_newline(newlines, out);
        newlines->after_cr = false;
        data = newline + 1;
    }
    add_text(newlines, out, data, (size_t)(end - data));
}
