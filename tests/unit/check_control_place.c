/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/control_place.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "check_main.h"

/* Users that no machine has: each process has one of its own, and its directory in /tmp. */
static uid_t user;
static char directory[64], path[80];

static void setup(void)
{
    user = 0x40000000u + (uid_t)getpid();
    snprintf(directory, sizeof directory, "/tmp/telex-%u", user);
    snprintf(path, sizeof path, "%s/telex.sock", directory);
    unsetenv("XDG_RUNTIME_DIR");
}

static void teardown(void)
{
    unlink(directory);
    rmdir(directory);
}

static void is_own(uid_t whose, const char *expected)
{
    char *own = control_place_own(whose);
    ck_assert_str_eq(own, expected);
    free(own);
}

static void is_refused(void)
{
    char *error = NULL, expected[128];
    snprintf(expected, sizeof expected, "%s is no directory that is yours alone", directory);
    ck_assert(!control_place_is_safe(path, user));
    ck_assert(!control_place_prepare(path, user, &error));
    check_error(error, expected);
}

START_TEST(ones_own)
{
    is_own(0, "/run/telex/telex.sock");
    is_own(user, path); /* nobody has made a /run/user for that one */
    setenv("XDG_RUNTIME_DIR", "relative", 1);
    is_own(user, path);
    setenv("XDG_RUNTIME_DIR", "/run/somewhere", 1);
    is_own(user, "/run/somewhere/telex.sock");
    is_own(0, "/run/telex/telex.sock");
}
END_TEST

START_TEST(other_directories_are_left_alone)
{
    char *error = NULL, below[96];
    snprintf(below, sizeof below, "%s/below/telex.sock", directory);
    ck_assert(control_place_prepare("/nowhere/at/all", user, &error));
    ck_assert(control_place_prepare(below, user, &error));
    ck_assert(control_place_is_safe(below, user));
    ck_assert_int_lt(access(directory, F_OK), 0);
    ck_assert(control_place_is_safe(path, user)); /* not there: nobody's */
}
END_TEST

START_TEST(one_in_tmp_is_private)
{
    char *error = NULL;
    struct stat status;
    user = geteuid(); /* whom a directory that we make belongs to */
    char *own = mem_printf("/tmp/telex-%u", user), *file = mem_printf("%s/x", own);
    bool was_there = access(own, F_OK) == 0;
    ck_assert(control_place_prepare(file, user, &error));
    ck_assert(control_place_prepare(file, user, &error)); /* it is there */
    ck_assert_int_eq(lstat(own, &status), 0);
    ck_assert_uint_eq(status.st_mode, S_IFDIR | 0700);
    ck_assert(control_place_is_safe(file, user));
    if (!was_there) {
        chmod(own, 0750);
        ck_assert(!control_place_is_safe(file, user));
        rmdir(own);
    }
    free(own);
    free(file);
}
END_TEST

START_TEST(what_another_has_made_is_not_used)
{
    ck_assert_int_eq(mkdir(directory, 0700), 0); /* it is ours, not that user's */
    is_refused();
    rmdir(directory);
    ck_assert_int_eq(symlink("/tmp", directory), 0);
    is_refused();
    unlink(directory);
    close(open(directory, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    is_refused();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {ones_own, other_directories_are_left_alone,
                                  one_in_tmp_is_private, what_another_has_made_is_not_used,
                                  NULL};
    return check_run_with("control_place", setup, teardown, tests);
}
