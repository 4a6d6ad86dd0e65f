/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "completion/completion.h"
#include "core/agents.h"
#include "server/endpoints.h"
#include "server/settings.h"

static void replies(UT_string *out)
{
    for (const char *const *each = agents_words; *each; each++)
        utstring_printf(out, " %s", *each);
}

/* Those of its operands, which are listened on. */
static void listening(UT_string *out)
{
    for (enum scheme each = 0; each < SCHEME_COUNT; each++)
        if (endpoints_can_listen(each))
            utstring_printf(out, " %s", schemes[each].prefix);
}

static const struct completion_argument own[] = {
    {"ENDPOINT", COMPLETION_ENDPOINT, listening},
    {"MODE", COMPLETION_WORDS, replies},
    {0},
};

static const struct completion telexd = {
    .name = "telexd",
    .options = settings_options,
    .own = own,
    .operands = {"ENDPOINT..."},
};

int main(int argc, char **argv)
{
    return completion_run(&telexd, argc, argv);
}
