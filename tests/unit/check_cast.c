/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cast.h"

#include <signal.h>

#include "check_main.h"

struct shape {
    int corners;
};

struct square {
    struct shape shape;
    CAST_MARK;
};

struct circle {
    struct shape shape;
    CAST_MARK;
};

static struct circle circle_made(void)
{
    struct circle circle = {.shape.corners = 0};
    CAST_INIT(circle, &circle);
    return circle;
}

START_TEST(a_member_leads_to_its_struct)
{
    struct {
        char before[3];
        struct square square;
    } both;
    struct shape *shape = &both.square.shape;
    ck_assert_ptr_eq(container_of(shape, struct square, shape), &both.square);
    ck_assert_ptr_eq(container_of(&both.before, __typeof__(both), before), &both);
}
END_TEST

START_TEST(a_marked_struct_is_found_again)
{
    struct circle circle = circle_made();
    struct shape *shape = &circle.shape;
    void *context = &circle;
    ck_assert_ptr_eq(CAST(circle, shape), &circle);
    ck_assert_ptr_eq(CAST(circle, context), &circle);
}
END_TEST

#ifndef NDEBUG

START_TEST(another_is_not_taken_for_it)
{
    struct circle circle = circle_made();
    void *context = &circle;
    ck_assert_ptr_null(CAST(square, context));
}
END_TEST

START_TEST(nor_is_one_that_was_never_made)
{
    struct square square = {.shape.corners = 4};
    void *context = &square;
    ck_assert_ptr_null(CAST(square, context));
}
END_TEST

#endif

int main(void)
{
    Suite *suite = suite_create("cast");
    TCase *tcase = tcase_create("cast");
    tcase_add_test(tcase, a_member_leads_to_its_struct);
    tcase_add_test(tcase, a_marked_struct_is_found_again);
#ifndef NDEBUG
    tcase_add_test_raise_signal(tcase, another_is_not_taken_for_it, SIGABRT);
    tcase_add_test_raise_signal(tcase, nor_is_one_that_was_never_made, SIGABRT);
#endif
    suite_add_tcase(suite, tcase);
    return check_suite(suite);
}
