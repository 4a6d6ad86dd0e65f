/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/terminal_words.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <readline/readline.h>

#include "base/cast.h"
#include "base/checksum.h"
#include "base/mem.h"
#include "console/console.h"
#include "console/terminal_endpoints.h"
#include "console/terminal_paths.h"
#include "core/agents.h"
#include "core/eol.h"
#include "core/fault_plan.h"
#include "framing/framing.h"

/* Whether prefix and word together begin with text. */
static bool fits(const char *text, const char *prefix, const char *word)
{
    size_t size = strlen(text);
    size_t length = strlen(prefix);
    if (size <= length)
        return strncmp(prefix, text, size) == 0;
    return strncmp(prefix, text, length) == 0 &&
           strncmp(word, text + length, size - length) == 0;
}

/* Prefix and word together, if that fits. */
static void add(struct terminal_words *words, const char *prefix, const char *word)
{
    if (words->too_many || !fits(words->text, prefix, word))
        return;
    words->too_many = utarray_len(words->found) == TERMINAL_WORDS_MAX;
    if (words->too_many)
        return;
    char *whole = mem_printf("%s%s", prefix, word);
    utarray_push_back(words->found, &whole);
}

/* NULL ends the list. */
static void add_all(struct terminal_words *words, const char *prefix, const char *const *list)
{
    for (; *list; list++)
        add(words, prefix, *list);
}

static void take(void *context, const char *word)
{
    add(CAST(terminal_words, context), "", word);
}

/* --- peers and listeners --- */

/* What stands before a number, and whether a name may stand there, too. */
struct named {
    struct terminal_words *words;
    CAST_MARK;
    const char *mark;
    bool names;
};

/* Whether number may begin with these digits; written out it would be asked of each peer. */
static bool may_be(const char *digits, uint64_t number)
{
    if (*digits && (*digits < '0' || *digits > '9'))
        return false;
    uint64_t start = strtoull(digits, NULL, 10);
    while (number > start)
        number /= 10;
    return !*digits || number == start;
}

static void add_number(struct terminal_words *words, const char *mark, uint64_t number)
{
    char digits[32];
    if (!may_be(words->text + strlen(mark), number))
        return;
    snprintf(digits, sizeof digits, "%" PRIu64, number);
    add(words, mark, digits);
}

/* "berlin/3" and "berlin/boiler", without a # */
static void add_at_node(const struct named *named, const struct who *who)
{
    char *name = mem_printf("%s/%s", who->node, who->name ? who->name : "");
    char *number = mem_printf("%s/%" PRIu64, who->node, who_number(who->number));
    if (who->name)
        add(named->words, named->mark, name);
    if (named->names)
        add(named->words, named->mark, number);
    free(name);
    free(number);
}

static bool add_who(void *context, const struct who *who)
{
    const struct named *named = CAST(named, context);
    if (who->node) {
        add_at_node(named, who);
        return !named->words->too_many;
    }
    if (who->name && named->names)
        add(named->words, named->mark, who->name);
    add_number(named->words, named->mark, who->number);
    return !named->words->too_many;
}

/* An @ may stand before a list of peers, and a # before a number. */
static void find_peers(struct terminal_words *words)
{
    static const char *const marks[2][2] = {{"", "#"}, {"@", "@#"}};
    const bool at = *words->text == '@', number = words->text[at] == '#';
    struct named named = {.words = words, .mark = marks[at][number], .names = !number};
    CAST_INIT(named, &named);
    words->console->directory->peers(words->console->directory, add_who, &named);
}

static void find_listeners(struct terminal_words *words)
{
    const bool number = *words->text == '#';
    struct named named = {.words = words, .mark = number ? "#" : "", .names = !number};
    CAST_INIT(named, &named);
    words->console->directory->listeners(words->console->directory, add_who, &named);
}

static bool add_door(void *context, const struct who *who)
{
    struct terminal_words *words = CAST(terminal_words, context);
    char *word = who->name ? mem_printf("%s:", who->name) : NULL;
    if (word)
        add(words, "", word);
    free(word);
    return !words->too_many;
}

/* PEERS, among them all of a listener. */
static void find_focus(struct terminal_words *words)
{
    find_peers(words);
    words->console->directory->listeners(words->console->directory, add_door, words);
}

/* --- words of tables --- */

static void find_commands(struct terminal_words *words)
{
    const struct operator_session *session = &words->console->session;
    const char *prefix = *words->text == '/' ? "/" : "";
    for (const struct command *const *each = session->commands; *each; each++)
        if (!session->read_only || (*each)->read_only)
            add(words, prefix, (*each)->name);
}

static void find_views(struct terminal_words *words)
{
    add_all(words, "", view_words);
}

static void find_views_or_focus(struct terminal_words *words)
{
    find_views(words);
    find_focus(words);
}

static void find_times(struct terminal_words *words)
{
    add_all(words, "", time_form_words);
}

static void find_replies(struct terminal_words *words)
{
    add_all(words, "", agents_words);
}

static void find_settings(struct terminal_words *words)
{
    add_all(words, "eol=", eol_words);
    add_all(words, "framing=", framing_words);
    add_all(words, "view=", view_words);
}

static void find_levels(struct terminal_words *words)
{
    static const char *const levels[] = {"on", "off", NULL};
    add_all(words, "dtr=", levels);
    add_all(words, "rts=", levels);
    add(words, "break=", "");
}

/* A key up to its value. */
static void find_faults(struct terminal_words *words)
{
    add(words, "", "-");
    for (const char *const *each = fault_forms; *each; each++) {
        const size_t name = strcspn(*each, "=");
        char *key = mem_strndup(*each, name + ((*each)[name] == '='));
        add(words, "", key);
        free(key);
    }
    rl_completion_append_character = '\0';
}

/* Of what may stand there, all that is a word. */
static void find_items(struct terminal_words *words)
{
    for (unsigned i = 0; i < CHECKSUMS; i++)
        add(words, "", checksums[i].name);
}

/* --- endpoints and paths --- */

/* Where the path of a unix endpoint begins; NULL: it is none, or typed up to its keys. */
static const char *socket_path(const char *text)
{
    const char *path = strncmp(text, "unix:", 5) == 0 ? text + 5 : text;
    const bool is_path =
        path > text || *text == '/' || *text == '~' || strncmp(text, "./", 2) == 0;
    return is_path && *path != '@' && !strchr(path, '?') ? path : NULL;
}

static void take_socket(void *context, const char *word)
{
    struct terminal_words *words = CAST(terminal_words, context);
    add(words, strncmp(words->text, "unix:", 5) == 0 ? "unix:" : "", word);
}

static void find_endpoints(struct terminal_words *words)
{
    const char *path = socket_path(words->text);
    if (path && !terminal_paths_find(path, take_socket, words))
        words->too_many = true;
    terminal_endpoints_find(words->text, words->keys, take, words);
    rl_completion_append_character = '\0';
}

static void find_paths(struct terminal_words *words)
{
    rl_filename_completion_desired = 1; /* readline shows names without their directory */
    if (!terminal_paths_find(words->text, take, words))
        words->too_many = true;
}

terminal_words_source *terminal_words_of(enum argument_kind kind)
{
    static terminal_words_source *const sources[ARGUMENT_TEXT + 1] = {
        [ARGUMENT_PEER] = find_peers,
        [ARGUMENT_PEERS] = find_peers,
        [ARGUMENT_LISTENER] = find_listeners,
        [ARGUMENT_VIEW] = find_views,
        [ARGUMENT_TIME] = find_times,
        [ARGUMENT_REPLY] = find_replies,
        [ARGUMENT_ENDPOINT] = find_endpoints,
        [ARGUMENT_FOCUS] = find_focus,
        [ARGUMENT_VIEW_OR_FOCUS] = find_views_or_focus,
        [ARGUMENT_SETTINGS] = find_settings,
        [ARGUMENT_LEVELS] = find_levels,
        [ARGUMENT_FAULTS] = find_faults,
        [ARGUMENT_ITEMS] = find_items,
        [ARGUMENT_PATH] = find_paths,
        [ARGUMENT_COMMAND] = find_commands,
    };
    return sources[kind];
}
