/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/ws_options.h"

#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/http_head.h"
#include "base/http_request.h"
#include "base/mem.h"
#include "base/number.h"
#include "base/words.h"
#include "core/origin.h"
#include "transport/transport.h"
#include "websocket/ws_origin.h"

enum { PING_SECONDS = 30, NAMES_MAX = 1000 /* bytes of a list */ };

static void *create(void)
{
    struct ws_options *options = mem_zalloc(sizeof *options);
    tls_options_init(&options->tls);
    CAST_INIT(ws_options, options);
    options->ping = PING_SECONDS * INT64_C(1000000);
    return options;
}

static void destroy(void *context)
{
    struct ws_options *options = CAST(ws_options, context);
    tls_options_finish(&options->tls);
    free(options->protocols);
    free(options->origins);
    free(options);
}

static bool are_tokens(const char *list)
{
    char *copy = mem_strdup(list), *rest = copy;
    unsigned count = 0;
    bool good = strlen(list) <= NAMES_MAX;
    for (const char *each; good && (each = http_list_next(&rest)); count++)
        good = http_is_token(each, strlen(each));
    free(copy);
    return good && count > 0;
}

static bool take_protocol(void *context, const char *value, char **error)
{
    struct ws_options *options = CAST(ws_options, context);
    free(options->protocols);
    options->protocols = mem_strdup(value);
    return are_tokens(value) ||
           fail_with(error, "protocol=%s: use names of subprotocols, as in protocol=mqtt,chat",
                     value);
}

static bool take_origin(void *context, const char *value, char **error)
{
    struct ws_options *options = CAST(ws_options, context);
    free(options->origins);
    options->origins = mem_strdup(value);
    return ws_origin_list_is_valid(value) ||
           fail_with(error,
                     "origin=%s: use hosts or whole origins, as in "
                     "origin=app.example,https://other.example:8443, or *",
                     value);
}

static bool take_type(void *context, const char *value, char **error)
{
    static const char *const types[] = {
        [WS_TYPE_AUTO] = "auto", [WS_TYPE_TEXT] = "text", [WS_TYPE_BINARY] = "binary", NULL};
    struct ws_options *options = CAST(ws_options, context);
    const int type = words_parse(types, "type", value, error);
    if (type >= 0)
        options->type = (enum ws_type)type;
    return type >= 0;
}

static bool take_ping(void *context, const char *value, char **error)
{
    enum { LEAST = 10000 /* microseconds */ };
    struct ws_options *options = CAST(ws_options, context);
    return (number_parse_seconds(value, &options->ping) &&
            (options->ping == 0 || options->ping >= LEAST)) ||
           fail_with(error, "ping=%s: not a number of seconds, of 0.01 at least, or 0 for none",
                     value);
}

#define WS_KEYS                                                              \
    {"protocol", KEY_EITHER, "NAME,...", take_protocol, NULL, KEY_LIVE},     \
        {"type", KEY_EITHER, "auto|text|binary", take_type, NULL, KEY_LIVE}, \
        {"ping", KEY_EITHER, "SECONDS", take_ping, NULL, KEY_LIVE},          \
    {                                                                        \
        "origin", KEY_LISTEN, "HOST,...", take_origin, NULL, KEY_LIVE        \
    }

static const struct key keys[] = {TCP_KEYS, WS_KEYS};
static const struct key tls_keys[] = {TCP_KEYS, TLS_KEYS, WS_KEYS};

const struct key_set ws_options_keys = {
    .keys = keys, .count = sizeof keys / sizeof *keys, .create = create, .destroy = destroy};
const struct key_set ws_options_tls_keys = {.keys = tls_keys,
                                            .count = sizeof tls_keys / sizeof *tls_keys,
                                            .create = create,
                                            .destroy = destroy};

const struct ws_options *ws_options_of(const struct origin *origin)
{
    return CAST(ws_options, origin->options);
}

/* A server that speaks HTTP/2 too would choose for itself, and that has no WebSocket on lines
 * of their own. */
bool ws_options_load(struct origin *origin, const struct transport_settings *settings,
                     const struct origin *before, char **error)
{
    char usual[] = "http/1.1";
    struct transport_settings with = *settings;
    if (!with.tls_calls.alpn)
        with.tls_calls.alpn = usual;
    return tls_options_load(origin, &with, before, error);
}
