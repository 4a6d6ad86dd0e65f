/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Members of a JSON object that somebody else wrote: each is there, of its type and in its
 * range, or it counts as missing.
 */
#ifndef TELEX_CLIENT_FIELDS_H
#define TELEX_CLIENT_FIELDS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ut.h"

/* What a missing time or duration is. */
#define FIELDS_MISSING INT64_MIN

/* NULL where there is none; borrowed from the object. */
const char *fields_string(const json_t *object, const char *key);
/* A name, which may stand in a prompt: NULL where it is none as /name takes them. */
const char *fields_name(const json_t *object, const char *key);
/* Leaves *value alone and returns false where there is none. */
bool fields_unsigned(const json_t *object, const char *key, uint64_t *value);
/* The numbers of a list, the first most of them; those that are missing become 0. */
void fields_list(const json_t *object, const char *key, uint64_t *values, size_t most);
bool fields_true(const json_t *object, const char *key);
/* Microseconds from a number of seconds, never negative. */
int64_t fields_seconds(const json_t *object, const char *key);
/* Microseconds since the epoch from RFC 3339 in UTC. */
int64_t fields_time(const json_t *object, const char *key);
/*
 * The bytes of "text" or "base64", which is decoded into scratch: valid as long as the object
 * and scratch are. false where there is neither.
 */
bool fields_data(const json_t *object, UT_string *scratch, const void **data, size_t *size);
/* The bytes that a string of base64 stands for, in place of what out has. */
bool fields_bytes(const json_t *object, const char *key, UT_string *out);

#endif
