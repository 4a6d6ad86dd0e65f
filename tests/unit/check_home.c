/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/home.h"

#include <pwd.h>
#include <unistd.h>

#include "base/mem.h"
#include "check_main.h"

static void expands_to(const char *path, const char *expected)
{
    char *expanded = home_expand(path);
    ck_assert_str_eq(expanded, expected);
    free(expanded);
}

START_TEST(the_environment_says_where)
{
    setenv("HOME", "/home/x", 1);
    expands_to("~", "/home/x");
    expands_to("~/", "/home/x/");
    expands_to("~/a/~b", "/home/x/a/~b");
}
END_TEST

START_TEST(without_it_the_users_file_does)
{
    const struct passwd *entry = getpwuid(geteuid());
    if (!entry)
        return; /* nobody that the machine knows */
    char *home = mem_strdup(entry->pw_dir), *name = mem_strdup(entry->pw_name);
    char *there = mem_printf("%s/x", home), *typed = mem_printf("~%s/x", name);
    setenv("HOME", "/elsewhere", 1);
    expands_to(typed, there);
    setenv("HOME", "", 1);
    expands_to("~/x", there);
    unsetenv("HOME");
    expands_to("~/x", there);
    free(typed);
    free(there);
    free(name);
    free(home);
}
END_TEST

START_TEST(all_else_stays)
{
    setenv("HOME", "/home/x", 1);
    expands_to("", "");
    expands_to("/a/~", "/a/~");
    expands_to("a~/b", "a~/b");
    expands_to(" ~/b", " ~/b");
    expands_to("~no-such-user-here", "~no-such-user-here");
    expands_to("~no-such-user-here/b", "~no-such-user-here/b");
}
END_TEST

static void stands_for(const char *path, const char *expected)
{
    char *absolute = home_absolute(path);
    ck_assert((absolute == NULL) == (expected == NULL));
    if (expected)
        ck_assert_str_eq(absolute, expected);
    free(absolute);
}

START_TEST(makes_paths_absolute)
{
    ck_assert_int_eq(chdir("/tmp"), 0);
    setenv("HOME", "/home/x", 1);
    stands_for("a b", "/tmp/a b");
    stands_for("~/y", "/home/x/y");
    stands_for("~no-such-user-here/y", "/tmp/~no-such-user-here/y");
    stands_for("/etc/x", NULL);
    stands_for("", NULL);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {the_environment_says_where, without_it_the_users_file_does,
                                  all_else_stays, makes_paths_absolute, NULL};
    return check_run("home", tests);
}
