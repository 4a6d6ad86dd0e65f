/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/profile.h"

#include <stdlib.h>
#include <string.h>

#include "base/endpoint.h"
#include "base/endpoint_path.h"
#include "base/fail.h"
#include "base/mem.h"
#include "base/number.h"
#include "core/agents.h"
#include "core/names.h"

/* --- keys --- */

static bool take_reply(void *options, const char *value, char **error)
{
    struct profile *profile = options;
    profile->reply = agents_find(value, error);
    return profile->reply != NULL;
}

static bool take_eol(void *options, const char *value, char **error)
{
    struct profile *profile = options;
    return eol_parse(value, &profile->eol, error);
}

static bool take_framing(void *options, const char *value, char **error)
{
    struct profile *profile = options;
    return framing_parse(value, &profile->framing, error);
}

static bool take_view(void *options, const char *value, char **error)
{
    struct profile *profile = options;
    profile->has_view = view_parse(value, &profile->view, error);
    return profile->has_view;
}

static bool take_name(void *options, const char *value, char **error)
{
    struct profile *profile = options;
    if (!names_check(value, error))
        return false;
    free(profile->name);
    profile->name = mem_strdup(value);
    return true;
}

static bool take_half_close(void *options, const char *value, char **error)
{
    struct profile *profile = options;
    return number_parse_seconds(value, &profile->half_close) ||
           fail_with(error, "half-close=%s: not a number of seconds", value);
}

/* Who is not there is not asked a thousand times a second. */
static bool take_again(void *options, const char *value, char **error)
{
    enum { LEAST = 10000 /* microseconds */ };
    struct profile *profile = options;
    if (number_parse_seconds(value, &profile->again) &&
        (profile->again == 0 || profile->again >= LEAST))
        return true;
    return fail_with(error, "again=%s: not a number of seconds, of 0.01 at least", value);
}

bool profile_to_is_name(const char *to)
{
    return !strpbrk(to, ":/~?") && to[strspn(to, "0123456789")] != '\0';
}

/* Keys of the listener that are typed behind it, where no far end can have them. */
static bool stands_last(const char *to, char **error)
{
    enum scheme scheme = SCHEME_TCP;
    const char *end = to + strcspn(to, "?&");
    scheme_prefix(to, &scheme);
    if (*end != '&' || endpoint_path_is(to) || schemes[scheme].form != SCHEME_HOST)
        return true;
    return fail_with(error,
                     "'%s' stands behind to=, which must be the last key: put it before, or "
                     "behind a ? where it is the far end's",
                     end + 1);
}

/* What it names is called, or looked for, when somebody comes. */
static bool take_to(void *options, const char *value, char **error)
{
    struct profile *profile = options;
    if (*value == '\0') {
        *error = mem_strdup(ENDPOINT_FAR_KEY "= is empty: write an endpoint, or a peer's name");
        return false;
    }
    if (profile->reply)
        return fail_with(error, "to=%s: reply= cannot stand beside it", value);
    if (!stands_last(value, error))
        return false;
    if (profile_to_is_name(value) && !names_check(value, error))
        return false;
    free(profile->to);
    profile->to = mem_strdup(value);
    return true;
}

static bool take_fault(void *options, const char *value, char **error)
{
    struct profile *profile = options;
    profile->fault = (struct fault_plan){0};
    if (*value == '\0') {
        *error = mem_strdup("fault= is empty: write KEY:VALUE, as in fault=latency:200");
        return false;
    }
    return fault_plan_parse(value, ",", ':', &profile->fault, error) ||
           fail_about(error, "fault", value);
}

static bool is_stream(const struct endpoint *endpoint)
{
    return !schemes[endpoint->scheme].datagram;
}

/* A device never ends its side. */
static bool has_an_end(const struct endpoint *endpoint)
{
    return is_stream(endpoint) && schemes[endpoint->scheme].form != SCHEME_DEVICE;
}

static const struct key keys[] = {
    {"reply", KEY_EITHER, AGENTS_NAMES, take_reply, NULL, KEY_LIVE},
    {"eol", KEY_EITHER, "none|lf|crlf|nul", take_eol, NULL, KEY_LIVE},
    {"framing", KEY_EITHER, FRAMINGS_FORMS, take_framing, is_stream, KEY_LIVE},
    {"view", KEY_EITHER, "text|hex|size|none", take_view, NULL, KEY_LIVE},
    {"name", KEY_EITHER, "WORD", take_name, NULL, KEY_LIVE},
    {"half-close", KEY_EITHER, "SECONDS", take_half_close, has_an_end, KEY_LIVE},
    {"fault", KEY_EITHER, "KEY:VALUE,...", take_fault, NULL, KEY_LIVE},
    {"again", KEY_CALL, "SECONDS", take_again, NULL, KEY_LIVE},
    {ENDPOINT_FAR_KEY, KEY_LISTEN, "ENDPOINT|NAME", take_to, NULL, KEY_LIVE},
};

const struct key_set profile_keys = {.keys = keys, .count = sizeof keys / sizeof *keys};

/* --- what ends a text --- */

static bool ends_in(const struct framing *framing, enum eol eol)
{
    size_t size, wanted;
    const char *end = framing_end(framing, &size), *bytes = eol_bytes(eol, &wanted);
    return size == wanted && memcmp(end, bytes, size) == 0;
}

enum eol profile_eol_of(const struct profile *profile, const struct framing *framing)
{
    enum eol eol;
    if (framing->ops == &framing_raw)
        return profile->messages ? EOL_NONE : EOL_LF;
    for (eol = EOL_NONE; eol < EOL_END && !ends_in(framing, eol); eol++)
        ;
    return eol;
}

const char *profile_eol_name(const struct profile *profile)
{
    return profile->eol == EOL_END ? framing_argument(&profile->framing)
                                   : eol_name(profile->eol);
}

void profile_set_framing(struct profile *profile, const struct framing *framing)
{
    profile->framing = *framing;
    if (profile->eol_follows)
        profile->eol = profile_eol_of(profile, framing);
}

/* --- life --- */

void profile_init(struct profile *profile)
{
    *profile = (struct profile){.half_close = -1};
}

void profile_finish(struct profile *profile)
{
    free(profile->name);
    free(profile->to);
    *profile = (struct profile){0};
}

bool profile_check(const struct profile *profile, const struct endpoint *endpoint, char **error)
{
    const bool datagrams = schemes[endpoint->scheme].datagram;
    const bool raw = !schemes[endpoint->scheme].messages &&
                     (!profile->framing.ops || profile->framing.ops == &framing_raw);
    char *object = fault_plan_object(&profile->fault, datagrams, raw);
    if (!object)
        return true;
    *error = object;
    return fail_about(error, "fault", endpoint_key(endpoint, "fault"));
}

void profile_default(struct profile *profile, const struct endpoint *endpoint, enum key_use use,
                     const struct agent *reply, enum eol eol, int64_t half_close)
{
    bool datagram = schemes[endpoint->scheme].datagram;
    bool listens = use == KEY_LISTEN;
    profile->messages = schemes[endpoint->scheme].messages;
    if (!profile->reply && listens)
        profile->reply = profile->to ? &agent_none : reply;
    if (!profile->reply)
        profile->reply = datagram && listens ? &agent_stamp : &agent_none;
    if (profile->eol == EOL_UNSET)
        profile->eol = eol;
    if (!profile->framing.ops)
        profile->framing = framing_of(&framing_raw);
    profile->eol_follows = profile->eol == EOL_UNSET;
    if (profile->eol_follows)
        profile->eol = profile_eol_of(profile, &profile->framing);
    if (profile->half_close < 0)
        profile->half_close = half_close;
}
