/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For bash, with its package bash-completion or without: nothing of that is used. */
#include "completion/completion.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

static bool copy(const char *name, FILE *out)
{
    FILE *in = fopen(name, "r");
    if (!in) {
        log_error("cannot open %s: %s", name, strerror(errno));
        return false;
    }
    for (int c; (c = fgetc(in)) != EOF;)
        fputc(c, out);
    bool good = !ferror(in);
    fclose(in);
    return good;
}

/* "-c --config": appended, with what is to stand between. */
static void option_names(const struct option_spec *option, const char *between, UT_string *out)
{
    if (option->letter)
        utstring_printf(out, "-%c%s", option->letter, between);
    utstring_printf(out, "--%s", option->name);
}

/* The command that offers what can stand for an argument; NULL: none. malloc'ed. */
static char *offer(const struct completion_argument *argument)
{
    static const char *const calls[] = {[COMPLETION_WORDS] = "_telex__offer ",
                                        [COMPLETION_FILES] = "_telex__files",
                                        [COMPLETION_ENDPOINT] = "_telex__endpoint ",
                                        [COMPLETION_PROCESS] = "_telex__process"};
    if (argument->kind == COMPLETION_NOTHING)
        return NULL;
    char *words = completion_words(argument);
    char *call = mem_printf("%s%s", calls[argument->kind], words);
    free(words);
    return call;
}

/* The names of all options that must have an argument, or of those that may. */
static void print_takers(const struct completion *completion, bool optional, FILE *out)
{
    size_t count;
    const struct option_spec *options = completion->options(&count);
    UT_string names;
    utstring_init(&names);
    for (size_t i = 0; i < count; i++) {
        if (!options[i].argument || completion_is_optional(&options[i]) != optional)
            continue;
        utstring_printf(&names, "%s", utstring_len(&names) ? " " : "");
        option_names(&options[i], " ", &names);
    }
    fprintf(out, " '%s'", utstring_body(&names));
    utstring_done(&names);
}

static void print_arguments(const struct completion *completion, FILE *out)
{
    size_t count;
    const struct option_spec *options = completion->options(&count);
    for (size_t i = 0; i < count; i++) {
        if (!options[i].argument)
            continue;
        char *call = offer(completion_argument(completion, options[i].argument));
        UT_string names;
        utstring_init(&names);
        option_names(&options[i], " | ", &names);
        if (call)
            fprintf(out, "    %s) %s ;;\n", utstring_body(&names), call);
        utstring_done(&names);
        free(call);
    }
}

static void print_options(const struct completion *completion, FILE *out)
{
    size_t count;
    const struct option_spec *options = completion->options(&count);
    fputs("            _telex__offer", out);
    for (size_t i = 0; i < count; i++)
        fprintf(out, " \\\n                --%s", options[i].name);
    fputs("\n", out);
}

static void print_operands(const struct completion *completion, FILE *out)
{
    fputs("        else\n"
          "            case $operands in\n",
          out);
    for (int i = 0; i < COMPLETION_OPERANDS && completion->operands[i]; i++) {
        bool repeated = strstr(completion->operands[i], "...");
        char *call = offer(completion_argument(completion, completion->operands[i]));
        char *place = repeated ? mem_strdup("*") : mem_printf("%d", i);
        if (call)
            fprintf(out, "            %s) %s ;;\n", place, call);
        free(place);
        free(call);
    }
    fputs("            esac\n", out);
}

/* A sub-command is offered and looked for as the first word only. */
static void print_sub(const struct completion *sub, const char *function, FILE *out)
{
    fprintf(out,
            "    if [[ ${#words[@]} -gt 2 && ${words[1]} == %s ]]; then\n"
            "        %s_%s\n"
            "        return\n"
            "    fi\n",
            sub->name, function, sub->name);
}

static void print_body(const struct completion *completion, int first, FILE *out)
{
    fprintf(out, "    _telex__place %d", first);
    print_takers(completion, false, out);
    print_takers(completion, true, out);
    fputs("\n"
          "    case $option in\n",
          out);
    print_arguments(completion, out);
    fputs("    '')\n"
          "        if [[ ! $ended && $cur == -* ]]; then\n",
          out);
    print_options(completion, out);
    print_operands(completion, out);
    char *subs = completion_sub_names(completion);
    if (*subs)
        fprintf(out, "            [[ ${#words[@]} -ne 2 ]] || _telex__offer %s\n", subs);
    free(subs);
    fputs("        fi\n"
          "        ;;\n"
          "    esac\n"
          "}\n",
          out);
}

/* "_telex_bench": the completion of telex-bench. malloc'ed. */
static char *function_name(const struct completion *completion)
{
    char *name = mem_printf("_%s", completion->name);
    for (char *dash = name; (dash = strchr(dash, '-'));)
        *dash = '_';
    return name;
}

bool completion_bash(const struct completion *completion, const char *helpers, FILE *out)
{
    char *function = function_name(completion);
    fprintf(out,
            "# bash completion for %s                      -*- shell-script -*-\n"
            "# Made from its table of options when it was built.\n",
            completion->name);
    bool good = copy(helpers, out);
    for (int i = 0; i < COMPLETION_SUBS && completion->subs[i]; i++) {
        fprintf(out, "\n%s_%s() {\n", function, completion->subs[i]->name);
        print_body(completion->subs[i], 2, out);
    }
    fprintf(out,
            "\n%s() {\n"
            "    local words cur option operands ended lead\n"
            "    COMPREPLY=()\n"
            "    _telex__words\n",
            function);
    for (int i = 0; i < COMPLETION_SUBS && completion->subs[i]; i++)
        print_sub(completion->subs[i], function, out);
    print_body(completion, 1, out);
    fprintf(out, "\ncomplete -F %s %s\n", function, completion->name);
    free(function);
    return good;
}
