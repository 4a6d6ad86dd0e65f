/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/origin.h"

#include <stdlib.h>
#include <string.h>

#include "base/percent.h"
#include "base/ut.h"

static void finish(struct origin *origin)
{
    origin_set_far(origin, NULL);
    endpoint_finish(&origin->endpoint);
    recall_finish(&origin->recall);
    profile_finish(&origin->profile);
    if (origin->own)
        origin->own->destroy(origin->options);
    free(origin->place);
    free(origin->text);
}

/* A call of every address goes to this machine, and says so. */
static char *print_place(const struct endpoint *endpoint, enum key_use use)
{
    struct endpoint shown = *endpoint;
    if (use == KEY_CALL && endpoint_is_wildcard(endpoint))
        shown.host = (char *)"localhost";
    return endpoint_print(&shown);
}

/* Whether key is part of where it is, and nothing else says so (the zone of an address does),
 * or of the way there. */
static bool is_shown(const struct endpoint *endpoint, const struct key *key, enum key_use use)
{
    const bool zoned = endpoint->host && strchr(endpoint->host, '%');
    const bool belongs =
        use == KEY_CALL ? key->hold == KEY_ROUTE : key->hold == KEY_PLACE && !zoned;
    return belongs && endpoint_key(endpoint, key->name);
}

static char *print(const struct origin *origin, enum key_use use)
{
    const struct endpoint *endpoint = &origin->endpoint;
    UT_string text;
    utstring_init(&text);
    utstring_printf(&text, "%s", origin->place);
    char before = '?';
    for (size_t i = 0; origin->own && i < origin->own->count; i++) {
        const struct key *key = &origin->own->keys[i];
        if (!is_shown(endpoint, key, use))
            continue;
        utstring_printf(&text, "%c%s=", before, key->name);
        percent_encode(&text, endpoint_key(endpoint, key->name));
        before = '&';
    }
    return utstring_body(&text);
}

static void name(struct origin *origin, enum key_use use)
{
    free(origin->place);
    free(origin->text);
    origin->place = print_place(&origin->endpoint, use);
    origin->text = print(origin, use);
}

bool origin_init(struct origin *origin, struct endpoint *endpoint, enum key_use use,
                 const struct key_set *own, char **error)
{
    *origin = (struct origin){.references = 1, .endpoint = *endpoint, .own = own};
    *endpoint = (struct endpoint){0};
    profile_init(&origin->profile);
    if (own)
        origin->options = own->create();
    const struct key_target targets[] = {{&profile_keys, &origin->profile},
                                         {own, origin->options}};
    if (!keys_read(&origin->endpoint, use, targets, sizeof targets / sizeof *targets, error) ||
        !profile_check(&origin->profile, &origin->endpoint, error)) {
        finish(origin);
        return false;
    }
    name(origin, use);
    recall_init(&origin->recall, origin->profile.again,
                schemes[origin->endpoint.scheme].form == SCHEME_DEVICE);
    return true;
}

struct origin *origin_create(struct endpoint *endpoint, const struct key_set *own, char **error)
{
    struct origin *origin = mem_alloc(sizeof *origin);
    if (origin_init(origin, endpoint, KEY_CALL, own, error))
        return origin;
    free(origin);
    return NULL;
}

struct origin *origin_reference(struct origin *origin)
{
    origin->references++;
    return origin;
}

void origin_release(struct origin *origin)
{
    if (!origin || --origin->references > 0)
        return;
    finish(origin);
    free(origin);
}

void origin_set_far(struct origin *origin, struct origin *far)
{
    if (origin->far) {
        origin->far->near = NULL;
        origin_release(origin->far);
    }
    origin->far = far;
    if (far)
        far->near = origin->listener;
}

const char *origin_place(const struct origin *origin)
{
    return origin->place + strlen(schemes[origin->endpoint.scheme].prefix);
}

void origin_set_port(struct origin *origin, in_port_t port)
{
    origin->port_chosen = origin->port_chosen || origin->endpoint.port == 0;
    origin->endpoint.port = port;
    name(origin, KEY_LISTEN);
}
