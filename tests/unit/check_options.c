/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/options.h"

#include <stdint.h>
#include <string.h>

#include "base/ut.h"
#include "check_main.h"

struct values {
    bool json;
    bool help;
    char *reply;
    char *control;
    uint64_t peers;
    uint64_t queue;
    int64_t drain;
    char *allow; /* what was given, joined */
};

static bool set_allow(const struct option_spec *spec, void *values, const char *text,
                      char **error)
{
    struct values *own = values;
    if (strcmp(text, "bad") == 0) {
        *error = mem_printf("'%s' is not for %s", text, spec->argument);
        return false;
    }
    char *joined = own->allow ? mem_printf("%s %s", own->allow, text) : mem_strdup(text);
    free(own->allow);
    own->allow = joined;
    return true;
}

#define FIELD(name) offsetof(struct values, name)

static const struct option_spec table[] = {
    {.name = "json",
     .letter = 'j',
     .help = "JSON Lines",
     .set = option_set_flag,
     .offset = FIELD(json)},
    {.name = "reply",
     .letter = 'r',
     .argument = "MODE",
     .help = "how to answer",
     .set = option_set_string,
     .offset = FIELD(reply)},
    {.name = "control",
     .argument = "[PATH][?access=read&mode=0660]",
     .help = "where consoles attach",
     .set = option_set_string,
     .offset = FIELD(control)},
    {.name = "max-peers",
     .argument = "N",
     .help = "refuse more",
     .set = option_set_count,
     .offset = FIELD(peers)},
    {.name = "max-queue",
     .argument = "BYTES",
     .help = "most bytes that wait for one stream peer before 80 is reached",
     .set = option_set_size,
     .offset = FIELD(queue)},
    {.name = "drain",
     .letter = 'd',
     .argument = "SECONDS",
     .help = "how long to wait",
     .set = option_set_seconds,
     .offset = FIELD(drain)},
    {.name = "allow",
     .argument = "CIDR",
     .help = "who may connect",
     .set = set_allow,
     .repeatable = true},
    {.name = "help",
     .letter = 'h',
     .help = "this text",
     .set = option_set_flag,
     .offset = FIELD(help),
     .command_line_only = true},
};

static struct values values, scratch; /* of the fixture */
static struct options options;
static const struct option_hint hints[] = {
    {'z', "nobody needs it"}, {'l', "it listens by itself"}, {0}};
static char *words[16]; /* a command line, reordered by options_parse */
static char **operands;
static int operand_count;

static void setup(void)
{
    options = (struct options){.table = table,
                               .count = sizeof table / sizeof *table,
                               .hints = hints,
                               .values = &values,
                               .scratch = &scratch};
}

static void finish(struct values *own)
{
    free(own->reply);
    free(own->control);
    free(own->allow);
    *own = (struct values){0};
}

static void teardown(void)
{
    finish(&values);
    finish(&scratch);
}

/* line is split at blanks. */
static bool parse(const char *line, char **error)
{
    static char copy[256];
    snprintf(copy, sizeof copy, "telexd %s", line);
    int count = 0;
    char *save;
    for (char *word = strtok_r(copy, " ", &save); word; word = strtok_r(NULL, " ", &save))
        words[count++] = word;
    words[count] = NULL;
    return options_parse(&options, count, words, &operands, &operand_count, error);
}

static void accepts(const char *line)
{
    char *error = NULL;
    ck_assert_msg(parse(line, &error), "%s: %s", line, error);
}

static bool take_listen(void *context, const char *word, const char *rest, char **error)
{
    if (strcmp(word, "listen") != 0)
        return false;
    if (*rest == '\0') {
        *error = mem_strdup("listen what?");
        return false;
    }
    snprintf(context, 64, "%s", rest);
    return true;
}

static char listened[64];

static void accepts_line(const char *line)
{
    char *error = NULL, *copy = mem_strdup(line);
    ck_assert_msg(options_line(&options, copy, take_listen, listened, &error), "%s: %s", line,
                  error);
    free(copy);
}

START_TEST(reads_a_command_line)
{
    accepts("-j 9999 --reply=echo --max-peers 5 udp:// -d2.5 --max-queue 64k -- --help -x");
    ck_assert(values.json);
    ck_assert(!values.help);
    ck_assert_str_eq(values.reply, "echo");
    ck_assert_uint_eq(values.peers, 5);
    ck_assert_uint_eq(values.queue, 65536);
    ck_assert_int_eq(values.drain, 2500000);
    ck_assert_int_eq(operand_count, 4);
    ck_assert_str_eq(operands[0], "9999");
    ck_assert_str_eq(operands[1], "udp://");
    ck_assert_str_eq(operands[2], "--help");
    ck_assert_str_eq(operands[3], "-x");
}
END_TEST

START_TEST(reads_several_command_lines)
{
    accepts("one -j");
    accepts("--reply none --reply echo --repl stamp -hj two");
    ck_assert_str_eq(values.reply, "stamp");
    ck_assert(values.help);
    ck_assert_int_eq(operand_count, 1);
    ck_assert_str_eq(operands[0], "two");
    accepts("");
    ck_assert_int_eq(operand_count, 0);
    accepts("--allow a --allow b");
    ck_assert_str_eq(values.allow, "a b");
}
END_TEST

START_TEST(takes_an_optional_argument)
{
    accepts("--control");
    ck_assert_str_eq(values.control, "");
    ck_assert_int_eq(operand_count, 0);
    accepts("9998 --control 9999");
    ck_assert_str_eq(values.control, "");
    ck_assert_int_eq(operand_count, 2);
    accepts("--control unix:/x");
    ck_assert_str_eq(values.control, "");
    ck_assert_int_eq(operand_count, 1);
    accepts("9998 --control /run/x 9999");
    ck_assert_str_eq(values.control, "/run/x");
    ck_assert_int_eq(operand_count, 2);
    ck_assert_str_eq(operands[0], "9998");
    ck_assert_str_eq(operands[1], "9999");
    accepts("--control ?access=read");
    ck_assert_str_eq(values.control, "?access=read");
    accepts("--control ./x");
    ck_assert_str_eq(values.control, "./x");
    accepts("--control=name 9999");
    ck_assert_str_eq(values.control, "name");
    ck_assert_int_eq(operand_count, 1);
    accepts("--control -j");
    ck_assert_str_eq(values.control, "");
    ck_assert(values.json);
    accepts("--control --control=/y");
    ck_assert_str_eq(values.control, "/y");
    accepts("--control ~/x");
    ck_assert_str_eq(values.control, "~/x");
    accepts("--control -- /x");
    ck_assert_str_eq(values.control, "");
    ck_assert_int_eq(operand_count, 1);
}
END_TEST

START_TEST(refuses_a_command_line)
{
    static const struct {
        const char *line, *error;
    } cases[] = {
        {"--foo", "unknown option '--foo'"},
        {"9999 --foo=bar", "unknown option '--foo'"},
        {"--f\x1b", "unknown option '--f\\x1b'"},
        {"--=x", "unknown option '--'"},
        {"-x", "unknown option '-x'"},
        {"-jx", "unknown option '-x'"},
        {"-\xc3\xa9", "unknown option '-\\xc3'"},
        {"--drian=5", "unknown option '--drian': did you mean --drain?"},
        {"--max_peers 5", "unknown option '--max_peers': did you mean --max-peers?"},
        {"--jsn", "unknown option '--jsn': did you mean --json?"},
        {"--jn", "unknown option '--jn'"},
        {"--max-peers-at-all-of-this-machine", "unknown option "
                                               "'--max-peers-at-all-of-this-machine'"},
        {"-l 9999", "unknown option '-l': it listens by itself"},
        {"-jl 9999", "unknown option '-l': it listens by itself"},
        {"9999 max-peers=5", "'max-peers=5' lacks its dashes: did you mean --max-peers=5?"},
        {"-- drain=\x1b", "'drain=\\x1b' lacks its dashes: did you mean --drain=\\x1b?"},
        {"json=yes", "'json=yes' lacks its dashes: did you mean --json?"},
        {"--max", "option '--max' could be --max-peers or --max-queue"},
        {"--ma=5", "option '--ma' could be --max-peers or --max-queue"},
        {"--drain", "option '--drain' needs an argument: SECONDS"},
        {"-d", "option '--drain' needs an argument: SECONDS"},
        {"--json=yes", "option '--json' takes no argument"},
        {"--drain x", "--drain: 'x' is not a number of seconds"},
        {"--drai x", "--drain: 'x' is not a number of seconds"},
        {"-d -1", "--drain: '-1' is not a number of seconds"},
        {"--max-peers 1k", "--max-peers: '1k' is not a whole number"},
        {"--max-queue \x1b",
         "--max-queue: '\\x1b' is not a number of bytes like 65536, 64k, 1M or 1G"},
        {"--allow bad", "--allow: 'bad' is not for CIDR"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *error = NULL;
        ck_assert_msg(!parse(cases[i].line, &error), "%s", cases[i].line);
        check_error(error, cases[i].error);
    }
}
END_TEST

START_TEST(operands_may_look_alike)
{
    accepts("max-peers drain peers=5 max-peer=5 =5 tcp://h?json=yes");
    ck_assert_int_eq(operand_count, 6);
}
END_TEST

START_TEST(reads_lines)
{
    accepts_line("");
    accepts_line(" \t\r");
    accepts_line("# drain x");
    accepts_line("  #json");
    ck_assert(!values.json);
    accepts_line("json");
    ck_assert(values.json);
    accepts_line("json no");
    ck_assert(!values.json);
    accepts_line("json yes # or not");
    ck_assert(values.json);
    accepts_line("  drain \t 5 \r");
    ck_assert_int_eq(values.drain, 5000000);
    accepts_line("reply a#b c #d");
    ck_assert_str_eq(values.reply, "a#b c");
    accepts_line("reply echo\t# d");
    ck_assert_str_eq(values.reply, "echo");
    accepts_line("control");
    ck_assert_str_eq(values.control, "");
    accepts_line("allow a");
    accepts_line("allow b");
    ck_assert_str_eq(values.allow, "a b");
    accepts_line("listen tcp://*:80?eol=lf # here");
    ck_assert_str_eq(listened, "tcp://*:80?eol=lf");
}
END_TEST

START_TEST(refuses_lines)
{
    static const struct {
        const char *line, *error;
    } cases[] = {
        {"foo 1", "unknown option 'foo'"},
        {"--drain 5", "unknown option '--drain': did you mean drain?"},
        {"drai 5", "unknown option 'drai': did you mean drain?"},
        {"drain: 5", "unknown option 'drain:': did you mean drain?"},
        {"\x1b", "unknown option '\\x1b'"},
        {"drain", "option 'drain' needs an argument: SECONDS"},
        {"drain # 5", "option 'drain' needs an argument: SECONDS"},
        {"drain x", "drain: 'x' is not a number of seconds"},
        {"drain 5 6", "drain: '5 6' is not a number of seconds"},
        {"json maybe", "json: 'maybe' is not yes or no"},
        {"help", "option 'help' stands on the command line only"},
        {"allow bad", "allow: 'bad' is not for CIDR"},
        {"listen", "listen what?"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *error = NULL;
        ck_assert_msg(!options_line(&options, cases[i].line, take_listen, listened, &error),
                      "%s", cases[i].line);
        check_error(error, cases[i].error);
    }
    char *error = NULL;
    ck_assert(!options_line(&options, "listen 1", NULL, NULL, &error));
    check_error(error, "unknown option 'listen'");
}
END_TEST

START_TEST(command_line_wins)
{
    accepts("--drain 1 --json --allow a");
    accepts_line("drain 5");
    accepts_line("json no");
    accepts_line("allow b");
    accepts_line("reply echo");
    ck_assert_int_eq(values.drain, 1000000);
    ck_assert(values.json);
    ck_assert_str_eq(values.allow, "a b");
    ck_assert_str_eq(values.reply, "echo");
    /* Faults are found nevertheless. */
    char *error = NULL;
    ck_assert(!options_line(&options, "drain x", NULL, NULL, &error));
    check_error(error, "drain: 'x' is not a number of seconds");
    ck_assert_int_eq(scratch.drain, 5000000);
    /* Nowhere to look for them. */
    options.scratch = NULL;
    accepts_line("drain x");
    ck_assert_int_eq(values.drain, 1000000);
}
END_TEST

START_TEST(prints_help)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    options_help(&options, out);
    fclose(out);
    ck_assert_str_eq(
        text, "  -j, --json             JSON Lines\n"
              "  -r, --reply MODE       how to answer\n"
              "      --control [PATH][?access=read&mode=0660]\n"
              "                         where consoles attach\n"
              "      --max-peers N      refuse more\n"
              "      --max-queue BYTES  most bytes that wait for one stream peer before 80 is\n"
              "                         reached\n"
              "  -d, --drain SECONDS    how long to wait\n"
              "      --allow CIDR       who may connect\n"
              "  -h, --help             this text\n");
    free(text);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {reads_a_command_line,
                                  reads_several_command_lines,
                                  takes_an_optional_argument,
                                  refuses_a_command_line,
                                  operands_may_look_alike,
                                  reads_lines,
                                  refuses_lines,
                                  command_line_wins,
                                  prints_help,
                                  NULL};
    return check_run_with("options", setup, teardown, tests);
}
