/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/view.h"

#include "check_main.h"

START_TEST(each_has_a_name)
{
    static const char *const names[] = {
        [VIEW_TEXT] = "text", [VIEW_HEX] = "hex", [VIEW_SIZE] = "size", [VIEW_NONE] = "none"};
    for (enum view each = VIEW_TEXT; each <= VIEW_NONE; each++) {
        enum view view = VIEW_NONE - each; /* another one */
        char *error = NULL;
        ck_assert_str_eq(view_name(each), names[each]);
        ck_assert(view_parse(names[each], &view, &error));
        ck_assert_int_eq(view, each);
    }
}
END_TEST

START_TEST(lists_those_there_are)
{
    static const struct {
        const char *word, *error;
    } cases[] = {
        {"", "unknown view '': use text, hex, size or none"},
        {"Text", "unknown view 'Text': use text, hex, size or none"},
        {"hexa", "unknown view 'hexa': use text, hex, size or none"},
        {"\x1b[H", "unknown view '\\x1b[H': use text, hex, size or none"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        enum view view = VIEW_SIZE;
        char *error = NULL;
        ck_assert(!view_parse(cases[i].word, &view, &error));
        ck_assert_int_eq(view, VIEW_SIZE);
        check_error(error, cases[i].error);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {each_has_a_name, lists_those_there_are, NULL};
    return check_run("view", tests);
}
