/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/command.h"

#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/mem.h"
#include "base/number.h"
#include "command/operator.h"
#include "command/repeats.h"

/* --- starting one --- */

static bool read_period(const char *word, int64_t *period, char **error)
{
    if (number_parse_seconds(word, period) && *period >= REPEATS_PERIOD_MIN)
        return true;
    char *quote = escape_quote(word);
    *error = mem_printf("%s is not a number of seconds, at least 0.1, such as 2 or 0.5", quote);
    free(quote);
    return false;
}

/* Whether it is a line that can be typed again and again. */
static bool check_line(const struct operator_session *session, const char *line, size_t size,
                       char **error)
{
    struct command_read read;
    command_read(&read, session->commands, line, size);
    if (memchr(line, '\0', size))
        *error = mem_strdup("a NUL byte cannot be typed again and again: use /bytes in its "
                            "place");
    else if (read.error)
        *error = mem_strdup(read.error);
    else if (read.command && read.command->never_repeated)
        *error =
            mem_printf("/%s is not typed again and again: once is enough", read.command->name);
    command_read_finish(&read);
    return *error == NULL;
}

static void start(struct operator_session *session, const struct arguments *arguments)
{
    const char *line = arguments->words[1];
    const struct repeat_card *card = NULL;
    char *error = NULL;
    int64_t period;
    if (arguments->size == 0)
        error = mem_strdup("the line is missing: write /every SECONDS LINE");
    else if (read_period(arguments->words[0], &period, &error) &&
             check_line(session, line, arguments->size, &error))
        card = repeats_add(session, period, line, arguments->size, &error);
    if (card)
        operator_result(session, &(struct result){.type = RESULT_REPEATS,
                                                  .first = true,
                                                  .repeats = {.items = card, .count = 1}});
    else
        operator_answer(session, error);
}

/* --- ending --- */

static void end_all(struct operator_session *session)
{
    const unsigned count = repeats_count(session);
    repeats_end_all(session);
    if (count > 0)
        operator_done(session, "ended %u", count);
    else
        operator_done(session, "nothing was typed again and again");
}

/* It is no text here: what stands behind it is not part of it. */
static void end(struct operator_session *session, const char *words)
{
    char *word = mem_strndup(words, strcspn(words, " \t\r"));
    uint64_t number = 0;
    if (number_parse(word, UINT32_MAX, &number) && repeats_end(session, (unsigned)number)) {
        operator_done(session, NULL);
    } else {
        char *quote = escape_quote(word);
        operator_error(session, "no /every %s at this console: /every lists them", quote);
        free(quote);
    }
    free(word);
}

/* --- */

static void list(struct operator_session *session)
{
    struct repeat_card cards[REPEATS_MAX];
    size_t count = 0;
    for (const struct repeat_card *card = repeats_next(session, NULL); card;
         card = repeats_next(session, card))
        cards[count++] = *card;
    operator_result(session, &(struct result){.type = RESULT_REPEATS,
                                              .first = true,
                                              .repeats = {.items = cards, .count = count}});
}

static void run(struct operator_session *session, const struct arguments *arguments)
{
    const char *first = arguments->words[0], *second = arguments->words[1];
    if (*first == '\0')
        list(session);
    else if (strcmp(first, "-") != 0)
        start(session, arguments);
    else if (strspn(second, " \t\r") == strlen(second))
        end_all(session);
    else
        end(session, second);
}

const struct command cmd_every = {
    .name = "every",
    .arguments = "[SECONDS LINE | - [N]]",
    .summary = "type a line again and again",
    .help = "Types LINE at once and then again each so many seconds (0.1 at least),\n"
            "until /every - N ends it, or this console does. LINE is what could be\n"
            "typed here: a text, @PEERS TEXT or a command, but none that decides how\n"
            "things are shown here. A run that finds this console full or busy waits,\n"
            "and is not made up for. /every alone lists them, /every - ends all.\n"
            "Example: /every 2 @boiler temp?\n"
            "         /every 0.5 /bytes 3 01 03 00 00 00 02 crc16\n",
    .console_only = true,
    .max_words = 2,
    .kinds = {ARGUMENT_NONE, ARGUMENT_LINE},
    .never_repeated = true,
    .run = run,
};
