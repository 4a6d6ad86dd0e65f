/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Each type has one function that goes through its members, whichever way: they are measured,
 * written or read, in the same order.
 */
#include "core/told_pack.h"

#include <limits.h>
#include <stdint.h>
#include <string.h>

#include "core/told.h"

enum way { MEASURE, WRITE, READ };

struct pack {
    enum way way;
    bool bad;         /* READ: what stands there is no told */
    char *at;         /* WRITE */
    const char *from; /* READ */
    size_t size;      /* MEASURE: so far; READ: what is left */
};

/* --- members --- */

static bool has(struct pack *pack, size_t size)
{
    pack->bad |= size > pack->size;
    return !pack->bad;
}

/* Where size bytes stand that are read; NULL where they do not. */
static const char *take(struct pack *pack, size_t size)
{
    const char *from = pack->from;
    if (!has(pack, size))
        return NULL;
    pack->from += size;
    pack->size -= size;
    return from;
}

static void write_bytes(struct pack *pack, const void *data, size_t size)
{
    memcpy(pack->at, data, size);
    pack->at += size;
}

/* A value as it stands in memory. */
static void fixed(struct pack *pack, void *value, size_t size)
{
    const char *from;
    if (pack->way == MEASURE)
        pack->size += size;
    else if (pack->way == WRITE)
        write_bytes(pack, value, size);
    else if ((from = take(pack, size)))
        memcpy(value, from, size);
}

#define FIXED(pack, value) fixed(pack, &(value), sizeof(value))

/* One of so many. */
static unsigned choice(struct pack *pack, unsigned value, unsigned count)
{
    unsigned char byte = (unsigned char)value;
    FIXED(pack, byte);
    pack->bad |= byte >= count;
    return pack->bad ? 0 : byte;
}

static bool flag(struct pack *pack, bool value)
{
    return choice(pack, value, 2) != 0;
}

/* Bytes that are borrowed. A NUL stands behind them. */
static void bytes(struct pack *pack, const void **data, size_t *size)
{
    FIXED(pack, *size);
    if (pack->way == MEASURE) {
        pack->size += *size + 1;
    } else if (pack->way == WRITE) {
        write_bytes(pack, *data, *size);
        write_bytes(pack, "", 1);
    } else if (*size < SIZE_MAX) {
        *data = take(pack, *size + 1);
    } else {
        pack->bad = true;
    }
}

/* A string, or NULL. */
static void text(struct pack *pack, const char **string)
{
    const void *data = *string;
    size_t size = *string && pack->way != READ ? strlen(*string) : 0;
    const bool is_there = flag(pack, data != NULL);
    if (is_there)
        bytes(pack, &data, &size);
    if (pack->way != READ)
        return;
    *string = is_there && !pack->bad ? data : NULL;
    pack->bad |= *string && memchr(*string, '\0', size + 1) != *string + size;
}

static void who(struct pack *pack, struct who *who)
{
    FIXED(pack, who->number);
    text(pack, &who->name);
}

/* --- types --- */

static void endpoint(struct pack *pack, struct told *told)
{
    text(pack, &told->endpoint);
    text(pack, &told->fingerprint);
}

static void tls_facts(struct pack *pack, struct tls_facts *tls)
{
    if (!flag(pack, tls->version != NULL))
        return;
#define PACK_FACT(name) text(pack, &tls->name);
    TLS_FACTS(PACK_FACT)
#undef PACK_FACT
    tls->resumed = flag(pack, tls->resumed);
}

static void open(struct pack *pack, struct told *told)
{
    struct where *where = &told->open;
    text(pack, &where->transport);
    text(pack, &where->remote);
    text(pack, &where->local);
    where->has_credentials = flag(pack, where->has_credentials);
    FIXED(pack, where->pid);
    FIXED(pack, where->uid);
    who(pack, &where->listener);
    tls_facts(pack, &where->tls);
}

static void passed_to(struct pack *pack, struct message_to *to)
{
    size_t size = to->count * sizeof(uint64_t);
    bytes(pack, &to->numbers, &size);
    to->count = size / sizeof(uint64_t);
    pack->bad |= size % sizeof(uint64_t) != 0;
}

static void message(struct pack *pack, struct told *told)
{
    struct message *message = &told->message;
    const bool has_data = flag(pack, message->data != NULL);
    if (has_data)
        bytes(pack, &message->data, &message->size);
    else
        FIXED(pack, message->size);
    message->partial = flag(pack, message->partial);
    message->bad = flag(pack, message->bad);
    told->has_view = flag(pack, told->has_view);
    if (told->has_view)
        told->view = choice(pack, told->view, VIEWS);
    message->automatic = flag(pack, message->automatic);
    FIXED(pack, message->console);
    if (flag(pack, message->group.number != 0))
        FIXED(pack, message->group);
    if (flag(pack, message->to.count > 0))
        passed_to(pack, &message->to);
}

static void other(struct pack *pack, struct told *told)
{
    FIXED(pack, told->other);
}

static void note(struct pack *pack, struct told *told)
{
    text(pack, &told->note);
}

static void lines(struct pack *pack, struct told *told)
{
    FIXED(pack, told->lines);
}

static void line_end(struct pack *pack, struct told *told)
{
    struct line_end *close = &told->close;
    close->reason = choice(pack, close->reason, CLOSE_REASONS);
    text(pack, &close->error);
    FIXED(pack, close->status);
    FIXED(pack, close->code);
    FIXED(pack, close->received);
    FIXED(pack, close->sent);
    FIXED(pack, close->unsent);
    FIXED(pack, close->duration);
    FIXED(pack, close->again);
    close->repeated = flag(pack, close->repeated);
}

static void refused(struct pack *pack, struct told *told)
{
    struct turned_away *refused = &told->refused;
    text(pack, &refused->remote);
    refused->why = choice(pack, refused->why, REFUSALS);
    FIXED(pack, refused->count);
    text(pack, &refused->error);
}

static void file(struct pack *pack, struct told *told)
{
    struct file_end *file = &told->file;
    text(pack, &file->path);
    FIXED(pack, file->size);
    FIXED(pack, file->bytes);
    text(pack, &file->error);
}

static void console(struct pack *pack, struct told *told)
{
    struct console_news *news = &told->console;
    FIXED(pack, news->console);
    news->state = choice(pack, news->state, CONSOLE_STATES);
    FIXED(pack, news->uid);
    news->read_only = flag(pack, news->read_only);
    text(pack, &news->text);
}

/* NULL: there is nothing of its own. */
static void (*const members[HUB_EVENT_TYPES])(struct pack *pack, struct told *told) = {
    [HUB_LISTENING] = endpoint, [HUB_UNLISTENING] = endpoint, [HUB_OPEN] = open,
    [HUB_MESSAGE] = message,    [HUB_SENT] = message,         [HUB_NOTE] = note,
    [HUB_CLOSE] = line_end,     [HUB_REFUSED] = refused,      [HUB_FILE] = file,
    [HUB_CONSOLE] = console,    [HUB_JOIN] = other,           [HUB_PART] = other,
    [HUB_LINE] = lines,
};

static void all(struct pack *pack, struct told *told)
{
    told->type = choice(pack, told->type, HUB_EVENT_TYPES);
    FIXED(pack, told->seq);
    FIXED(pack, told->time);
    told->datagram = flag(pack, told->datagram);
    who(pack, &told->peer);
    who(pack, &told->listener);
    if (members[told->type])
        members[told->type](pack, told);
}

/* --- the three ways --- */

size_t told_pack_size(const struct told *told)
{
    struct pack pack = {.way = MEASURE};
    struct told copy = *told;
    all(&pack, &copy);
    return pack.size;
}

void told_pack(const struct told *told, void *room)
{
    struct pack pack = {.way = WRITE, .at = room};
    struct told copy = *told;
    all(&pack, &copy);
}

bool told_unpack(struct told *told, const void *packed, size_t size)
{
    struct pack pack = {.way = READ, .from = packed, .size = size};
    *told = (struct told){0};
    all(&pack, told);
    return !pack.bad && pack.size == 0;
}
