/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/command.h"

#include <stdlib.h>
#include <string.h>

#include "base/cast.h"
#include "base/escape.h"
#include "base/mem.h"
#include "command/errand.h"
#include "command/operator.h"
#include "core/hub.h"
#include "core/ways.h"

struct setting {
    struct errand errand; /* first */
    CAST_MARK;
    enum eol eol;           /* unset: not said */
    struct framing framing; /* likewise */
    bool views;
    enum view view;
    unsigned count;
    char *words; /* PEERS */
};

static struct setting *setting_of(struct errand *errand)
{
    return CAST(setting, errand);
}

/* --- reading --- */

static bool take_eol(struct setting *setting, const char *value, char **error)
{
    return eol_parse(value, &setting->eol, error);
}

static bool take_framing(struct setting *setting, const char *value, char **error)
{
    return framing_parse(value, &setting->framing, error);
}

static bool take_view(struct setting *setting, const char *value, char **error)
{
    setting->views = true;
    return view_parse(value, &setting->view, error);
}

static bool fail_unknown(const char *pair, char **error)
{
    char *quote = escape_quote(pair);
    *error = mem_printf("%s is not to be set: write eol=, framing= or view=", quote);
    free(quote);
    return false;
}

static bool take(struct setting *setting, const char *pair, char **error)
{
    static const struct {
        const char *key;
        bool (*take)(struct setting *setting, const char *value, char **error);
    } keys[] = {{"eol=", take_eol}, {"framing=", take_framing}, {"view=", take_view}};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strncmp(pair, keys[i].key, strlen(keys[i].key)) == 0)
            return keys[i].take(setting, pair + strlen(keys[i].key), error);
    return fail_unknown(pair, error);
}

static bool read_pairs(struct setting *setting, const char *pairs, char **error)
{
    char *copy = mem_strdup(pairs), *rest = copy, *pair;
    bool good = true;
    while (good && (pair = strsep(&rest, " \t")))
        good = *pair == '\0' || take(setting, pair, error);
    free(copy);
    return good;
}

/* --- doing --- */

static char *object(struct errand *errand, const struct peer *peer)
{
    char label[PEER_LABEL];
    if (!setting_of(errand)->framing.ops || peer->link->ops->frame)
        return NULL;
    peer_label(peer, label);
    return mem_printf("nothing was set: %s is a datagram peer, and each datagram is a message",
                      label);
}

static void visit(struct operator_session *session, struct errand *errand, struct peer *peer)
{
    struct setting *setting = setting_of(errand);
    (void)session;
    if (!peer)
        return;
    setting->count++;
    if (setting->eol != EOL_UNSET)
        ways_set_eol(peer, setting->eol);
    if (setting->framing.ops)
        ways_set_framing(peer, &setting->framing);
}

static void answer(struct operator_session *session, struct errand *errand)
{
    const struct setting *setting = setting_of(errand);
    char *error = NULL;
    if (setting->views)
        operator_set_view(session, setting->words, &setting->view, &error);
    if (error)
        operator_answer(session, error);
    else
        operator_done(session, "set for %u %s", setting->count,
                      setting->count == 1 ? "peer" : "peers");
}

static void destroy(struct errand *errand)
{
    struct setting *setting = setting_of(errand);
    free(setting->words);
    free(setting);
}

static void run(struct operator_session *session, const struct arguments *arguments)
{
    static const struct errand_ops ops = {
        .object = object, .visit = visit, .answer = answer, .destroy = destroy};
    struct setting *setting = mem_zalloc(sizeof *setting);
    char *error = NULL;
    CAST_INIT(setting, setting);
    setting->errand.ops = &ops;
    setting->words = mem_strdup(arguments->words[0]);
    if (read_pairs(setting, arguments->words[1], &error) &&
        peers_find(session->hub, setting->words, &setting->errand.peers, &error)) {
        errand_run(session, &setting->errand);
        return;
    }
    operator_answer(session, error);
    destroy(&setting->errand);
}

const struct command cmd_set = {
    .name = "set",
    .arguments = "PEERS KEY=VALUE...",
    .summary = "choose how lines are treated from here on",
    .help = "eol=none|lf|crlf|nul is what is put behind a text, framing=FRAMING what\n"
            "one message of a stream is (see /help listen); both hold for all\n"
            "consoles. What has come and is no whole message yet is cut anew.\n"
            "view=VIEW is as /view\n"
            "PEERS VIEW, for this console. /info tells what holds.\n"
            "Example: /set boiler eol=crlf framing=line\n",
    .min_words = 2,
    .max_words = 2,
    .kinds = {ARGUMENT_PEERS, ARGUMENT_SETTINGS},
    .never_repeated = true,
    .run = run,
};
