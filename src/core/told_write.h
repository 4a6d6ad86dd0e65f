/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is told, as JSON: telex-json(7). */
#ifndef TELEX_CORE_TOLD_WRITE_H
#define TELEX_CORE_TOLD_WRITE_H

#include <stdbool.h>

struct card;
struct json;
struct origin_card;
struct told;

/* The members behind time and event. Without data, of a message only its size. */
void told_write(struct json *json, const struct told *told, bool data);
/* An object; key NULL in a list. */
void told_write_card(struct json *json, const char *key, const struct card *card);
void told_write_origin(struct json *json, const struct origin_card *card);

#endif
