/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/profile.h"

#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "base/endpoint.h"
#include "base/fail.h"
#include "base/mem.h"
#include "base/number.h"
#include "base/unix_address.h"
#include "base/ut.h"
#include "core/names.h"
#include "core/responder.h"

/* Where a key may stand. */
enum {
    ON_LISTENER = 1,
    ON_CALL = 2,
    ON_STREAM = 4,
    ON_DATAGRAM = 8,
    ON_UNIX = 16,
    ON_ANY_USE = ON_LISTENER | ON_CALL,
    ON_ANY_LINE = ON_STREAM | ON_DATAGRAM | ON_UNIX
};

struct profile_key {
    const char *name;
    unsigned where;
    bool (*set)(struct profile *profile, const char *value, char **error);
};

static bool set_word(char **field, const char *value, char **error)
{
    if (!names_valid(value))
        return fail_with(error,
                         "'%s' is not a name: a letter, then at most 31 letters, digits, "
                         "_ or -",
                         value);
    free(*field);
    *field = mem_strdup(value);
    return true;
}

static bool set_reply(struct profile *profile, const char *value, char **error)
{
    profile->reply = responder_find(value, error);
    return profile->reply != NULL;
}

static bool set_eol(struct profile *profile, const char *value, char **error)
{
    return eol_parse(value, &profile->eol, error);
}

static bool set_framing(struct profile *profile, const char *value, char **error)
{
    return framing_parse(value, &profile->framing, error);
}

static bool set_name(struct profile *profile, const char *value, char **error)
{
    return set_word(&profile->name, value, error);
}

static bool set_half_close(struct profile *profile, const char *value, char **error)
{
    return number_parse_seconds(value, &profile->half_close) ||
           fail_with(error, "half-close=%s: not a number of seconds", value);
}

static bool set_mode(struct profile *profile, const char *value, char **error)
{
    return (number_parse_mode(value, &profile->mode) && profile->mode != 0) ||
           fail_with(error, "mode=%s: not octal permissions, as in mode=0660", value);
}

static bool set_from(struct profile *profile, const char *value, char **error)
{
    (void)error;
    free(profile->from);
    profile->from = mem_strdup(value);
    return true;
}

static bool set_interface(struct profile *profile, const char *value, char **error)
{
    size_t length = strlen(value);
    if (length == 0 || length >= IF_NAMESIZE || strpbrk(value, "/ "))
        return fail_with(error, "interface=%s: not an interface, as in interface=eth0", value);
    free(profile->interface);
    profile->interface = mem_strdup(value);
    return true;
}

static bool set_ttl(struct profile *profile, const char *value, char **error)
{
    uint64_t ttl;
    if (!number_parse(value, UINT8_MAX, &ttl))
        return fail_with(error, "ttl=%s: not a number from 0 to 255", value);
    profile->ttl = (int)ttl;
    return true;
}

static bool set_loop(struct profile *profile, const char *value, char **error)
{
    profile->loop = strcmp(value, "yes") == 0;
    return profile->loop || strcmp(value, "no") == 0 ||
           fail_with(error, "loop=%s: use no or yes", value);
}

static const struct profile_key keys[] = {
    {"reply", ON_ANY_USE | ON_ANY_LINE, set_reply},
    {"eol", ON_ANY_USE | ON_ANY_LINE, set_eol},
    {"framing", ON_ANY_USE | ON_STREAM | ON_UNIX, set_framing},
    {"name", ON_ANY_USE | ON_ANY_LINE, set_name},
    {"half-close", ON_ANY_USE | ON_STREAM | ON_UNIX, set_half_close},
    {"mode", ON_LISTENER | ON_UNIX, set_mode},
    {"from", ON_CALL | ON_DATAGRAM, set_from},
    {"interface", ON_ANY_USE | ON_DATAGRAM, set_interface},
    {"ttl", ON_CALL | ON_DATAGRAM, set_ttl},
    {"loop", ON_CALL | ON_DATAGRAM, set_loop},
};

static unsigned line_of(const struct endpoint *endpoint)
{
    static const unsigned lines[SCHEME_COUNT] = {
        [SCHEME_TCP] = ON_STREAM, [SCHEME_UDP] = ON_DATAGRAM, [SCHEME_UNIX] = ON_UNIX};
    if (endpoint->path && unix_address_is_abstract(endpoint->path))
        return ON_STREAM; /* no file that could have a mode */
    return lines[endpoint->scheme];
}

static const struct profile_key *find_key(const char *name)
{
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strcmp(keys[i].name, name) == 0)
            return &keys[i];
    return NULL;
}

static bool fail_key(const char *name, unsigned use, unsigned line, char **error)
{
    UT_string known;
    utstring_init(&known);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if ((keys[i].where & use) && (keys[i].where & line))
            utstring_printf(&known, "%s%s", utstring_len(&known) ? ", " : "", keys[i].name);
    fail_with(error, "key '%s' does not belong here: use one of %s", name,
              utstring_body(&known));
    utstring_done(&known);
    return false;
}

bool profile_init(struct profile *profile, const struct endpoint *endpoint,
                  enum profile_use use, char **error)
{
    unsigned where = use == PROFILE_LISTEN ? ON_LISTENER : ON_CALL;
    unsigned line = line_of(endpoint);
    *profile = (struct profile){.half_close = -1, .ttl = -1, .loop = -1};
    for (size_t i = 0; i < endpoint->key_count; i++) {
        const struct profile_key *key = find_key(endpoint->keys[i].key);
        bool fits = key && (key->where & where) && (key->where & line);
        if (!(fits ? key->set(profile, endpoint->keys[i].value, error)
                   : fail_key(endpoint->keys[i].key, where, line, error))) {
            profile_finish(profile);
            return false;
        }
    }
    return true;
}

void profile_finish(struct profile *profile)
{
    free(profile->name);
    free(profile->from);
    free(profile->interface);
    *profile = (struct profile){0};
}

void profile_default(struct profile *profile, const struct endpoint *endpoint,
                     enum profile_use use, const struct responder *reply, enum eol eol,
                     int64_t half_close)
{
    bool datagram = schemes[endpoint->scheme].datagram;
    bool listens = use == PROFILE_LISTEN;
    if (!profile->reply && listens)
        profile->reply = reply;
    if (!profile->reply)
        profile->reply = datagram && listens ? &responder_stamp : &responder_none;
    if (profile->eol == EOL_UNSET)
        profile->eol = eol;
    if (profile->eol == EOL_UNSET)
        profile->eol = datagram ? EOL_NONE : EOL_LF;
    if (profile->framing == FRAMING_UNSET)
        profile->framing = FRAMING_RAW;
    if (profile->half_close < 0)
        profile->half_close = half_close;
}
