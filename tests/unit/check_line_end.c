/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/line_end.h"

#include "check_main.h"

START_TEST(reasons_have_names)
{
    static const char *const names[CLOSE_REASONS] = {
        [CLOSE_EOF] = "eof",         [CLOSE_RESET] = "reset",
        [CLOSE_TIMEOUT] = "timeout", [CLOSE_OPERATOR] = "operator",
        [CLOSE_EVICTED] = "evicted", [CLOSE_SHUTDOWN] = "shutdown",
        [CLOSE_ERROR] = "error"};
    for (enum close_reason reason = 0; reason < CLOSE_REASONS; reason++)
        ck_assert_str_eq(close_reason_name(reason), names[reason]);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {reasons_have_names, NULL};
    return check_run("line_end", tests);
}
