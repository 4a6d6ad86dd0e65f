/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long a line may stand: while nothing comes or goes, and after the far end's end. */
#ifndef TELEX_TRANSPORT_LINE_PATIENCE_H
#define TELEX_TRANSPORT_LINE_PATIENCE_H

#include <stdbool.h>
#include <stdint.h>

struct line;

/* It stands: idle time counts from now. */
void line_patience_begin(struct line *line);
/* The far end has ended its side: it closes after so long, microseconds. */
void line_patience_half_close(struct line *line, int64_t half_close);
/* It does not, but for its idle time. */
void line_patience_stay(struct line *line);
/* The idle time-out has changed. */
void line_patience_renew(struct line *line);
void line_patience_end(struct line *line);

#endif
