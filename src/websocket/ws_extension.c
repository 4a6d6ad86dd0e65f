/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "websocket/ws_extension.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/http_head.h"
#include "base/mem.h"
#include "base/number.h"

/* What is asked for in one. */
struct parameters {
    bool known; /* all of them are, and it is permessage-deflate */
    bool server_keeps_none, client_keeps_none;
    bool server_window, client_window; /* it is said how large it may be */
    uint64_t server_bits, client_bits;
};

static char *trim(char *word)
{
    word += strspn(word, " \t");
    size_t length = strlen(word);
    while (length > 0 && strchr(" \t", word[length - 1]))
        word[--length] = '\0';
    return word;
}

/* "15" or "\"15\""; nothing is the most. */
static bool read_bits(char *value, uint64_t *bits)
{
    enum { LEAST = 8, MOST = 15 };
    *bits = MOST;
    if (!value)
        return true;
    const size_t length = strlen(value);
    if (length > 2 && *value == '"' && value[length - 1] == '"') {
        value[length - 1] = '\0';
        value++;
    }
    return number_parse(value, MOST, bits) && *bits >= LEAST;
}

static bool once(bool *seen)
{
    const bool first = !*seen;
    *seen = true;
    return first;
}

static bool read_parameter(struct parameters *all, char *text)
{
    char *value = strchr(text, '=');
    if (value)
        *value++ = '\0';
    const char *name = trim(text);
    if (value)
        value = trim(value);
    if (strcasecmp(name, "server_no_context_takeover") == 0)
        return !value && once(&all->server_keeps_none);
    if (strcasecmp(name, "client_no_context_takeover") == 0)
        return !value && once(&all->client_keeps_none);
    if (strcasecmp(name, "client_max_window_bits") == 0)
        return once(&all->client_window) && read_bits(value, &all->client_bits);
    return strcasecmp(name, "server_max_window_bits") == 0 && value &&
           once(&all->server_window) && read_bits(value, &all->server_bits);
}

/* "permessage-deflate; name; name=value"; cuts it up. */
static struct parameters read_one(char *text)
{
    struct parameters all = {0};
    all.known = strcasecmp(trim(strsep(&text, ";")), "permessage-deflate") == 0;
    while (text && all.known)
        all.known = read_parameter(&all, strsep(&text, ";"));
    return all;
}

/* A smaller window than zlib's for what we send would need a packer of its own. */
bool ws_extension_offered(const char *offers)
{
    char *copy = mem_strdup(offers), *rest = copy;
    bool good = false;
    for (char *each; !good && (each = http_list_next(&rest));) {
        const struct parameters all = read_one(each);
        good = all.known && !all.server_window;
    }
    free(copy);
    return good;
}

bool ws_extension_agreed(const char *answer)
{
    char *copy = mem_strdup(answer), *rest = copy;
    char *one = http_list_next(&rest);
    const struct parameters all = one ? read_one(one) : (struct parameters){0};
    const bool good =
        all.known && all.server_keeps_none && !all.client_window && !http_list_next(&rest);
    free(copy);
    return good;
}
