/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Endpoints: what is understood prints as something that can be typed back and means the same;
 * what is not gets an error that a terminal may be given. The input's first line is the
 * endpoint, or HOST where a second line gives PORT.
 */
#include <stdlib.h>
#include <string.h>

#include "base/endpoint.h"
#include "core/agent.h"
#include "core/profile.h"
#include "fuzz.h"
#include "transport/transport.h"

static bool same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static void check_same(const struct endpoint *a, const struct endpoint *b)
{
    FUZZ_CHECK(a->scheme == b->scheme);
    FUZZ_CHECK(same_text(a->host, b->host));
    FUZZ_CHECK(!a->host || a->port == b->port);
    FUZZ_CHECK(same_text(a->path, b->path));
}

static void check_form(const struct endpoint *endpoint)
{
    const enum scheme_form form = schemes[endpoint->scheme].form;
    FUZZ_CHECK(form == SCHEME_URL || (form == SCHEME_HOST) == (endpoint->path == NULL));
    FUZZ_CHECK((form == SCHEME_HOST || form == SCHEME_URL) == (endpoint->host != NULL));
    FUZZ_CHECK(!endpoint->path || *endpoint->path);
    if (form == SCHEME_PATH)
        FUZZ_CHECK(strlen(endpoint->path) <= ENDPOINT_PATH_MAX + (endpoint->path[0] == '@'));
    for (size_t i = 0; i < endpoint->key_count; i++)
        FUZZ_CHECK(endpoint_key(endpoint, endpoint->keys[i].key) == endpoint->keys[i].value);
}

static void check_round_trip(const struct endpoint *endpoint)
{
    struct endpoint again;
    char *error = NULL, *printed = endpoint_print(endpoint);
    fuzz_check_printable(printed, strlen(printed), "");
    FUZZ_CHECK(schemes[endpoint->scheme].form == SCHEME_COMMAND || !strchr(printed, ' '));
    FUZZ_CHECK(endpoint_parse(printed, &again, &error));
    FUZZ_CHECK(again.key_count == 0);
    check_same(endpoint, &again);
    char *twice = endpoint_print(&again);
    FUZZ_CHECK(strcmp(printed, twice) == 0);
    free(twice);
    free(printed);
    endpoint_finish(&again);
}

/* Its keys, as those of a listener or a call. */
static void check_keys(const struct endpoint *endpoint, enum key_use use)
{
    struct profile profile;
    char *error = NULL;
    const struct key_set *own = transport_keys(endpoint->scheme);
    const struct key_target targets[] = {{&profile_keys, &profile},
                                         {own, own ? own->create() : NULL}};
    profile_init(&profile);
    if (keys_read(endpoint, use, targets, 2, &error)) {
        FUZZ_CHECK(!error);
        profile_default(&profile, endpoint, use, NULL, EOL_UNSET, -1);
        FUZZ_CHECK(profile.reply && profile.eol != EOL_UNSET && profile.framing.ops);
    } else {
        fuzz_check_error(error);
    }
    profile_finish(&profile);
    if (own)
        own->destroy(targets[1].options);
}

static void check(bool good, struct endpoint *endpoint, char *error)
{
    if (!good) {
        fuzz_check_error(error);
        FUZZ_CHECK(!endpoint->host && !endpoint->path && !endpoint->keys);
        return;
    }
    FUZZ_CHECK(!error);
    check_form(endpoint);
    check_round_trip(endpoint);
    check_keys(endpoint, KEY_LISTEN);
    check_keys(endpoint, KEY_CALL);
    endpoint_finish(endpoint);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    struct endpoint endpoint;
    char *error = NULL, *host = fuzz_string(&input), *port = fuzz_rest(&input);
    bool good = endpoint_parse(host, &endpoint, &error);
    check(good, &endpoint, error);
    error = NULL;
    good = endpoint_parse_pair(host, *port ? port : NULL, &endpoint, &error);
    check(good, &endpoint, error);
    free(host);
    free(port);
    return 0;
}
