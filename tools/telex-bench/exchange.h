/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One request and its answer, spelled out: what --send and --expect say. */
#ifndef TELEX_BENCH_EXCHANGE_H
#define TELEX_BENCH_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>

/* Some bytes; data is malloc'ed, NULL: none are given. */
struct exchange_text {
    char *data;
    size_t size;
};

struct exchange {
    struct exchange_text send;
    struct exchange_text expect;
};

/* text with C escapes ("PING\\r\\n"). False with *error (malloc'ed); an empty one is wrong. */
bool exchange_spell(const char *text, struct exchange_text *result, char **error);
void exchange_finish(struct exchange *exchange);

#endif
