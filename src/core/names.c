/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/names.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/ut.h"
#include "core/peer.h"

struct name {
    struct peer *peer;
    UT_hash_handle hh;
    char text[]; /* peer->name points here */
};

static struct name *name_of(const struct peer *peer)
{
    return (struct name *)(peer->name - offsetof(struct name, text));
}

static unsigned hash(const struct names *names, const char *text, size_t size)
{
    return (unsigned)hash_bytes(&names->key, text, size);
}

void names_init(struct names *names)
{
    *names = (struct names){0};
    hash_key_init(&names->key);
}

void names_finish(struct names *names)
{
    HASH_CLEAR(hh, names->table);
}

struct peer *names_find(const struct names *names, const char *text)
{
    const size_t size = strlen(text);
    struct name *name;
    HASH_FIND_BYHASHVALUE(hh, names->table, text, size, hash(names, text, size), name);
    return name ? name->peer : NULL;
}

static struct name *add(struct names *names, struct peer *peer, const char *text)
{
    const size_t size = strlen(text);
    struct name *name = mem_zalloc(sizeof *name + size + 1);
    name->peer = peer;
    memcpy(name->text, text, size);
    HASH_ADD_KEYPTR_BYHASHVALUE(hh, names->table, name->text, size,
                                hash(names, name->text, size), name);
    return name;
}

void names_set(struct names *names, struct peer *peer, const char *text)
{
    char *former = peer->name;
    if (former && text && strcmp(former, text) == 0)
        return;
    if (former) {
        names_retire(names, peer);
        names_free(peer);
    }
    if (text)
        peer->name = add(names, peer, text)->text;
}

void names_retire(struct names *names, struct peer *peer)
{
    struct name *name = peer->name ? name_of(peer) : NULL;
    if (name)
        HASH_DEL(names->table, name);
}

void names_free(struct peer *peer)
{
    if (peer->name)
        free(name_of(peer));
    peer->name = NULL;
}

bool names_valid(const char *word)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    static const char others[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
    size_t length = strlen(word);
    return length >= 1 && length <= NAMES_LENGTH && strspn(word, letters) >= 1 &&
           strspn(word, others) == length;
}

bool names_check(const char *word, char **error)
{
    return names_valid(word) ||
           fail_with(error,
                     "'%s' is not a name: a letter, then at most 31 letters, digits, _ or -",
                     word);
}
