/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who is called what, by where it comes from (--known): an address with its port, an address,
 * or a prefix, and a name. The closest entry counts: a port beats none, a longer prefix a
 * shorter one. A look-up takes no longer where there are many.
 */
#ifndef TELEX_CORE_PHONEBOOK_H
#define TELEX_CORE_PHONEBOOK_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/cidr.h"
#include "core/names.h"

union address;

enum { PHONEBOOK_LENGTHS = 8 * CIDR_BYTES + 1 };

struct phonebook_entry {
    struct cidr where;
    in_port_t port; /* 0: any */
    size_t order;   /* in which it was added */
    char name[NAMES_ROOM];
};

struct phonebook {
    struct phonebook_entry *entries;
    size_t count;
    bool lengths[2][PHONEBOOK_LENGTHS]; /* prefixes that there are of IPv4 and of IPv6 */
};

/*
 * "10.0.0.7 boiler", "10.0.0.7:5000 boiler", "10.8.0.0/16 plant", "[2001:db8::7]:5000 boiler".
 * *error (malloc'ed) says what is wrong with it, and how it should look.
 */
bool phonebook_parse(const char *text, struct phonebook_entry *entry, char **error);

/* A zeroed struct phonebook knows nobody. */
void phonebook_finish(struct phonebook *book);
/* Adds an entry; a book that phonebook_set makes of this one knows it. */
void phonebook_add(struct phonebook *book, const struct phonebook_entry *entry);
/* Makes book have the entries of another, to be looked up. Of two for one place the first
 * counts. */
void phonebook_set(struct phonebook *book, const struct phonebook *entries);
/* What who comes from there is called; NULL: nothing. Borrowed from the book. */
const char *phonebook_find(const struct phonebook *book, const union address *address);

#endif
