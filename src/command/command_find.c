/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which command a name means; and where none, which may have been meant. */
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/mem.h"
#include "base/slips.h"
#include "base/ut.h"
#include "command/command.h"

/* What other programs call it, and what the others know of it. */
static const struct {
    const char *habit, *name;
} habits[] = {
    {"?", "help"},          {"bind", "listen"},      {"broadcast", "say"},
    {"bye", "quit"},        {"call", "connect"},     {"clients", "peers"},
    {"dial", "connect"},    {"disconnect", "close"}, {"drop", "close"},
    {"echo", "reply"},      {"exit", "quit"},        {"filter", "only"},
    {"hex", "view"},        {"history", "show"},     {"ignore", "mute"},
    {"kick", "close"},      {"kill", "close"},       {"list", "peers"},
    {"log", "show"},        {"logout", "quit"},      {"loop", "every"},
    {"ls", "peers"},        {"man", "help"},         {"msg", "send"},
    {"names", "peers"},     {"nick", "name"},        {"open", "connect"},
    {"ports", "listeners"}, {"rename", "name"},      {"repeat", "every"},
    {"search", "find"},     {"select", "to"},        {"sessions", "consoles"},
    {"status", "stats"},    {"stop", "shutdown"},    {"switch", "to"},
    {"target", "to"},       {"tell", "send"},        {"upload", "file"},
    {"use", "to"},          {"users", "consoles"},   {"wall", "say"},
    {"watch", "every"},     {"who", "peers"},        {"whois", "info"},
    {"write", "send"},
};

static const struct command *find(const struct command *const *commands, const char *name)
{
    while (*commands && strcmp((*commands)->name, name) != 0)
        commands++;
    return *commands;
}

static const struct command *find_habit(const struct command *const *commands, const char *name)
{
    for (size_t i = 0; i < sizeof habits / sizeof *habits; i++)
        if (strcmp(habits[i].habit, name) == 0)
            return find(commands, habits[i].name);
    return NULL;
}

static const struct command *find_nearest(const struct command *const *commands,
                                          const char *name)
{
    const struct command *nearest = NULL;
    const size_t size = strlen(name);
    size_t fewest = slips_most(size);
    for (; *commands; commands++)
        if (slips_nearer((*commands)->name, name, size, &fewest))
            nearest = *commands;
    return nearest;
}

/* --- saying so --- */

static bool begins_with(const struct command *command, const char *name)
{
    return strncmp(command->name, name, strlen(name)) == 0;
}

/* "/listeners, /listen or /unlisten" */
static void list_candidates(UT_string *out, const struct command *const *commands,
                            const char *name, unsigned count)
{
    for (; *commands; commands++) {
        if (!begins_with(*commands, name))
            continue;
        count--;
        utstring_printf(out, "/%s%s", (*commands)->name,
                        count > 1 ? ", " : (count == 1 ? " or " : ""));
    }
}

static void say_unknown(UT_string *out, const struct command *const *commands, const char *name)
{
    const struct command *meant = find_habit(commands, name);
    if (!meant)
        meant = find_nearest(commands, name);
    if (meant)
        utstring_printf(out, ": did you mean /%s? /help lists all, and //TEXT sends /TEXT",
                        meant->name);
    else
        utstring_printf(out, ": /help lists them, and //TEXT sends /TEXT");
}

static void say_ambiguous(UT_string *out, const struct command *const *commands,
                          const char *name, unsigned count)
{
    const struct command *meant = find_habit(commands, name);
    utstring_printf(out, " could be ");
    list_candidates(out, commands, name, count);
    if (meant)
        utstring_printf(out, "; or did you mean /%s?", meant->name);
}

static char *not_found(const struct command *const *commands, const char *name, unsigned count)
{
    if (*name == '\0')
        return mem_strdup("no command: /help lists them, and //TEXT sends /TEXT");
    char *slashed = mem_printf("/%s", name);
    char *quote = escape_quote(slashed);
    UT_string text;
    utstring_init(&text);
    utstring_printf(&text, "%s%s", count == 0 ? "unknown command " : "", quote);
    if (count == 0)
        say_unknown(&text, commands, name);
    else
        say_ambiguous(&text, commands, name, count);
    free(quote);
    free(slashed);
    return utstring_body(&text);
}

/* --- finding --- */

const struct command *command_find(const struct command *const *commands, const char *name,
                                   char **error)
{
    const struct command *begun = NULL, *found = find(commands, name);
    unsigned count = 0;
    for (const struct command *const *each = commands; *each; each++) {
        if (!begins_with(*each, name))
            continue;
        begun = *each;
        count++;
    }
    if (!found && count == 1)
        found = begun;
    if (!found)
        *error = not_found(commands, name, count);
    return found;
}
