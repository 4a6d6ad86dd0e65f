/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loop/unix_path.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "check_main.h"

static char folder[] = "/tmp/check-unix-path-XXXXXX";
static char *path;

static void setup(void)
{
    ck_assert_ptr_nonnull(mkdtemp(folder));
    path = mem_printf("%s/x", folder);
}

static void teardown(void)
{
    unlink(path);
    rmdir(folder);
    free(path);
}

static int must_bind(const char *where, unsigned mode, struct unix_path **file)
{
    char *error = NULL;
    const int fd = unix_path_bind(where, mode, file, &error);
    ck_assert_msg(fd >= 0, "%s", error);
    return fd;
}

static void must_fail(const char *reason)
{
    struct unix_path *file;
    char *error = NULL;
    ck_assert_int_lt(unix_path_bind(path, 0, &file, &error), 0);
    check_error(error, reason);
    ck_assert_ptr_null(file);
}

static bool exists(void)
{
    return access(path, F_OK) == 0;
}

START_TEST(has_exactly_the_permissions_asked_for)
{
    struct unix_path *file;
    struct stat status;
    const mode_t before = umask(077);
    const int fd = must_bind(path, 0620, &file);
    ck_assert_uint_eq(umask(before), 077); /* as it was */
    ck_assert_int_eq(stat(path, &status), 0);
    ck_assert_uint_eq(status.st_mode & 0777, 0620);
    unix_path_remove(file);
    close(fd);
    ck_assert(!exists());
}
END_TEST

START_TEST(may_be_called)
{
    struct unix_path *file;
    const int fd = must_bind(path, 0, &file);
    const int call = unix_path_connect(path);
    ck_assert_int_ge(call, 0);
    const int taken = accept(fd, NULL, NULL);
    ck_assert_int_ge(taken, 0);
    close(taken);
    close(call);
    close(fd);
    unix_path_remove(file);
    ck_assert_int_lt(unix_path_connect(path), 0);
    ck_assert_int_eq(errno, ENOENT);
}
END_TEST

START_TEST(takes_no_living_ones_place)
{
    struct unix_path *file;
    const int fd = must_bind(path, 0, &file);
    must_fail("Address already in use");
    ck_assert(exists());
    close(fd);
    unix_path_remove(file);
}
END_TEST

START_TEST(takes_the_place_of_one_that_is_dead)
{
    struct unix_path *dead, *file;
    close(must_bind(path, 0, &dead));
    const int fd = must_bind(path, 0, &file);
    unix_path_remove(dead); /* not its file any more, unless its number is used again */
    close(fd);
    unix_path_remove(file);
    ck_assert(!exists());
}
END_TEST

START_TEST(touches_nothing_that_is_no_socket)
{
    FILE *other = fopen(path, "w");
    ck_assert_ptr_nonnull(other);
    fclose(other);
    must_fail("the file exists and is not a socket");
    ck_assert(exists());
}
END_TEST

START_TEST(leaves_what_somebody_else_put_there)
{
    struct unix_path *file;
    char *moved = mem_printf("%s/y", folder);
    const int fd = must_bind(path, 0, &file);
    ck_assert_int_eq(rename(path, moved), 0); /* so that its number is not used again */
    FILE *other = fopen(path, "w");
    ck_assert_ptr_nonnull(other);
    fclose(other);
    unix_path_remove(file);
    ck_assert(exists());
    close(fd);
    unlink(moved);
    free(moved);
}
END_TEST

START_TEST(an_abstract_one_has_no_file)
{
    struct unix_path *file;
    char *name = mem_printf("@check-unix-path-%d", (int)getpid());
    const int fd = must_bind(name, 0, &file);
    ck_assert_ptr_null(file);
    const int call = unix_path_connect(name);
    ck_assert_int_ge(call, 0);
    close(call);
    close(fd);
    unix_path_remove(file);
    free(name);
}
END_TEST

START_TEST(a_program_that_ends_leaves_none)
{
    struct unix_path *file;
    int status;
    const pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        must_bind(path, 0, &file);
        exit(exists() ? 0 : 1);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    ck_assert(!exists());
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {has_exactly_the_permissions_asked_for,
                                  may_be_called,
                                  takes_no_living_ones_place,
                                  takes_the_place_of_one_that_is_dead,
                                  touches_nothing_that_is_no_socket,
                                  leaves_what_somebody_else_put_there,
                                  an_abstract_one_has_no_file,
                                  a_program_that_ends_leaves_none,
                                  NULL};
    return check_run_with("unix_path", setup, teardown, tests);
}
