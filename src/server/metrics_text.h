/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The figures of /stats in Prometheus' text format, version 0.0.4. */
#ifndef TELEX_SERVER_METRICS_TEXT_H
#define TELEX_SERVER_METRICS_TEXT_H

#include "base/ut.h"

struct hub;

#define METRICS_TEXT_TYPE "text/plain; version=0.0.4; charset=utf-8"

/* Appends all of them: telex_<figure>, a counter with _total behind it. */
void metrics_text(const struct hub *hub, UT_string *out);

#endif
