/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/command.h"

#include "command/listing.h"
#include "command/operator.h"
#include "command/operators.h"

static bool tell_piece(struct operator_session *session, struct listing_place *place)
{
    struct console_card cards[RESULT_LIST_MAX];
    struct result result = {.type = RESULT_CONSOLES, .first = place->last == 0};
    const struct operator_session *next = operators_after(session->operators, place->last);
    result.consoles.items = cards;
    for (; next && result.consoles.count < RESULT_LIST_MAX; next = next->next) {
        operators_card(&cards[result.consoles.count++], next);
        place->last = next->console;
    }
    result.more = next != NULL;
    operator_result(session, &result);
    return !result.more;
}

static void run(struct operator_session *session, const struct arguments *arguments)
{
    (void)arguments;
    listing_answer(session, "", tell_piece);
}

const struct command cmd_consoles = {
    .name = "consoles",
    .arguments = "",
    .summary = "list who else is attached",
    .help = "One line for each console: its number, the user id of who sits at it,\n"
            "whether it only looks on, and which peer its text goes to. An asterisk\n"
            "marks this one.\n",
    .read_only = true,
    .run = run,
};
