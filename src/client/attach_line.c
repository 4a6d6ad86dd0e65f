/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/attach_line.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/home.h"
#include "base/mem.h"
#include "command/command.h"
#include "command/peers.h"
#include "core/hub.h"
#include "core/responder.h"
#include "core/view.h"

static const char blanks[] = " \t";

/* --- what the local console would say: the JSON of an answer does not --- */

static char *note_view(const struct hub *hub, const char *arguments)
{
    enum view view;
    char *error = NULL;
    (void)hub;
    if (view_parse(arguments, &view, &error))
        return mem_printf("view %s", view_name(view));
    free(error);
    return NULL;
}

static char *note_read_only(const struct hub *hub, const char *arguments)
{
    (void)hub, (void)arguments;
    return mem_strdup("this console changes nothing from here on");
}

static char *closing(struct peer *const *peers, size_t count)
{
    char label[PEER_LABEL];
    peer_label(peers[0], label);
    if (count > 1)
        return mem_printf("closing %zu peers", count);
    return mem_printf("closing %s%s", label, peers[0]->state == PEER_CLOSING ? " at once" : "");
}

static char *note_close(const struct hub *hub, const char *arguments)
{
    UT_array list;
    char *error = NULL, *note = NULL;
    utarray_init(&list, &ut_ptr_icd);
    if (peers_find(hub, arguments, &list, &error))
        note = closing(peers_of(&list), utarray_len(&list));
    free(error);
    utarray_done(&list);
    return note;
}

static char *note_reply(const struct hub *hub, const char *arguments)
{
    size_t length = strcspn(arguments, blanks);
    char *word = mem_strndup(arguments, length), *error = NULL;
    const struct listener *listener = hub_find_listener(hub, word);
    const struct responder *responder =
        responder_find(arguments + length + strspn(arguments + length, blanks), &error);
    free(word);
    free(error);
    if (!listener || !responder)
        return NULL;
    return mem_printf("listener %u replies with %s", listener->number, responder->name);
}

static const struct {
    const struct command *command;
    char *(*note)(const struct hub *hub, const char *arguments);
} notes[] = {
    {&cmd_view, note_view},
    {&cmd_read_only, note_read_only},
    {&cmd_close, note_close},
    {&cmd_reply, note_reply},
};

/* --- paths --- */

/* The path for which path stands here. malloc'ed; NULL where it is absolute, or none. */
static char *absolute(const char *path)
{
    char *whole = home_expand(path);
    char *directory = *whole != '\0' && *whole != '/' ? getcwd(NULL, 0) : NULL;
    if (!directory && *path == '~')
        return whole;
    char *joined = directory ? mem_printf("%s/%s", directory, whole) : NULL;
    free(directory);
    free(whole);
    return joined;
}

/* What Tab completes here is relative to this process's directory and home, not to the
 * daemon's. */
static void make_absolute(struct attach_line *read)
{
    size_t peers = strcspn(read->arguments, blanks);
    const char *path = read->arguments + peers;
    char *whole = absolute(path + strspn(path, blanks));
    if (!whole)
        return;
    read->line = mem_printf("/file %.*s %s", (int)peers, read->arguments, whole);
    read->size = strlen(read->line);
    free(whole);
}

/* --- the whole --- */

static const struct command *command_of(const char *line, size_t size, size_t *name_end)
{
    char *error = NULL;
    if (size < 2 || *line != '/' || line[1] == '/' || line[1] == '@' || memchr(line, 0, size))
        return NULL;
    char *name = mem_strndup(line + 1, size - 1);
    name[strcspn(name, blanks)] = '\0';
    *name_end = 1 + strlen(name);
    const struct command *command = command_find(command_table, name, &error);
    free(name);
    free(error);
    return command;
}

static char *trimmed(const char *text, size_t size)
{
    while (size > 0 && strchr(blanks, *text)) {
        text++;
        size--;
    }
    while (size > 0 && strchr(blanks, text[size - 1]))
        size--;
    return mem_strndup(text, size);
}

void attach_line_read(struct attach_line *read, const struct hub *hub, const char *line,
                      size_t size)
{
    if (size > 0 && line[size - 1] == '\r')
        size--; /* no part of a command's last word */
    size_t end = size;
    *read = (struct attach_line){.command = command_of(line, size, &end)};
    read->arguments = trimmed(line + end, size - end);
    for (size_t i = 0; i < sizeof notes / sizeof *notes; i++)
        if (notes[i].command == read->command)
            read->note = notes[i].note(hub, read->arguments);
    if (read->command == &cmd_file)
        make_absolute(read);
}

void attach_line_finish(struct attach_line *read)
{
    free(read->arguments);
    free(read->note);
    free(read->line);
}
