/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/exec_notes.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/ut.h"
#include "check_main.h"
#include "loop/loop.h"

static struct loop loop;
static struct exec_notes *notes;
static int in;
static UT_string told; /* each in angle brackets */

static void tell(void *context, const char *text)
{
    ck_assert_ptr_eq(context, &told);
    utstring_printf(&told, "<%s>", text);
}

static void setup(void)
{
    int fds[2];
    loop_init(&loop);
    utstring_init(&told);
    ck_assert_int_eq(pipe2(fds, O_NONBLOCK | O_CLOEXEC), 0);
    in = fds[1];
    notes = exec_notes_create(&loop, fds[0], tell, &told);
}

static void teardown(void)
{
    exec_notes_destroy(notes);
    exec_notes_destroy(NULL);
    utstring_done(&told);
    close(in);
    loop_finish(&loop);
}

static void say_bytes(const void *data, size_t size)
{
    ck_assert_int_eq(write(in, data, size), (ssize_t)size);
    loop_poll(&loop);
}

static void say(const char *text)
{
    say_bytes(text, strlen(text));
}

#define TOLD(text)                                    \
    do {                                              \
        ck_assert_str_eq(utstring_body(&told), text); \
        utstring_clear(&told);                        \
    } while (0)

START_TEST(lines_are_told_one_by_one)
{
    say("one\ntwo\r\n\nth");
    TOLD("<one><two><>");
    say("ree\n");
    TOLD("<three>");
}
END_TEST

START_TEST(a_nul_ends_no_text)
{
    say_bytes("a\0b\xff\n", 5);
    TOLD("<a\xef\xbf\xbd"
         "b\xff>");
}
END_TEST

START_TEST(a_long_line_comes_in_pieces_of_whole_characters)
{
    char line[EXEC_NOTE_MAX + 2], wanted[EXEC_NOTE_MAX + 10] = "<";
    memset(line, 'x', sizeof line);
    memset(wanted + 1, 'x', EXEC_NOTE_MAX - 1);
    memcpy(line + EXEC_NOTE_MAX - 1, "\xc3\xbc\n", 3);
    memcpy(wanted + EXEC_NOTE_MAX, "><\xc3\xbc>", 6);
    say_bytes(line, sizeof line);
    TOLD(wanted);
}
END_TEST

START_TEST(what_is_no_line_yet_is_told_at_the_end)
{
    say("last words");
    TOLD("");
    ck_assert_int_eq(write(in, " of it\nand more", 15), 15);
    exec_notes_end(notes);
    TOLD("<last words of it><and more>");
    exec_notes_end(notes);
    say("nobody reads that\n");
    exec_notes_pause(notes, false);
    loop_poll(&loop);
    TOLD("");
}
END_TEST

START_TEST(an_end_of_file_is_one)
{
    say("last words");
    close(in);
    in = open("/dev/null", O_WRONLY | O_CLOEXEC);
    loop_poll(&loop);
    TOLD("<last words>");
}
END_TEST

START_TEST(it_waits_while_there_is_no_room)
{
    exec_notes_pause(notes, true);
    say("later\n");
    TOLD("");
    exec_notes_pause(notes, false);
    exec_notes_pause(notes, false);
    loop_poll(&loop);
    TOLD("<later>");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {lines_are_told_one_by_one,
                                  a_nul_ends_no_text,
                                  a_long_line_comes_in_pieces_of_whole_characters,
                                  what_is_no_line_yet_is_told_at_the_end,
                                  an_end_of_file_is_one,
                                  it_waits_while_there_is_no_room,
                                  NULL};
    return check_run_with("exec_notes", setup, teardown, tests);
}
