/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/terminal_paste_feed.h"

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
    struct terminal_paste_feed_hooks hooks;
    struct terminal_paste paste;
    char *rest;    /* what it left in the line being typed; NULL: nothing */
    bool dropping; /* what is left of it */
} paste_feed;

static void paste_set_line(const char *text)
{
    rl_replace_line(text, 1);
    rl_point = rl_end;
    terminal_screen_changed(paste_feed.screen);
}

static void paste_say(const char *text)
{
    paste_feed.hooks.say(paste_feed.hooks.context, text, strlen(text));
}

static void paste_keep_line(void)
{
    paste_feed.dropping =
        !terminal_paste_add(&paste_feed.paste, rl_line_buffer, (size_t)rl_end);
    paste_set_line("");
    if (paste_feed.dropping)
        paste_say("error: a paste with commands and more than 1 MiB behind them: none of that "
                  "was run\n");
}

void terminal_paste_feed_line(void)
{
    if (terminal_paste_wants(&paste_feed.paste, rl_line_buffer, (size_t)rl_end))
        paste_keep_line();
    else
        paste_feed.hooks.enter();
}

void terminal_paste_feed_end(void)
{
    UT_string text;
    paste_feed.dropping = false;
    if (paste_feed.paste.state != TERMINAL_PASTE_GATHERS)
        return;
    utstring_init(&text);
    paste_feed.rest = mem_strdup(rl_line_buffer);
    paste_set_line("");
    terminal_paste_ask(&paste_feed.paste, &text);
    paste_say(utstring_body(&text));
    utstring_done(&text);
}

bool terminal_paste_feed_ignores(void)
{
    return paste_feed.dropping || terminal_paste_feed_asks();
}

bool terminal_paste_feed_asks(void)
{
    return paste_feed.paste.state == TERMINAL_PASTE_ASKS;
}

void terminal_paste_feed_answer(char key)
{
    const bool yes = key == 'y' || key == 'Y';
    if (!yes && key != 'n' && key != 'N')
        return;
    terminal_paste_answer(&paste_feed.paste, yes);
    paste_say(""); /* the prompt asks no more */
}

bool terminal_paste_feed_runs(void)
{
    return paste_feed.paste.state == TERMINAL_PASTE_RUNS;
}

static void paste_drop_rest(void)
{
    free(paste_feed.rest);
    paste_feed.rest = NULL;
}

void terminal_paste_feed_run(void)
{
    const char *line = terminal_paste_next(&paste_feed.paste);
    paste_set_line(line ? line : paste_feed.rest);
    if (line)
        paste_feed.hooks.enter();
    else
        paste_drop_rest();
}

bool terminal_paste_feed_drop(void)
{
    const bool waited = paste_feed.paste.state != TERMINAL_PASTE_NONE;
    terminal_paste_drop(&paste_feed.paste);
    paste_drop_rest();
    paste_feed.dropping = false;
    if (waited)
        paste_say("");
    return waited;
}

void terminal_paste_feed_init(struct terminal_screen *screen,
                              const struct terminal_paste_feed_hooks *hooks)
{
    paste_feed.screen = screen;
    paste_feed.hooks = *hooks;
    terminal_paste_init(&paste_feed.paste);
}

void terminal_paste_feed_finish(void)
{
    terminal_paste_feed_drop();
    terminal_paste_finish(&paste_feed.paste);
}
