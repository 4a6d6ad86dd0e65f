/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two nodes behind fake carriers: each line goes to whom it was meant for, or to nobody. */
#include "client/nodes_talk.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/ut.h"
#include "check_main.h"
#include "client/attach.h"
#include "client/attach_settings.h"
#include "client/attach_talk.h"
#include "client/carrier.h"
#include "client/nodes.h"
#include "console/console.h"

struct fake_carrier {
    struct carrier carrier; /* first */
    UT_string sent;         /* each line with a newline */
};

static struct attach_settings settings;
static struct nodes nodes;
static struct node berlin, paris;
static struct fake_carrier to_berlin, to_paris;

/* --- carriers --- */

static void note(struct carrier *carrier, const char *line, size_t size)
{
    struct fake_carrier *fake = container_of(carrier, struct fake_carrier, carrier);
    utstring_bincpy(&fake->sent, line, size);
    utstring_bincpy(&fake->sent, "\n", 1);
}

static void hold(struct carrier *carrier, bool on)
{
    (void)carrier, (void)on;
}

static size_t backlog(const struct carrier *carrier)
{
    (void)carrier;
    return 0;
}

static void destroy(struct carrier *carrier)
{
    struct fake_carrier *fake = container_of(carrier, struct fake_carrier, carrier);
    utstring_done(&fake->sent);
}

static const struct carrier_ops ops = {
    .send = note, .hold = hold, .backlog = backlog, .destroy = destroy};

/* --- nodes --- */

static void greeted(struct node *node, const struct follow_hello *hello)
{
    (void)node, (void)hello;
}

static void of_node(struct node *node)
{
    (void)node;
}

static void of_text(struct node *node, const char *text)
{
    (void)node, (void)text;
}

static void refused(struct node *node, enum request_kind kind, const char *error)
{
    (void)node, (void)kind, (void)error;
}

static const struct node_hooks hooks = {.greeted = greeted,
                                        .ready = of_node,
                                        .done = of_text,
                                        .refused = refused,
                                        .mistaken = of_text,
                                        .lost = of_node};

static void say(struct node *node, const char *line)
{
    const struct carrier_hooks carrier = attach_node_carrier_hooks(node);
    ck_assert_msg(carrier.line(carrier.context, line, strlen(line)), "%s", line);
}

static void add(struct node *node, struct fake_carrier *fake, const char *name)
{
    nodes_add(&nodes, node, name, &hooks);
    *fake = (struct fake_carrier){.carrier.ops = &ops};
    utstring_init(&fake->sent);
    node->carrier = &fake->carrier;
    say(node, "{\"event\":\"hello\",\"protocol\":1,\"version\":\"9\",\"access\":\"write\","
              "\"console\":4}");
    say(node, "{\"event\":\"result\",\"input\":1,\"command\":\"listeners\",\"listeners\":[]}");
    say(node, "{\"event\":\"result\",\"input\":2,\"command\":\"peers\",\"peers\":["
              "{\"peer\":3,\"transport\":\"tcp\",\"state\":\"open\",\"remote\":\"a\","
              "\"local\":\"b\",\"name\":\"boiler\",\"received\":0,\"sent\":0,\"queued\":0,"
              "\"idle\":0},"
              "{\"peer\":4,\"transport\":\"tcp\",\"state\":\"open\",\"remote\":\"a\","
              "\"local\":\"b\",\"name\":null,\"received\":0,\"sent\":0,\"queued\":0,"
              "\"idle\":0}]}");
    ck_assert(node->ready);
    utstring_clear(&fake->sent);
}

/* The console is that of this process: it reads nothing, and nobody reads it. */
static void setup(void)
{
    const int null = open("/dev/null", O_RDWR);
    ck_assert(null >= 0 && dup2(null, STDIN_FILENO) == STDIN_FILENO);
    settings = (struct attach_settings){.history = 0};
    CAST_INIT(attach_settings, &settings);
    nodes_init(&nodes, &settings);
    nodes_open(&nodes);
    console_mute(attach_state_console(&nodes.attach));
    add(&berlin, &to_berlin, "berlin");
    add(&paris, &to_paris, "paris");
}

static void teardown(void)
{
    attach_close(&nodes.attach);
    attach_node_finish(&berlin);
    attach_node_finish(&paris);
    attach_finish(&nodes.attach);
}

static void check(const char *typed, const char *at_berlin, const char *at_paris)
{
    nodes_talk_forward(&nodes.attach, typed, strlen(typed));
    ck_assert_msg(strcmp(utstring_body(&to_berlin.sent), at_berlin) == 0,
                  "'%s' told berlin '%s'", typed, utstring_body(&to_berlin.sent));
    ck_assert_msg(strcmp(utstring_body(&to_paris.sent), at_paris) == 0, "'%s' told paris '%s'",
                  typed, utstring_body(&to_paris.sent));
    utstring_clear(&to_berlin.sent);
    utstring_clear(&to_paris.sent);
}

static uint64_t target(void)
{
    return attach_state_console(&nodes.attach)->session.target;
}

static void goes_nowhere(const char *typed)
{
    nodes.attach.undone = false;
    check(typed, "", "");
    ck_assert_msg(nodes.attach.undone, "%s", typed);
}

/* --- tests --- */

START_TEST(a_line_goes_to_the_node_that_it_names)
{
    check("@berlin/3 hi", "@3 hi\n", "");
    check("@paris/boiler hi", "", "@boiler hi\n");
    check("@paris/* hi", "", "@* hi\n");
    check("/close berlin/3,berlin/4", "/close 3,4\n", "");
    ck_assert_uint_eq(berlin.requests.typed, 2);
}
END_TEST

START_TEST(without_a_node_it_goes_nowhere)
{
    goes_nowhere("hi");
    goes_nowhere("@3 hi");
    goes_nowhere("@boiler hi");
    goes_nowhere("@* hi");
    goes_nowhere("/close 3");
    goes_nowhere("/listen tcp://*:1");
    goes_nowhere("@rome/3 hi");
    goes_nowhere("@berlin/3,paris/3 hi");
    goes_nowhere("@3");
    ck_assert_uint_eq(target(), 0);
}
END_TEST

START_TEST(one_may_be_chosen)
{
    check("/node paris", "", "");
    check("@3 hi", "", "@3 hi\n");
    check("@berlin/3 hi", "@3 hi\n", "");
    check("/listen tcp://*:1", "", "/listen tcp://*:1\n");
    check("/peers", "", "/peers\n");
    check("/node -", "", "");
    goes_nowhere("@3 hi");
    check("/node rome", "", "");
    goes_nowhere("@3 hi");
}
END_TEST

START_TEST(all_may_be_asked)
{
    check("/find boiler", "/find boiler\n", "/find boiler\n");
    check("/peers", "/peers\n", "/peers\n");
    check("/replay 0 berlin/3", "/replay 0 3\n", "");
}
END_TEST

START_TEST(the_target_is_of_one_node)
{
    check("@paris/3", "", "");
    ck_assert_uint_eq(target(), paris.follow.known.base + 3);
    check("hi", "", "@3 hi\n");
    check("/node berlin", "", "");
    check("hi", "", "@3 hi\n");
    check("@boiler", "", "");
    check("//hi", "@3 /hi\n", "");
    goes_nowhere("@berlin/9");
    goes_nowhere("@berlin/*");
    goes_nowhere("@berlin/kettle");
    check("hi", "@3 hi\n", "");
    check("/to -", "", "");
    goes_nowhere("hi");
}
END_TEST

START_TEST(a_target_that_closes_is_none)
{
    check("@berlin/4", "", "");
    say(&paris, "{\"event\":\"close\",\"peer\":4,\"reason\":\"eof\",\"received\":0,\"sent\":0,"
                "\"unsent\":0,\"seconds\":1}");
    check("hi", "@4 hi\n", "");
    say(&berlin, "{\"event\":\"close\",\"peer\":4,\"reason\":\"eof\",\"received\":0,\"sent\":0,"
                 "\"unsent\":0,\"seconds\":1}");
    goes_nowhere("hi");
    say(&berlin, "{\"event\":\"open\",\"peer\":5,\"transport\":\"tcp\",\"remote\":\"a\","
                 "\"local\":\"b\",\"listener\":1}");
    goes_nowhere("hi");
}
END_TEST

START_TEST(one_that_is_kept_by_name_comes_back)
{
    check("@berlin/boiler", "", "");
    say(&berlin, "{\"event\":\"close\",\"peer\":3,\"reason\":\"eof\",\"received\":0,\"sent\":0,"
                 "\"unsent\":0,\"seconds\":1}");
    goes_nowhere("hi");
    say(&paris, "{\"event\":\"name\",\"peer\":4,\"name\":\"boiler\"}");
    goes_nowhere("hi");
    say(&berlin, "{\"event\":\"name\",\"peer\":4,\"name\":\"boiler\"}");
    check("hi", "@4 hi\n", "");
}
END_TEST

START_TEST(a_node_that_is_away_gets_nothing)
{
    check("@berlin/4", "", "");
    berlin.ready = false;
    nodes_forget(&nodes, &berlin);
    goes_nowhere("hi");
    goes_nowhere("@berlin/4 hi");
    check("/peers", "", "/peers\n");
}
END_TEST

START_TEST(who_may_only_look_changes_nothing)
{
    check("@berlin/4", "", "");
    check("/read-only", "", "");
    goes_nowhere("hi");
    goes_nowhere("@berlin/4 hi");
    goes_nowhere("/close berlin/4");
    check("/info berlin/4", "/listeners\n/info 4\n", "");
}
END_TEST

START_TEST(what_is_shown_is_said_here)
{
    check("/only berlin/*", "", "");
    const struct focus *focus = &attach_state_console(&nodes.attach)->session.focus;
    ck_assert_uint_eq(focus->only.count, 1);
    check("/view paris/boiler hex", "", "");
    ck_assert_uint_eq(focus->view_words, 1);
    check("/nodes", "", "");
    check("/help", "", "");
}
END_TEST

START_TEST(a_script_ends_when_all_is_answered)
{
    enum { RUNS = -1 };
    nodes.attach.status = RUNS;
    check("@berlin/4 hi", "@4 hi\n", "");
    nodes_talk_script_ended(&nodes.attach);
    ck_assert_uint_eq(berlin.requests.typed, 1);
    ck_assert_int_eq(nodes.attach.status, RUNS);
    say(&berlin, "{\"event\":\"result\",\"input\":3,\"command\":\"send\"}");
    ck_assert_uint_eq(berlin.requests.typed, 0);
    ck_assert_int_eq(nodes.attach.status, EXIT_SUCCESS);
}
END_TEST

START_TEST(behind_quit_nothing_is_done)
{
    check("@berlin/4 hi", "@4 hi\n", "");
    check("/quit", "", "");
    ck_assert(nodes.ending && berlin.requests.typed == 1);
    check("@berlin/4 again", "", "");
    check("@paris/4 again", "", "");
    check("/node rome", "", "");
    ck_assert(!nodes.attach.undone);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_line_goes_to_the_node_that_it_names,
                                  without_a_node_it_goes_nowhere,
                                  one_may_be_chosen,
                                  all_may_be_asked,
                                  the_target_is_of_one_node,
                                  a_target_that_closes_is_none,
                                  one_that_is_kept_by_name_comes_back,
                                  a_node_that_is_away_gets_nothing,
                                  who_may_only_look_changes_nothing,
                                  what_is_shown_is_said_here,
                                  a_script_ends_when_all_is_answered,
                                  behind_quit_nothing_is_done,
                                  NULL};
    return check_run_with("nodes_talk", setup, teardown, tests);
}
