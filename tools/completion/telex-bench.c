/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "completion/completion.h"
#include "telex-bench/mode.h"
#include "telex-bench/settings.h"
#include "telex-bench/target.h"

/* Once each, though streams and datagrams have modes of the same name. */
static void modes(UT_string *out)
{
#define MODE_WORD(mode)                                                \
    if (!mode_##mode.datagrams || !mode_find(mode_##mode.name, false)) \
        utstring_printf(out, " %s", mode_##mode.name);
    MODES(MODE_WORD)
#undef MODE_WORD
}

static void endpoints(UT_string *out)
{
    for (enum scheme each = 0; each < SCHEME_COUNT; each++)
        if (target_is_possible(each))
            utstring_printf(out, " %s", schemes[each].prefix);
}

static const struct completion_argument own[] = {
    {"ENDPOINT", COMPLETION_ENDPOINT, endpoints},
    {"MODE", COMPLETION_WORDS, modes},
    {0},
};

static const struct completion telex_bench = {
    .name = "telex-bench",
    .options = settings_options,
    .own = own,
    .operands = {"ENDPOINT"},
};

int main(int argc, char **argv)
{
    return completion_run(&telex_bench, argc, argv);
}
