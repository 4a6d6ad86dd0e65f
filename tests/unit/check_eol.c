/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/eol.h"

#include <stdint.h>
#include <string.h>

#include "check_main.h"

START_TEST(eols_have_names_and_bytes)
{
    static const struct {
        enum eol eol;
        const char *name, *bytes;
        size_t size;
    } cases[] = {{EOL_NONE, "none", "", 0},
                 {EOL_LF, "lf", "\n", 1},
                 {EOL_CRLF, "crlf", "\r\n", 2},
                 {EOL_NUL, "nul", "\0", 1}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        enum eol eol = EOL_UNSET;
        size_t size = SIZE_MAX;
        char *error = NULL;
        ck_assert(eol_parse(cases[i].name, &eol, &error) && eol == cases[i].eol);
        ck_assert_str_eq(eol_name(eol), cases[i].name);
        const char *bytes = eol_bytes(eol, &size);
        ck_assert_uint_eq(size, cases[i].size);
        ck_assert(memcmp(bytes, cases[i].bytes, size) == 0);
    }
}
END_TEST

START_TEST(an_eol_may_be_unknown)
{
    static const struct {
        const char *word, *error;
    } cases[] = {{"", "unknown eol '': use none, lf, crlf or nul"},
                 {"\\n", "unknown eol '\\\\n': use none, lf, crlf or nul"},
                 {"lf ", "unknown eol 'lf ': use none, lf, crlf or nul"},
                 {"\x1b", "unknown eol '\\x1b': use none, lf, crlf or nul"}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        enum eol eol = EOL_CRLF;
        char *error = NULL;
        ck_assert(!eol_parse(cases[i].word, &eol, &error));
        check_error(error, cases[i].error);
        ck_assert_int_eq(eol, EOL_CRLF);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {eols_have_names_and_bytes, an_eol_may_be_unknown, NULL};
    return check_run("eol", tests);
}
