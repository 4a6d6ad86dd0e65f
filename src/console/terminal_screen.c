/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/terminal_screen.h"

#include <stdlib.h>
#include <string.h>

#include <readline/readline.h>

#include "base/cast.h"
#include "console/terminal_modes.h"
#include "loop/outlet.h"

enum { SCREEN_LINE_MAX = 4096 }; /* bytes that are drawn of the line */

/* The one that readline's callbacks, which carry no argument, are for. */
static struct terminal_screen *screen_present;

static ssize_t screen_write(void *context, const char *data, size_t size)
{
    struct terminal_screen *screen = CAST(terminal_screen, context);
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

/* --- the line --- */

static bool screen_within_character(const char *text, int at)
{
    return ((unsigned char)text[at] & 0xc0) == 0x80;
}

/* Where the part that is drawn begins: half of it is before the cursor, if there is so much. */
static int screen_part(const char *line, int end, int point)
{
    int from = point - SCREEN_LINE_MAX / 2;
    if (from > end - SCREEN_LINE_MAX)
        from = end - SCREEN_LINE_MAX;
    if (from < 0)
        from = 0;
    while (from < end && screen_within_character(line, from))
        from++;
    return from;
}

static int screen_put(char *part, int size, const char *text, int length)
{
    memcpy(part + size, text, (size_t)length);
    return size + length;
}

/* Draws a part of the line in its place: that costs as much as what is drawn. */
static void screen_draw_part(void (*draw)(void))
{
    static const char mark[] = "…";
    char part[SCREEN_LINE_MAX + 2 * sizeof mark];
    char *line = rl_line_buffer;
    int end = rl_end;
    int point = rl_point;
    int from = screen_part(line, end, point);
    int to = end - from > SCREEN_LINE_MAX ? from + SCREEN_LINE_MAX : end;
    while (to < end && screen_within_character(line, to))
        to--;
    int before = from > 0 ? screen_put(part, 0, mark, sizeof mark - 1) : 0;
    rl_point = before + point - from;
    rl_end = screen_put(part, before, line + from, to - from);
    if (to < end)
        rl_end = screen_put(part, rl_end, mark, sizeof mark - 1);
    part[rl_end] = '\0';
    rl_line_buffer = part;
    draw();
    rl_line_buffer = line;
    rl_end = end;
    rl_point = point;
}

static void screen_draw_by(void (*draw)(void))
{
    screen_present->stale = false;
    if (rl_end > SCREEN_LINE_MAX)
        screen_draw_part(draw);
    else
        draw();
}

static void screen_draw_line(void)
{
    screen_draw_by(rl_redisplay);
}

/* readline's wish after each key. */
static void screen_redisplay(void)
{
    if (screen_present->deferred)
        screen_present->stale = true;
    else
        screen_draw_line();
}

/* --- entering --- */

/*
 * In place of readline's accept-line, which goes to a new row at once: whether the line is to
 * stay there is seen later.
 */
static int screen_accept(int count, int key)
{
    int echoing = rl_tty_set_echoing(0);
    int result = rl_newline(count, key);
    rl_tty_set_echoing(echoing);
    screen_present->entered = true;
    return result;
}

static void screen_bind_accept(Keymap map)
{
    char **sequences = rl_invoking_keyseqs_in_map(rl_newline, map);
    for (char **each = sequences; each && *each; each++) {
        rl_bind_keyseq_in_map(*each, screen_accept, map);
        free(*each);
    }
    free(sequences);
}

bool terminal_screen_take_off(struct terminal_screen *screen)
{
    if (!screen->entered)
        return false;
    screen->entered = false;
    rl_clear_visible_line();
    fflush(screen->stream);
    return true;
}

void terminal_screen_leave(struct terminal_screen *screen)
{
    if (!screen->entered)
        return;
    screen->entered = false;
    rl_newline(1, '\n');
}

void terminal_screen_changed(struct terminal_screen *screen)
{
    screen->stale = true;
}

void terminal_screen_defer(struct terminal_screen *screen, bool on)
{
    screen->deferred = on;
    if (on || !screen->shown)
        return;
    if (screen->stale)
        screen_draw_line();
    fflush(screen->stream);
}

/* --- life --- */

/* Before inputrc is read, and where it may not say otherwise, after. */
static void screen_init_readline(struct terminal_screen *screen)
{
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
    rl_redisplay_function = screen_redisplay; /* before, there would be no terminfo for it */
    const char *wish = rl_variable_value("enable-bracketed-paste");
    screen->marks_pastes = wish && strcmp(wish, "on") == 0;
    rl_variable_bind("enable-bracketed-paste", "off"); /* readline would wait for its end */
    rl_tty_set_echoing(1);
    screen_bind_accept(emacs_standard_keymap);
    screen_bind_accept(vi_insertion_keymap);
    screen_bind_accept(vi_movement_keymap);
}

void terminal_screen_init(struct terminal_screen *screen, struct outlet *outlet)
{
    cookie_io_functions_t functions = {.write = screen_write};
    *screen = (struct terminal_screen){.outlet = outlet};
    CAST_INIT(terminal_screen, screen);
    utstring_init(&screen->pending);
    screen_present = screen;
    screen->stream = fopencookie(screen, "w", functions);
    if (!screen->stream)
        mem_exhausted();
    screen_init_readline(screen);
}

void terminal_screen_enter(struct terminal_screen *screen)
{
    terminal_modes_enter(screen->marks_pastes);
    if (screen->marks_pastes)
        outlet_write(screen->outlet, "\033[?2004h", 8);
}

void terminal_screen_finish(struct terminal_screen *screen)
{
    fclose(screen->stream);
    rl_outstream = stdout;
    rl_redisplay_function = rl_redisplay;
    screen_present = NULL;
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
    screen_draw_line();
    fflush(screen->stream);
}

void terminal_screen_resized(struct terminal_screen *screen)
{
    if (!screen->shown)
        return;
    rl_redisplay_function = rl_redisplay; /* for another it clears nothing */
    screen_draw_by(rl_resize_terminal);
    rl_redisplay_function = screen_redisplay;
    fflush(screen->stream);
}

void terminal_screen_draw(struct terminal_screen *screen, const char *prompt)
{
    UT_string *pending = &screen->pending;
    bool same = screen->prompt && strcmp(prompt, screen->prompt) == 0;
    bool renew = !same && !terminal_screen_busy();
    bool prints = !screen->frozen && utstring_len(pending) > 0;
    if (!renew && !prints)
        return;
    terminal_screen_leave(screen);
    terminal_screen_hide(screen);
    if (prints) {
        outlet_write(screen->outlet, utstring_body(pending), utstring_len(pending));
        utstring_clear(pending);
    }
    if (renew) {
        free(screen->prompt);
        screen->prompt = mem_strdup(prompt);
        rl_set_prompt(prompt);
    }
    terminal_screen_show(screen);
}
