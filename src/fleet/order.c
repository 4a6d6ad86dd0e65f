/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/order.h"

#include <string.h>

#include "base/fail.h"
#include "base/mem.h"
#include "base/timestamp.h"
#include "command/command.h"
#include "fleet/seen.h"
#include "loop/lines.h"

bool order_may_answer(const char *reply)
{
    static const char inbox[] = "_INBOX";
    const size_t length = sizeof inbox - 1;
    return reply && strncmp(reply, inbox, length) == 0 &&
           (reply[length] == '.' || reply[length] == '_') && !strpbrk(reply, "*> \t\r\n");
}

/* --- headers --- */

static bool is_id(const char *id)
{
    const size_t length = strlen(id);
    if (length == 0 || length > SEEN_ID_LENGTH)
        return false;
    for (const char *at = id; *at; at++)
        if (*at <= ' ' || *at > '~')
            return false;
    return true;
}

bool order_check_headers(const struct order_request *request, int64_t *expires, char **error)
{
    if (!request->id)
        *error = mem_strdup("it has no header Telex-Id, which tells whether it comes again");
    else if (!is_id(request->id))
        *error = mem_printf("its Telex-Id is not 1 to %d letters, digits or signs of ASCII",
                            SEEN_ID_LENGTH);
    else if (!request->expires)
        *error = mem_strdup("it has no header Telex-Expires, such as 2026-01-02T03:04:05Z");
    else if (!timestamp_parse(request->expires, expires))
        return fail_with(error,
                         "its Telex-Expires '%s' is no time such as 2026-01-02T03:04:05Z",
                         request->expires);
    else
        return true;
    return false;
}

/* --- the line --- */

static bool is_command(const char *line, size_t size)
{
    return size > 1 && *line == '/' && line[1] != '/' && line[1] != '@';
}

static bool check_command(const char *line, size_t size, char **error)
{
    struct command_read read;
    if (memchr(line, '\0', size)) {
        *error = mem_strdup("a NUL byte may stand in @PEERS TEXT only");
        return false;
    }
    command_read(&read, command_table, line, size);
    const bool good = !read.command || !read.command->console_only;
    if (!good)
        *error = mem_printf("/%s changes a console alone, and this is none: an operator's own "
                            "end does that",
                            read.command->name);
    command_read_finish(&read);
    return good;
}

bool order_check_line(const char *line, size_t size, char **error)
{
    if (size == 0)
        *error = mem_strdup("it says nothing");
    else if (size > LINES_MAX)
        *error = mem_printf("it is longer than %d bytes", LINES_MAX);
    else if (memchr(line, '\n', size))
        *error = mem_strdup("it has a newline in it: each line is a command of its own");
    else if (is_command(line, size))
        return check_command(line, size, error);
    else if (*line != '@' || !memchr(line, ' ', size))
        *error = mem_strdup("a node has no target: write @PEERS TEXT, or a command");
    else
        return true;
    return false;
}

bool order_tells_again(const char *line, size_t size)
{
    struct command_read read;
    command_read(&read, command_table, line, size);
    const bool again = read.command && read.command->tells_again;
    command_read_finish(&read);
    return again;
}
