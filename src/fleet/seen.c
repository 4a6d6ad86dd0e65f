/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/seen.h"

#include <string.h>

static unsigned hash(const struct seen *seen, const char *id, size_t size)
{
    return (unsigned)hash_bytes(&seen->key, id, size);
}

void seen_init(struct seen *seen)
{
    *seen = (struct seen){0};
    hash_key_init(&seen->key);
}

static void drop_answers(struct seen *seen, struct seen_entry *entry)
{
    if (!entry->kept)
        return;
    seen->bytes -= utstring_len(&entry->answers);
    utstring_done(&entry->answers);
    entry->kept = false;
}

void seen_forget(struct seen *seen, struct seen_entry *entry)
{
    drop_answers(seen, entry);
    HASH_DEL(seen->table, entry);
    DL_DELETE(seen->list, entry);
    seen->count--;
    free(entry);
}

void seen_finish(struct seen *seen)
{
    while (seen->list)
        seen_forget(seen, seen->list);
}

struct seen_entry *seen_find(const struct seen *seen, const char *id)
{
    const size_t size = strlen(id);
    struct seen_entry *entry;
    HASH_FIND_BYHASHVALUE(hh, seen->table, id, size, hash(seen, id, size), entry);
    return entry;
}

/* Those at the beginning of the list that are past their time, which is as much as costs
 * nothing to see; and then one more where there is no room. Running ones stay. */
static void make_room(struct seen *seen, int64_t wall)
{
    struct seen_entry *entry, *next;
    DL_FOREACH_SAFE(seen->list, entry, next) {
        if (entry->order)
            continue;
        if (entry->expires >= wall && seen->count < SEEN_IDS)
            return;
        seen_forget(seen, entry);
    }
}

struct seen_entry *seen_add(struct seen *seen, const char *id, int64_t expires,
                            struct order *order, int64_t wall)
{
    const size_t size = strlen(id);
    make_room(seen, wall);
    if (seen->count >= SEEN_IDS)
        return NULL;
    struct seen_entry *entry = mem_zalloc(sizeof *entry + size + 1);
    memcpy(entry->id, id, size);
    entry->order = order;
    entry->expires = expires;
    entry->kept = true;
    utstring_init(&entry->answers);
    HASH_ADD_KEYPTR_BYHASHVALUE(hh, seen->table, entry->id, size, hash(seen, entry->id, size),
                                entry);
    DL_APPEND(seen->list, entry);
    seen->count++;
    return entry;
}

/* The oldest answers go, but for those that are being made: half of all, so that this is seldom
 * done. */
static void drop_oldest_answers(struct seen *seen)
{
    struct seen_entry *entry;
    DL_FOREACH(seen->list, entry) {
        if (seen->bytes <= SEEN_BYTES / 2)
            return;
        if (!entry->order)
            drop_answers(seen, entry);
    }
}

void seen_keep(struct seen *seen, struct seen_entry *entry, const char *line, size_t size)
{
    if (!entry->kept)
        return;
    if (utstring_len(&entry->answers) + size + 1 > SEEN_ANSWER) {
        drop_answers(seen, entry);
        return;
    }
    ut_append(&entry->answers, line, size);
    ut_append(&entry->answers, "\n", 1);
    seen->bytes += size + 1;
    if (seen->bytes > SEEN_BYTES)
        drop_oldest_answers(seen);
}
