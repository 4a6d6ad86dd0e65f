/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/phonebook.h"

#include <stdlib.h>
#include <string.h>

#include "base/address.h"
#include "base/fail.h"
#include "base/mem.h"
#include "base/number.h"

/* --- what was typed --- */

static bool parse_port(const char *text, in_port_t *port, char **error)
{
    uint64_t number;
    if (!number_parse(text, UINT16_MAX, &number) || number == 0)
        return fail_with(error, "port '%s' is not a number from 1 to 65535", text);
    *port = (in_port_t)number;
    return true;
}

/* The colon before the port, or NULL; takes the brackets off an IPv6 address. */
static char *split_port(char **where)
{
    char *bracket = **where == '[' ? strchr(*where, ']') : NULL;
    if (bracket) {
        ++*where;
        *bracket = '\0';
        return bracket[1] == ':' ? bracket + 1 : NULL;
    }
    char *colon = strchr(*where, ':');
    return colon && colon == strrchr(*where, ':') ? colon : NULL;
}

static bool parse_where(char *where, struct phonebook_entry *entry, char **error)
{
    char *colon = split_port(&where);
    if (!colon)
        return cidr_parse(where, &entry->where, error);
    *colon = '\0';
    if (strchr(where, '/'))
        return fail_with(error, "'%s' is a prefix, and takes no port", where);
    return cidr_parse(where, &entry->where, error) &&
           parse_port(colon + 1, &entry->port, error);
}

bool phonebook_parse(const char *text, struct phonebook_entry *entry, char **error)
{
    static const char blanks[] = " \t";
    char *copy = mem_strdup(text), *rest = NULL;
    char *where = strtok_r(copy, blanks, &rest);
    const char *name = strtok_r(NULL, blanks, &rest);
    const char *more = strtok_r(NULL, blanks, &rest);
    *entry = (struct phonebook_entry){.port = 0};
    bool good = where && name && !more;
    if (!good)
        fail_with(error, "'%s' is not an address and a name, as in 10.0.0.7 boiler", text);
    good = good && parse_where(where, entry, error) && names_check(name, error);
    if (good)
        memcpy(entry->name, name, strlen(name) + 1);
    free(copy);
    return good;
}

/* --- the book --- */

void phonebook_finish(struct phonebook *book)
{
    free(book->entries);
    *book = (struct phonebook){0};
}

void phonebook_add(struct phonebook *book, const struct phonebook_entry *entry)
{
    const size_t count = book->count++;
    bool is_full = (count & (count - 1)) == 0; /* the room doubles */
    if (is_full)
        book->entries = mem_resize(book->entries, (2 * count + 1) * sizeof *book->entries);
    book->entries[count] = *entry;
    book->entries[count].order = count;
}

static int compare_places(const void *a, const void *b)
{
    const struct phonebook_entry *left = a, *right = b;
    if (left->where.v6 != right->where.v6)
        return left->where.v6 ? 1 : -1;
    if (left->where.bits != right->where.bits)
        return left->where.bits < right->where.bits ? -1 : 1;
    if (left->port != right->port)
        return left->port < right->port ? -1 : 1;
    return memcmp(left->where.prefix, right->where.prefix, CIDR_BYTES);
}

static int compare(const void *a, const void *b)
{
    const struct phonebook_entry *left = a, *right = b;
    int order = compare_places(a, b);
    return order != 0 ? order : (left->order > right->order) - (left->order < right->order);
}

static void keep_first_of_each(struct phonebook *book)
{
    size_t kept = 0;
    for (size_t i = 0; i < book->count; i++) {
        struct phonebook_entry *entry = &book->entries[i];
        if (kept > 0 && compare_places(entry, &book->entries[kept - 1]) == 0)
            continue;
        book->lengths[entry->where.v6][entry->where.bits] = true;
        book->entries[kept++] = *entry;
    }
    book->count = kept;
}

void phonebook_set(struct phonebook *book, const struct phonebook *entries)
{
    phonebook_finish(book);
    for (size_t i = 0; i < entries->count; i++)
        phonebook_add(book, &entries->entries[i]);
    if (book->count == 0)
        return;
    qsort(book->entries, book->count, sizeof *book->entries, compare);
    keep_first_of_each(book);
}

static const struct phonebook_entry *look_up(const struct phonebook *book,
                                             const struct phonebook_entry *wanted)
{
    return bsearch(wanted, book->entries, book->count, sizeof *book->entries, compare_places);
}

const char *phonebook_find(const struct phonebook *book, const union address *address)
{
    struct phonebook_entry wanted = {.port = address_port(address)};
    if (book->count == 0)
        return NULL;
    cidr_of_address(&wanted.where, address);
    const bool *lengths = book->lengths[wanted.where.v6];
    const struct phonebook_entry *found = look_up(book, &wanted);
    wanted.port = 0;
    for (unsigned bits = wanted.where.bits + 1; !found && bits-- > 0;) {
        if (!lengths[bits])
            continue;
        cidr_shorten(&wanted.where, bits);
        found = look_up(book, &wanted);
    }
    return found ? found->name : NULL;
}
