/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What came of a run: the table for people, the JSON object for programs. */
#ifndef TELEX_BENCH_REPORT_H
#define TELEX_BENCH_REPORT_H

struct run;

/*
 * Prints it on stdout, and on stderr what went wrong, a line each. Returns the program's exit
 * status: 1 where bytes came back wrong, a connection broke or a stream brought nothing back.
 */
int report_print(const struct run *run);

#endif
