/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/command.h"

#include "command/operator.h"
#include "command/peers.h"
#include "core/hub.h"

static void close_all(struct operator_session *session, const UT_array *list)
{
    struct peer *const *peers = peers_of(list);
    const bool again = peers[0]->state == PEER_CLOSING;
    char label[PEER_LABEL];
    peer_label(peers[0], label);
    for (unsigned i = 0; i < utarray_len(list); i++)
        hub_close(session->hub, peers[i], CLOSE_OPERATOR);
    if (utarray_len(list) == 1)
        operator_done(session, "closing %s%s", label, again ? " at once" : "");
    else
        operator_done(session, "closing %u peers", utarray_len(list));
}

static void run(struct operator_session *session, const struct arguments *arguments)
{
    UT_array list;
    char *error = NULL;
    utarray_init(&list, &ut_ptr_icd);
    if (peers_find(session->hub, arguments->words[0], &list, &error))
        close_all(session, &list);
    else
        operator_answer(session, error);
    utarray_done(&list);
}

const struct command cmd_close = {
    .name = "close",
    .arguments = "PEERS",
    .summary = "close lines gracefully; said again, at once",
    .help = "What still waits to be sent goes out first, for as long as --drain says.\n"
            "Said again of a peer that is closing, the rest is thrown away.\n"
            "Example: /close 3,4\n",
    .min_words = 1,
    .max_words = 1,
    .kinds = {ARGUMENT_PEERS},
    .run = run,
};
