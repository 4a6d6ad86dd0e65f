/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/terminal_prompt.h"

#include <string.h>

#include "base/escape.h"
#include "console/console.h"
#include "console/directory.h"

static void prompt_target(UT_string *out, const struct console *console)
{
    const struct directory *directory = console->directory;
    const struct who who = directory->find(directory, console->session.target);
    char label[WHO_LABEL];
    if (who.number == 0)
        return;
    who_label(&who, label);
    ut_append(out, label, strlen(label));
}

void terminal_prompt_make(UT_string *out, const struct console *console)
{
    if (console->far_end)
        escape_bytes(out, console->far_end, strlen(console->far_end));
    else
        prompt_target(out, console);
    if (console->session.read_only)
        utstring_printf(out, "%s(read-only)", utstring_len(out) > 0 ? " " : "");
    utstring_printf(out, "> ");
}
