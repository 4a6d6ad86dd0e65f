/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whose a line is where there are many nodes. What goes to a peer that was not meant is lost.
 */
#include "client/nodes_line.h"

#include <stdlib.h>
#include <string.h>

#include "check_main.h"

static void check(const char *typed, enum nodes_line_kind kind, const char *node,
                  const char *text)
{
    struct nodes_line line;
    nodes_line_read(&line, command_table, typed, strlen(typed));
    ck_assert_msg(line.kind == kind, "'%s' is %d: %s", typed, (int)line.kind,
                  line.error ? line.error : "");
    ck_assert_str_eq(line.node, node);
    ck_assert_str_eq(line.text, text);
    ck_assert_uint_eq(line.size, strlen(text));
    nodes_line_finish(&line);
}

static void check_wrong(const char *typed, const char *part)
{
    struct nodes_line line;
    nodes_line_read(&line, command_table, typed, strlen(typed));
    ck_assert_msg(line.kind == NODES_LINE_WRONG, "'%s' is %d", typed, (int)line.kind);
    ck_assert_msg(strstr(line.error, part), "'%s': %s", typed, line.error);
    nodes_line_finish(&line);
}

START_TEST(a_text_is_the_targets)
{
    check("", NODES_LINE_EMPTY, "", "");
    check("hello berlin/3", NODES_LINE_TEXT, "", "hello berlin/3");
    check("//x @y", NODES_LINE_TEXT, "", "/x @y");
    check("/@x", NODES_LINE_TEXT, "", "@x");
}
END_TEST

START_TEST(a_text_for_peers_goes_to_their_node)
{
    check("@berlin/3 hi  there ", NODES_LINE_PEERS, "berlin", "@3 hi  there ");
    check("@berlin/boiler  hi", NODES_LINE_PEERS, "berlin", "@boiler  hi");
    check("@berlin/* hi", NODES_LINE_PEERS, "berlin", "@* hi");
    check("@berlin/3,berlin/#4,berlin/boiler hi", NODES_LINE_PEERS, "berlin",
          "@3,#4,boiler hi");
    check("/send berlin/3 paris/4", NODES_LINE_PEERS, "berlin", "/send 3 paris/4");
    check("@3 hi", NODES_LINE_PEERS, "", "@3 hi");
}
END_TEST

START_TEST(a_text_may_hold_anything)
{
    static const char typed[] = "@berlin/3 a\0b";
    struct nodes_line line;
    nodes_line_read(&line, command_table, typed, sizeof typed - 1);
    ck_assert_int_eq(line.kind, NODES_LINE_PEERS);
    ck_assert_uint_eq(line.size, 6);
    ck_assert(memcmp(line.text, "@3 a\0b", 6) == 0);
    nodes_line_finish(&line);
}
END_TEST

START_TEST(a_line_is_for_one_node)
{
    check_wrong("@berlin/3,paris/4 hi", "'4' is not of the same node");
    check_wrong("@berlin/3,4 hi", "'4' is not of the same node");
    check_wrong("@3,berlin/4 hi", "'4' is not of the same node");
    check_wrong("/join berlin/3 paris/4", "both peers are to be of one node");
    check_wrong("/join berlin/3 4", "both peers are to be of one node");
    check("/join berlin/3 berlin/4", NODES_LINE_PEERS, "berlin", "/join 3 4");
}
END_TEST

START_TEST(what_is_no_node_is_refused)
{
    check_wrong("@*/3 hi", "'*/3' is no peer of a node");
    check_wrong("@berlin/ hi", "'berlin/' is no peer of a node");
    check_wrong("@/3 hi", "'/3' is no peer of a node");
    check_wrong("@4/3 hi", "'4/3' is no peer of a node");
    check_wrong("@ hi", "whom?");
}
END_TEST

START_TEST(a_peer_alone_is_the_target)
{
    check("@berlin/3", NODES_LINE_TARGET, "berlin", "3");
    check("@berlin/3\r", NODES_LINE_TARGET, "berlin", "3");
    check("/to  berlin/boiler ", NODES_LINE_TARGET, "berlin", "boiler");
    check("/to -", NODES_LINE_TARGET, "", "-");
    check_wrong("/to", "something is missing");
}
END_TEST

START_TEST(commands_take_the_node_off_their_peers)
{
    check("/close berlin/3,berlin/4", NODES_LINE_PEERS, "berlin", "/close 3,4");
    check("/bytes  berlin/3  de ad", NODES_LINE_PEERS, "berlin", "/bytes  3  de ad");
    check("/name berlin/3 boiler", NODES_LINE_PEERS, "berlin", "/name 3 boiler");
    check("/unlisten berlin/front", NODES_LINE_PEERS, "berlin", "/unlisten front");
    check("/info 3", NODES_LINE_PEERS, "", "/info 3");
    check("/close 3", NODES_LINE_PEERS, "", "/close 3");
    check("/listen tcp://*:1/x", NODES_LINE_NODE, "", "/listen tcp://*:1/x");
    check_wrong("/close", "something is missing");
    check_wrong("/clsoe 3", "clsoe");
}
END_TEST

START_TEST(what_only_asks_may_be_asked_of_all)
{
    check("/peers", NODES_LINE_ASKS, "", "/peers");
    check("/peers berlin/boil*", NODES_LINE_ASKS, "berlin", "/peers boil*");
    check("/find error", NODES_LINE_ASKS, "", "/find error");
    check("/find @berlin/* error", NODES_LINE_ASKS, "berlin", "/find @* error");
    check("/replay 12", NODES_LINE_ASKS, "", "/replay 12");
    check("/replay 12 berlin/3", NODES_LINE_ASKS, "berlin", "/replay 12 3");
    check("/show berlin/3 5", NODES_LINE_ASKS, "berlin", "/show 3 5");
    check("/show 3", NODES_LINE_PEERS, "", "/show 3");
    check("/find @boiler error", NODES_LINE_PEERS, "", "/find @boiler error");
    check("/stats", NODES_LINE_ASKS, "", "/stats");
}
END_TEST

START_TEST(what_is_the_operators_stays_here)
{
    check("/only berlin/*", NODES_LINE_HERE, "", "/only berlin/*");
    check("/view hex", NODES_LINE_HERE, "", "/view hex");
    check("/help", NODES_LINE_HERE, "", "/help");
    check("/quit", NODES_LINE_HERE, "", "/quit");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_text_is_the_targets,
                                  a_text_for_peers_goes_to_their_node,
                                  a_text_may_hold_anything,
                                  a_line_is_for_one_node,
                                  what_is_no_node_is_refused,
                                  a_peer_alone_is_the_target,
                                  commands_take_the_node_off_their_peers,
                                  what_only_asks_may_be_asked_of_all,
                                  what_is_the_operators_stays_here,
                                  NULL};
    return check_run("nodes_line", tests);
}
