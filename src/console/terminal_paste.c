/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/terminal_paste.h"

#include <string.h>

#include "base/escape.h"

void terminal_paste_init(struct terminal_paste *paste)
{
    *paste = (struct terminal_paste){0};
    utstring_init(&paste->lines);
}

void terminal_paste_finish(struct terminal_paste *paste)
{
    utstring_done(&paste->lines);
}

void terminal_paste_drop(struct terminal_paste *paste)
{
    terminal_paste_finish(paste);
    terminal_paste_init(paste);
}

/* --- gathering --- */

bool terminal_paste_wants(const struct terminal_paste *paste, const char *line, size_t size)
{
    return paste->state == TERMINAL_PASTE_GATHERS || (size > 0 && *line == '/');
}

bool terminal_paste_add(struct terminal_paste *paste, const char *line, size_t size)
{
    if (utstring_len(&paste->lines) + size >= TERMINAL_PASTE_MAX) {
        terminal_paste_drop(paste);
        return false;
    }
    paste->state = TERMINAL_PASTE_GATHERS;
    ut_append(&paste->lines, line, size);
    ut_append(&paste->lines, "\n", 1);
    return true;
}

/* --- asking --- */

static void paste_show(UT_string *out, const char *line, size_t size)
{
    utstring_printf(out, "  ");
    escape_bytes(out, line, size);
    utstring_printf(out, "\n");
}

void terminal_paste_ask(struct terminal_paste *paste, UT_string *out)
{
    unsigned commands = 0;
    paste->state = TERMINAL_PASTE_ASKS;
    utstring_printf(out, "pasted, and not run yet:\n");
    for (const char *line = utstring_body(&paste->lines); *line;) {
        const size_t size = strcspn(line, "\n");
        if (*line == '/' && commands++ < TERMINAL_PASTE_SHOWN)
            paste_show(out, line, size);
        line += size + 1;
    }
    if (commands > TERMINAL_PASTE_SHOWN)
        utstring_printf(out, "  and %u more\n", commands - TERMINAL_PASTE_SHOWN);
    utstring_printf(out, "run %s? y or n\n", commands == 1 ? "it" : "them");
}

/* /to, however it is shortened. */
static bool paste_aims(const char *line, size_t size)
{
    return (size == 2 && line[1] == 't') || strncmp(line, "/t ", 3) == 0 ||
           strncmp(line, "/to", 3) == 0;
}

static void paste_refuse(struct terminal_paste *paste)
{
    UT_string kept;
    utstring_init(&kept);
    for (const char *line = utstring_body(&paste->lines); *line;) {
        const size_t size = strcspn(line, "\n");
        if (*line == '/' && paste_aims(line, size))
            break;
        if (*line != '/')
            ut_append(&kept, line, size + 1);
        line += size + 1;
    }
    utstring_done(&paste->lines);
    paste->lines = kept;
}

void terminal_paste_answer(struct terminal_paste *paste, bool yes)
{
    if (!yes)
        paste_refuse(paste);
    paste->state = TERMINAL_PASTE_RUNS;
}

const char *terminal_paste_next(struct terminal_paste *paste)
{
    if (paste->taken == utstring_len(&paste->lines)) {
        terminal_paste_drop(paste);
        return NULL;
    }
    char *line = utstring_body(&paste->lines) + paste->taken;
    const size_t size = strcspn(line, "\n");
    line[size] = '\0';
    paste->taken += size + 1;
    return line;
}
