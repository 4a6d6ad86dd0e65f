/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/options_file.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/options.h"
#include "check_main.h"

struct values {
    uint64_t peers;
    char *reply;
};

static const struct option_spec table[] = {
    {.name = "peers",
     .argument = "N",
     .set = option_set_count,
     .offset = offsetof(struct values, peers)},
    {.name = "reply",
     .argument = "MODE",
     .set = option_set_string,
     .offset = offsetof(struct values, reply)},
};

static struct values values;
static struct options options = {.table = table, .count = 2, .values = &values};
static char *error;
static unsigned others;

static void setup(void)
{
    values = (struct values){0};
    error = NULL;
    others = 0;
}

static void teardown(void)
{
    free(values.reply);
    free(error);
}

static bool take_listen(void *context, const char *word, const char *rest, char **reason)
{
    if (strcmp(word, "listen") != 0)
        return false;
    if (*rest == '\0')
        *reason = mem_strdup("no endpoint");
    ++*(unsigned *)context;
    return *rest != '\0';
}

static enum options_file_result parse(const char *text, size_t size)
{
    FILE *stream = fmemopen((void *)text, size, "r");
    ck_assert_ptr_nonnull(stream);
    enum options_file_result result =
        options_file_parse(&options, stream, "x.conf", take_listen, &others, &error);
    fclose(stream);
    return result;
}

static enum options_file_result parse_text(const char *text)
{
    return parse(text, strlen(text));
}

START_TEST(takes_line_after_line)
{
    ck_assert_int_eq(parse_text("# one\n\npeers 7\r\nlisten here\nreply echo"),
                     OPTIONS_FILE_GOOD);
    ck_assert_uint_eq(values.peers, 7);
    ck_assert_str_eq(values.reply, "echo");
    ck_assert_uint_eq(others, 1);
    ck_assert_ptr_null(error);
}
END_TEST

START_TEST(skips_a_byte_order_mark)
{
    ck_assert_int_eq(parse_text("\xef\xbb\xbfpeers 7\r\n"), OPTIONS_FILE_GOOD);
    ck_assert_uint_eq(values.peers, 7);
    ck_assert_int_eq(parse_text("\xef\xbb\xbf# one\n"), OPTIONS_FILE_GOOD);
    ck_assert_int_eq(parse_text("\xef\xbb\xbf"), OPTIONS_FILE_GOOD);
    ck_assert_int_eq(parse_text("\n\xef\xbb\xbfpeers 7\n"), OPTIONS_FILE_WRONG);
    ck_assert_str_eq(error, "x.conf:2: unknown option '\\ufeffpeers'");
}
END_TEST

START_TEST(names_the_line_that_is_wrong)
{
    ck_assert_int_eq(parse_text("peers 7\n\npeers x\npeers y\n"), OPTIONS_FILE_WRONG);
    ck_assert_str_eq(error, "x.conf:3: peers: 'x' is not a whole number");
    ck_assert_uint_eq(values.peers, 7);
}
END_TEST

START_TEST(names_the_line_of_another_word)
{
    ck_assert_int_eq(parse_text("listen\n"), OPTIONS_FILE_WRONG);
    ck_assert_str_eq(error, "x.conf:1: no endpoint");
}
END_TEST

START_TEST(refuses_a_nul_byte)
{
    static const char text[] = "peers 7\nrep\0ly";
    ck_assert_int_eq(parse(text, sizeof text - 1), OPTIONS_FILE_WRONG);
    ck_assert_str_eq(error, "x.conf:2: a NUL byte: this is no file of text");
}
END_TEST

/* A line of so many bytes, then end. */
static enum options_file_result parse_long(size_t size, const char *end)
{
    char *text = mem_zalloc(size + strlen(end) + 1);
    memset(text, '#', size);
    memcpy(text + size, end, strlen(end));
    enum options_file_result result = parse_text(text);
    free(text);
    return result;
}

START_TEST(bounds_a_line)
{
    static const char *const ends[] = {"", "\n", "\r\n", "\npeers 3\n"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        ck_assert_int_eq(parse_long(OPTIONS_FILE_LINE_MAX, ends[i]), OPTIONS_FILE_GOOD);
        ck_assert_int_eq(parse_long(OPTIONS_FILE_LINE_MAX + 1, ends[i]), OPTIONS_FILE_WRONG);
        ck_assert_str_eq(error, "x.conf:1: the line is longer than 4096 bytes");
        free(error);
        error = NULL;
    }
    ck_assert_int_eq(parse_long(100000, "\r"), OPTIONS_FILE_WRONG);
}
END_TEST

START_TEST(says_why_a_file_cannot_be_read)
{
    ck_assert_int_eq(options_file_read(&options, "/nowhere/\n", NULL, NULL, &error),
                     OPTIONS_FILE_UNREADABLE);
    ck_assert_str_eq(error, "cannot read /nowhere/\\n: No such file or directory");
    free(error);
    ck_assert_int_eq(options_file_read(&options, "/", NULL, NULL, &error),
                     OPTIONS_FILE_UNREADABLE);
    ck_assert_str_eq(error, "cannot read /: Is a directory");
}
END_TEST

START_TEST(reads_a_file)
{
    char name[] = "/tmp/check_options_file.XXXXXX";
    int fd = mkstemp(name);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, "peers 9\n", 8), 8);
    close(fd);
    ck_assert_int_eq(options_file_read(&options, name, NULL, NULL, &error), OPTIONS_FILE_GOOD);
    ck_assert_uint_eq(values.peers, 9);
    unlink(name);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {takes_line_after_line,
                                  skips_a_byte_order_mark,
                                  names_the_line_that_is_wrong,
                                  names_the_line_of_another_word,
                                  refuses_a_nul_byte,
                                  bounds_a_line,
                                  says_why_a_file_cannot_be_read,
                                  reads_a_file,
                                  NULL};
    return check_run_with("options_file", setup, teardown, tests);
}
