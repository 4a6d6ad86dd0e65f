/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/subject.h"

#include <string.h>

#include "check_main.h"

static const char *const all[SUBJECT_KINDS] = {
    [SUBJECT_PRESENCE] = "telex.n.berlin",  [SUBJECT_TALK] = "telex.e.berlin.talk",
    [SUBJECT_LIFE] = "telex.e.berlin.life", [SUBJECT_LOST] = "telex.e.berlin.lost",
    [SUBJECT_READ] = "telex.c.berlin.r",    [SUBJECT_WRITE] = "telex.c.berlin.w"};

START_TEST(each_is_read_as_it_is_made)
{
    for (int kind = 0; kind < SUBJECT_KINDS; kind++) {
        char text[SUBJECT_ROOM];
        struct subject subject;
        subject_make(text, (enum subject_kind)kind, "berlin");
        ck_assert_str_eq(text, all[kind]);
        ck_assert(subject_read(text, &subject));
        ck_assert_int_eq(subject.kind, kind);
        ck_assert_str_eq(subject.node, "berlin");
    }
}
END_TEST

START_TEST(the_longest_name_has_room)
{
    static const char name[] = "a2345678901234567890123456789012";
    char text[SUBJECT_ROOM];
    struct subject subject;
    subject_make(text, SUBJECT_TALK, name);
    ck_assert_uint_eq(strlen(text), strlen("telex.e..talk") + NAMES_LENGTH);
    ck_assert(subject_read(text, &subject));
    ck_assert_str_eq(subject.node, name);
}
END_TEST

START_TEST(others_are_refused)
{
    static const char *const others[] = {
        "",
        "telex",
        "telex.p",
        "telex.n.",
        "telex.n.1st",
        "telex.n.a.b",
        "telex.c.berlin",
        "telex.c.berlin.x",
        "telex.c.berlin.r.w",
        "telex.e.berlin.",
        "telex.e..talk",
        "telex.e.*.talk",
        "telex.e.a23456789012345678901234567890123.talk",
        "xtelex.n.berlin",
    };
    struct subject subject;
    for (size_t i = 0; i < COUNT(others); i++)
        ck_assert_msg(!subject_read(others[i], &subject), "%s", others[i]);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {each_is_read_as_it_is_made, the_longest_name_has_room,
                                  others_are_refused, NULL};
    return check_run("subject", tests);
}
