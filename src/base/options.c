/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/options.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/fail.h"
#include "base/options_hint.h"
#include "base/ut.h"
#include "base/words.h"

/* What getopt_long returns for table[i] is LONG_BASE + i: above all short letters. */
enum { LONG_BASE = 256 };

static bool is_optional(const struct option_spec *spec)
{
    return spec->argument && spec->argument[0] == '[';
}

static int argument_rule(const struct option_spec *spec)
{
    if (!spec->argument)
        return no_argument;
    return is_optional(spec) ? optional_argument : required_argument;
}

static struct option *long_options(const struct options *options)
{
    struct option *list = mem_zalloc((options->count + 1) * sizeof *list);
    for (size_t i = 0; i < options->count; i++) {
        list[i].name = options->table[i].name;
        list[i].has_arg = argument_rule(&options->table[i]);
        list[i].val = LONG_BASE + (int)i;
    }
    return list;
}

/* ":" at the front makes a missing argument a case of its own. */
static char *short_options(const struct options *options)
{
    static const char *const marks[] = {
        [no_argument] = "", [required_argument] = ":", [optional_argument] = "::"};
    UT_string list;
    utstring_init(&list);
    ut_append(&list, ":", 1);
    for (size_t i = 0; i < options->count; i++) {
        const struct option_spec *spec = &options->table[i];
        if (spec->letter)
            utstring_printf(&list, "%c%s", spec->letter, marks[argument_rule(spec)]);
    }
    return utstring_body(&list);
}

/* The place in the table of what getopt_long gave back. */
static size_t find_value(const struct options *options, int value)
{
    if (value >= LONG_BASE)
        return (size_t)(value - LONG_BASE);
    size_t i = 0;
    while (i < options->count && options->table[i].letter != (char)value)
        i++;
    return i;
}

/* A word like "--foo=x" that is no option: unknown, or short for several. */
static char *word_error(const struct options *options, const char *word)
{
    size_t length = strcspn(word + 2, "=");
    UT_string text;
    utstring_init(&text);
    ut_append(&text, "option '", 8);
    escape_bytes(&text, word, length + 2);
    ut_append(&text, "'", 1);
    const char *before = " could be ";
    for (size_t i = 0; i < options->count; i++) {
        if (length == 0 || strncmp(options->table[i].name, word + 2, length) != 0)
            continue;
        utstring_printf(&text, "%s--%s", before, options->table[i].name);
        before = " or ";
    }
    if (strcmp(before, " or ") == 0)
        return utstring_body(&text);
    const char *meant = options_hint_word(options, word + 2, length);
    char *unknown =
        mem_printf("unknown %s%s%s%s", utstring_body(&text), meant ? ": did you mean --" : "",
                   meant ? meant : "", meant ? "?" : "");
    utstring_done(&text);
    return unknown;
}

static char *letter_error(const struct options *options, char letter)
{
    const char *hint = options_hint_letter(options, letter);
    UT_string text;
    utstring_init(&text);
    ut_append(&text, "unknown option '-", 17);
    escape_bytes(&text, &letter, 1);
    utstring_printf(&text, "'%s%s", hint ? ": " : "", hint ? hint : "");
    return utstring_body(&text);
}

/* What getopt_long's '?' or ':' means. */
static char *getopt_error(const struct options *options, int result, char **argv)
{
    if (optopt == 0)
        return word_error(options, argv[optind - 1]);
    size_t i = find_value(options, optopt);
    if (i >= options->count)
        return letter_error(options, (char)optopt);
    const struct option_spec *spec = &options->table[i];
    if (result == ':')
        return mem_printf("option '--%s' needs an argument: %s", spec->name, spec->argument);
    return mem_printf("option '--%s' takes no argument", spec->name);
}

/* Whether a word can be no operand, because it is clearly a path: "./x", "?mode=0660", "run/x".
 */
static bool is_path(const char *word)
{
    if (*word != '\0' && strchr("/.?~", *word))
        return true;
    return *word != '-' && strchr(word, '/') && !strstr(word, "://") &&
           strncmp(word, "unix:", 5) != 0;
}

/* getopt_long knows an optional argument only after '='. A next word that is a path is taken as
 * well. */
static const char *argument_text(const struct option_spec *spec, int argc, char **argv)
{
    if (optarg)
        return optarg;
    return is_optional(spec) && optind < argc && is_path(argv[optind]) ? argv[optind++] : "";
}

/* table[i] with text; the option's name is put before an error. */
static bool set_value(const struct options *options, size_t i, void *values, const char *text,
                      const char *dashes, char **error)
{
    const struct option_spec *spec = &options->table[i];
    char *reason = NULL;
    if (spec->set(spec, values, text, &reason))
        return true;
    *error = mem_printf("%s%s: %s", dashes, spec->name, reason);
    free(reason);
    return false;
}

static bool parse_all(struct options *options, int argc, char **argv, const char *letters,
                      const struct option *list, char **error)
{
    opterr = 0;
    optind = 0; /* glibc: begins anew, whatever an earlier call left behind */
    int result;
    while ((result = getopt_long(argc, argv, letters, list, NULL)) != -1) {
        if (result == '?' || result == ':') {
            *error = getopt_error(options, result, argv);
            return false;
        }
        size_t i = find_value(options, result);
        const char *text = argument_text(&options->table[i], argc, argv);
        if (!set_value(options, i, options->values, text, "--", error))
            return false;
        options->given |= 1ull << i;
    }
    return true;
}

static bool check_operands(const struct options *options, int argc, char **argv, char **error)
{
    for (int i = optind; i < argc; i++) {
        *error = options_hint_operand(options, argv[i]);
        if (*error)
            return false;
    }
    return true;
}

bool options_parse(struct options *options, int argc, char **argv, char ***operands,
                   int *operand_count, char **error)
{
    struct option *list = long_options(options);
    char *letters = short_options(options);
    bool good = parse_all(options, argc, argv, letters, list, error) &&
                check_operands(options, argc, argv, error);
    if (good) {
        *operands = argv + optind;
        *operand_count = argc - optind;
    }
    free(letters);
    free(list);
    return good;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* A copy of line without its comment and the blanks around. */
static char *bare_line(const char *line)
{
    while (is_blank(*line))
        line++;
    size_t size = 0;
    while (line[size] && !(line[size] == '#' && (size == 0 || is_blank(line[size - 1]))))
        size++;
    while (size > 0 && is_blank(line[size - 1]))
        size--;
    return mem_strndup(line, size);
}

static bool file_option(struct options *options, size_t i, const char *rest, char **error)
{
    const struct option_spec *spec = &options->table[i];
    if (spec->command_line_only) {
        *error = mem_printf("option '%s' stands on the command line only", spec->name);
        return false;
    }
    if (spec->argument && !is_optional(spec) && *rest == '\0') {
        *error = mem_printf("option '%s' needs an argument: %s", spec->name, spec->argument);
        return false;
    }
    bool overruled = !spec->repeatable && (options->given & 1ull << i);
    void *values = overruled ? options->scratch : options->values;
    return !values || set_value(options, i, values, rest, "", error);
}

static bool file_word(struct options *options, const char *word, const char *rest,
                      bool (*other)(void *context, const char *word, const char *rest,
                                    char **error),
                      void *context, char **error)
{
    for (size_t i = 0; i < options->count; i++) {
        if (strcmp(options->table[i].name, word) == 0)
            return file_option(options, i, rest, error);
    }
    *error = NULL;
    if (other && other(context, word, rest, error))
        return true;
    if (*error)
        return false;
    const char *meant = options_hint_word(options, word, strlen(word));
    return meant ? fail_with(error, "unknown option '%s': did you mean %s?", word, meant)
                 : fail_with(error, "unknown option '%s'", word);
}

bool options_line(struct options *options, const char *line,
                  bool (*other)(void *context, const char *word, const char *rest,
                                char **error),
                  void *context, char **error)
{
    char *copy = bare_line(line);
    char *rest = copy + strcspn(copy, " \t");
    if (*rest != '\0')
        *rest++ = '\0';
    rest += strspn(rest, " \t");
    bool good = *copy == '\0' || file_word(options, copy, rest, other, context, error);
    free(copy);
    return good;
}

/* "  -r, --reply MODE" */
static void help_left(const struct option_spec *spec, UT_string *out)
{
    utstring_clear(out);
    if (spec->letter)
        utstring_printf(out, "  -%c, ", spec->letter);
    else
        ut_append(out, "      ", 6);
    utstring_printf(out, "--%s", spec->name);
    if (spec->argument)
        utstring_printf(out, " %s", spec->argument);
}

char *options_help_text(const struct option_spec *spec)
{
    if (!spec->words)
        return mem_strdup(spec->help);
    char *known = words_list(spec->words);
    char *text = mem_printf("%s: %s", spec->help, known);
    free(known);
    return text;
}

/* Words of text from column on; the following lines begin there too. */
static void help_wrapped(const char *text, size_t column, FILE *out)
{
    enum { COLUMNS = 80 };
    size_t used = column;
    while (*text) {
        size_t word = strcspn(text, " ");
        if (used > column && used + 1 + word > COLUMNS) {
            fprintf(out, "\n%*s", (int)column, "");
            used = column;
        } else if (used > column) {
            fputc(' ', out);
            used++;
        }
        fwrite(text, 1, word, out);
        used += word;
        text += word;
        text += strspn(text, " ");
    }
    fputc('\n', out);
}

void options_help(const struct options *options, FILE *out)
{
    enum { LEFT_MAX = 30 }; /* a longer one has its help on the next line */
    UT_string left;
    utstring_init(&left);
    size_t column = 0;
    for (size_t i = 0; i < options->count; i++) {
        help_left(&options->table[i], &left);
        if (utstring_len(&left) <= LEFT_MAX && utstring_len(&left) > column)
            column = utstring_len(&left);
    }
    column += 2;
    for (size_t i = 0; i < options->count; i++) {
        help_left(&options->table[i], &left);
        bool fits = utstring_len(&left) + 2 <= column;
        fprintf(out, "%s%s%*s", utstring_body(&left), fits ? "" : "\n",
                (int)(fits ? column - utstring_len(&left) : column), "");
        char *text = options_help_text(&options->table[i]);
        help_wrapped(text, column, out);
        free(text);
    }
    utstring_done(&left);
}
