/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The encoding of characters: UTF-8, whatever the environment says. */
#ifndef TELEX_BASE_CHARSET_H
#define TELEX_BASE_CHARSET_H

#include <stdbool.h>

/*
 * Takes LC_CTYPE from the environment where that is UTF-8, else C.UTF-8, which is always there;
 * the environment is changed too, because readline looks into it again. All other categories
 * stay "C".
 */
void charset_init(void);

/* Whether the environment asked for UTF-8 itself: then our own marks need not be ASCII. */
bool charset_utf8(void);

#endif
