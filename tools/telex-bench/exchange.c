/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "telex-bench/exchange.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "base/ut.h"

/* As /bytes wants a string: in double quotes, and none in it that is not escaped. */
static char *quote(const char *text)
{
    UT_string quoted;
    utstring_init(&quoted);
    ut_append(&quoted, "\"", 1);
    for (; *text; text++) {
        if (*text == '"')
            ut_append(&quoted, "\\", 1);
        ut_append(&quoted, text, 1);
        if (*text == '\\' && text[1] != '\0')
            ut_append(&quoted, ++text, 1);
    }
    ut_append(&quoted, "\"", 1);
    return utstring_body(&quoted);
}

bool exchange_spell(const char *text, struct exchange_text *result, char **error)
{
    UT_string bytes;
    if (*text == '\0') {
        *error = mem_strdup("an empty text is no message");
        return false;
    }
    char *quoted = quote(text);
    utstring_init(&bytes);
    bool good = bytes_parse(&bytes, quoted, error);
    free(quoted);
    free(result->data);
    *result = (struct exchange_text){0};
    if (good)
        *result = (struct exchange_text){utstring_body(&bytes), utstring_len(&bytes)};
    else
        utstring_done(&bytes);
    return good;
}

void exchange_finish(struct exchange *exchange)
{
    free(exchange->send.data);
    free(exchange->expect.data);
}
