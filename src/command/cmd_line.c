/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/command.h"

#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/mem.h"
#include "base/number.h"
#include "base/words.h"
#include "command/operator.h"
#include "command/peers.h"
#include "core/hub.h"
#include "core/modem.h"

enum { BREAK_MOST = 10000 /* milliseconds */ };

/* What is to be done; nothing: only told how things are. */
struct change {
    unsigned on, off; /* sets of enum modem_line */
    int64_t pause;    /* of a break, microseconds; 0: none */
};

/* --- reading --- */

static bool take_level(struct change *change, enum modem_line line, const char *name,
                       const char *value, char **error)
{
    static const char *const words[] = {"on", "off", NULL};
    const int place = words_parse(words, name, value, error);
    change->on |= place == 0 ? line : 0u;
    change->off |= place == 1 ? line : 0u;
    return place >= 0;
}

static bool take_break(struct change *change, const char *value, char **error)
{
    uint64_t milliseconds;
    if (!number_parse(value, BREAK_MOST, &milliseconds) || milliseconds == 0)
        return fail_with(error,
                         "break=%s: not a number of milliseconds from 1 to 10000, as in "
                         "break=250",
                         value);
    change->pause = (int64_t)milliseconds * 1000;
    return true;
}

static bool take(struct change *change, char *pair, char **error)
{
    char *value = strchr(pair, '=');
    if (!value)
        return fail_with(error, "'%s' is not to be set: write dtr=, rts= or break=", pair);
    *value++ = '\0';
    if (strcmp(pair, "dtr") == 0)
        return take_level(change, MODEM_DTR, "dtr", value, error);
    if (strcmp(pair, "rts") == 0)
        return take_level(change, MODEM_RTS, "rts", value, error);
    if (strcmp(pair, "break") == 0)
        return take_break(change, value, error);
    return fail_with(error, "'%s=' is not to be set: write dtr=, rts= or break=", pair);
}

static bool read_change(struct change *change, const char *pairs, char **error)
{
    char *copy = mem_strdup(pairs), *rest = copy, *pair;
    bool good = true;
    while (good && (pair = strsep(&rest, " \t")))
        good = *pair == '\0' || take(change, pair, error);
    free(copy);
    if (good && change->on & change->off)
        *error = mem_strdup("a line is on or off, not both");
    return good && !*error;
}

/* --- doing --- */

static bool fail_of(const struct peer *peer, const char *what, char **error)
{
    char label[PEER_LABEL];
    char *why = *error;
    peer_label(peer, label);
    *error = mem_printf("%s %s%s%s", label, what, why ? ": " : "", why ? why : "");
    free(why);
    return false;
}

static bool is_ready(const struct peer *peer, char **error)
{
    if (!peer->link->ops->modem)
        return fail_of(peer, "is no serial line", error);
    return peer_is_up(peer) || fail_of(peer, "is not open", error);
}

/* All of it or, where the first cannot be, nothing. */
static bool apply(const struct peer *peer, const struct change *change, char **error)
{
    const struct modem_ops *modem = peer->link->ops->modem;
    const bool sets = change->on | change->off;
    if (sets && !modem->set(peer->link, change->on, change->off, error))
        return fail_of(peer, "cannot be set", error);
    if (change->pause > 0 && !modem->send_break(peer->link, change->pause, error))
        return fail_of(peer, "takes no break", error);
    return true;
}

static void tell(struct operator_session *session, const struct peer *peer, unsigned on)
{
    UT_string note;
    utstring_init(&note);
    modem_print(&note, MODEM_OURS | MODEM_THEIRS, on);
    struct result result = {.type = RESULT_LINE, .first = true, .note = utstring_body(&note)};
    result.line.peer = peer->number;
    result.line.on = on;
    operator_result(session, &result);
    utstring_done(&note);
}

static bool asks_only(const struct change *change)
{
    return !change->on && !change->off && change->pause == 0;
}

/* A break is one that can be without any such lines, and then there is nothing to tell. */
static void run_on(struct operator_session *session, const struct peer *peer,
                   const struct change *change)
{
    unsigned on = 0;
    char *error = NULL;
    if (!is_ready(peer, &error) || !apply(peer, change, &error)) {
        operator_answer(session, error);
    } else if (peer->link->ops->modem->read(peer->link, &on, &error)) {
        tell(session, peer, on);
    } else if (change->pause > 0) {
        free(error);
        operator_done(session, NULL);
    } else {
        fail_of(peer, "does not tell", &error);
        operator_answer(session, error);
    }
}

static void run(struct operator_session *session, const struct arguments *arguments)
{
    struct change change = {0};
    char *error = NULL;
    const struct peer *peer = NULL;
    if (read_change(&change, arguments->words[1], &error))
        peer = peers_find_one(session->hub, arguments->words[0], &error);
    if (!peer)
        operator_answer(session, error);
    else if (session->read_only && !asks_only(&change))
        operator_error(session, "this console is read-only: /line PEER alone is for it");
    else
        run_on(session, peer, &change);
}

const struct command cmd_line = {
    .name = "line",
    .arguments = "PEER [dtr=on|off] [rts=on|off] [break=MS]",
    .summary = "move the lines of a serial line, or tell how they are",
    .help = "DTR and RTS are ours, CTS, DSR, DCD and RI the device's; a line event\n"
            "tells when one of those changes. break=MS holds the line down for so\n"
            "many milliseconds, once all that was sent is out.\n"
            "Example: /line boiler dtr=off\n",
    .read_only = true,
    .min_words = 1,
    .max_words = 2,
    .kinds = {ARGUMENT_PEER, ARGUMENT_LEVELS},
    .run = run,
};
