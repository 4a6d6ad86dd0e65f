/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/command.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "command/operator.h"
#include "command/peers.h"
#include "core/hub.h"
#include "core/names.h"

static char *bad_name(const char *word)
{
    char *quote = escape_quote(word);
    char *error =
        mem_printf("%s is no name: a letter, then at most 31 letters, digits, - or _", quote);
    free(quote);
    return error;
}

static char *taken(const struct hub *hub, const char *name)
{
    const struct peer *holder = hub_find_name(hub, name);
    return mem_printf("the name '%s' is that of #%" PRIu64, name, holder->number);
}

static void run(struct operator_session *session, const struct arguments *arguments)
{
    const char *word = arguments->words[1];
    const char *name = strcmp(word, "-") == 0 ? NULL : word;
    char *error = NULL;
    struct peer *peer = peers_find_one(session->hub, arguments->words[0], &error);
    if (peer && name && !names_valid(name))
        error = bad_name(name);
    else if (peer && !hub_name(session->hub, peer, name))
        error = taken(session->hub, name);
    operator_answer(session, error);
}

const struct command cmd_name = {
    .name = "name",
    .arguments = "PEER WORD | PEER -",
    .summary = "give a peer a name, or with - take it away",
    .basic = true,
    .help = "A name serves wherever a peer's number does, for as long as the peer\n"
            "lives, and all consoles see it. It is a letter, then at most 31 letters,\n"
            "digits, - or _, and no two living peers share one.\n"
            "Example: /name 3 boiler\n"
            "         @boiler how warm is it?\n",
    .min_words = 2,
    .max_words = 2,
    .kinds = {ARGUMENT_PEER, ARGUMENT_NONE},
    .run = run,
};
