/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/command.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "command/operator.h"
#include "command/retell.h"
#include "core/hub_event.h"
#include "core/observer.h"

/* "@PEERS TEXT": what is left is the text. */
static char *take_peers(const char **text, size_t *size)
{
    const char *blank = **text == '@' ? memchr(*text, ' ', *size) : NULL;
    if (!blank)
        return **text == '@' ? NULL : mem_strdup("*");
    char *peers = mem_strndup(*text + 1, (size_t)(blank - *text) - 1);
    *size -= (size_t)(blank + 1 - *text);
    *text = blank + 1;
    return peers;
}

static void run(struct operator_session *session, const struct arguments *arguments)
{
    const char *text = arguments->words[0];
    size_t size = arguments->size;
    char *peers = take_peers(&text, &size);
    if (!peers || size == 0)
        operator_error(session, "it needs a text: /find TEXT, or /find @PEERS TEXT");
    else
        retell_run(session, &(struct retell_query){.peers = peers,
                                                   .text = text,
                                                   .text_size = size,
                                                   .types = OBSERVER_MESSAGES,
                                                   .called = "message"});
    free(peers);
}

const struct command cmd_find = {
    .name = "find",
    .arguments = "[@PEERS] TEXT",
    .summary = "show messages that contain a text again",
    .help = "All that is kept is searched, the newest stands last. Large and small\n"
            "letters are the same. With @PEERS only what they said and were sent, who\n"
            "may be gone, as in /show.\n"
            "Example: /find @boiler error\n",
    .read_only = true,
    .tells_again = true,
    .min_words = 1,
    .max_words = 1,
    .kinds = {ARGUMENT_TEXT},
    .run = run,
};
