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

static void is_called_there(uint64_t number, const char *name, const char *label)
{
    const struct who who = {.number = who_base(7) + number, .name = name, .node = "berlin"};
    char text[WHO_LABEL];
    who_label(&who, text);
    ck_assert_str_eq(text, label);
}

START_TEST(of_a_node_it_has_number_or_name)
{
    is_called_there(3, NULL, "berlin/3");
    is_called_there(3, "boiler", "berlin/boiler");
    is_called_there(WHO_NUMBER_END - 1, NULL, "berlin/281474976710655");
}
END_TEST

START_TEST(numbers_of_nodes_are_apart)
{
    ck_assert_uint_ne(who_base(1) + 3, who_base(2) + 3);
    ck_assert_uint_eq(who_number(who_base(2) + 3), 3);
    ck_assert_uint_eq(who_beside(who_base(2) + 3, 4), who_base(2) + 4);
    ck_assert_uint_eq(who_beside(3, 4), 4);
}
END_TEST

START_TEST(a_number_may_have_its_sign)
{
    uint64_t number = 0;
    ck_assert(who_parse_number("3", UINT64_MAX, &number));
    ck_assert_uint_eq(number, 3);
    ck_assert(who_parse_number("#12", 12, &number));
    ck_assert_uint_eq(number, 12);
    static const char *const none[] = {"", "#", "0", "#0", "##3", "3#", "boiler", "-1", "13"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        ck_assert_msg(!who_parse_number(none[i], 12, &number), "%s", none[i]);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_label_has_number_and_name, of_a_node_it_has_number_or_name,
                                  numbers_of_nodes_are_apart, a_number_may_have_its_sign, NULL};
    return check_run("who", tests);
}
