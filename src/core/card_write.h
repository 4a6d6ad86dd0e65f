/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cards as JSON: telex-json(7). */
#ifndef TELEX_CORE_CARD_WRITE_H
#define TELEX_CORE_CARD_WRITE_H

struct card;
struct json;
struct origin_card;

/* An object; key NULL in a list. */
void card_write(struct json *json, const char *key, const struct card *card);
void card_write_origin(struct json *json, const struct origin_card *card);

#endif
