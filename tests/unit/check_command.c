/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parser: what a line is taken for, and who may say it. */
#include "command/command.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "check_main.h"
#include "command/operator_target.h"
#include "core/told.h"
#include "fake_operator.h"

static struct fake world;
static struct fake_operator console;
static struct listener *listener;
static struct fake_link *first, *second;

static void setup(void)
{
    fake_init(&world);
    fake_operator_init(&console, &world);
    listener = fake_listen(&world, "tcp://127.0.0.1:1");
    first = fake_peer(&world, listener);
    second = fake_peer(&world, listener);
    fake_say(&console, "/to 1");
}

static void teardown(void)
{
    fake_operator_finish(&console);
    fake_finish(&world);
}

#define SAYS(line, expected) ck_assert_str_eq(fake_say(&console, line), expected)
#define TOOK(link, expected) ck_assert_str_eq(fake_link_take(link), expected)

/* Nothing was sent to anybody since the last look. */
static void check_silence(void)
{
    TOOK(first, "");
    TOOK(second, "");
}

/* --- text --- */

START_TEST(text_goes_to_the_target_with_its_eol)
{
    SAYS("how warm is it?", "send: done\n");
    TOOK(first, "how warm is it?\\n");
    ck_assert_uint_eq(first->sends, 1); /* text and eol in one send */
    TOOK(second, "");
    SAYS("  as typed, with blanks\t ", "send: done\n");
    TOOK(first, "  as typed, with blanks\\t \\n");
}
END_TEST

START_TEST(doubled_marks_send_themselves)
{
    SAYS("//peers", "send: done\n");
    TOOK(first, "/peers\\n");
    SAYS("/@2 hi", "send: done\n");
    TOOK(first, "@2 hi\\n");
    SAYS("//", "send: done\n");
    TOOK(first, "/\\n");
    SAYS("/@", "send: done\n");
    TOOK(first, "@\\n");
    SAYS("//@/", "send: done\n");
    TOOK(first, "/@/\\n");
    TOOK(second, "");
}
END_TEST

START_TEST(text_may_hold_any_byte)
{
    static const char text[] = "a\0b\xff\n\x1b";
    ck_assert_str_eq(fake_say_bytes(&console, text, sizeof text - 1), "send: done\n");
    TOOK(first, "a\\x00b\\xff\\n\\x1b\\n");
    static const char nul[] = {'\0'};
    ck_assert_str_eq(fake_say_bytes(&console, nul, 1), "send: done\n");
    TOOK(first, "\\x00\\n");
    static const char slashed[] = "//\0/";
    ck_assert_str_eq(fake_say_bytes(&console, slashed, sizeof slashed - 1), "send: done\n");
    TOOK(first, "/\\x00/\\n");
    static const char at[] = "@2 x\0y";
    ck_assert_str_eq(fake_say_bytes(&console, at, sizeof at - 1), "send: done\n");
    TOOK(second, "x\\x00y\\n");
    static const char command[] = "/send 2 \0y";
    ck_assert_str_eq(fake_say_bytes(&console, command, sizeof command - 1), "send: done\n");
    TOOK(second, "\\x00y\\n");
    TOOK(first, "");
}
END_TEST

START_TEST(without_a_target_text_is_refused)
{
    static const char expected[] =
        "error send: no target: choose one with /to PEER, or write @PEERS TEXT\n";
    fake_say(&console, "/to -");
    SAYS("hello", expected);
    SAYS("//hello", expected);
    SAYS("", "");
    check_silence();
}
END_TEST

START_TEST(a_target_that_is_gone_gets_nothing_and_nobody_else_does)
{
    hub_detach(&world.hub, first->link.peer, CLOSE_EOF, NULL);
    SAYS("hello", "error send: no target: choose one with /to PEER, or write @PEERS TEXT\n");
    check_silence();
}
END_TEST

START_TEST(an_empty_line_sends_the_eol_and_is_not_answered)
{
    SAYS("", "");
    TOOK(first, "\\n");
    struct listener *bare = fake_listen(&world, "tcp://127.0.0.1:2?eol=none");
    struct fake_link *third = fake_peer(&world, bare);
    fake_say(&console, "/to 3");
    SAYS("", "");
    ck_assert_uint_eq(third->tries, 0);
    struct fake_link *fourth = fake_peer(&world, fake_listen(&world, "udp://127.0.0.1:2"));
    fake_say(&console, "/to 4");
    SAYS("", "");
    ck_assert_uint_eq(fourth->tries, 0);
}
END_TEST

START_TEST(an_empty_line_that_fails_is_answered)
{
    first->fail = ENOBUFS;
    first->queued = 70000;
    SAYS("", "error send: not sent to #1: its queue is full (70000 bytes wait)\n");
}
END_TEST

/* --- @PEERS TEXT --- */

START_TEST(at_sends_to_the_named_and_the_target_stays)
{
    SAYS("@2 hi", "send: done\n");
    TOOK(first, "");
    TOOK(second, "hi\\n");
    ck_assert_uint_eq(console.session.target, 1);
    SAYS("@#2,1 hi", "send: done\n");
    TOOK(first, "hi\\n");
    TOOK(second, "hi\\n");
    SAYS("@* all", "send: done\n");
    TOOK(first, "all\\n");
    TOOK(second, "all\\n");
}
END_TEST

START_TEST(an_empty_line_says_nothing_to_who_is_closing)
{
    first->finish_later = true;
    hub_close(&world.hub, first->link.peer, CLOSE_OPERATOR);
    SAYS("", "");
    SAYS("x", "error send: not sent to #1: it is closing\n");
}
END_TEST

START_TEST(at_alone_chooses_the_target)
{
    SAYS("@2", "changed target 2\nto: done\n");
    SAYS("@#1", "changed target 1\nto: done\n");
    hub_name(&world.hub, second->link.peer, "boiler");
    SAYS("@boiler", "changed target 2\nto: done\n");
    SAYS("@-", "changed target 0\nto: done\n");
    SAYS("@9", "error to: no peer '9' on the line\n");
    SAYS("@1,2", "error to: the target is one peer: @PEERS TEXT sends to several\n");
    SAYS("@*", "error to: the target is one peer: @PEERS TEXT sends to several\n");
    SAYS("@2  ", "send: done\n"); /* a text of one blank */
    TOOK(first, "");
    TOOK(second, " \\n");
}
END_TEST

START_TEST(text_is_refused_while_the_target_is_away)
{
    hub_name(&world.hub, second->link.peer, "boiler");
    SAYS("@boiler", "changed target 2\nto: done\n");
    struct operator_session *session = &console.session;
    const struct told close = {.type = HUB_CLOSE, .peer = {.number = 2}};
    hub_detach(&world.hub, second->link.peer, CLOSE_EOF, NULL);
    operator_target_follow(session, &close);
    ck_assert_str_eq(fake_operator_take(&console), "changed target 0\n");
    SAYS("hi", "error send: boiler is away, and nothing was sent: it is the "
               "target again when it is back, or choose another with /to PEER\n");
    SAYS("", "");
    SAYS("@-", "changed target 0\nto: done\n");
    SAYS("hi", "error send: no target: choose one with /to PEER, or write @PEERS TEXT\n");
    TOOK(first, "");
}
END_TEST

START_TEST(exactly_one_space_stands_before_the_text)
{
    SAYS("@2  hi ", "send: done\n");
    TOOK(second, " hi \\n");
    SAYS("/send 2  hi ", "send: done\n");
    TOOK(second, " hi \\n");
    SAYS("/send   2  ", "send: done\n");
    TOOK(second, " \\n");
    SAYS("@2 /peers", "send: done\n");
    TOOK(second, "/peers\\n");
    SAYS("@2 @1 x", "send: done\n");
    TOOK(second, "@1 x\\n");
    TOOK(first, "");
}
END_TEST

START_TEST(a_send_without_its_text_is_an_error)
{
    static const char *const lines[] = {"@",      "@ ",      "@2 ",     "/send",
                                        "/send ", "/send 2", "/send 2 "};
    for (size_t i = 0; i < COUNT(lines); i++)
        ck_assert_msg(strcmp(fake_say(&console, lines[i]),
                             "error send: something is missing: write /send PEERS TEXT\n") == 0,
                      "'%s': %s", lines[i], utstring_body(&console.taken));
    check_silence();
}
END_TEST

/* --- commands --- */

START_TEST(commands_may_be_shortened)
{
    SAYS("/pe", "peers: #1 #2\n");
    SAYS("/sen 2 hi", "send: done\n");
    SAYS("/rea", "changed read-only\nread-only: done (this console changes nothing from here "
                 "on)\n");
}
END_TEST

START_TEST(an_exact_name_wins)
{
    SAYS("/listen tcp://127.0.0.1:5", "listen: 2\n");
    SAYS("/listeners", "listeners: 1 2\n");
}
END_TEST

START_TEST(an_ambiguous_name_lists_the_candidates)
{
    SAYS("/li", "error -: '/li' could be /listeners, /listen or /line\n");
    SAYS("/s", "error -: '/s' could be /send, /show, /set, /stats, /say or /shutdown\n");
    SAYS("/listene tcp://127.0.0.1:5",
         "error listeners: /listeners stands alone, nothing follows it\n");
}
END_TEST

/* They are data all the same. */
START_TEST(bare_words_get_a_hint)
{
    fake_say(&console, "/to -");
    SAYS("help", "error send: no target: choose one with /to PEER, or write @PEERS TEXT; "
                 "commands begin with a slash: /help\n");
    SAYS("exit", "error send: no target: choose one with /to PEER, or write @PEERS TEXT; "
                 "commands begin with a slash: /quit\n");
    SAYS("helper", "error send: no target: choose one with /to PEER, or write @PEERS TEXT\n");
    SAYS("/to 1", "changed target 1\nto: done\n");
    SAYS("help me", "send: done\n");
    SAYS("quit", "send: done (commands begin with a slash: /quit)\n");
    SAYS("?", "send: done (commands begin with a slash: /help)\n");
    SAYS("quit", "send: done\n"); /* whoever was told means it */
    TOOK(first, "help me\\nquit\\n?\\nquit\\n");
    fake_say(&console, "/read-only");
    SAYS("?", "error send: this console is read-only, and /send is not for it; commands begin "
              "with a slash: /help\n");
}
END_TEST

START_TEST(an_unknown_name_is_said)
{
    SAYS("/nosuch", "error -: unknown command '/nosuch': /help lists them, and //TEXT sends "
                    "/TEXT\n");
    SAYS("/", "error -: no command: /help lists them, and //TEXT sends /TEXT\n");
    SAYS("/ peers", "error -: no command: /help lists them, and //TEXT sends /TEXT\n");
    check_silence();
}
END_TEST

/* A slip of one, or what other programs call it. */
START_TEST(the_nearest_is_guessed)
{
    static const char *const words[][2] = {
        {"Peers x", "peers"}, {"peersx", "peers"}, {"who", "peers"}, {"exit", "quit"},
        {"msg 1 hi", "send"}, {"qiut", "quit"},    {"?", "help"},    {"lsiten 1", "listen"},
        {"watch", "every"},   {"tp 1", "to"},      {"wall", "say"}};
    for (size_t i = 0; i < COUNT(words); i++) {
        char line[32], expected[160];
        snprintf(line, sizeof line, "/%s", words[i][0]);
        snprintf(expected, sizeof expected,
                 "error -: unknown command '/%.*s': did you mean /%s? /help lists all, and "
                 "//TEXT sends /TEXT\n",
                 (int)strcspn(words[i][0], " "), words[i][0], words[i][1]);
        SAYS(line, expected);
    }
    SAYS("/list", "error -: '/list' could be /listeners or /listen; or did you mean /peers?\n");
    check_silence();
}
END_TEST

START_TEST(an_unknown_name_is_shown_safely_and_cut)
{
    SAYS("/\x1b[2J\xff", "error -: unknown command '/\\x1b[2J\\xff': /help lists them, and "
                         "//TEXT sends /TEXT\n");
    char line[100001];
    memset(line, 'x', sizeof line);
    line[0] = '/';
    const char *answer = fake_say_bytes(&console, line, sizeof line);
    ck_assert_ptr_nonnull(strstr(answer, "xxx...': "));
    ck_assert_uint_lt(strlen(answer), 200);
}
END_TEST

START_TEST(missing_words_are_said)
{
    static const struct {
        const char *line, *answer;
    } cases[] = {
        {"/to", "error to: something is missing: write /to PEER | -\n"},
        {"/to  ", "error to: something is missing: write /to PEER | -\n"},
        {"/name 1", "error name: something is missing: write /name PEER WORD | PEER -\n"},
        {"/bytes 1", "error bytes: something is missing: write /bytes PEERS ITEM...\n"},
        {"/bytes 1  ", "error bytes: something is missing: write /bytes PEERS ITEM...\n"},
        {"/file 1", "error file: something is missing: write /file PEERS PATH\n"},
        {"/close", "error close: something is missing: write /close PEERS\n"},
        {"/info", "error info: something is missing: write /info PEER\n"},
        {"/listen", "error listen: something is missing: write /listen ENDPOINT\n"},
        {"/unlisten", "error unlisten: something is missing: write /unlisten LISTENER\n"},
        {"/connect", "error connect: something is missing: write /connect ENDPOINT\n"},
        {"/reply 1", "error reply: something is missing: write /reply LISTENER MODE\n"},
        {"/view",
         "error view: something is missing: write /view VIEW | PEERS VIEW | PEERS -\n"},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        SAYS(cases[i].line, cases[i].answer);
}
END_TEST

START_TEST(words_too_many_are_said)
{
    static const char *const names[] = {"listeners", "stats", "read-only", "quit", "shutdown"};
    for (size_t i = 0; i < COUNT(names); i++) {
        char line[64], expected[128];
        snprintf(line, sizeof line, "/%s now", names[i]);
        snprintf(expected, sizeof expected, "error %s: /%s stands alone, nothing follows it\n",
                 names[i], names[i]);
        SAYS(line, expected);
    }
    ck_assert(!console.session.leaving && !console.session.read_only);
    ck_assert_uint_eq(console.shutdowns, 0);
}
END_TEST

START_TEST(blanks_around_words_do_not_matter)
{
    SAYS("/to \t 2  ", "changed target 2\nto: done\n");
    SAYS("/peers  ", "peers: #1 #2\n");
    SAYS("/name  2\t boiler ", "name: done\n");
    SAYS("/to\tboiler", "to: done\n");
}
END_TEST

START_TEST(a_carriage_return_ends_a_line_as_blanks_do)
{
    SAYS("/to 2\r", "changed target 2\nto: done\n");
    SAYS("/peers\r", "peers: #1 #2\n");
    SAYS("/peers \r", "peers: #1 #2\n");
    SAYS("/name 2 boiler\r", "name: done\n");
    SAYS("@2\r", "to: done\n");
    SAYS("/bytes 2 \"x\" 0a\r", "bytes: done\n");
    TOOK(second, "x\\n");
}
END_TEST

START_TEST(a_carriage_return_of_a_text_is_sent)
{
    SAYS("\r", "send: done\n");
    TOOK(first, "\\r\\n");
    SAYS("hi\r", "send: done\n");
    TOOK(first, "hi\\r\\n");
    SAYS("@2 hi\r", "send: done\n");
    TOOK(second, "hi\\r\\n");
    SAYS("/send 2 \r", "send: done\n");
    TOOK(second, "\\r\\n");
    SAYS("//hi\r", "send: done\n");
    TOOK(first, "/hi\\r\\n");
}
END_TEST

START_TEST(a_nul_among_the_words_is_an_error)
{
    static const struct {
        const char *line;
        size_t size;
    } cases[] = {
        {"/pe\0ers", 8},     {"/peers\0", 7},          {"/to 2\0", 6},       {"@2\0 hi", 6},
        {"/send 2\0 x", 10}, {"/sen\0d 2 x", 10},      {"/close 1\0,2", 11}, {"/peers \0", 8},
        {"/help\0x", 7},     {"/bytes 1 ff\0 00", 15}, {"/name 1 a\0b", 11}, {"/help x\0y", 9},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *answer = fake_say_bytes(&console, cases[i].line, cases[i].size);
        ck_assert_msg(strstr(answer, ": a NUL byte may stand in a text only\n") != NULL,
                      "case %zu: %s", i, answer);
    }
    check_silence();
    ck_assert_uint_eq(console.session.target, 1);
}
END_TEST

START_TEST(a_nul_in_a_name_makes_no_other_command)
{
    static const char line[] = "/q\0uit";
    ck_assert_str_eq(fake_say_bytes(&console, line, sizeof line - 1),
                     "error quit: a NUL byte may stand in a text only\n");
    ck_assert(!console.session.leaving);
}
END_TEST

/* --- read-only --- */

START_TEST(a_read_only_operator_changes_nothing)
{
    static const char *const lines[] = {"text",
                                        "//text",

                                        "@2 x",
                                        "/send 2 x",
                                        "/name 2 b",
                                        "/bytes 2 ff",
                                        "/file 2 /etc/passwd",
                                        "/close 2",
                                        "/close *",
                                        "/unlisten 1",
                                        "/listen tcp://127.0.0.1:7",
                                        "/reply 1 echo",
                                        "/shutdown",
                                        "/connect tcp://127.0.0.1:7",
                                        "/send",
                                        "/shutdown now"};
    console.session.read_only = true;
    fake_take(&world);
    for (size_t i = 0; i < COUNT(lines); i++) {
        const char *answer = fake_say(&console, lines[i]);
        ck_assert_msg(strncmp(answer, "error ", 6) == 0 &&
                          strstr(answer, ": this console is read-only, and /") != NULL,
                      "'%s': %s", lines[i], answer);
    }
    ck_assert_str_eq(fake_take(&world), "");
    ck_assert_uint_eq(console.shutdowns, 0);
    check_silence();
}
END_TEST

START_TEST(a_read_only_operator_may_look_and_leave)
{
    console.session.read_only = true;
    SAYS("/to 2", "changed target 2\nto: done\n");
    SAYS("/peers", "peers: #1 #2\n");
    SAYS("/info 2", "info: #2 by tcp://127.0.0.1:1\n");
    SAYS("/listeners", "listeners: 1\n");
    SAYS("/view size", "changed view size\nview: done (view size)\n");
    SAYS("/read-only", "read-only: done (this console changes nothing from here on)\n");
    ck_assert_ptr_nonnull(strstr(fake_say(&console, "/stats"), "stats: "));
    ck_assert_ptr_nonnull(strstr(fake_say(&console, "/help"), " send "));
    SAYS("/quit", "quit: done\nchanged leaving\n");
}
END_TEST

START_TEST(the_table_says_who_may)
{
    static const char *const all_may[] = {"to",    "peers", "info",      "listeners", "view",
                                          "stats", "help",  "read-only", "quit",      "only",
                                          "mute",  "grep",  "consoles",  "say",       "time",
                                          "show",  "find",  "replay",    "line",      "fault"};
    for (size_t i = 0; command_table[i]; i++) {
        bool may = false;
        for (size_t j = 0; j < COUNT(all_may); j++)
            may |= strcmp(command_table[i]->name, all_may[j]) == 0;
        ck_assert_msg(command_table[i]->read_only == may, "%s", command_table[i]->name);
    }
}
END_TEST

/* --- the tables themselves --- */

static unsigned columns(const char *help)
{
    unsigned widest = 0;
    while (*help) {
        const unsigned width = (unsigned)strcspn(help, "\n");
        widest = width > widest ? width : widest;
        help += width + (help[width] == '\n');
    }
    return widest;
}

static void check_table(const struct command *const *table)
{
    for (; *table; table++) {
        const struct command *command = *table;
        const size_t size = strlen(command->help);
        ck_assert_msg(columns(command->help) <= 72, "%s: help too wide", command->name);
        ck_assert_msg(command->help[size - 1] == '\n', "%s: help ends", command->name);
        ck_assert_msg(strlen(command->summary) <= 60, "%s: summary too long", command->name);
        ck_assert_ptr_nonnull(command->arguments);
        ck_assert_uint_le(command->min_words, command->max_words);
        ck_assert_uint_le(command->max_words, COMMAND_WORDS_MAX);
        ck_assert_ptr_nonnull(command->run);
        char *error = NULL;
        ck_assert_ptr_eq(command_find(table, command->name, &error), command);
    }
}

START_TEST(the_tables_are_sound)
{
    check_table(command_table);
    check_table(command_client_table);
    check_table(command_serial_table);
}
END_TEST

START_TEST(finds_by_name_and_prefix)
{
    char *error = NULL;
    ck_assert_ptr_eq(command_find(command_table, "shu", &error), &cmd_shutdown);
    ck_assert_ptr_eq(command_find(command_table, "listen", &error), &cmd_listen);
    ck_assert_ptr_null(error);
    ck_assert_ptr_null(command_find(command_client_table, "peers", &error));
    check_error(error, "unknown command '/peers': /help lists them, and //TEXT sends /TEXT");
}
END_TEST

/* --- reading a line without running it --- */

START_TEST(reads_what_a_line_says)
{
    static const struct {
        const char *text;
        const struct command *command;
        const char *first, *second;
    } cases[] = {
        {"", NULL, NULL, NULL},
        {"/", NULL, NULL, NULL},
        {"/view hex", &cmd_view, "hex", ""},
        {"/v  hex ", &cmd_view, "hex", ""},
        {"/view\thex", &cmd_view, "hex", ""},
        {"/quit", &cmd_quit, "", ""},
        {"/quit\r", &cmd_quit, "", ""},
        {"/view hex\r", &cmd_view, "hex", ""},
        {"/fil 1,boiler   a b ", &cmd_file, "1,boiler", "a b"},
        {"/file 1 ~/y\r", &cmd_file, "1", "~/y"},
        {"/file 1", &cmd_file, "1", ""},
        {"/view\rhex", NULL, NULL, NULL},
        {"/re 1 echo", NULL, NULL, NULL}, /* could be several */
        {"//view hex", NULL, NULL, NULL},
        {"/@1 x", NULL, NULL, NULL},
        {"@1 /view hex", NULL, NULL, NULL},
        {"view hex", NULL, NULL, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct command_read read;
        command_read(&read, command_table, cases[i].text, strlen(cases[i].text));
        ck_assert_msg(read.command == cases[i].command, "'%s'", cases[i].text);
        if (read.command && read.command->max_words > 0)
            ck_assert_str_eq(read.arguments.words[0], cases[i].first);
        if (read.command && read.command->max_words > 1)
            ck_assert_str_eq(read.arguments.words[1], cases[i].second);
        command_read_finish(&read);
    }
}
END_TEST

START_TEST(reads_no_line_with_a_nul_byte)
{
    struct command_read read;
    command_read(&read, command_table, "/view\0hex", 9);
    ck_assert_ptr_null(read.command);
    command_read_finish(&read);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {text_goes_to_the_target_with_its_eol,
                                  doubled_marks_send_themselves,
                                  text_may_hold_any_byte,
                                  without_a_target_text_is_refused,
                                  a_target_that_is_gone_gets_nothing_and_nobody_else_does,
                                  an_empty_line_sends_the_eol_and_is_not_answered,
                                  an_empty_line_that_fails_is_answered,
                                  at_sends_to_the_named_and_the_target_stays,
                                  an_empty_line_says_nothing_to_who_is_closing,
                                  at_alone_chooses_the_target,
                                  text_is_refused_while_the_target_is_away,
                                  exactly_one_space_stands_before_the_text,
                                  a_send_without_its_text_is_an_error,
                                  commands_may_be_shortened,
                                  an_exact_name_wins,
                                  an_ambiguous_name_lists_the_candidates,
                                  an_unknown_name_is_said,
                                  the_nearest_is_guessed,
                                  bare_words_get_a_hint,
                                  an_unknown_name_is_shown_safely_and_cut,
                                  missing_words_are_said,
                                  words_too_many_are_said,
                                  blanks_around_words_do_not_matter,
                                  a_carriage_return_ends_a_line_as_blanks_do,
                                  a_carriage_return_of_a_text_is_sent,
                                  a_nul_among_the_words_is_an_error,
                                  a_nul_in_a_name_makes_no_other_command,
                                  a_read_only_operator_changes_nothing,
                                  a_read_only_operator_may_look_and_leave,
                                  the_table_says_who_may,
                                  the_tables_are_sound,
                                  finds_by_name_and_prefix,
                                  reads_what_a_line_says,
                                  reads_no_line_with_a_nul_byte,
                                  NULL};
    return check_run_with("command", setup, teardown, tests);
}
