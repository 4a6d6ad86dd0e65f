/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The options table: a line of a configuration file means what the same option means on the
 * command line, is refused where that is, and never does anything where it is refused. The
 * input's first line is the line.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/options.h"
#include "fuzz.h"

struct values {
    bool flag;
    char *string;
    char *path;
    uint64_t count;
    uint64_t size;
    int64_t seconds;
    unsigned appended;
    bool version;
};

static bool append(const struct option_spec *spec, void *values, const char *text, char **error)
{
    struct values *all = values;
    (void)spec;
    (void)error;
    all->appended += 1 + (unsigned)strlen(text);
    return true;
}

#define FIELD(name) .offset = offsetof(struct values, name)

static const struct option_spec table[] = {
    {"flag", 'f', NULL, "a flag", option_set_flag, FIELD(flag)},
    {"string", 's', "WORD", "a word", option_set_string, FIELD(string)},
    {"path", 0, "[PATH]", "a path, or none", option_set_string, FIELD(path)},
    {"count", 'c', "N", "a number", option_set_count, FIELD(count)},
    {"size", 0, "BYTES", "bytes", option_set_size, FIELD(size)},
    {"seconds", 'w', "SECONDS", "a time", option_set_seconds, FIELD(seconds)},
    {"append", 'a', "WORD", "more of them", append, .repeatable = true},
    {"version", 'V', NULL, "not in a file", option_set_flag, FIELD(version),
     .command_line_only = true},
};
enum { OPTIONS = sizeof table / sizeof *table };

static struct options options_of(struct values *values, struct values *scratch)
{
    return (struct options){
        .table = table, .count = OPTIONS, .values = values, .scratch = scratch};
}

static void finish(struct values *values)
{
    free(values->string);
    free(values->path);
}

static bool same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool same(const struct values *a, const struct values *b)
{
    return a->flag == b->flag && same_text(a->string, b->string) &&
           same_text(a->path, b->path) && a->count == b->count && a->size == b->size &&
           a->seconds == b->seconds && a->appended == b->appended && a->version == b->version;
}

/* --- words that are not in the table --- */

struct other {
    char *word;
    char *rest;
};

static bool take_other(void *context, const char *word, const char *rest, char **error)
{
    struct other *other = context;
    if (strcmp(word, "listen") == 0 && *rest == '\0')
        *error = mem_strdup("an endpoint is missing");
    if (strcmp(word, "listen") != 0 || *rest == '\0')
        return false;
    FUZZ_CHECK(!other->word);
    other->word = mem_strdup(word);
    other->rest = mem_strdup(rest);
    return true;
}

static bool read_line(const char *line, struct values *values, struct values *scratch,
                      unsigned long long given, struct other *other)
{
    struct options options = options_of(values, scratch);
    char *error = NULL;
    options.given = given;
    const bool good = options_line(&options, line, take_other, other, &error);
    FUZZ_CHECK(options.given == given);
    if (!good)
        fuzz_check_error(error);
    else
        FUZZ_CHECK(!error);
    return good;
}

/* --- the same on the command line --- */

/* The option that a file's line names, or OPTIONS; *rest is what stands behind its name. */
static size_t find(char *line, char **rest)
{
    static const char blanks[] = " \t\r\n";
    line += strspn(line, blanks);
    size_t length = 0;
    while (line[length] &&
           !(line[length] == '#' && (length == 0 || strchr(blanks, line[length - 1]))))
        length++;
    line[length] = '\0';
    while (length > 0 && strchr(blanks, line[length - 1]))
        line[--length] = '\0';
    char *end = line + strcspn(line, " \t");
    *rest = end + strspn(end, " \t");
    *end = '\0';
    size_t i = 0;
    while (i < OPTIONS && strcmp(table[i].name, line) != 0)
        i++;
    return i;
}

static void check_command_line(size_t option, const char *text, bool good,
                               const struct values *wanted)
{
    const struct option_spec *spec = &table[option];
    struct values values = {0};
    struct options options = options_of(&values, NULL);
    char program[] = "program", *error = NULL, **operands;
    int count;
    if (spec->command_line_only || (!spec->argument && *text))
        return; /* the file knows "flag no", the command line does not */
    if (spec->argument && *spec->argument != '[' && !*text) {
        FUZZ_CHECK(!good); /* "--string=" is a word like another, "string" lacks one */
        return;
    }
    const bool bare = !spec->argument || (*spec->argument == '[' && !*text);
    char *word = mem_printf(bare ? "--%s" : "--%s=%s", spec->name, text);
    if (options_parse(&options, 2, (char *[]){program, word, NULL}, &operands, &count,
                      &error)) {
        FUZZ_CHECK(good && count == 0 && same(&values, wanted));
        FUZZ_CHECK(options.given == 1ull << option);
    } else {
        FUZZ_CHECK(!good);
        fuzz_check_error(error);
    }
    free(word);
    finish(&values);
}

static void check(const char *line)
{
    struct values fresh = {0}, values = {0}, scratch = {0}, untouched = {0};
    struct other other = {0}, overruled = {0};
    char *copy = mem_strdup(line), *rest;
    const size_t option = find(copy, &rest);
    const bool good = read_line(line, &values, NULL, 0, &other);
    FUZZ_CHECK(good || (same(&values, &fresh) && !other.word));
    FUZZ_CHECK(!other.word || (option == OPTIONS && strcmp(other.rest, rest) == 0));
    if (option < OPTIONS)
        check_command_line(option, rest, good, &values);
    /* What the command line gave wins, but a fault of the line is found all the same. */
    FUZZ_CHECK(read_line(line, &untouched, &scratch, ~0ull, &overruled) == good);
    FUZZ_CHECK(untouched.appended == values.appended && scratch.appended == 0);
    untouched.appended = 0;
    FUZZ_CHECK(same(&untouched, &fresh));
    finish(&values);
    finish(&scratch);
    free(other.word);
    free(other.rest);
    free(overruled.word);
    free(overruled.rest);
    free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    char *line = fuzz_string(&input);
    check(line);
    free(line);
    return 0;
}
