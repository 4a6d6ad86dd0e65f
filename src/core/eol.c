/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/eol.h"

#include "base/words.h"

const char *const eol_words[] = {"none", "lf", "crlf", "nul", NULL};

bool eol_parse(const char *word, enum eol *eol, char **error)
{
    int place = words_parse(eol_words, "eol", word, error);
    if (place >= 0)
        *eol = EOL_NONE + (enum eol)place;
    return place >= 0;
}

const char *eol_name(enum eol eol)
{
    return eol_words[eol - EOL_NONE];
}

const char *eol_bytes(enum eol eol, size_t *size)
{
    static const struct {
        const char *bytes;
        size_t size;
    } eols[] = {[EOL_NONE] = {"", 0},
                [EOL_LF] = {"\n", 1},
                [EOL_CRLF] = {"\r\n", 2},
                [EOL_NUL] = {"\0", 1}};
    *size = eols[eol].size;
    return eols[eol].bytes;
}
