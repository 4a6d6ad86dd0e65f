/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/terminal_prompt.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "command/operator_target.h"
#include "console/console.h"
#include "console/directory.h"
#include "console/text_cells.h"

static void prompt_target(UT_string *out, const struct console *console)
{
    const struct directory *directory = console->directory;
    const struct who who = directory->find(directory, console->session.target);
    char label[WHO_LABEL];
    if (operator_target_is_away(&console->session))
        utstring_printf(out, "%s (away)", console->session.target_name);
    if (who.number == 0 && utstring_len(out) == 0 && console->node)
        utstring_printf(out, "%s", console->node);
    if (who.number == 0)
        return;
    who_label(&who, label);
    ut_append(out, label, strlen(label));
}

/* Half of the row is for the line being typed. */
static void prompt_far_end(UT_string *out, const struct console *console)
{
    char *name = escape_string(console->far_end);
    text_cut(out, name, console->columns > 0 ? console->columns / 2 + 1 : UINT_MAX, true);
    free(name);
}

void terminal_prompt_make(UT_string *out, const struct console *console)
{
    if (console->far_end)
        prompt_far_end(out, console);
    else
        prompt_target(out, console);
    if (console->session.read_only)
        utstring_printf(out, "%s(read-only)", utstring_len(out) > 0 ? " " : "");
    utstring_printf(out, "> ");
}
