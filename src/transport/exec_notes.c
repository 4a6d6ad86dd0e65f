/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/exec_notes.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cast.h"
#include "base/mem.h"
#include "base/ut.h"
#include "base/utf8.h"
#include "loop/watch.h"

enum {
    READ_MOST = 4096, /* bytes a turn, which leaves the others their share */
    END_READS = 16    /* at the end: what a pipe holds */
};

struct exec_notes {
    struct watch *ready;
    CAST_MARK;
    void (*tell)(void *context, const char *text);
    void *context;
    bool ended;
    size_t size; /* of the line so far */
    char line[EXEC_NOTE_MAX];
};

/* --- telling --- */

static void tell_bytes(struct exec_notes *notes, size_t size)
{
    UT_string text;
    utstring_init(&text);
    for (size_t i = 0; i < size; i++) {
        const char *byte = notes->line[i] ? &notes->line[i] : "\xef\xbf\xbd";
        utstring_bincpy(&text, byte, notes->line[i] ? 1 : strlen(byte));
    }
    notes->tell(notes->context, utstring_body(&text));
    utstring_done(&text);
}

/* One ends as well where a carriage return stands before the newline. */
static void tell_line(struct exec_notes *notes)
{
    const bool has_return = notes->size > 0 && notes->line[notes->size - 1] == '\r';
    tell_bytes(notes, notes->size - has_return);
    notes->size = 0;
}

/* As many whole characters as there is room for. */
static void tell_full(struct exec_notes *notes)
{
    const size_t whole = notes->size - utf8_unfinished(notes->line, notes->size);
    tell_bytes(notes, whole);
    notes->size -= whole;
    memmove(notes->line, notes->line + whole, notes->size);
}

static void take(struct exec_notes *notes, const char *data, size_t size)
{
    for (const char *at = data; at < data + size; at++) {
        if (*at == '\n') {
            tell_line(notes);
            continue;
        }
        if (notes->size == sizeof notes->line)
            tell_full(notes);
        notes->line[notes->size++] = *at;
    }
}

/* --- reading --- */

/* Returns whether there may be more. */
static bool read_some(struct exec_notes *notes)
{
    char data[READ_MOST];
    const ssize_t got = read(watch_fd(notes->ready), data, sizeof data);
    if (got > 0)
        take(notes, data, (size_t)got);
    notes->ended = got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR);
    return got > 0;
}

static void ready_cb(void *context)
{
    struct exec_notes *notes = CAST(exec_notes, context);
    read_some(notes);
    if (notes->ended)
        exec_notes_end(notes);
}

void exec_notes_pause(struct exec_notes *notes, bool on)
{
    if (on || notes->ended)
        watch_stop(notes->ready);
    else if (!watch_is_on(notes->ready))
        watch_start(notes->ready);
}

void exec_notes_end(struct exec_notes *notes)
{
    for (int i = 0; i < END_READS && !notes->ended && read_some(notes);)
        i++;
    if (notes->size > 0)
        tell_line(notes);
    notes->ended = true;
    watch_stop(notes->ready);
}

/* --- life --- */

struct exec_notes *exec_notes_create(struct loop *loop, int fd,
                                     void (*tell)(void *context, const char *text),
                                     void *context)
{
    struct exec_notes *notes = mem_zalloc(sizeof *notes);
    CAST_INIT(exec_notes, notes);
    notes->tell = tell;
    notes->context = context;
    notes->ready = watch_create(loop, fd, WATCH_READ, LOOP_PEERS, PART_PEERS, ready_cb, notes);
    watch_start(notes->ready);
    return notes;
}

void exec_notes_destroy(struct exec_notes *notes)
{
    if (!notes)
        return;
    const int fd = watch_fd(notes->ready);
    watch_destroy(notes->ready);
    close(fd);
    free(notes);
}
