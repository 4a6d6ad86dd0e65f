/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One of the two printers, text and JSON: appends whole lines to console->out. */
#ifndef TELEX_CONSOLE_RENDERER_H
#define TELEX_CONSOLE_RENDERER_H

#include <stdbool.h>
#include <stdint.h>

struct console;
struct hello;
struct result;
struct told;
struct who;

struct renderer {
    void (*event)(struct console *console, const struct told *told);
    void (*result)(struct console *console, const struct result *result);
    void (*error)(struct console *console, const char *command, const char *text);
    /* console->session.target is new, and called so; or none, and target_name perhaps away. */
    void (*target)(struct console *console, int64_t time, const struct who *peer);
    /* So many are missing: the console was not read; or kept no more, where they were asked
     * for. */
    void (*lost)(struct console *console, uint64_t messages, uint64_t events, bool gone);
    void (*hello)(struct console *console, const struct hello *hello);
    /* Drops what is kept for a peer (0: for all) whose events were skipped. May be NULL. */
    void (*forget)(struct console *console, uint64_t peer);
    /* Programs keep who is on the line by what they are told: of the coming and going of
     * peers they are told all, also of those whose messages are not shown. */
    bool tells_all_peers;
};

extern const struct renderer render_text;
extern const struct renderer render_json;

#endif
