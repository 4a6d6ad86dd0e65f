/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/node_words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/mem.h"
#include "base/ut.h"

static bool refuse(const char *word, const char *why, char **error)
{
    char *quote = escape_quote(word);
    *error = mem_printf("%s %s", quote, why);
    free(quote);
    return false;
}

/* Takes the node off one word, in place; *node is "" where it names none. */
static bool take(char **word, const char **node, char **error)
{
    char *slash = strchr(*word, '/');
    *node = "";
    if (!slash)
        return true;
    *slash = '\0';
    const bool good = names_valid(*word) && slash[1] != '\0';
    *slash = good ? '\0' : '/';
    if (!good)
        return refuse(*word, "is no peer of a node: write NODE/PEER, such as berlin/3", error);
    *node = *word;
    *word = slash + 1;
    return true;
}

/* One after another; the first one says of which node all are. */
static bool add(struct node_words *words, UT_string *peers, char *word, char **error)
{
    const bool first = utstring_len(peers) == 0;
    const char *node;
    if (!take(&word, &node, error))
        return false;
    if (!first && strcmp(words->node, node) != 0)
        return refuse(word,
                      "is not of the same node as those before it: each names its node, "
                      "and a line is for one node",
                      error);
    snprintf(words->node, sizeof words->node, "%s", node);
    utstring_printf(peers, "%s%s", first ? "" : ",", word);
    return true;
}

bool node_words_read(struct node_words *words, const char *text, char **error)
{
    char *copy = mem_strdup(text), *rest = copy;
    UT_string peers;
    bool good = true;
    *words = (struct node_words){.peers = NULL};
    utstring_init(&peers);
    while (good && rest)
        good = add(words, &peers, strsep(&rest, ","), error);
    words->peers = mem_strdup(utstring_body(&peers));
    utstring_done(&peers);
    free(copy);
    return good;
}

void node_words_finish(struct node_words *words)
{
    free(words->peers);
}
