/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/control_spec.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check_main.h"

static struct control_spec spec;

static void parses(const char *text, const char *path, unsigned mode, bool read_only)
{
    char *error = NULL;
    ck_assert_msg(control_spec_parse(text, &spec, &error), "%s: %s", text, error);
    ck_assert_str_eq(spec.path, path);
    ck_assert_uint_eq(spec.mode, mode);
    ck_assert(spec.read_only == read_only);
    control_spec_finish(&spec);
}

static void fails(const char *text, const char *expected)
{
    char *error = NULL;
    ck_assert_msg(!control_spec_parse(text, &spec, &error), "%s", text);
    check_error(error, expected);
    ck_assert_ptr_null(spec.path);
}

START_TEST(reads_path_and_keys)
{
    parses("/run/x", "/run/x", 0, false);
    parses("./x", "./x", 0, false);
    parses("/a%20b%3fc", "/a b?c", 0, false);
    parses("/x?access=read", "/x", 0, true);
    parses("/x?access=write&mode=0660", "/x", 0660, false);
    parses("/x?mode=600", "/x", 0600, false);
    parses("unix:/x", "/x", 0, false);
    setenv("HOME", "/home/x", 1);
    parses("~/y?access=read", "/home/x/y", 0, true);
    parses("%40y", "./@y", 0, false);
}
END_TEST

START_TEST(names_what_is_wrong)
{
    fails("/x?access=all", "access=all: use read or write");
    fails("/x?mode=9", "mode=9: not octal permissions, as in mode=0660");
    fails("/x?mode=0", "mode=0: not octal permissions, as in mode=0660");
    fails("/x?eol=lf", "key 'eol' does not belong here: use one of access, mode");
    fails("/x?access", "'access' is not of the form key=value");
    fails("/x?mode=0600&mode=0600", "key 'mode' is given twice");
    fails("@x", "a control socket is a file, whose permissions say who may attach: an abstract "
                "one has none");
    fails("/%2", "'%2' in the path is not a percent sign and two hex digits (write %25 for a "
                 "percent sign)");
    fails(
        "/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
        "xxxxxxxxxxxxxxxxxxxxxxxx",
        "the path has 109 bytes, a unix socket's has at most 107");
}
END_TEST

START_TEST(has_a_default)
{
    if (geteuid() == 0) {
        setenv("XDG_RUNTIME_DIR", "/run/user/7", 1);
        parses("", "/run/telex/telex.sock", 0, false);
        parses("?access=read", "/run/telex/telex.sock", 0, true);
        return; /* the others are tested by a daemon that is somebody else */
    }
    setenv("XDG_RUNTIME_DIR", "/run/user/7", 1);
    parses("", "/run/user/7/telex.sock", 0, false);
    parses("?mode=0660", "/run/user/7/telex.sock", 0660, false);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {reads_path_and_keys, names_what_is_wrong, has_a_default,
                                  NULL};
    return check_run("control_spec", tests);
}
