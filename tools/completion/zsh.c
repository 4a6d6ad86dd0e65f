/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For zsh: a function that describes the command line to _arguments, zshcompsys(1). */
#include "completion/completion.h"

#include <stdlib.h>
#include <string.h>

/* Text within a specification that stands in single quotes. */
static void print_quoted(const char *text, FILE *out)
{
    for (; *text; text++) {
        if (*text == '\'')
            fputs("'\\''", out);
        else
            fprintf(out, "%s%c", strchr("\\[]:", *text) ? "\\" : "", *text);
    }
}

/* ":VIEW:(text hex size none)": what an argument is called, and what is offered for it. */
static void print_argument(const struct completion *completion, const char *name, FILE *out)
{
    const struct completion_argument *argument = completion_argument(completion, name);
    static const char *const actions[] = {[COMPLETION_NOTHING] = " ",
                                          [COMPLETION_FILES] = "_files",
                                          [COMPLETION_PROCESS] = "_pids"};
    char *bare = completion_bare(name);
    char *words = completion_words(argument);
    if (argument->kind == COMPLETION_WORDS)
        fprintf(out, ":%s:(%s)", bare, words);
    else if (argument->kind == COMPLETION_ENDPOINT) /* each program has schemes of its own */
        fprintf(out, ":%s:_%s_endpoint", bare, completion->name);
    else
        fprintf(out, ":%s:%s", bare, actions[argument->kind]);
    free(words);
    free(bare);
}

/* "'(-c --config)'{-c+,--config=}'": both forms, which exclude each other, and a quote. */
static void print_names(const struct option_spec *option, FILE *out)
{
    bool argument = option->argument;
    const char *many = option->repeatable ? "*" : "";
    if (!option->letter) {
        fprintf(out, "'%s--%s%s", many, option->name, argument ? "=" : "");
        return;
    }
    if (option->repeatable)
        fputs("'*'", out);
    else
        fprintf(out, "'(-%c --%s)'", option->letter, option->name);
    fprintf(out, "{-%c%s,--%s%s}'", option->letter, argument ? "+" : "", option->name,
            argument ? "=" : "");
}

static void print_option(const struct completion *completion, const struct option_spec *option,
                         FILE *out)
{
    char *help = options_help_text(option);
    fputs(" \\\n        ", out);
    print_names(option, out);
    fputc('[', out);
    print_quoted(help, out);
    free(help);
    fputc(']', out);
    if (completion_is_optional(option))
        fputc(':', out);
    if (option->argument)
        print_argument(completion, option->argument, out);
    fputc('\'', out);
}

static void print_operand(const struct completion *completion, int i, FILE *out)
{
    const char *name = completion->operands[i];
    fputs(" \\\n        ", out);
    if (strstr(name, "..."))
        fputs("'*", out);
    else
        fprintf(out, "'%d", i + 1);
    if (*name == '[')
        fputc(':', out);
    if (i == 0 && completion->subs[0])
        fprintf(out, ":command or %s:_telex_first", name);
    else
        print_argument(completion, name, out);
    fputc('\'', out);
}

static void print_arguments(const struct completion *completion, FILE *out)
{
    size_t count;
    const struct option_spec *options = completion->options(&count);
    fputs("    _arguments -s -S", out);
    for (size_t i = 0; i < count; i++)
        print_option(completion, &options[i], out);
    for (int i = 0; i < COMPLETION_OPERANDS && completion->operands[i]; i++)
        print_operand(completion, i, out);
    fputs("\n}\n\n", out);
}

static void print_endpoint(const struct completion *completion, FILE *out)
{
    char *schemes = completion_words(completion_argument(completion, "ENDPOINT"));
    fprintf(out,
            "_%s_endpoint() {\n"
            "    local expl\n"
            "    if compset -P '(unix|serial):'; then\n"
            "        _files\n"
            "    else\n"
            "        _wanted endpoints expl ENDPOINT compadd -S '' -- %s\n"
            "    fi\n"
            "}\n\n",
            completion->name, schemes);
    free(schemes);
}

/* A sub-command is offered and looked for as the first word only. */
static void print_first(const struct completion *completion, FILE *out)
{
    char *subs = completion_sub_names(completion);
    fprintf(out,
            "_telex_first() {\n"
            "    local expl ret=1\n"
            "    (( CURRENT > 2 )) || _wanted commands expl command compadd %s && ret=0\n"
            "    _telex_endpoint && ret=0\n"
            "    return ret\n"
            "}\n\n",
            subs);
    free(subs);
}

static void print_sub(const struct completion *sub, FILE *out)
{
    fprintf(out, "_telex_%s() {\n", sub->name);
    print_arguments(sub, out);
}

static void print_call(const struct completion *sub, FILE *out)
{
    fprintf(out,
            "    if (( CURRENT > 2 )) && [[ $words[2] == %s ]]; then\n"
            "        shift words\n"
            "        (( CURRENT-- ))\n"
            "        _telex_%s\n"
            "        return\n"
            "    fi\n",
            sub->name, sub->name);
}

void completion_zsh(const struct completion *completion, FILE *out)
{
    const struct completion *const *subs = completion->subs;
    fprintf(out,
            "#compdef %s\n"
            "# Made from its table of options when it was built.\n\n",
            completion->name);
    print_endpoint(completion, out);
    if (subs[0])
        print_first(completion, out);
    for (int i = 0; i < COMPLETION_SUBS && subs[i]; i++)
        print_sub(subs[i], out);
    fprintf(out, "_%s() {\n", completion->name);
    for (int i = 0; i < COMPLETION_SUBS && subs[i]; i++)
        print_call(subs[i], out);
    print_arguments(completion, out);
    fprintf(out, "_%s \"$@\"\n", completion->name);
}
