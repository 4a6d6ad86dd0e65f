/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/keys.h"

#include <stdlib.h>
#include <string.h>

#include "base/endpoint.h"
#include "base/fail.h"
#include "base/mem.h"
#include "base/ut.h"
#include "base/words.h"

/* What keys_read was asked. */
struct reading {
    const struct endpoint *endpoint;
    enum key_use use;
    const struct key_target *targets;
    size_t count;
};

bool key_take_flag(bool *flag, const char *name, const char *value, char **error)
{
    if (words_yes(value, flag))
        return true;
    char *given = mem_printf("%s=%s", name, value);
    fail_with(error, "%s: use no or yes", given);
    free(given);
    return false;
}

bool key_fits(const struct key *key, enum key_use use, const struct endpoint *endpoint)
{
    return (key->use & use) != 0 && (!key->fits || key->fits(endpoint));
}

/* The names of those that fit, after what is in known already. */
static void list(UT_string *known, const struct reading *reading, const struct key_set *set)
{
    for (size_t i = 0; set && i < set->count; i++)
        if (key_fits(&set->keys[i], reading->use, reading->endpoint))
            words_add(known, set->keys[i].name);
}

static bool fail_unknown(const struct reading *reading, const char *name, char **error)
{
    UT_string known;
    utstring_init(&known);
    for (size_t i = 0; i < reading->count; i++)
        list(&known, reading, reading->targets[i].set);
    fail_with(error, "key '%s' does not belong here: use one of %s", name,
              utstring_body(&known));
    utstring_done(&known);
    return false;
}

static const struct key *find(const struct reading *reading, const struct key_set *set,
                              const char *name)
{
    for (size_t i = 0; set && i < set->count; i++)
        if (strcmp(set->keys[i].name, name) == 0 &&
            key_fits(&set->keys[i], reading->use, reading->endpoint))
            return &set->keys[i];
    return NULL;
}

static bool take(const struct reading *reading, const struct endpoint_key *given, char **error)
{
    for (size_t i = 0; i < reading->count; i++) {
        const struct key *key = find(reading, reading->targets[i].set, given->key);
        if (key)
            return key->take(reading->targets[i].options, given->value, error);
    }
    return fail_unknown(reading, given->key, error);
}

bool keys_read(const struct endpoint *endpoint, enum key_use use,
               const struct key_target *targets, size_t count, char **error)
{
    const struct reading reading = {
        .endpoint = endpoint, .use = use, .targets = targets, .count = count};
    for (size_t i = 0; i < endpoint->key_count; i++)
        if (!take(&reading, &endpoint->keys[i], error))
            return false;
    return true;
}
