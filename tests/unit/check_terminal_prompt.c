/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/terminal_prompt.h"

#include <stdio.h>

#include "check_main.h"
#include "console/console.h"

static struct who peer;

static struct who find(const struct directory *directory, uint64_t number)
{
    (void)directory;
    return number == peer.number ? peer : (struct who){0};
}

static const struct directory directory = {.find = find};
static struct console console;

static void setup(void)
{
    peer = (struct who){.number = 3};
    console = (struct console){.directory = &directory};
}

static void prompts(const char *expected)
{
    UT_string text;
    utstring_init(&text);
    terminal_prompt_make(&text, &console);
    ck_assert_str_eq(utstring_body(&text), expected);
    utstring_done(&text);
}

START_TEST(names_the_target)
{
    prompts("> ");
    console.session.target = 3;
    prompts("#3> ");
    peer.name = "boiler";
    prompts("#3 boiler> ");
    console.session.target = 4; /* not on the line any more */
    prompts("> ");
}
END_TEST

START_TEST(names_the_node_too)
{
    peer = (struct who){.number = who_base(2) + 3, .node = "berlin"};
    console.node = "paris";
    prompts("paris> ");
    console.session.target = peer.number;
    prompts("berlin/3> ");
    peer.name = "boiler";
    prompts("berlin/boiler> ");
    console.session.target = 0;
    snprintf(console.session.target_name, sizeof console.session.target_name, "berlin/boiler");
    prompts("berlin/boiler (away)> ");
}
END_TEST

START_TEST(says_that_nothing_can_be_changed)
{
    console.session.read_only = true;
    prompts("(read-only)> ");
    console.session.target = 3;
    prompts("#3 (read-only)> ");
}
END_TEST

START_TEST(names_the_only_far_end_instead)
{
    console.far_end = "127.0.0.1:6379";
    console.session.target = 3;
    prompts("127.0.0.1:6379> ");
    console.far_end = "unix:/tmp/a\033[2J";
    prompts("unix:/tmp/a\\x1b[2J> ");
    console.columns = 20;
    console.far_end = "udp://meters.example:21567";
    prompts("ud…le:21567> ");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {names_the_target, names_the_node_too,
                                  says_that_nothing_can_be_changed,
                                  names_the_only_far_end_instead, NULL};
    return check_run_with("terminal_prompt", setup, NULL, tests);
}
