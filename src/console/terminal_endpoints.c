/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/terminal_endpoints.h"

#include <ctype.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "base/endpoint.h"
#include "base/mem.h"
#include "core/profile.h"
#include "transport/transport.h"

/* An endpoint that is typed up to a key or its value. */
struct typed {
    struct endpoint endpoint;
    enum key_use use;
    char *before;     /* up to the key: "udp://h:1?ttl=1&" */
    const char *word; /* what is typed of it: "na", "reply=e" */
    void (*add)(void *context, const char *word);
    void *context;
};

static void offer(const struct typed *typed, const char *key, const char *value)
{
    char *word = mem_printf("%s%s=%s", typed->before, key, value);
    typed->add(typed->context, word);
    free(word);
}

/* Those to choose from, which stand apart by "|"; others, and what is in capitals, are for
 * people to think of. */
static void offer_values(const struct typed *typed, const struct key *key)
{
    char *values = mem_strdup(key->values), *rest = values;
    while (strchr(key->values, '|') && rest) {
        const char *value = strsep(&rest, "|");
        if (islower((unsigned char)*value))
            offer(typed, key->name, value);
    }
    free(values);
}

static void offer_key(const struct typed *typed, const struct key *key)
{
    const char *value = strchr(typed->word, '=');
    if (!value)
        offer(typed, key->name, "");
    else if (strlen(key->name) == (size_t)(value - typed->word) &&
             strncmp(key->name, typed->word, strlen(key->name)) == 0)
        offer_values(typed, key);
}

static void offer_keys(const struct typed *typed, const struct key_set *set)
{
    for (size_t i = 0; set && i < set->count; i++)
        if (key_fits(&set->keys[i], typed->use, &typed->endpoint))
            offer_key(typed, &set->keys[i]);
}

static void offer_all_keys(struct typed *typed, const char *text)
{
    char *error = NULL;
    char *head = mem_strndup(text, strcspn(text, "?"));
    const char *mark = strrchr(text, '&');
    mark = mark ? mark : strchr(text, '?');
    typed->word = mark + 1;
    typed->before = mem_strndup(text, (size_t)(typed->word - text));
    if (endpoint_parse(head, &typed->endpoint, &error)) {
        offer_keys(typed, &profile_keys);
        offer_keys(typed, transport_keys(typed->endpoint.scheme));
        endpoint_finish(&typed->endpoint);
    }
    free(error);
    free(typed->before);
    free(head);
}

/* What is plugged in: "serial:/dev/ttyUSB0". Those by id first, which stay the same. */
static void add_devices(void (*add)(void *context, const char *word), void *context)
{
    static const char *const patterns[] = {"/dev/serial/by-id/*", "/dev/ttyUSB*",
                                           "/dev/ttyACM*", "/dev/ttyAMA*", "/dev/ttyS[0-3]"};
    glob_t found = {0};
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++)
        glob(patterns[i], i > 0 ? GLOB_APPEND : 0, NULL, &found);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        char *word = mem_printf("%s%s", schemes[SCHEME_SERIAL].prefix, found.gl_pathv[i]);
        add(context, word);
        free(word);
    }
    globfree(&found);
}

void terminal_endpoints_find(const char *text, enum key_use use,
                             void (*add)(void *context, const char *word), void *context)
{
    struct typed typed = {.use = use, .add = add, .context = context};
    if (strchr(text, '?')) {
        offer_all_keys(&typed, text);
        return;
    }
    for (enum scheme scheme = 0; scheme < SCHEME_COUNT; scheme++)
        if (use == KEY_CALL || transport_of(scheme)->listen)
            add(context, schemes[scheme].prefix);
    enum scheme scheme = SCHEME_TCP;
    if (scheme_prefix(text, &scheme) > 0 && scheme == SCHEME_SERIAL)
        add_devices(add, context);
}
