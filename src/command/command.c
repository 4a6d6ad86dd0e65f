/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/command.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/ut.h"
#include "command/delivery.h"
#include "command/operator.h"
#include "command/operator_target.h"
#include "core/hub.h"

const struct command *const command_table[] = {
#define COMMAND_ENTRY(name) &cmd_##name,
    COMMANDS(COMMAND_ENTRY)
#undef COMMAND_ENTRY
        NULL,
};

/* --- taking a line apart --- */

/* What is left of the line; *end is a NUL that may be overwritten. */
struct rest {
    char *at;
    char *end;
};

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t';
}

/* A script may end its lines with CR LF; in a text the carriage return is part of it. */
static bool is_end(char byte)
{
    return is_blank(byte) || byte == '\r';
}

static void trim(struct rest *rest, bool both_ends)
{
    while (rest->at < rest->end && is_blank(*rest->at))
        rest->at++;
    while (both_ends && rest->end > rest->at && is_end(rest->end[-1]))
        *--rest->end = '\0';
}

/*
 * Ends the word at the blank behind it, and goes past that one blank. Before a text only a
 * space will do: a tab may be meant.
 */
static char *take_word(struct rest *rest, bool before_text)
{
    char *word = rest->at;
    while (rest->at < rest->end && !(before_text ? *rest->at == ' ' : is_blank(*rest->at)))
        rest->at++;
    if (rest->at < rest->end) {
        *rest->at++ = '\0';
    } else {
        rest->at = word;
        trim(rest, true);
        rest->at = rest->end;
    }
    return word;
}

static bool is_text(enum argument_kind kind)
{
    return kind == ARGUMENT_TEXT || kind == ARGUMENT_LINE;
}

/* Returns how many arguments there are, of those that the command takes. */
static unsigned split(const struct command *command, struct rest *rest,
                      struct arguments *arguments)
{
    *arguments = (struct arguments){.words = {"", "", ""}};
    for (unsigned i = 0; i < command->max_words; i++) {
        const bool last = i + 1 == command->max_words;
        if (!is_text(command->kinds[i]))
            trim(rest, last);
        if (rest->at == rest->end)
            return i;
        if (last) {
            arguments->words[i] = rest->at;
            arguments->size = (size_t)(rest->end - rest->at);
        } else {
            arguments->words[i] = take_word(rest, is_text(command->kinds[i + 1]));
        }
    }
    return command->max_words;
}
_Static_assert(COMMAND_WORDS_MAX == 3, "split initialises three words");

/* Whether a NUL stands where only a text may have one: nul is the line's first. */
static bool cuts_word(const struct command *command, const struct arguments *arguments,
                      const char *nul)
{
    const unsigned last = command->max_words - 1;
    if (!nul)
        return false;
    return command->max_words == 0 || !is_text(command->kinds[last]) ||
           nul < arguments->words[last];
}

static bool is_command(const char *line, size_t size)
{
    return size > 1 && *line == '/' && line[1] != '/' && line[1] != '@';
}

void command_read(struct command_read *read, const struct command *const *commands,
                  const char *line, size_t size)
{
    *read = (struct command_read){.copy = mem_strndup(line, size)};
    if (!is_command(line, size) || memchr(line, '\0', size))
        return;
    struct rest rest = {.at = read->copy + 1, .end = read->copy + size};
    read->command = command_find(commands, take_word(&rest, false), &read->error);
    if (read->command)
        split(read->command, &rest, &read->arguments);
}

void command_read_finish(struct command_read *read)
{
    free(read->copy);
    free(read->error);
}

/* --- running --- */

static bool may_run(struct operator_session *session)
{
    if (session->read_only && !session->running->read_only) {
        operator_error(session, "this console is read-only, and /%s is not for it",
                       session->running->name);
        return false;
    }
    return true;
}

static void run(struct operator_session *session, const struct command *command,
                struct rest rest, const char *nul)
{
    struct arguments arguments;
    session->running = command;
    if (may_run(session)) {
        const unsigned count = split(command, &rest, &arguments);
        trim(&rest, command->max_words == 0);
        if (count < command->min_words)
            operator_error(session, "something is missing: write /%s %s", command->name,
                           command->arguments);
        else if (cuts_word(command, &arguments, nul))
            operator_error(session, "a NUL byte may stand in a text only");
        else if (command->max_words == 0 && rest.at < rest.end)
            operator_error(session, "/%s stands alone, nothing follows it", command->name);
        else
            command->run(session, &arguments);
    }
    session->running = NULL;
}

/* @PEER alone makes it the target. */
static const struct command *command_of_at(const char *words, size_t size)
{
    return size > 0 && !memchr(words, ' ', size) ? &cmd_to : &cmd_send;
}

/* The line without its first byte, as a command or as the arguments of /send. */
static void run_line(struct operator_session *session, const char *line, size_t size)
{
    char *copy = mem_alloc(size), *error = NULL;
    memcpy(copy, line + 1, size - 1);
    copy[size - 1] = '\0';
    struct rest rest = {.at = copy, .end = copy + size - 1};
    if (*line == '@' && is_blank(*copy))
        rest.end = rest.at; /* PEERS stand right behind the @ */
    const char *nul = memchr(copy, '\0', size - 1);
    const struct command *command =
        *line == '@' ? command_of_at(copy, size - 1)
                     : command_find(session->commands, take_word(&rest, false), &error);
    if (command)
        run(session, command, rest, nul);
    else
        operator_error(session, "%s", error);
    free(error);
    free(copy);
}

/* A bare word that may have been meant as a command. It is text all the same, and is sent. */
static const struct bare_word {
    const char *word, *hint;
} bare_words[] = {{"help", "commands begin with a slash: /help"},
                  {"?", "commands begin with a slash: /help"},
                  {"quit", "commands begin with a slash: /quit"},
                  {"exit", "commands begin with a slash: /quit"}};

static const struct bare_word *find_bare_word(const char *text, size_t size)
{
    for (size_t i = 0; i < sizeof bare_words / sizeof *bare_words; i++)
        if (strlen(bare_words[i].word) == size && memcmp(bare_words[i].word, text, size) == 0)
            return &bare_words[i];
    return NULL;
}

/* Once for each word: whoever has seen it means it. */
static const char *take_hint(struct operator_session *session, const struct bare_word *bare)
{
    const unsigned bit = bare ? 1U << (bare - bare_words) : 0;
    if (!bare || session->hinted & bit)
        return NULL;
    session->hinted |= bit;
    return bare->hint;
}

static void refuse_text(struct operator_session *session, const char *why, const char *hint)
{
    operator_error(session, "%s%s%s", why, hint ? "; " : "", hint ? hint : "");
}

static void refuse_without_target(struct operator_session *session, const char *hint)
{
    if (operator_target_is_away(session))
        operator_error(session,
                       "%s is away, and nothing was sent: it is the target again when it is "
                       "back, or choose another with /to PEER",
                       session->target_name);
    else if (command_is_client(session->commands))
        refuse_text(session, "the line is closed", hint);
    else
        refuse_text(session, "no target: choose one with /to PEER, or write @PEERS TEXT", hint);
}

static void send_text(struct operator_session *session, const char *text, size_t size)
{
    const struct peer *target = hub_find(session->hub, session->target);
    const bool ends = target && target->state == PEER_CLOSING;
    if (size == 0 && (!target || ends || session->read_only))
        return; /* nothing was said */
    const struct bare_word *bare = find_bare_word(text, size);
    const char *hint = bare ? bare->hint : NULL;
    session->running = &cmd_send;
    if (session->read_only)
        refuse_text(session, "this console is read-only, and /send is not for it", hint);
    else if (target)
        delivery_run_to(session, session->target, text, size, size == 0,
                        take_hint(session, bare));
    else
        refuse_without_target(session, hint);
    session->running = NULL;
}

void command_line(struct operator_session *session, const char *line, size_t size)
{
    const char first = size > 0 ? *line : '\0', second = size > 1 ? line[1] : '\0';
    if (first == '/' && (second == '/' || second == '@'))
        send_text(session, line + 1, size - 1);
    else if (first == '/' || first == '@')
        run_line(session, line, size);
    else
        send_text(session, line, size);
}
