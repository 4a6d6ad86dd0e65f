/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/command.h"

#include "command/operator.h"
#include "core/hub.h"

/* Answers with count items, in as many results as it takes. */
static void answer(struct operator_session *session, const struct peer *const *items,
                   size_t count)
{
    struct result result = {.type = RESULT_PEERS, .first = true};
    result.peers.target = session->target;
    result.peers.now = session->hub->host.now(session->hub->host.context);
    do {
        result.more = count > RESULT_LIST_MAX;
        result.peers.items = items;
        result.peers.count = result.more ? RESULT_LIST_MAX : count;
        operator_result(session, &result);
        result.first = false;
        items = result.more ? items + RESULT_LIST_MAX : NULL;
        count -= result.peers.count;
    } while (result.more);
}

static void run(struct operator_session *session, const struct arguments *arguments)
{
    UT_array list;
    (void)arguments;
    utarray_init(&list, &ut_ptr_icd);
    for (struct peer *peer = hub_next(session->hub, NULL); peer;
         peer = hub_next(session->hub, peer))
        utarray_push_back(&list, &peer);
    answer(session, (const struct peer *const *)utarray_front(&list), utarray_len(&list));
    utarray_done(&list);
}

const struct command cmd_peers = {
    .name = "peers",
    .arguments = "",
    .summary = "list who is on the line",
    .help = "One line for each peer, in order of number: its number and name, the\n"
            "transport, the far end's address, its state, and the bytes received,\n"
            "sent and waiting to be sent. Your target is marked.\n",
    .read_only = true,
    .run = run,
};
