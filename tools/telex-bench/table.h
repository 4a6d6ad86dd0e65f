/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report for people. */
#ifndef TELEX_BENCH_TABLE_H
#define TELEX_BENCH_TABLE_H

#include <stddef.h>
#include <stdint.h>

struct figures;
struct run;

enum { TABLE_TEXT = 32 };

/* Prints it on stdout. */
void table_print(const struct run *run, const struct figures *figures);

/* A whole number with its thousands apart: "1,234,567". */
void table_count(uint64_t count, char text[TABLE_TEXT]);

/* A time in the unit that suits it, with three digits: "87.4 µs", "1.09 ms", "2.50 s". */
void table_time(double microseconds, char text[TABLE_TEXT]);

#endif
