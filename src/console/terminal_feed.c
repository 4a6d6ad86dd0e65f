/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/terminal_feed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <readline/readline.h>

#include "base/utf8.h"
#include "console/terminal_keys.h"
#include "console/terminal_modes.h"
#include "console/terminal_paste_feed.h"
#include "console/terminal_screen.h"
#include "loop/inlet.h"
#include "loop/lines.h"
#include "loop/loop.h"
#include "loop/timeout.h"

enum {
    FEED_SHARE = 3000,           /* microseconds of a turn */
    FEED_READ = 4096,            /* bytes; a terminal gives no more at once */
    FEED_AHEAD = 16 * FEED_READ, /* that are read while nothing but Ctrl-Q is heeded */
    FEED_STOP = 'S' & 0x1f,
    FEED_START = 'Q' & 0x1f,
};

/* readline's callbacks carry no argument. */
static struct {
    struct terminal_screen *screen;
    struct terminal_feed_hooks hooks;
    struct loop *loop;
    struct inlet *inlet;    /* NULL until started */
    struct timeout *more;   /* keys are left for the next turn */
    struct timeout *settle; /* half a key that came is all there will be */
    struct terminal_keys keys;
    const char *key; /* what readline has not read of the present one */
    size_t size;
    uint64_t typed; /* keys */
    bool held;
    bool skipping; /* in what is left of a line that was too long */
} feed;

/* --- what readline asks --- */

static int feed_getc(FILE *stream)
{
    (void)stream;
    if (feed.size == 0)
        return EOF;
    feed.size--;
    return (unsigned char)*feed.key++;
}

static int feed_available(void)
{
    return feed.size > 0;
}

/* The mark of a paste, of which the beginning came so early that it was taken for a key. */
static int feed_late_paste(int count, int key)
{
    (void)count, (void)key;
    feed.keys.pasting = true;
    return 0;
}

/* --- the line --- */

static bool feed_paused(void)
{
    return feed.hooks.paused(feed.hooks.context);
}

static void feed_long_line(void)
{
    rl_replace_line("", 1);
    terminal_screen_changed(feed.screen);
    feed.skipping = true;
    feed.hooks.long_line(feed.hooks.context);
}

/* Whether the key is a character that goes into the line, and nothing else. */
static bool feed_is_plain(const char *bytes)
{
    bool command = rl_editing_mode == 0 && rl_get_keymap() == vi_movement_keymap;
    return (unsigned char)*bytes >= ' ' && *bytes != '\x7f' && !command &&
           !terminal_screen_busy();
}

/* What readline draws for a plain key is drawn once for all of them; a command finds the line
 * drawn as it is. */
static void feed_to_readline(const char *bytes, size_t size)
{
    terminal_screen_defer(feed.screen, feed_is_plain(bytes));
    feed.key = bytes;
    feed.size = size;
    while (feed.size > 0 && !feed_paused())
        rl_callback_read_char();
    feed.size = 0;
    if (rl_end > LINES_MAX)
        feed_long_line();
}

static bool feed_ends_line(const char *bytes)
{
    return *bytes == '\r' || *bytes == '\n';
}

/* In a search, readline would read on for what is missing of a character. */
static bool feed_is_whole(const char *bytes, size_t size)
{
    return utf8_valid(bytes, size) || !terminal_screen_busy();
}

static bool feed_freezes(char key)
{
    if (key != FEED_STOP && key != FEED_START)
        return false;
    feed.hooks.freeze(feed.hooks.context, key == FEED_STOP);
    return true;
}

static void feed_typed(const char *bytes, size_t size)
{
    if (feed_freezes(*bytes))
        return;
    feed.typed++;
    if (terminal_paste_feed_asks()) {
        terminal_paste_feed_answer(*bytes);
        return;
    }
    if (feed.skipping && feed_is_plain(bytes))
        return;
    bool skipped = feed.skipping && feed_ends_line(bytes);
    feed.skipping = false;
    if (!skipped && feed_is_whole(bytes, size))
        feed_to_readline(bytes, size);
}

/*
 * Ends whatever readline is in the middle of. Ctrl-G does where a search or a count has a
 * prompt of its own; from a search for a whole string, readline 8.2 forgets what belongs to it.
 */
static void feed_abandon(void)
{
    bool searching = RL_ISSTATE(RL_STATE_NSEARCH);
    if (terminal_screen_busy() && !searching)
        feed_to_readline("\a", 1);
    rl_callback_sigcleanup();
    if (!searching)
        return;
    rl_free_undo_list();
    rl_maybe_unsave_line();
    rl_restore_prompt();
    rl_clear_message();
}

static void feed_text(const char *bytes, size_t size)
{
    char text[TERMINAL_KEYS_TEXT_MAX + 1];
    if (feed.skipping || terminal_paste_feed_ignores())
        return;
    if ((size_t)rl_end + size > LINES_MAX) {
        feed_long_line();
        return;
    }
    memcpy(text, bytes, size);
    text[size] = '\0';
    rl_insert_text(text);
    terminal_screen_changed(feed.screen);
}

static void feed_enter(void)
{
    feed_to_readline("\n", 1);
}

static void feed_pasted_line(void)
{
    if (!feed.skipping && !terminal_paste_feed_ignores())
        terminal_paste_feed_line();
    feed.skipping = false;
}

static bool feed_next(bool settled)
{
    const char *bytes;
    size_t size;
    if (terminal_paste_feed_runs()) {
        terminal_paste_feed_run();
        return true;
    }
    switch (terminal_keys_next(&feed.keys, settled, &bytes, &size)) {
    case TERMINAL_KEYS_NONE:
        return false;
    case TERMINAL_KEYS_KEY:
        feed_typed(bytes, size);
        return true;
    case TERMINAL_KEYS_PASTE:
        feed_abandon(); /* text shall be just text */
        return true;
    case TERMINAL_KEYS_TEXT:
        feed_text(bytes, size);
        return true;
    case TERMINAL_KEYS_LINE:
        feed_pasted_line();
        return true;
    case TERMINAL_KEYS_PASTED:
        feed.skipping = false;
        terminal_paste_feed_end();
        return true;
    }
    return false;
}

/* --- turns --- */

static bool feed_holds(void)
{
    return feed.held || feed_paused();
}

static void feed_receive(void)
{
    char data[FEED_READ];
    int waiting = 0;
    if (ioctl(STDIN_FILENO, FIONREAD, &waiting) < 0 || waiting <= 0)
        return;
    size_t most = (size_t)waiting < sizeof data ? (size_t)waiting : sizeof data;
    ssize_t got = read(STDIN_FILENO, data, most);
    if (got > 0)
        terminal_keys_add(&feed.keys, data, (size_t)got);
}

/* What the terminal has sent, once readline has had all before it. */
static void feed_read(void)
{
    if (!terminal_keys_waiting(&feed.keys))
        feed_receive();
}

static bool feed_looks_ahead(void)
{
    return feed.screen->frozen && terminal_keys_size(&feed.keys) < FEED_AHEAD;
}

/* Keys wait, until what is to be shown has room: for that the display must go on. */
static void feed_look_ahead(void)
{
    if (feed.screen->frozen && feed_holds() && terminal_keys_hold(&feed.keys, FEED_START))
        feed.hooks.freeze(feed.hooks.context, false);
    terminal_feed_resume();
}

static void feed_run(bool settled)
{
    int64_t until = loop_clock() + FEED_SHARE;
    while (!feed_holds() && feed_next(settled) && loop_clock() < until)
        continue;
    terminal_screen_defer(feed.screen, false);
}

/* Microseconds until half a key is all there will be, which is for inputrc to say; 0: never. */
static long feed_settles(void)
{
    const char *value = rl_variable_value("keyseq-timeout");
    long milliseconds = value ? strtol(value, NULL, 10) : 0;
    return milliseconds > 0 && terminal_keys_unsettled(&feed.keys) ? milliseconds * 1000 : 0;
}

void terminal_feed_resume(void)
{
    if (!feed.inlet)
        return;
    bool left = terminal_keys_waiting(&feed.keys) || terminal_paste_feed_runs();
    long settles = feed_settles();
    inlet_hold(feed.inlet, (feed.held || left) && !feed_looks_ahead());
    timeout_stop(feed.settle);
    if (left && !feed_holds())
        timeout_set(feed.more, 0);
    else if (settles > 0)
        timeout_set(feed.settle, settles);
}

static void feed_turn(bool settled)
{
    feed_run(settled);
    feed_look_ahead();
}

static void feed_more_cb(void *context)
{
    (void)context;
    feed_turn(false);
}

static void feed_settle_cb(void *context)
{
    (void)context;
    feed_turn(true);
}

static void feed_ready(void *context)
{
    (void)context;
    if (terminal_modes_gone()) {
        feed.hooks.gone(feed.hooks.context);
        return;
    }
    if (feed_holds()) {
        if (feed_looks_ahead())
            feed_receive();
        feed_look_ahead();
        return;
    }
    feed_read();
    feed_turn(false);
}

void terminal_feed_clear(void)
{
    if (!RL_ISSTATE(RL_STATE_NSEARCH))
        feed_to_readline("\a", 1); /* half a command takes it */
    feed_abandon();
    rl_free_line_state();
    rl_replace_line("", 0);
}

void terminal_feed_hold(bool on)
{
    feed.held = on;
    terminal_feed_resume();
}

bool terminal_feed_interrupt(void)
{
    feed_read();
    if (!feed.keys.pasting && !terminal_paste_feed_asks())
        feed_run(true);
    bool dropped = terminal_paste_feed_drop() || feed.keys.pasting ||
                   terminal_keys_waiting(&feed.keys) || terminal_screen_busy();
    terminal_keys_drop(&feed.keys);
    feed.skipping = false;
    terminal_feed_resume();
    return dropped;
}

uint64_t terminal_feed_keys(void)
{
    return feed.typed;
}

/* --- life --- */

void terminal_feed_init(struct loop *loop, struct terminal_screen *screen,
                        const struct terminal_feed_hooks *hooks)
{
    const Keymap maps[] = {emacs_standard_keymap, vi_insertion_keymap, vi_movement_keymap};
    feed.loop = loop;
    feed.screen = screen;
    feed.hooks = *hooks;
    feed.more = timeout_create(loop, LOOP_PEERS, PART_PEERS, feed_more_cb, NULL);
    feed.settle = timeout_create(loop, LOOP_OPERATOR, PART_CONSOLE, feed_settle_cb, NULL);
    terminal_keys_init(&feed.keys);
    terminal_paste_feed_init(
        screen, &(struct terminal_paste_feed_hooks){
                    .enter = feed_enter, .say = hooks->say, .context = hooks->context});
    rl_getc_function = feed_getc;
    rl_input_available_hook = feed_available;
    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++)
        rl_bind_keyseq_in_map("\\e[200~", feed_late_paste, maps[i]);
}

void terminal_feed_start(void)
{
    static const struct inlet_callbacks callbacks = {.ready = feed_ready};
    if (feed.inlet)
        return;
    feed.inlet = inlet_create(feed.loop, STDIN_FILENO, &callbacks, NULL);
    terminal_feed_resume();
}

void terminal_feed_finish(void)
{
    inlet_destroy(feed.inlet);
    feed.inlet = NULL;
    timeout_destroy(feed.more);
    timeout_destroy(feed.settle);
    terminal_keys_finish(&feed.keys);
    terminal_paste_feed_finish();
}
