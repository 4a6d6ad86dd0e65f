/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pieces of the lines that people read. Whatever comes from outside goes through text_safe or
 * base/escape, so that no peer can move the cursor, forge a line or colour the screen.
 */
#ifndef TELEX_CONSOLE_TEXT_LINE_H
#define TELEX_CONSOLE_TEXT_LINE_H

#include <stdint.h>

#include "base/ut.h"

struct console;
struct where;
struct who;

enum text_style { TEXT_NORMAL, TEXT_DIM, TEXT_STRONG, TEXT_NOTICE, TEXT_ERROR, TEXT_STYLES };

/* Begins and ends a style; nothing where the console has no colours. */
void text_style(struct console *console, enum text_style style);
void text_style_end(struct console *console);

/* text as it is: our own words. */
void text_plain(UT_string *out, const char *text);
/* text, escaped for safe display. */
void text_safe(UT_string *out, const char *text);
/* "#3" or "#3 boiler"; of a node "berlin/3" or "berlin/boiler". */
void text_peer(UT_string *out, const struct who *peer);
/* By name alone, or else by number: "boiler" or "#3", "berlin/boiler" or "berlin/3". */
void text_peer_short(UT_string *out, const struct who *peer);
/* Without its name. */
void text_peer_number(UT_string *out, const struct who *peer);
/* The far end's address, without its scheme, which stands before it; of who has credentials,
 * those: it is who, not where. Of a program its command, and then which process that is. */
void text_remote(UT_string *out, const struct where *where);
/* "listener 1" or "listener 1 (front-door)". */
void text_listener(UT_string *out, const struct who *listener);
/* "1,234,567" */
void text_number(UT_string *out, uint64_t number);
/* "1 byte", "1,234 bytes" */
void text_count(UT_string *out, uint64_t number, const char *one, const char *many);
/* "0.25 s", "12 s", "3 min 5 s", "2 h 10 min", "4 d 3 h" from microseconds. */
void text_duration(UT_string *out, int64_t duration);

#endif
