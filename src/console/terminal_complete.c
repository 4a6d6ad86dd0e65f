/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/terminal_complete.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <readline/readline.h>

#include "base/cast.h"
#include "base/checksum.h"
#include "base/mem.h"
#include "base/ut.h"
#include "command/command.h"
#include "console/console.h"
#include "console/terminal_endpoints.h"
#include "console/terminal_paths.h"
#include "core/agents.h"
#include "core/eol.h"
#include "framing/framing.h"

enum { COMPLETE_MAX = 1000 }; /* candidates; of more, a person is told only that there are */

/* readline's callbacks carry no argument. */
static struct {
    struct console *console;
    UT_array *words; /* candidates for the word, malloc'ed strings */
    unsigned next;
    bool too_many;     /* candidates to find, or to choose from */
    enum key_use keys; /* what an endpoint is for */
} complete;

typedef void complete_source(const struct console *console, const char *text);

/* Whether prefix and word together begin with text. */
static bool complete_fits(const char *text, const char *prefix, const char *word)
{
    size_t size = strlen(text);
    size_t length = strlen(prefix);
    if (size <= length)
        return strncmp(prefix, text, size) == 0;
    return strncmp(prefix, text, length) == 0 &&
           strncmp(word, text + length, size - length) == 0;
}

/* A candidate, if it fits: prefix and word together. */
static void complete_add(const char *text, const char *prefix, const char *word)
{
    if (complete.too_many || !complete_fits(text, prefix, word))
        return;
    complete.too_many = utarray_len(complete.words) == COMPLETE_MAX;
    if (complete.too_many)
        return;
    char *whole = mem_printf("%s%s", prefix, word);
    utarray_push_back(complete.words, &whole);
}

/* Whether number may begin with these digits; written out it would be asked of each peer. */
static bool complete_may_be(const char *digits, uint64_t number)
{
    if (*digits && (*digits < '0' || *digits > '9'))
        return false;
    uint64_t start = strtoull(digits, NULL, 10);
    while (number > start)
        number /= 10;
    return !*digits || number == start;
}

static void complete_number(const char *text, const char *prefix, uint64_t number)
{
    char digits[32];
    if (!complete_may_be(text + strlen(prefix), number))
        return;
    snprintf(digits, sizeof digits, "%" PRIu64, number);
    complete_add(text, prefix, digits);
}

static void complete_commands(const struct console *console, const char *text)
{
    const char *prefix = *text == '/' ? "/" : "";
    for (const struct command *const *each = console->session.commands; *each; each++)
        if (!console->session.read_only || (*each)->read_only)
            complete_add(text, prefix, (*each)->name);
}

/* What is to be completed, and the mark that stands before a number. */
struct complete_typed {
    const char *text;
    CAST_MARK;
    const char *mark;
    bool names; /* a name may stand there, with the mark too */
};

static bool complete_who(void *context, const struct who *who)
{
    const struct complete_typed *typed = CAST(complete_typed, context);
    if (who->name && typed->names)
        complete_add(typed->text, typed->mark, who->name);
    complete_number(typed->text, typed->mark, who->number);
    return !complete.too_many;
}

/* An @ may stand before a list of peers, and a # before a number. */
static void complete_peers(const struct console *console, const char *text)
{
    static const char *const marks[2][2] = {{"", "#"}, {"@", "@#"}};
    const bool at = *text == '@', number = text[at] == '#';
    struct complete_typed typed = {.text = text, .mark = marks[at][number], .names = !number};
    CAST_INIT(complete_typed, &typed);
    console->directory->peers(console->directory, complete_who, &typed);
}

static void complete_listeners(const struct console *console, const char *text)
{
    const bool number = *text == '#';
    struct complete_typed typed = {.text = text, .mark = number ? "#" : "", .names = !number};
    CAST_INIT(complete_typed, &typed);
    console->directory->listeners(console->directory, complete_who, &typed);
}

static bool complete_door(void *context, const struct who *who)
{
    const struct complete_typed *typed = CAST(complete_typed, context);
    char *word = who->name ? mem_printf("%s:", who->name) : NULL;
    if (word)
        complete_add(typed->text, "", word);
    free(word);
    return !complete.too_many;
}

/* PEERS, among them all of a listener. */
static void complete_focus(const struct console *console, const char *text)
{
    struct complete_typed typed = {.text = text};
    CAST_INIT(complete_typed, &typed);
    complete_peers(console, text);
    console->directory->listeners(console->directory, complete_door, &typed);
}

static void complete_views(const struct console *console, const char *text)
{
    (void)console;
    for (enum view view = VIEW_TEXT; view <= VIEW_NONE; view++)
        complete_add(text, "", view_name(view));
}

static void complete_views_or_focus(const struct console *console, const char *text)
{
    complete_views(console, text);
    complete_focus(console, text);
}

static void complete_times(const struct console *console, const char *text)
{
    (void)console;
    for (const char *const *each = time_form_words; *each; each++)
        complete_add(text, "", *each);
}

static void complete_replies(const struct console *console, const char *text)
{
    (void)console;
    for (const char *const *each = agents_words; *each; each++)
        complete_add(text, "", *each);
}

static void complete_settings(const struct console *console, const char *text)
{
    (void)console;
    for (const char *const *each = eol_words; *each; each++)
        complete_add(text, "eol=", *each);
    for (const char *const *each = framing_words; *each; each++)
        complete_add(text, "framing=", *each);
    for (const char *const *each = view_words; *each; each++)
        complete_add(text, "view=", *each);
}

/* Of what may stand there, all that is a word. */
static void complete_items(const struct console *console, const char *text)
{
    (void)console;
    for (unsigned i = 0; i < CHECKSUMS; i++)
        complete_add(text, "", checksums[i].name);
}

static void complete_found(void *context, const char *word)
{
    complete_add(context, "", word);
}

static void complete_with_mark(void *context, const char *word)
{
    const struct complete_typed *typed = CAST(complete_typed, context);
    complete_add(typed->text, typed->mark, word);
}

/* Where the path of a unix endpoint begins; NULL: it is none, or typed up to its keys. */
static const char *complete_socket(const char *text)
{
    const char *path = strncmp(text, "unix:", 5) == 0 ? text + 5 : text;
    const bool is_path =
        path > text || *text == '/' || *text == '~' || strncmp(text, "./", 2) == 0;
    return is_path && *path != '@' && !strchr(path, '?') ? path : NULL;
}

static void complete_sockets(const char *text, const char *path)
{
    struct complete_typed typed = {.text = text, .mark = path > text ? "unix:" : ""};
    CAST_INIT(complete_typed, &typed);
    if (!terminal_paths_find(path, complete_with_mark, &typed))
        complete.too_many = true;
}

static void complete_endpoints(const struct console *console, const char *text)
{
    (void)console;
    const char *path = complete_socket(text);
    if (path)
        complete_sockets(text, path);
    terminal_endpoints_find(text, complete.keys, complete_found, (void *)text);
    rl_completion_append_character = '\0';
}

static void complete_paths(const struct console *console, const char *text)
{
    (void)console;
    rl_filename_completion_desired = 1; /* readline shows names without their directory */
    if (!terminal_paths_find(text, complete_found, (void *)text))
        complete.too_many = true;
}

static complete_source *const complete_sources[ARGUMENT_TEXT + 1] = {
    [ARGUMENT_PEER] = complete_peers,
    [ARGUMENT_PEERS] = complete_peers,
    [ARGUMENT_LISTENER] = complete_listeners,
    [ARGUMENT_VIEW] = complete_views,
    [ARGUMENT_TIME] = complete_times,
    [ARGUMENT_REPLY] = complete_replies,
    [ARGUMENT_ENDPOINT] = complete_endpoints,
    [ARGUMENT_FOCUS] = complete_focus,
    [ARGUMENT_VIEW_OR_FOCUS] = complete_views_or_focus,
    [ARGUMENT_SETTINGS] = complete_settings,
    [ARGUMENT_ITEMS] = complete_items,
    [ARGUMENT_PATH] = complete_paths,
    [ARGUMENT_COMMAND] = complete_commands,
};

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

static complete_source *complete_source_at(const struct console *console, const char *line,
                                           size_t start);

/* What an argument of the command may be; the word is the last of so many, from 1. */
static complete_source *complete_argument(const struct console *console,
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
        return complete_sources[command->kinds[word - 1]];
    const enum argument_kind last =
        command->max_words > 0 ? command->kinds[command->max_words - 1] : ARGUMENT_NONE;
    const bool more = last == ARGUMENT_SETTINGS || last == ARGUMENT_ITEMS;
    return more ? complete_sources[last] : NULL;
}

/* What the word that begins at start may be; NULL: no idea. */
static complete_source *complete_source_at(const struct console *console, const char *line,
                                           size_t start)
{
    unsigned word = complete_words_before(line, start);
    if (*line == '@')
        return word == 0 ? complete_peers : NULL;
    if (*line != '/' || line[1] == '/' || line[1] == '@')
        return NULL;
    if (word == 0)
        return complete_commands;
    const struct command *command = complete_command(console, line);
    if (!command)
        return NULL;
    complete.keys = command->keys;
    return complete_argument(console, command, line, start, word);
}

static char *complete_next(const char *text, int state)
{
    (void)text;
    if (state == 0)
        complete.next = 0;
    char **word = utarray_eltptr(complete.words, complete.next);
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
    if (utarray_len(complete.words) > 0) /* an empty array is none at all */
        utarray_sort(complete.words, complete_order);
    if (!complete.too_many)
        return rl_completion_matches(text, complete_next);
    for (unsigned i = 0; i < utarray_len(complete.words); i++)
        free(*(char **)utarray_eltptr(complete.words, i));
    console_write(console, too_many, sizeof too_many - 1);
    return NULL;
}

static char **complete_attempt(const char *text, int start, int end)
{
    (void)end;
    rl_attempted_completion_over = 1;
    complete_source *source =
        complete.console ? complete_source_at(complete.console, rl_line_buffer, (size_t)start)
                         : NULL;
    if (!source)
        return NULL;
    complete.too_many = false;
    utarray_new(complete.words, &ut_ptr_icd);
    source(complete.console, text);
    char **matches = complete_matches(text);
    utarray_free(complete.words);
    return matches;
}

void terminal_complete_init(struct console *console)
{
    complete.console = console;
    rl_attempted_completion_function = console ? complete_attempt : NULL;
    rl_completer_word_break_characters = (char *)" ,";
    rl_basic_word_break_characters = " ,";
    rl_completer_quote_characters = "";
    rl_sort_completion_matches = 0;
    rl_completion_query_items = 0; /* readline would wait for the answer */
    rl_variable_bind("page-completions", "off");
}
