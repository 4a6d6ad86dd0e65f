/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/selection.h"

#include <fnmatch.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/mem.h"
#include "base/ut.h"
#include "core/names.h"

/* Bytes: a name has no more. */
enum { PATTERN_MAX = 32 };

enum kind { PEER_NUMBER, PEER_NAME, PEER_PATTERN, LISTENER_NUMBER, LISTENER_NAME };

struct selected {
    enum kind kind;
    uint64_t number;
    struct selected *prev, *next;
    char node[PATTERN_MAX + 1]; /* of that name, or of one like that; "": of any */
    char word[];                /* without the colon of a listener */
};

/* --- words --- */

bool selection_is_open(const char *word)
{
    return strpbrk(word, "*?:") != NULL;
}

/* A name in which some letters are * or ?, so that fnmatch(3) finds no other signs in it. */
static bool is_pattern(const char *word)
{
    static const char wild[] = "*?";
    static const char others[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-*?";
    const size_t size = strlen(word);
    return size <= PATTERN_MAX && strpbrk(word, wild) && strspn(word, others) == size;
}

static bool read_listener(const char *word, enum kind *kind, uint64_t *number)
{
    *kind = who_parse_number(word, UINT64_MAX, number) ? LISTENER_NUMBER : LISTENER_NAME;
    return *kind == LISTENER_NUMBER || names_valid(word);
}

static bool read_peer(const char *word, enum kind *kind, uint64_t *number)
{
    *kind = who_parse_number(word, UINT64_MAX, number) ? PEER_NUMBER
            : is_pattern(word)                         ? PEER_PATTERN
                                                       : PEER_NAME;
    return *kind != PEER_NAME || names_valid(word);
}

static char *not_selected(const char *word)
{
    char *quote = escape_quote(word);
    char *error = mem_printf("%s is no peer: write a number, a name, a pattern of names "
                             "(boil*), or a listener with a colon (meters:)",
                             quote);
    free(quote);
    return error;
}

/* Takes "berlin/" off the word. What is no node stays, and is no peer either. */
static char *take_node(char *word, char *node)
{
    char *slash = strchr(word, '/');
    if (!slash)
        return word;
    *slash = '\0';
    const bool good = names_valid(word) || is_pattern(word);
    if (good)
        memcpy(node, word, strlen(word) + 1);
    *slash = '/';
    return good ? slash + 1 : word;
}

/* The word without its colon is cut off in place. */
static struct selected *create(char *word, bool nodes, char **error)
{
    char node[PATTERN_MAX + 1] = "", *whole = word;
    if (nodes)
        word = take_node(word, node);
    const size_t size = strlen(word);
    const bool listener = size > 0 && word[size - 1] == ':';
    struct selected *selected = mem_zalloc(sizeof *selected + size + 1);
    if (listener)
        word[size - 1] = '\0';
    memcpy(selected->word, word, strlen(word));
    memcpy(selected->node, node, sizeof node);
    if (listener ? read_listener(word, &selected->kind, &selected->number)
                 : read_peer(word, &selected->kind, &selected->number))
        return selected;
    if (listener)
        word[size - 1] = ':';
    *error = not_selected(whole);
    free(selected);
    return NULL;
}

static bool is_same(const struct selected *one, const struct selected *other)
{
    return one->kind == other->kind && one->number == other->number &&
           strcmp(one->node, other->node) == 0 &&
           (one->number > 0 || strcmp(one->word, other->word) == 0);
}

/* Takes it over; drops it where it is there already. */
static void add(struct selection *selection, struct selected *selected)
{
    const struct selected *each;
    DL_FOREACH(selection->words, each) {
        if (!is_same(each, selected))
            continue;
        free(selected);
        return;
    }
    DL_APPEND(selection->words, selected);
    selection->count++;
}

/* --- all of them --- */

static void merge(struct selection *selection, struct selection *more)
{
    struct selected *each, *next;
    DL_FOREACH_SAFE(more->words, each, next) {
        DL_DELETE(more->words, each);
        add(selection, each);
    }
    *more = (struct selection){.nodes = more->nodes};
}

static bool read(struct selection *selection, const char *words, char **error)
{
    char *copy = mem_strdup(words), *rest = copy;
    struct selected *selected;
    do {
        selected = create(strsep(&rest, ","), selection->nodes, error);
        if (selected)
            add(selection, selected);
    } while (selected && rest);
    free(copy);
    return selected != NULL;
}

bool selection_add(struct selection *selection, const char *words, char **error)
{
    struct selection more = {.nodes = selection->nodes};
    bool good = read(&more, words, error);
    if (good && selection->count + more.count > SELECTION_MAX) {
        *error = mem_printf("too many: there is room for %d words", SELECTION_MAX);
        good = false;
    }
    if (good)
        merge(selection, &more);
    selection_finish(&more);
    return good;
}

void selection_finish(struct selection *selection)
{
    struct selected *each, *next;
    DL_FOREACH_SAFE(selection->words, each, next) {
        free(each);
    }
    *selection = (struct selection){.nodes = selection->nodes};
}

/* --- asking --- */

static bool is_called(const struct who *who, const char *name)
{
    return who->name && strcmp(who->name, name) == 0;
}

/* A peer without a name is in "*" alone. */
static bool is_like(const struct who *who, const char *pattern)
{
    return fnmatch(pattern, who->name ? who->name : "", FNM_CASEFOLD) == 0;
}

static bool is_at(const struct who *peer, const char *node)
{
    return *node == '\0' || (peer->node && fnmatch(node, peer->node, 0) == 0);
}

static bool means(const struct selected *selected, const struct who *peer,
                  const struct who *listener)
{
    if (!is_at(peer, selected->node))
        return false;
    switch (selected->kind) {
    case PEER_NUMBER:
        return who_number(peer->number) == selected->number;
    case PEER_NAME:
        return is_called(peer, selected->word);
    case PEER_PATTERN:
        return is_like(peer, selected->word);
    case LISTENER_NUMBER:
        return listener->number == selected->number;
    case LISTENER_NAME:
        return is_called(listener, selected->word);
    }
    return false;
}

bool selection_has(const struct selection *selection, const struct who *peer,
                   const struct who *listener)
{
    const struct selected *each;
    DL_FOREACH(selection->words, each) {
        if (means(each, peer, listener))
            return true;
    }
    return false;
}

bool selection_equals(const struct selection *one, const struct selection *other)
{
    const struct selected *left = one->words, *right = other->words;
    for (; left && right; left = left->next, right = right->next)
        if (!is_same(left, right))
            return false;
    return !left && !right;
}

uint64_t selection_highest(const struct selection *selection)
{
    uint64_t highest = 0;
    const struct selected *each;
    DL_FOREACH(selection->words, each) {
        if (each->kind == PEER_NUMBER && each->number > highest)
            highest = each->number;
    }
    return highest;
}

bool selection_drop_numbers(struct selection *selection)
{
    const unsigned before = selection->count;
    struct selected *each, *next;
    DL_FOREACH_SAFE(selection->words, each, next) {
        if (each->kind != PEER_NUMBER)
            continue;
        DL_DELETE(selection->words, each);
        selection->count--;
        free(each);
    }
    return selection->count < before;
}

static void print(const struct selected *selected, UT_string *out)
{
    const bool listener = selected->kind == LISTENER_NUMBER || selected->kind == LISTENER_NAME;
    utstring_printf(out, "%s%s%s", utstring_len(out) > 0 ? "," : "", selected->node,
                    *selected->node ? "/" : "");
    if (selected->number > 0)
        utstring_printf(out, "%" PRIu64, selected->number);
    else
        utstring_printf(out, "%s", selected->word);
    utstring_printf(out, "%s", listener ? ":" : "");
}

char *selection_text(const struct selection *selection)
{
    UT_string text;
    const struct selected *each;
    utstring_init(&text);
    DL_FOREACH(selection->words, each)
        print(each, &text);
    return utstring_body(&text);
}

char *selection_absent(const struct selection *selection,
                       bool (*is_here)(void *context, const char *name), void *context)
{
    UT_string text;
    const struct selected *each;
    utstring_init(&text);
    DL_FOREACH(selection->words, each)
        if (each->kind == PEER_NAME && *each->node == '\0' && !is_here(context, each->word))
            print(each, &text);
    if (utstring_len(&text) > 0)
        return utstring_body(&text);
    utstring_done(&text);
    return NULL;
}
