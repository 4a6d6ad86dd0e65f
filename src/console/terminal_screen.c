/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/terminal_screen.h"

#include <stdlib.h>
#include <string.h>

#include <readline/readline.h>

#include "console/outlet.h"

static ssize_t screen_write(void *context, const char *data, size_t size)
{
    struct terminal_screen *screen = context;
    outlet_write(screen->outlet, data, size);
    return (ssize_t)size;
}

/*
 * readline would change the modes around each line, and wait until a stopped terminal has taken
 * its output: terminal_modes does it instead.
 */
static void screen_keep_modes(int meta)
{
    (void)meta;
}

static void screen_keep_modes_too(void)
{
}

void terminal_screen_init(struct terminal_screen *screen, struct outlet *outlet)
{
    cookie_io_functions_t functions = {.write = screen_write};
    *screen = (struct terminal_screen){.outlet = outlet};
    utstring_init(&screen->pending);
    screen->stream = fopencookie(screen, "w", functions);
    if (!screen->stream)
        mem_exhausted();
    rl_readline_name = "telex";
    rl_instream = stdin;
    rl_outstream = screen->stream;
    rl_catch_signals = 0;
    rl_catch_sigwinch = 0;
    rl_change_environment = 0;
    rl_prep_term_function = screen_keep_modes;
    rl_deprep_term_function = screen_keep_modes_too;
    rl_variable_bind("bell-style", "none"); /* inputrc may have it otherwise */
    rl_variable_bind("show-all-if-ambiguous", "on");
    rl_initialize();
    rl_variable_bind("enable-bracketed-paste", "off"); /* each line of a paste is a line */
    rl_tty_set_echoing(1);
}

void terminal_screen_finish(struct terminal_screen *screen)
{
    fclose(screen->stream);
    rl_outstream = stdout;
    utstring_done(&screen->pending);
    free(screen->prompt);
}

bool terminal_screen_busy(void)
{
    return RL_ISSTATE(RL_STATE_ISEARCH | RL_STATE_NSEARCH | RL_STATE_NUMERICARG |
                      RL_STATE_VIMOTION | RL_STATE_CHARSEARCH);
}

void terminal_screen_hide(struct terminal_screen *screen)
{
    if (!screen->shown)
        return;
    rl_clear_visible_line();
    fflush(screen->stream);
}

void terminal_screen_show(struct terminal_screen *screen)
{
    if (!screen->shown)
        return;
    rl_on_new_line();
    rl_redisplay();
    fflush(screen->stream);
}

void terminal_screen_draw(struct terminal_screen *screen, const char *prompt)
{
    UT_string *pending = &screen->pending;
    bool same = screen->prompt && strcmp(prompt, screen->prompt) == 0;
    bool renew = !same && !terminal_screen_busy();
    if (!renew && utstring_len(pending) == 0)
        return;
    terminal_screen_hide(screen);
    if (utstring_len(pending) > 0)
        outlet_write(screen->outlet, utstring_body(pending), utstring_len(pending));
    utstring_clear(pending);
    if (renew) {
        free(screen->prompt);
        screen->prompt = mem_strdup(prompt);
        rl_set_prompt(prompt);
    }
    terminal_screen_show(screen);
}
