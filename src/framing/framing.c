/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "framing/framing.h"

#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/words.h"

static const struct framing_ops *const framings[] = {
#define FRAMING_OPS(name, word, argument) &framing_##name,
    FRAMINGS(FRAMING_OPS, FRAMING_OPS)
#undef FRAMING_OPS
};

const char *const framing_words[] = {
#define FRAMING_WORD(name, word, argument) word,
    FRAMINGS(FRAMING_WORD, FRAMING_WORD)
#undef FRAMING_WORD
        NULL,
};

/* --- words --- */

/* The place of its framing; negative where there is none. */
static int find(const char *word)
{
    const size_t size = strcspn(word, ":") + (strchr(word, ':') != NULL);
    for (int i = 0; framing_words[i]; i++)
        if (strlen(framing_words[i]) == size && memcmp(framing_words[i], word, size) == 0)
            return i;
    return -1;
}

static bool unknown(const char *word, char **error)
{
    static const char *const forms[] = {
#define FRAMING_WORDS(name, word, argument) word argument,
        FRAMINGS(FRAMING_WORDS, FRAMING_WORDS)
#undef FRAMING_WORDS
            NULL};
    char *known = words_list(forms);
    fail_with(error, "unknown framing '%s': use %s", word, known);
    free(known);
    return false;
}

bool framing_parse(const char *word, struct framing *framing, char **error)
{
    const int place = find(word);
    const char *colon = strchr(word, ':');
    if (place < 0)
        return unknown(word, error);
    struct framing parsed = {.ops = framings[place]};
    if (parsed.ops->parse && !parsed.ops->parse(&parsed, colon ? colon + 1 : NULL, error))
        return false;
    if (strlen(word) > FRAMING_WORD_MAX) /* of leading zeros */
        return fail_with(error, "%s: is too long", word);
    memcpy(parsed.word, word, strlen(word));
    *framing = parsed;
    return true;
}

struct framing framing_of(const struct framing_ops *ops)
{
    struct framing framing;
    char *error = NULL;
    int place = 0;
    while (framings[place] != ops)
        place++;
    if (!framing_parse(framing_words[place], &framing, &error))
        abort(); /* its word has a colon: it is none of those */
    return framing;
}

const char *framing_argument(const struct framing *framing)
{
    const char *colon = strchr(framing->word, ':');
    return colon ? colon + 1 : "";
}

/* --- both ways --- */

struct framing_piece framing_cut(const struct framing *framing, struct framing_state *state,
                                 const struct framing_input *input)
{
    if (input->size == 0)
        return (struct framing_piece){0};
    struct framing_piece piece = framing->ops->cut(framing, state, input);
    piece.line = input->data;
    return piece;
}

bool framing_is_plain(const struct framing *framing)
{
    return !framing->ops->wrap;
}

bool framing_wrap(const struct framing *framing, const char *data, size_t size, UT_string *out,
                  char **error)
{
    if (!framing_is_plain(framing))
        return framing->ops->wrap(framing, data, size, out, error);
    ut_append(out, data, size);
    return true;
}

const char *framing_end(const struct framing *framing, size_t *size)
{
    *size = 0;
    return framing->ops->end ? framing->ops->end(framing, size) : "";
}
