/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/nodes_line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/ut.h"
#include "client/node_words.h"

static void set_text(struct nodes_line *line, const char *text, size_t size)
{
    char *before = line->text; /* text may stand in it */
    line->text = mem_strndup(text, size);
    line->size = size;
    free(before);
}

static void fail(struct nodes_line *line, char *error)
{
    free(line->error);
    line->error = error;
    line->kind = NODES_LINE_WRONG;
}

/* --- the words that name peers --- */

/*
 * Takes the node off the word of so many bytes at that place of the text. A line for peers of
 * two nodes is for nobody.
 */
static bool take_node(struct nodes_line *line, size_t start, size_t length)
{
    struct node_words words;
    char *error = NULL, *word = mem_strndup(line->text + start, length);
    bool good = node_words_read(&words, word, &error);
    if (good && *line->node && strcmp(line->node, words.node) != 0) {
        error = mem_printf("both peers are to be of one node: write %s/%s", line->node,
                           words.peers);
        good = false;
    }
    if (good) {
        UT_string text;
        utstring_init(&text);
        utstring_bincpy(&text, line->text, start);
        utstring_bincpy(&text, words.peers, strlen(words.peers));
        utstring_bincpy(&text, line->text + start + length, line->size - start - length);
        set_text(line, utstring_body(&text), utstring_len(&text));
        utstring_done(&text);
        snprintf(line->node, sizeof line->node, "%s", words.node);
    } else {
        fail(line, error);
    }
    node_words_finish(&words);
    free(word);
    return good;
}

static size_t word_length(const struct nodes_line *line, size_t start)
{
    size_t end = start;
    while (end < line->size && line->text[end] != ' ' && line->text[end] != '\t')
        end++;
    return end - start;
}

/* Where the argument of that index stands, behind the command's name; the size: nowhere. */
static size_t find_word(const struct nodes_line *line, unsigned index)
{
    size_t at = word_length(line, 0);
    for (;; index--) {
        while (at < line->size && (line->text[at] == ' ' || line->text[at] == '\t'))
            at++;
        if (index == 0)
            return at;
        at += word_length(line, at);
    }
}

static bool names_peers(enum argument_kind kind)
{
    return kind == ARGUMENT_PEER || kind == ARGUMENT_PEERS || kind == ARGUMENT_FOCUS ||
           kind == ARGUMENT_LISTENER;
}

static bool is_find(const struct nodes_line *line, size_t at)
{
    return line->read.command == &cmd_find && line->text[at] == '@';
}

/* --- kinds of lines --- */

/* Whoever ends its lines with CR LF means no more by it. */
static size_t trimmed(const struct nodes_line *line)
{
    size_t size = line->size;
    while (size > 0 && strchr(" \t\r", line->text[size - 1]))
        size--;
    return size;
}

/* @PEERS TEXT, or @PEER alone. */
static void read_at(struct nodes_line *line)
{
    const size_t whole = word_length(line, 0), end = trimmed(line);
    const size_t length = whole < end ? whole : end;
    if (length < 2) {
        fail(line, mem_strdup("whom? @NODE/PEER TEXT, such as @berlin/3 hello"));
        return;
    }
    const bool alone = length >= trimmed(line);
    line->kind = alone ? NODES_LINE_TARGET : NODES_LINE_PEERS;
    if (take_node(line, 1, length - 1) && alone)
        set_text(line, line->text + 1, trimmed(line) - 1);
}

/* What changes nothing may be asked of all, but not about one whom it names. */
static void read_arguments(struct nodes_line *line)
{
    const struct command *command = line->read.command;
    bool named = false;
    unsigned count = 0;
    for (size_t at; count < command->max_words && (at = find_word(line, count)) < line->size;
         count++) {
        const bool asks = is_find(line, at), names = asks || names_peers(command->kinds[count]);
        if (names && !take_node(line, at + asks, word_length(line, at) - asks))
            return;
        named |= names;
    }
    if (count < command->min_words)
        fail(line, mem_printf("something is missing: write /%s %s", command->name,
                              command->arguments));
    else if (command->read_only && (!named || command == &cmd_peers || *line->node))
        line->kind = NODES_LINE_ASKS;
    else
        line->kind = named ? NODES_LINE_PEERS : NODES_LINE_NODE;
}

static void read_target(struct nodes_line *line)
{
    const size_t at = find_word(line, 0);
    line->kind = NODES_LINE_TARGET;
    if (at >= trimmed(line))
        fail(line, mem_strdup("something is missing: write /to NODE/PEER"));
    else if (take_node(line, at, trimmed(line) - at))
        set_text(line, line->text + at, trimmed(line) - at);
}

static void read_command(struct nodes_line *line)
{
    const struct command *command = line->read.command;
    if (!command)
        fail(line, line->read.error ? mem_strdup(line->read.error)
                                    : mem_strdup("a NUL byte may stand in a text only"));
    else if (command == &cmd_to)
        read_target(line);
    else if (command->console_only || command == &cmd_help)
        line->kind = NODES_LINE_HERE;
    else
        read_arguments(line);
}

void nodes_line_read(struct nodes_line *line, const struct command *const *commands,
                     const char *typed, size_t size)
{
    const char first = size > 0 ? typed[0] : '\0', second = size > 1 ? typed[1] : '\0';
    const bool escaped = first == '/' && (second == '/' || second == '@');
    *line = (struct nodes_line){.kind = NODES_LINE_TEXT};
    command_read(&line->read, commands, typed, size);
    set_text(line, typed + escaped, size - escaped);
    if (size == 0)
        line->kind = NODES_LINE_EMPTY;
    else if (first == '@')
        read_at(line);
    else if (first == '/' && !escaped)
        read_command(line);
}

void nodes_line_finish(struct nodes_line *line)
{
    command_read_finish(&line->read);
    free(line->text);
    free(line->error);
}
