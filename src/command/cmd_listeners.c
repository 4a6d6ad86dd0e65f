/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/command.h"

#include "command/operator.h"
#include "core/hub.h"

static void answer(struct operator_session *session, const struct listener *const *items,
                   size_t count)
{
    struct result result = {.type = RESULT_LISTENERS, .first = true};
    do {
        result.more = count > RESULT_LIST_MAX;
        result.listeners.items = items;
        result.listeners.count = result.more ? RESULT_LIST_MAX : count;
        operator_result(session, &result);
        result.first = false;
        items = result.more ? items + RESULT_LIST_MAX : NULL;
        count -= result.listeners.count;
    } while (result.more);
}

static void run(struct operator_session *session, const struct arguments *arguments)
{
    const struct listener *listener;
    UT_array list;
    (void)arguments;
    utarray_init(&list, &ut_ptr_icd);
    DL_FOREACH(session->hub->listeners, listener) {
        utarray_push_back(&list, &listener);
    }
    answer(session, (const struct listener *const *)utarray_front(&list), utarray_len(&list));
    utarray_done(&list);
}

const struct command cmd_listeners = {
    .name = "listeners",
    .arguments = "",
    .summary = "list the endpoints where peers may come in",
    .help = "One line for each listener: its number and name, its endpoint, and how\n"
            "it treats its peers (reply, eol, framing). Listeners have numbers of\n"
            "their own, which have nothing to do with those of peers.\n",
    .read_only = true,
    .run = run,
};
