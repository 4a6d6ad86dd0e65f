/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/nodes_commands.h"

#include "check_main.h"

static bool is_in(const struct command *const *table, const struct command *command)
{
    while (*table && *table != command)
        table++;
    return *table != NULL;
}

/* Repeating lines is each telexd's own, files are never for a fleet. */
static bool is_left_out(const struct command *command)
{
    return command == &cmd_every || command == &cmd_file || command == &cmd_restrict;
}

START_TEST(telexds_are_there_but_for_those_that_a_fleet_has_not)
{
    for (const struct command *const *each = command_table; *each; each++)
        ck_assert_msg(is_in(nodes_commands, *each) != is_left_out(*each), "/%s", (*each)->name);
}
END_TEST

START_TEST(and_two_of_the_nodes)
{
    unsigned count = 0;
    for (const struct command *const *each = nodes_commands; *each; each++)
        count += !is_in(command_table, *each);
    ck_assert_uint_eq(count, 2);
    ck_assert(is_in(nodes_commands, &nodes_command_nodes));
    ck_assert(is_in(nodes_commands, &nodes_command_node));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {telexds_are_there_but_for_those_that_a_fleet_has_not,
                                  and_two_of_the_nodes, NULL};
    return check_run("nodes_commands", tests);
}
