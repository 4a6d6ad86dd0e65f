/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/command.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "command/operator.h"
#include "command/peers.h"

static void set_all(struct operator_session *session, const char *word)
{
    char *error = NULL;
    enum view view;
    if (!view_parse(word, &view, &error)) {
        operator_answer(session, error);
        return;
    }
    session->view = view;
    session->ops->changed(session, OPERATOR_VIEW);
    operator_done(session, "view %s", view_name(view));
}

/* Those that are named one by one are on the line: else it is a slip. Without a hub nobody
 * knows. */
static bool are_here(const struct hub *hub, const char *words, char **error)
{
    if (!hub)
        return true;
    char *copy = mem_strdup(words), *rest = copy;
    bool here = true;
    while (here && rest) {
        const char *word = strsep(&rest, ",");
        here = selection_is_open(word) || peers_find_one(hub, word, error);
    }
    free(copy);
    return here;
}

static void set_some(struct operator_session *session, const char *words, const char *word)
{
    char *error = NULL;
    enum view view = VIEW_TEXT;
    const bool ends = strcmp(word, "-") == 0;
    if ((!ends && !view_parse(word, &view, &error)) || !are_here(session->hub, words, &error) ||
        !operator_set_view(session, words, ends ? NULL : &view, &error))
        operator_answer(session, error);
    else if (ends)
        operator_done(session, "no view of their own: %s", words);
    else
        operator_done(session, "view %s: %s", view_name(view), words);
}

static void run(struct operator_session *session, const struct arguments *arguments)
{
    if (*arguments->words[1])
        set_some(session, arguments->words[0], arguments->words[1]);
    else
        set_all(session, arguments->words[0]);
}

const struct command cmd_view = {
    .name = "view",
    .arguments = "VIEW | PEERS VIEW | PEERS -",
    .summary = "choose how this console shows messages",
    .basic = true,
    .help = "VIEW is text, hex (a hex dump), size (only how many bytes) or none. Each\n"
            "console has a view of its own. Lines that are named, as in /only, may\n"
            "have another one; it counts for them until - takes it away.\n"
            "Example: /view hex\n"
            "         /view meters: none\n",
    .read_only = true,
    .console_only = true,
    .min_words = 1,
    .max_words = 2,
    .kinds = {ARGUMENT_VIEW_OR_FOCUS, ARGUMENT_VIEW},
    .never_repeated = true,
    .run = run,
};
