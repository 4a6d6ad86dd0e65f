/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/tcp_options.h"

#include <stdlib.h>
#include <string.h>

#include "base/cidr.h"
#include "base/fail.h"
#include "base/home.h"
#include "base/mem.h"
#include "core/origin.h"
#include "stream/via.h"

void tcp_options_init(struct tcp_options *options)
{
    *options = (struct tcp_options){0};
    CAST_INIT(tcp_options, options);
}

void tcp_options_finish(struct tcp_options *options)
{
    access_finish(&options->proxies);
    endpoint_finish(&options->via_proxy);
    free(options->via_user);
    free(options->via_auth);
}

static void *create(void)
{
    struct tcp_options *options = mem_alloc(sizeof *options);
    tcp_options_init(options);
    return options;
}

static void destroy(void *context)
{
    struct tcp_options *options = CAST(tcp_options, context);
    tcp_options_finish(options);
    free(options);
}

/* --- listening --- */

static bool add_proxies(struct access *proxies, char *list)
{
    bool good = true;
    for (char *word; good && (word = strsep(&list, ","));) {
        struct cidr cidr;
        char *error = NULL;
        good = cidr_parse(word, &cidr, &error);
        free(error);
        if (good)
            access_add(proxies, &cidr, true);
    }
    access_compile(proxies);
    return good;
}

bool tcp_options_take_proxy(void *context, const char *value, char **error)
{
    struct tcp_options *options = CAST(tcp_options, context);
    char *list = mem_strdup(value);
    access_finish(&options->proxies);
    options->proxied = strcmp(value, "yes") == 0 || add_proxies(&options->proxies, list);
    free(list);
    return options->proxied ||
           fail_with(error, "proxy=%s: use yes, or address prefixes as in proxy=10.0.0.0/8,::1",
                     value);
}

/* --- calling --- */

/* "HOST:PORT" of the proxy, as in an endpoint. */
static bool parse_proxy(struct endpoint *proxy, const char *place)
{
    char *text = mem_printf("tcp://%s", place);
    char *error = NULL;
    const bool good = strchr(place, ':') && endpoint_parse(text, proxy, &error);
    free(error);
    free(text);
    return good && proxy->key_count == 0 && proxy->port > 0 && !endpoint_is_wildcard(proxy);
}

/* "[USER@]HOST:PORT" */
static bool parse_via(struct tcp_options *options, const char *text)
{
    const char *at = strrchr(text, '@');
    if (at == text)
        return false;
    options->via_user = at ? mem_strndup(text, (size_t)(at - text)) : NULL;
    return parse_proxy(&options->via_proxy, at ? at + 1 : text);
}

bool tcp_options_take_via(void *context, const char *value, char **error)
{
    struct tcp_options *options = CAST(tcp_options, context);
    const char *end = strstr(value, "://");
    options->via = end ? via_protocol_find(value, (size_t)(end - value)) : NULL;
    if (!options->via || !parse_via(options, end + strlen("://")))
        return fail_with(
            error, "via=%s: use socks5://[USER@]HOST:PORT or http://[USER@]HOST:PORT", value);
    if (!options->via_user || !strchr(options->via_user, ':'))
        return true;
    *error = mem_strdup("via=: a password does not stand here: put it into a file that "
                        "via-auth=FILE names, or into the environment as TELEX_VIA_AUTH");
    return false;
}

bool tcp_options_take_via_auth(void *context, const char *value, char **error)
{
    struct tcp_options *options = CAST(tcp_options, context);
    options->via_auth = home_expand(value);
    return *value != '\0' || fail_with(error,
                                       "via-auth=%s: name a file, as in "
                                       "via-auth=/etc/telex/proxy",
                                       value);
}

static const struct key keys[] = {TCP_KEYS};

const struct key_set tcp_options_keys = {
    .keys = keys, .count = sizeof keys / sizeof *keys, .create = create, .destroy = destroy};

const struct tcp_options *tcp_options_of(const struct origin *origin)
{
    return CAST(tcp_options, origin->options);
}
