/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "websocket/ws_origin.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/http_head.h"
#include "base/mem.h"

/* Part of a text. */
struct span {
    const char *text;
    size_t size;
};

static bool equal(struct span one, struct span other)
{
    return one.size == other.size && strncasecmp(one.text, other.text, one.size) == 0;
}

/* "host:port" of "https://host:port". */
static struct span authority_of(const char *origin)
{
    const char *end = strstr(origin, "://");
    const char *from = end ? end + strlen("://") : origin;
    return (struct span){from, strcspn(from, "/")};
}

/* The colon of a port, not one of an IPv6 address. */
static size_t host_size(struct span authority)
{
    size_t size = authority.size;
    while (size > 0 && strchr("0123456789", authority.text[size - 1]))
        size--;
    return size > 0 && authority.text[size - 1] == ':' ? size - 1 : authority.size;
}

/* Less the port that the scheme has anyhow. */
static struct span plain(struct span authority, const char *origin)
{
    const char *usual = strncasecmp(origin, "https:", 6) == 0 ? ":443" : ":80";
    const size_t host = host_size(authority);
    const struct span port = {authority.text + host, authority.size - host};
    if (equal(port, (struct span){usual, strlen(usual)}))
        authority.size = host;
    return authority;
}

static bool matches(const char *word, const char *origin)
{
    const struct span place = {word, strlen(word)};
    const struct span authority = authority_of(origin);
    if (strcmp(word, "*") == 0 || strcasecmp(word, origin) == 0)
        return true;
    if (strstr(word, "://") || !strstr(origin, "://"))
        return false;
    return equal(place, authority) ||
           equal(place, (struct span){authority.text, host_size(authority)});
}

static bool is_own(const char *origin, const char *host)
{
    return host && strstr(origin, "://") &&
           equal(plain(authority_of(origin), origin),
                 plain((struct span){host, strlen(host)}, origin));
}

bool ws_origin_may(const char *origin, const char *host, const char *list)
{
    if (is_own(origin, host))
        return true;
    char *copy = list ? mem_strdup(list) : NULL, *rest = copy;
    bool may = false;
    for (const char *each; !may && (each = http_list_next(&rest));)
        may = matches(each, origin);
    free(copy);
    return may;
}

/* A host or an origin: one word, and nothing behind the host. */
static bool is_name(const char *word)
{
    const struct span authority = authority_of(word);
    return authority.size > 0 && authority.text[authority.size] == '\0' &&
           !strpbrk(word, " \t?#@\"'");
}

bool ws_origin_list_is_valid(const char *list)
{
    char *copy = mem_strdup(list), *rest = copy;
    unsigned count = 0;
    bool good = true;
    for (const char *each; good && (each = http_list_next(&rest)); count++)
        good = is_name(each);
    free(copy);
    return good && count > 0;
}
