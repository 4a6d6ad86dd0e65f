/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/slips.h"

#include <string.h>

/* Words of so few letters are slips by one only. */
enum { SHORT = 4, MOST = 2 };

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Whether the letters before a and before b are each other's, the other way round. */
static bool are_swapped(const char *a, size_t i, const char *b, size_t j)
{
    return i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
}

/*
 * How many letters to add, drop, change or swap with the next one to make b of a: the optimal
 * string alignment. b has SLIPS_WORD_MAX at most.
 */
static size_t slips(const char *a, size_t a_size, const char *b, size_t b_size)
{
    size_t rows[3][SLIPS_WORD_MAX + 1]; /* of i, i - 1 and i - 2, in turns */
    for (size_t i = 0; i <= a_size; i++) {
        size_t *row = rows[i % 3];
        const size_t *above = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= b_size; j++) {
            row[j] = row[j - 1] + 1;
            if (i > 0)
                row[j] =
                    least(row[j], least(above[j] + 1, above[j - 1] + (a[i - 1] != b[j - 1])));
            if (are_swapped(a, i, b, j))
                row[j] = least(row[j], before[j - 2] + 1);
        }
    }
    return rows[a_size % 3][b_size];
}

size_t slips_most(size_t size)
{
    return (size <= SHORT ? 1 : MOST) + 1;
}

bool slips_nearer(const char *name, const char *word, size_t size, size_t *fewest)
{
    if (size > SLIPS_WORD_MAX)
        return false;
    const size_t count = slips(name, strlen(name), word, size);
    if (count >= *fewest)
        return false;
    *fewest = count;
    return true;
}
