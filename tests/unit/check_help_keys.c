/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/help_keys.h"

#include <string.h>

#include "check_main.h"
#include "core/program.h"

#define COMMON                                                              \
    "Keys: reply=none|echo|stamp, eol=none|lf|crlf|nul,\n"                  \
    "  framing=raw|line|nul|crlf|delimiter:HEX|fixed:N|\n"                  \
    "    length:TYPE[@OFFSET][+N or -N]|octet|mllp|stx|slip|cobs|modbus|\n" \
    "    gap:MS, view=text|hex|size|none, name=WORD, half-close=SECONDS,\n" \
    "  fault=KEY:VALUE,..."

#define OF_CALLS ", again=SECONDS"
#define OF_LISTENERS ", to=ENDPOINT|NAME"

static const struct key own_keys[] = {
    {"colour", KEY_EITHER, "red|green", NULL, NULL, KEY_LIVE},
    {"shade-of-it", KEY_CALL, "WORD", NULL, NULL, KEY_LIVE},
    {"number-of-coats", KEY_EITHER, "MANY", NULL, NULL, KEY_LIVE},
    {"to-be-found-at", KEY_EITHER, "SHELF", NULL, NULL, KEY_LIVE},
};
static const struct key_set own = {.keys = own_keys, .count = 4};

static const struct key_set *keys_of(enum scheme scheme)
{
    return scheme == SCHEME_UDP ? &own : NULL;
}

static void helps(enum key_use use, const struct program *program, const char *expected)
{
    char *help = help_keys("Do it.\n", use, program);
    ck_assert_str_eq(help, expected);
    free(help);
}

START_TEST(all_have_those_of_all)
{
    const struct program program = {0};
    helps(KEY_LISTEN, &program, "Do it.\n" COMMON OF_LISTENERS "\n");
    helps(KEY_CALL, &program, "Do it.\n" COMMON OF_CALLS "\n");
}
END_TEST

START_TEST(a_scheme_has_its_own)
{
    const struct program program = {.keys = keys_of};
    helps(KEY_LISTEN, &program,
          "Do it.\n" COMMON OF_LISTENERS
          "\nKeys of udp: colour=red|green, number-of-coats=MANY,\n"
          "  to-be-found-at=SHELF\n");
    helps(KEY_CALL, &program,
          "Do it.\n" COMMON OF_CALLS
          "\nKeys of udp: colour=red|green, shade-of-it=WORD, number-of-coats=MANY,\n"
          "  to-be-found-at=SHELF\n");
}
END_TEST

START_TEST(no_line_is_too_long)
{
    const struct program program = {.keys = keys_of};
    char *help = help_keys("", KEY_CALL, &program), *rest = help;
    while (rest)
        ck_assert_uint_le(strlen(strsep(&rest, "\n")), 72);
    free(help);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {all_have_those_of_all, a_scheme_has_its_own,
                                  no_line_is_too_long, NULL};
    return check_run("help_keys", tests);
}
