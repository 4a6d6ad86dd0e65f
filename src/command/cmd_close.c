/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/command.h"

#include <stdlib.h>
#include <string.h>

#include "base/cast.h"
#include "base/mem.h"
#include "command/errand.h"
#include "command/operator.h"
#include "core/hub.h"
#include "core/program.h"

struct closing {
    struct errand errand; /* first */
    CAST_MARK;
    unsigned count;
    bool again;             /* the first one was closing already */
    char label[PEER_LABEL]; /* of the first one */
};

static struct closing *closing_of(struct errand *errand)
{
    return CAST(closing, errand);
}

static void visit(struct operator_session *session, struct errand *errand, struct peer *peer)
{
    struct closing *closing = closing_of(errand);
    if (!peer)
        return;
    if (closing->count++ == 0) {
        closing->again = peer->state == PEER_CLOSING;
        peer_label(peer, closing->label);
    }
    hub_close(session->hub, peer, CLOSE_OPERATOR);
}

static void answer(struct operator_session *session, struct errand *errand)
{
    const struct closing *closing = closing_of(errand);
    if (closing->count == 1)
        operator_done(session, "closing %s%s", closing->label,
                      closing->again ? " at once" : "");
    else
        operator_done(session, "closing %u peers", closing->count);
}

static void destroy(struct errand *errand)
{
    free(closing_of(errand));
}

/* Calls that wait to be made again are no peers, and are meant too. */
static unsigned hang_up(struct operator_session *session, const char *words)
{
    const struct program *program = session->program;
    return program->hang_up ? program->hang_up(program->context, words) : 0;
}

/* error: nobody of that name is on the line; taken over. */
static void answer_waiting(struct operator_session *session, unsigned waiting, char *error)
{
    if (waiting == 0) {
        operator_answer(session, error);
        return;
    }
    if (waiting == 1)
        operator_done(session, "it is not called again");
    else
        operator_done(session, "%u are not called again", waiting);
    free(error);
}

static void run(struct operator_session *session, const struct arguments *arguments)
{
    static const struct errand_ops ops = {.visit = visit, .answer = answer, .destroy = destroy};
    const char *words = arguments->words[0];
    struct peers peers;
    char *error = NULL;
    const bool all = strcmp(words, "*") == 0;
    unsigned waiting = all ? hang_up(session, words) : 0;
    if (!peers_find(session->hub, words, &peers, &error)) {
        waiting = all ? waiting : hang_up(session, words);
        answer_waiting(session, waiting, error);
        return;
    }
    struct closing *closing = mem_zalloc(sizeof *closing);
    CAST_INIT(closing, closing);
    closing->errand.ops = &ops;
    closing->errand.peers = peers;
    errand_run(session, &closing->errand);
}

const struct command cmd_close = {
    .name = "close",
    .arguments = "PEERS",
    .summary = "close lines gracefully; said again, at once",
    .basic = true,
    .help = "What still waits to be sent goes out first, for as long as --drain says.\n"
            "Said again of a peer that is closing, the rest is thrown away. What\n"
            "was called with again= is not called again; while it waits for the\n"
            "next call, its name, or the number of its last line, ends it.\n"
            "Example: /close 3,4\n",
    .min_words = 1,
    .max_words = 1,
    .kinds = {ARGUMENT_PEERS},
    .run = run,
};
