/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/endpoint_url.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"

/* RFC 3986 section 3.3, and what stands for something else already. */
static bool may_stand(char byte)
{
    return isalnum((unsigned char)byte) || strchr("/-._~!$&'()*+,;=:@%", byte);
}

char *endpoint_url_parse(const char *text, char **error)
{
    UT_string out;
    utstring_init(&out);
    for (const char *at = text; *at != '\0'; at++) {
        if (strncasecmp(at, "%3f", 3) == 0) {
            ut_append(&out, "?", 1);
            at += 2;
        } else if (may_stand(*at)) {
            ut_append(&out, at, 1);
        } else {
            utstring_printf(&out, "%%%02X", (unsigned char)*at);
        }
    }
    if (utstring_len(&out) <= ENDPOINT_URL_MAX)
        return utstring_body(&out);
    *error = mem_printf("the path has %zu bytes: at most %d can be asked for",
                        utstring_len(&out), ENDPOINT_URL_MAX);
    utstring_done(&out);
    return NULL;
}

void endpoint_url_print(UT_string *out, const char *path)
{
    for (; *path != '\0'; path++) {
        if (*path == '?')
            ut_append(out, "%3F", 3);
        else
            ut_append(out, path, 1);
    }
}
