/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/terminal_complete.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <readline/readline.h>

#include "base/cast.h"
#include "base/mem.h"
#include "base/ut.h"
#include "command/command.h"
#include "console/console.h"
#include "console/terminal_words.h"

/* readline's callbacks carry no argument. */
static struct {
    struct console *console;
    struct terminal_words words; /* candidates for the word */
    unsigned next;
} complete;

/* How many words of line end before size. */
static unsigned complete_words_before(const char *line, size_t size)
{
    unsigned count = 0;
    for (size_t i = 1; i < size; i++)
        count += line[i] == ' ' && line[i - 1] != ' ';
    return count;
}

static const struct command *complete_command(const struct console *console, const char *line)
{
    char *error = NULL;
    char *name = mem_strndup(line + 1, strcspn(line + 1, " "));
    const struct command *command = command_find(console->session.commands, name, &error);
    free(name);
    free(error);
    return command;
}

/* Where the line begins that follows so many words of line: behind exactly one blank. */
static size_t complete_line_start(const char *line, unsigned words)
{
    size_t start = 1;
    while (words > 0) {
        words -= line[start - 1] != ' ' && line[start] == ' ';
        start++;
    }
    return start;
}

static terminal_words_source *complete_source_at(const struct console *console,
                                                 const char *line, size_t start);

/* What an argument of the command may be; the word is the last of so many, from 1. */
static terminal_words_source *complete_argument(const struct console *console,
                                                const struct command *command, const char *line,
                                                size_t start, unsigned word)
{
    for (unsigned i = 0; i < command->max_words && i < word; i++) {
        if (command->kinds[i] != ARGUMENT_LINE)
            continue;
        const size_t begins = complete_line_start(line, i + 1);
        return complete_source_at(console, line + begins, start - begins);
    }
    if (word <= command->max_words)
        return terminal_words_of(command->kinds[word - 1]);
    const enum argument_kind last =
        command->max_words > 0 ? command->kinds[command->max_words - 1] : ARGUMENT_NONE;
    const bool more = last == ARGUMENT_SETTINGS || last == ARGUMENT_ITEMS ||
                      last == ARGUMENT_LEVELS || last == ARGUMENT_FAULTS;
    return more ? terminal_words_of(last) : NULL;
}

/* What the word that begins at start may be; NULL: no idea. */
static terminal_words_source *complete_source_at(const struct console *console,
                                                 const char *line, size_t start)
{
    unsigned word = complete_words_before(line, start);
    if (*line == '@')
        return word == 0 ? terminal_words_of(ARGUMENT_PEERS) : NULL;
    if (*line != '/' || line[1] == '/' || line[1] == '@')
        return NULL;
    if (word == 0)
        return terminal_words_of(ARGUMENT_COMMAND);
    const struct command *command = complete_command(console, line);
    if (!command)
        return NULL;
    complete.words.keys = command->keys;
    return complete_argument(console, command, line, start, word);
}

static char *complete_next(const char *text, int state)
{
    (void)text;
    if (state == 0)
        complete.next = 0;
    char **word = utarray_eltptr(complete.words.found, complete.next);
    complete.next++;
    return word ? *word : NULL; /* readline frees it */
}

static const char *complete_past_marks(const char *word)
{
    return word + strspn(word, "@#");
}

/* Names before numbers, and these by their value: readline would have #10 before #9. */
static int complete_order(const void *one, const void *two)
{
    const char *a = complete_past_marks(*(char *const *)one);
    const char *b = complete_past_marks(*(char *const *)two);
    const unsigned long long number_a = strtoull(a, NULL, 10), number_b = strtoull(b, NULL, 10);
    if (number_a != number_b)
        return number_a < number_b ? -1 : 1;
    return strcmp(a, b);
}

/* What was found, for readline to take; NULL where that is too much to choose from. */
static char **complete_matches(const char *text)
{
    static const char too_many[] = "too many possibilities: type more of it\n";
    struct console *console = complete.console;
    if (utarray_len(complete.words.found) > 0) /* an empty array is none at all */
        utarray_sort(complete.words.found, complete_order);
    if (!complete.words.too_many)
        return rl_completion_matches(text, complete_next);
    for (unsigned i = 0; i < utarray_len(complete.words.found); i++)
        free(*(char **)utarray_eltptr(complete.words.found, i));
    console_write(console, too_many, sizeof too_many - 1);
    return NULL;
}

static char **complete_attempt(const char *text, int start, int end)
{
    (void)end;
    rl_attempted_completion_over = 1;
    terminal_words_source *source =
        complete.console ? complete_source_at(complete.console, rl_line_buffer, (size_t)start)
                         : NULL;
    if (!source)
        return NULL;
    complete.words.console = complete.console;
    complete.words.text = text;
    complete.words.too_many = false;
    utarray_new(complete.words.found, &ut_ptr_icd);
    source(&complete.words);
    char **matches = complete_matches(text);
    utarray_free(complete.words.found);
    return matches;
}

void terminal_complete_init(struct console *console)
{
    complete.console = console;
    CAST_INIT(terminal_words, &complete.words);
    rl_attempted_completion_function = console ? complete_attempt : NULL;
    rl_completer_word_break_characters = (char *)" ,";
    rl_basic_word_break_characters = " ,";
    rl_completer_quote_characters = "";
    rl_sort_completion_matches = 0;
    rl_completion_query_items = 0; /* readline would wait for the answer */
    rl_variable_bind("page-completions", "off");
}
