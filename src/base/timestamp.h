/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A time as RFC 3339 writes it. */
#ifndef TELEX_BASE_TIMESTAMP_H
#define TELEX_BASE_TIMESTAMP_H

#include <stdbool.h>
#include <stdint.h>

/*
 * "2026-01-02T03:04:05.000006Z", "2026-01-02T05:04:05+02:00": microseconds since the epoch,
 * of the years 1900 to 9900. What is finer than that is cut off.
 */
bool timestamp_parse(const char *text, int64_t *microseconds);

#endif
