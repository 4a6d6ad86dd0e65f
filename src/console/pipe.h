/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The console on plain descriptors: lines in, text or JSON Lines out. */
#ifndef TELEX_CONSOLE_PIPE_H
#define TELEX_CONSOLE_PIPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct console;
struct console_settings;
struct loop;
struct pipe_console;

/* Hooks of whoever owns it; any may be NULL. They come from the loop and may destroy it. */
struct console_hooks {
    void *context;
    void (*end)(void *context);     /* input has ended */
    void (*leaving)(void *context); /* the operator said /quit */
    /* Of a pipe only: pipe_console_close is done. */
    void (*drained)(void *context);
    /* Of a pipe only: nobody reads any more. NULL: it goes on without output. */
    void (*broken)(void *context);
    /* Of a pipe only: its output is a file that takes nothing (errno), and skipped for now. */
    void (*refused)(void *context, int error);
    /* Of a pipe only: memory is short, and nobody holds more. NULL: it goes on. */
    void (*greedy)(void *context);
};

struct pipe_console *pipe_console_create(struct loop *loop, int in, int out,
                                         const struct console_settings *settings,
                                         const struct console_hooks *hooks);
/* Instead of settings->patience. */
void pipe_console_set_patience(struct pipe_console *pipe, int64_t microseconds);
/* Gives the reader settings->patience. Returns how many bytes it did not take. */
size_t pipe_console_destroy(struct pipe_console *pipe);
/* Starts to read input (it is created holding it, so that what must come first can). */
void pipe_console_start(struct pipe_console *pipe);
/* Says nothing more; hooks->drained is called when the reader has got what waits. */
void pipe_console_close(struct pipe_console *pipe);
/* Writes what the reader takes at once; returns how many bytes still wait. Calls no hook. */
size_t pipe_console_flush(struct pipe_console *pipe);
/* The errno that broke its output, or 0. */
int pipe_console_error(const struct pipe_console *pipe);
struct console *pipe_console_base(struct pipe_console *pipe);

#endif
