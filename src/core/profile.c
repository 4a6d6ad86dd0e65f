/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/profile.h"

#include <stdlib.h>
#include <string.h>

#include "base/endpoint.h"
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

static bool is_stream(const struct endpoint *endpoint)
{
    return !schemes[endpoint->scheme].datagram;
}

static const struct key keys[] = {
    {"reply", KEY_EITHER, AGENTS_NAMES, take_reply, NULL, KEY_LIVE},
    {"eol", KEY_EITHER, "none|lf|crlf|nul", take_eol, NULL, KEY_LIVE},
    {"framing", KEY_EITHER, FRAMINGS_NAMES, take_framing, is_stream, KEY_LIVE},
    {"name", KEY_EITHER, "WORD", take_name, NULL, KEY_LIVE},
    {"half-close", KEY_EITHER, "SECONDS", take_half_close, is_stream, KEY_LIVE},
    {"again", KEY_CALL, "SECONDS", take_again, NULL, KEY_LIVE},
};

const struct key_set profile_keys = {.keys = keys, .count = sizeof keys / sizeof *keys};

/* --- life --- */

void profile_init(struct profile *profile)
{
    *profile = (struct profile){.half_close = -1};
}

void profile_finish(struct profile *profile)
{
    free(profile->name);
    *profile = (struct profile){0};
}

void profile_default(struct profile *profile, const struct endpoint *endpoint, enum key_use use,
                     const struct agent *reply, enum eol eol, int64_t half_close)
{
    bool datagram = schemes[endpoint->scheme].datagram;
    bool listens = use == KEY_LISTEN;
    if (!profile->reply && listens)
        profile->reply = reply;
    if (!profile->reply)
        profile->reply = datagram && listens ? &agent_stamp : &agent_none;
    if (profile->eol == EOL_UNSET)
        profile->eol = eol;
    if (profile->eol == EOL_UNSET)
        profile->eol = datagram ? EOL_NONE : EOL_LF;
    if (profile->framing == FRAMING_UNSET)
        profile->framing = FRAMING_RAW;
    if (profile->half_close < 0)
        profile->half_close = half_close;
}
