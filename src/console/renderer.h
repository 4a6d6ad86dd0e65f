/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One of the two printers, text and JSON: appends whole lines to console->out. */
#ifndef TELEX_CONSOLE_RENDERER_H
#define TELEX_CONSOLE_RENDERER_H

#include <stdint.h>

struct console;
struct hub_event;
struct result;

struct renderer {
    void (*event)(struct console *console, const struct hub_event *event);
    void (*result)(struct console *console, const struct result *result);
    void (*error)(struct console *console, const char *command, const char *text);
    void (*target)(struct console *console); /* console->operator.target is new */
    void (*lost)(struct console *console, uint64_t messages, uint64_t events);
    void (*hello)(struct console *console, const char *version);
    /* Drops what is kept for a peer (0: for all) whose events were skipped. May be NULL. */
    void (*forget)(struct console *console, uint64_t peer);
};

extern const struct renderer render_text;
extern const struct renderer render_json;

#endif
