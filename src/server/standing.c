/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/standing.h"

#include <stdlib.h>

#include "base/mem.h"

void standing_add(struct standing *standing, const char *text, const char *place,
                  unsigned number)
{
    const size_t count = standing->count++;
    standing->entries = mem_resize(standing->entries, (count + 1) * sizeof *standing->entries);
    standing->entries[count] = (struct standing_entry){
        .text = mem_strdup(text), .place = mem_strdup(place), .number = number};
}

void standing_finish(struct standing *standing)
{
    for (size_t i = 0; i < standing->count; i++) {
        free(standing->entries[i].text);
        free(standing->entries[i].place);
    }
    free(standing->entries);
    *standing = (struct standing){0};
}
