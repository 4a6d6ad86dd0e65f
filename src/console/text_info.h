/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All about one peer, a line for each thing: the answer to /info. */
#ifndef TELEX_CONSOLE_TEXT_INFO_H
#define TELEX_CONSOLE_TEXT_INFO_H

#include "base/ut.h"

struct console;
struct fault_card;
struct result;
struct transfer_progress;

/* Appends a RESULT_PEER to console->out. */
void text_info(struct console *console, const struct result *result);
/* How much of a file on its way is sent. */
unsigned text_info_percent(const struct transfer_progress *file);
/* "latency=200; 17 messages, 3 lost" */
void text_info_fault(UT_string *out, const struct fault_card *fault);

#endif
