/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/terminal_pasted.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <readline/readline.h>

#include "base/mem.h"
#include "console/terminal_paste.h"
#include "console/terminal_screen.h"

/* readline's line is one, and so is what is pasted into it. */
static struct {
    struct terminal_screen *screen;
    struct terminal_pasted_hooks hooks;
    struct terminal_paste paste;
    char *rest;    /* what it left in the line being typed; NULL: nothing */
    bool dropping; /* what is left of it */
} pasted;

static void pasted_set_line(const char *text)
{
    rl_replace_line(text, 1);
    rl_point = rl_end;
    terminal_screen_changed(pasted.screen);
}

static void pasted_say(const char *text)
{
    pasted.hooks.say(pasted.hooks.context, text, strlen(text));
}

static void pasted_keep_line(void)
{
    pasted.dropping = !terminal_paste_add(&pasted.paste, rl_line_buffer, (size_t)rl_end);
    pasted_set_line("");
    if (pasted.dropping)
        pasted_say("error: a paste with commands and more than 1 MiB behind them: none of that "
                   "was run\n");
}

void terminal_pasted_line(void)
{
    if (terminal_paste_wants(&pasted.paste, rl_line_buffer, (size_t)rl_end))
        pasted_keep_line();
    else
        pasted.hooks.enter();
}

void terminal_pasted_end(void)
{
    UT_string text;
    pasted.dropping = false;
    if (pasted.paste.state != TERMINAL_PASTE_GATHERS)
        return;
    utstring_init(&text);
    pasted.rest = mem_strdup(rl_line_buffer);
    pasted_set_line("");
    terminal_paste_ask(&pasted.paste, &text);
    pasted_say(utstring_body(&text));
    utstring_done(&text);
}

bool terminal_pasted_ignores(void)
{
    return pasted.dropping || terminal_pasted_asks();
}

bool terminal_pasted_asks(void)
{
    return pasted.paste.state == TERMINAL_PASTE_ASKS;
}

void terminal_pasted_answer(char key)
{
    const bool yes = key == 'y' || key == 'Y';
    if (!yes && key != 'n' && key != 'N')
        return;
    terminal_paste_answer(&pasted.paste, yes);
    pasted_say(""); /* the prompt asks no more */
}

bool terminal_pasted_runs(void)
{
    return pasted.paste.state == TERMINAL_PASTE_RUNS;
}

static void pasted_drop_rest(void)
{
    free(pasted.rest);
    pasted.rest = NULL;
}

void terminal_pasted_run(void)
{
    const char *line = terminal_paste_next(&pasted.paste);
    pasted_set_line(line ? line : pasted.rest);
    if (line)
        pasted.hooks.enter();
    else
        pasted_drop_rest();
}

bool terminal_pasted_drop(void)
{
    const bool waited = pasted.paste.state != TERMINAL_PASTE_NONE;
    terminal_paste_drop(&pasted.paste);
    pasted_drop_rest();
    pasted.dropping = false;
    if (waited)
        pasted_say("");
    return waited;
}

void terminal_pasted_init(struct terminal_screen *screen,
                          const struct terminal_pasted_hooks *hooks)
{
    pasted.screen = screen;
    pasted.hooks = *hooks;
    terminal_paste_init(&pasted.paste);
}

void terminal_pasted_finish(void)
{
    terminal_pasted_drop();
    terminal_paste_finish(&pasted.paste);
}
