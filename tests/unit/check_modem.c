/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/modem.h"

#include "check_main.h"

static void prints(unsigned which, unsigned on, const char *expected)
{
    UT_string out;
    utstring_init(&out);
    modem_print(&out, which, on);
    ck_assert_str_eq(utstring_body(&out), expected);
    utstring_done(&out);
}

START_TEST(each_is_told)
{
    prints(MODEM_OURS, MODEM_RTS | MODEM_CTS, "DTR off, RTS on");
    prints(MODEM_THEIRS, MODEM_CTS | MODEM_RI, "CTS on, DSR off, DCD off, RI on");
    prints(0, MODEM_CTS, "");
}
END_TEST

START_TEST(each_is_ours_or_theirs)
{
    unsigned all = 0;
    for (unsigned i = 0; i < MODEM_LINES; i++)
        all |= modem_names[i].line;
    ck_assert_uint_eq(all, MODEM_OURS | MODEM_THEIRS);
    ck_assert_uint_eq(MODEM_OURS & MODEM_THEIRS, 0);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {each_is_told, each_is_ours_or_theirs, NULL};
    return check_run("modem", tests);
}
