/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "framing/framing.h"

#include "base/words.h"

static const struct framing_ops *const framings[FRAMING_COUNT] = {
#define FRAMING_ENTRY(name, NAME) [FRAMING_##NAME] = &framing_##name,
    FRAMINGS(FRAMING_ENTRY, FRAMING_ENTRY)
#undef FRAMING_ENTRY
};

static const char *const words[] = {
#define FRAMING_WORD(name, NAME) #name,
    FRAMINGS(FRAMING_WORD, FRAMING_WORD)
#undef FRAMING_WORD
        NULL,
};

size_t framing_next(enum framing framing, const void *data, size_t size, bool end,
                    bool *partial)
{
    *partial = false;
    return size > 0 ? framings[framing]->cut(data, size, end, partial) : 0;
}

/* The words begin with the framing that follows FRAMING_UNSET. */
bool framing_parse(const char *word, enum framing *framing, char **error)
{
    int place = words_parse(words, "framing", word, error);
    if (place >= 0)
        *framing = (enum framing)(place + 1);
    return place >= 0;
}

const char *framing_name(enum framing framing)
{
    return words[framing == FRAMING_UNSET ? 0 : framing - 1];
}
