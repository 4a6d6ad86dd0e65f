/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/who.h"

#include "check_main.h"

static void is_called(uint64_t number, const char *name, const char *label)
{
    const struct who who = {.number = number, .name = name};
    char text[WHO_LABEL];
    who_label(&who, text);
    ck_assert_str_eq(text, label);
}

START_TEST(a_label_has_number_and_name)
{
    is_called(3, NULL, "#3");
    is_called(3, "boiler", "#3 boiler");
    is_called(UINT64_MAX, "a23456789012345678901234567890_-",
              "#18446744073709551615 a23456789012345678901234567890_-");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_label_has_number_and_name, NULL};
    return check_run("who", tests);
}
