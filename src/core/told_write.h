/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is told, as JSON: telex-json(7). */
#ifndef TELEX_CORE_TOLD_WRITE_H
#define TELEX_CORE_TOLD_WRITE_H

struct json;
struct told;
struct where;

/* The members behind time and event. */
void told_write(struct json *json, const struct told *told);
/* Those that tell of a line; who is at the other end only an open tells. */
void told_write_where(struct json *json, const struct where *where);

#endif
