/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stream/via.h"

#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/mem.h"

const struct via_protocol *via_protocol_find(const char *name, size_t size)
{
    static const struct via_protocol *const all[] = {&via_socks5, &via_http};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strlen(all[i]->name) == size && memcmp(all[i]->name, name, size) == 0)
            return all[i];
    return NULL;
}

static bool fits(const char *text)
{
    return !text || strlen(text) <= VIA_TEXT_MAX;
}

bool via_check(const struct via *via, char **error)
{
    if (!fits(via->host))
        return fail_with(error, "a proxy can be asked for names up to 255 bytes, not for %s",
                         via->host);
    if (strchr(via->host, '%'))
        return fail_with(error, "%s: the zone of an address means nothing to a proxy",
                         via->host);
    if (fits(via->user) && fits(via->password))
        return true;
    *error = mem_strdup("a proxy's user names and passwords have up to 255 bytes");
    return false;
}

void via_destroy(struct via *via)
{
    if (!via)
        return;
    if (via->password)
        explicit_bzero(via->password, strlen(via->password));
    free(via->password);
    free(via->user);
    free(via->host);
    free(via);
}
