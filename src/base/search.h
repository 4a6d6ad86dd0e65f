/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether bytes contain a text, whatever the case of its letters. */
#ifndef TELEX_BASE_SEARCH_H
#define TELEX_BASE_SEARCH_H

#include <stdbool.h>
#include <stddef.h>

/* A text to look for; may hold any bytes. Zeroed, it is found everywhere. */
struct search {
    char *text; /* its ASCII letters small; all other bytes are compared as they are */
    size_t size;
};

/* Copies the text, in place of another. */
void search_set(struct search *search, const void *text, size_t size);
void search_finish(struct search *search);
bool search_finds(const struct search *search, const void *data, size_t size);

#endif
