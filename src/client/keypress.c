/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/keypress.h"

#include <unistd.h>

enum { PREFIX = 0x14 /* Ctrl-T */ };

static const struct {
    char key;
    const char *text;
} wishes[] = {[KEYPRESS_NOTHING] = {PREFIX, "send Ctrl-T"},
#define KEYPRESS_WISH(name, letter, words) [KEYPRESS_##name] = {letter, words},
              KEYPRESS_LIST(KEYPRESS_WISH)
#undef KEYPRESS_WISH
};

enum { WISHES = sizeof wishes / sizeof *wishes };

/* --- the terminal --- */

void keypress_set(struct keypress *keypress, bool on)
{
    struct termios *former = &keypress->former, raw;
    if (on == keypress->taken || (on && tcgetattr(STDIN_FILENO, former) < 0))
        return;
    raw = *former;
    cfmakeraw(&raw);
    raw.c_oflag = former->c_oflag;
    keypress->taken = tcsetattr(STDIN_FILENO, TCSANOW, on ? &raw : former) == 0 && on;
}

/* --- keys --- */

static enum keypress_wish wish_of(char key)
{
    for (int wish = KEYPRESS_NOTHING + 1; wish < WISHES; wish++)
        if (wishes[wish].key == key)
            return (enum keypress_wish)wish;
    return KEYPRESS_HELP;
}

size_t keypress_take(struct keypress *keypress, const char *data, size_t size, UT_string *out,
                     enum keypress_wish *wish)
{
    *wish = KEYPRESS_NOTHING;
    for (size_t i = 0; i < size; i++) {
        const bool is_prefix = data[i] == PREFIX;
        if (is_prefix == keypress->prefixed)
            utstring_bincpy(out, &data[i], 1);
        else if (keypress->prefixed)
            *wish = wish_of(data[i]);
        keypress->prefixed = is_prefix && !keypress->prefixed;
        if (*wish != KEYPRESS_NOTHING)
            return i + 1;
    }
    return size;
}

char *keypress_help(void)
{
    UT_string text;
    utstring_init(&text);
    utstring_printf(&text, "Ctrl-T and");
    for (int wish = KEYPRESS_NOTHING + 1; wish < WISHES; wish++)
        utstring_printf(&text, " %c: %s,", wishes[wish].key, wishes[wish].text);
    utstring_printf(&text, " Ctrl-T: %s", wishes[KEYPRESS_NOTHING].text);
    return utstring_body(&text);
}
