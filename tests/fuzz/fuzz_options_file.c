/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A configuration file: each of its lines means what options_line makes of it, up to the first
 * that is wrong, which is the one that is named. The input is the file.
 */
#include "base/options_file.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/options.h"
#include "fuzz.h"

struct values {
    bool flag;
    uint64_t count;
    int64_t seconds;
    unsigned listens;
};

#define FIELD(name) .offset = offsetof(struct values, name)

static const struct option_spec table[] = {
    {"flag", 'f', NULL, "a flag", option_set_flag, FIELD(flag)},
    {"count", 'c', "N", "a number", option_set_count, FIELD(count)},
    {"seconds", 'w', "SECONDS", "a time", option_set_seconds, FIELD(seconds)},
};

static bool take_listen(void *context, const char *word, const char *rest, char **error)
{
    (void)error;
    if (strcmp(word, "listen") != 0 || *rest == '\0')
        return false;
    ++*(unsigned *)context;
    return true;
}

/* Whether the text begins with the mark that it is UTF-8. */
static bool is_marked(const char *text, size_t size)
{
    return size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0;
}

/* Line by line, by what the header promises. Returns the line that is wrong, or 0. */
static unsigned long read_lines(struct fuzz_input input, struct values *values)
{
    struct options options = {.table = table, .count = 3, .values = values};
    for (unsigned long number = 1; input.size > 0; number++) {
        size_t size;
        const char *line = fuzz_line(&input, &size);
        bool good = !memchr(line, '\0', size);
        if (good && size == OPTIONS_FILE_LINE_MAX + 1 && line[size - 1] == '\r')
            size--;
        good = good && size <= OPTIONS_FILE_LINE_MAX;
        size_t mark = number == 1 && is_marked(line, size) ? 3 : 0;
        char *copy = mem_strndup(line + mark, size - mark), *error = NULL;
        good = good && options_line(&options, copy, take_listen, &values->listens, &error);
        free(copy);
        free(error);
        if (!good)
            return number;
    }
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct values values = {0}, wanted = {0};
    struct options options = {.table = table, .count = 3, .values = &values};
    char *error = NULL;
    unsigned long wrong = read_lines((struct fuzz_input){data, size}, &wanted);
    FILE *stream = fmemopen((void *)data, size, "r");
    FUZZ_CHECK(stream);
    enum options_file_result result =
        options_file_parse(&options, stream, "f", take_listen, &values.listens, &error);
    fclose(stream);
    FUZZ_CHECK(values.flag == wanted.flag && values.count == wanted.count &&
               values.seconds == wanted.seconds && values.listens == wanted.listens);
    FUZZ_CHECK(result == (wrong ? OPTIONS_FILE_WRONG : OPTIONS_FILE_GOOD));
    if (wrong) {
        char *prefix = mem_printf("f:%lu: ", wrong);
        FUZZ_CHECK(strncmp(error, prefix, strlen(prefix)) == 0);
        free(prefix);
        fuzz_check_error(error);
    }
    return 0;
}
