/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/fault_plan.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/mem.h"
#include "base/number.h"
#include "base/words.h"

static const char *const names[] = {
#define FAULT_KEY_NAME(key, name, unit, value) name,
    FAULT_KEYS_LIST(FAULT_KEY_NAME)
#undef FAULT_KEY_NAME
        NULL};

static const enum fault_unit units[] = {
#define FAULT_KEY_UNIT(key, name, unit, value) unit,
    FAULT_KEYS_LIST(FAULT_KEY_UNIT)
#undef FAULT_KEY_UNIT
};

const char *const fault_forms[] = {
#define FAULT_KEY_FORM(key, name, unit, value) name value,
    FAULT_KEYS_LIST(FAULT_KEY_FORM)
#undef FAULT_KEY_FORM
        NULL};

const char *fault_key_name(enum fault_key key)
{
    return names[key];
}

enum fault_unit fault_key_unit(enum fault_key key)
{
    return units[key];
}

void fault_plan_set(struct fault_plan *plan, enum fault_key key, uint64_t value)
{
    plan->given |= 1u << key;
    plan->values[key] = value;
}

int64_t fault_plan_time(const struct fault_plan *plan, enum fault_key key)
{
    const int64_t value = (int64_t)plan->values[key];
    return units[key] == FAULT_IN_MILLISECONDS ? value / 1000 : value;
}

/* --- reading --- */

enum {
    MILLISECONDS_MOST = 3600000, /* an hour */
    PERCENT_MOST = 100,
    SECONDS_MOST = 1000000000
};

/* A number with a fraction, in millionths, perhaps with its unit behind it. */
static bool read_fraction(const char *text, const char *unit, int64_t most, uint64_t *value)
{
    const size_t size = strlen(text), end = strlen(unit);
    const bool named = size > end && strcmp(text + size - end, unit) == 0;
    char *digits = mem_strndup(text, named ? size - end : size);
    int64_t millionths;
    const bool good =
        number_parse_seconds(digits, &millionths) && millionths <= most * FAULT_MILLIONTHS;
    free(digits);
    *value = good ? (uint64_t)millionths : 0;
    return good;
}

static bool read_milliseconds(const char *text, uint64_t *value)
{
    return read_fraction(text, "ms", MILLISECONDS_MOST, value);
}

static bool read_seconds(const char *text, uint64_t *value)
{
    return read_fraction(text, "s", SECONDS_MOST, value);
}

static bool read_percent(const char *text, uint64_t *value)
{
    return read_fraction(text, "%", PERCENT_MOST, value);
}

static bool read_bytes(const char *text, uint64_t *value)
{
    return number_parse_size(text, value) && *value > 0;
}

static bool read_number(const char *text, uint64_t *value)
{
    return number_parse(text, UINT64_MAX, value);
}

static const struct {
    bool (*read)(const char *text, uint64_t *value); /* NULL: nothing stands there */
    const char *wanted;
} readers[] = {
    [FAULT_IN_MILLISECONDS] = {read_milliseconds, "a number of milliseconds, at most 3600000"},
    [FAULT_IN_SECONDS] = {read_seconds, "a number of seconds, at most 1000000000"},
    [FAULT_IN_PERCENT] = {read_percent, "a percentage, from 0 to 100, such as 0.5"},
    [FAULT_IN_BYTES] = {read_bytes, "a number of bytes, at least 1, such as 512 or 64k"},
    [FAULT_IN_NUMBERS] = {read_number, "a whole number, such as 7"},
    [FAULT_ALONE] = {NULL, "to stand alone"},
};

/* value is NULL where the key stands alone. */
static bool take_value(struct fault_plan *plan, enum fault_key key, const char *value,
                       char **error)
{
    const enum fault_unit unit = units[key];
    uint64_t number = 1;
    const bool good =
        readers[unit].read ? value && readers[unit].read(value, &number) : value == NULL;
    if (good) {
        fault_plan_set(plan, key, number);
        return true;
    }
    char *shown = escape_string(value ? value : "");
    *error = unit == FAULT_ALONE ? mem_printf("%s has no value: write it alone", names[key])
             : value ? mem_printf("%s: '%s' is not %s", names[key], shown, readers[unit].wanted)
                     : mem_printf("%s needs %s", names[key], readers[unit].wanted);
    free(shown);
    return false;
}

static bool take(struct fault_plan *plan, char *word, char is, char **error)
{
    char *value = strchr(word, is);
    if (value)
        *value++ = '\0';
    const int key = words_parse(names, "fault", word, error);
    return key >= 0 && take_value(plan, (enum fault_key)key, value, error);
}

bool fault_plan_parse(const char *text, const char *between, char is, struct fault_plan *plan,
                      char **error)
{
    char *copy = mem_strdup(text), *rest = copy, *word;
    bool good = true;
    while (good && (word = strsep(&rest, between)))
        good = *word == '\0' || take(plan, word, is, error);
    free(copy);
    if (good && plan->given == 0) {
        char *known = words_list(names);
        *error = mem_printf("no fault is named: use %s", known);
        free(known);
        good = false;
    }
    return good;
}

/* --- telling --- */

static void print_value(uint64_t value, enum fault_unit unit, UT_string *out)
{
    const bool whole = unit == FAULT_IN_BYTES || unit == FAULT_IN_NUMBERS;
    unsigned part = whole ? 0 : (unsigned)(value % FAULT_MILLIONTHS);
    unsigned digits = 6;
    utstring_printf(out, "=%" PRIu64, whole ? value : value / FAULT_MILLIONTHS);
    if (part == 0)
        return;
    for (; part % 10 == 0; part /= 10)
        digits--;
    utstring_printf(out, ".%0*u", (int)digits, part);
}

void fault_plan_print(const struct fault_plan *plan, UT_string *out)
{
    const char *before = "";
    for (int key = 0; key < FAULT_KEYS; key++) {
        if (!fault_plan_has(plan, (enum fault_key)key))
            continue;
        utstring_printf(out, "%s%s", before, names[key]);
        if (units[key] != FAULT_ALONE)
            print_value(plan->values[key], units[key], out);
        before = " ";
    }
}

bool fault_plan_differs(const struct fault_plan *one, const struct fault_plan *other)
{
    for (int key = 0; key < FAULT_KEYS; key++)
        if (one->values[key] != other->values[key])
            return true;
    return one->given != other->given;
}

/* --- what it can be for --- */

enum {
    OF_MESSAGES = 1 << FAULT_LOSS | 1 << FAULT_DUPLICATE | 1 << FAULT_REORDER,
    OF_STREAMS = 1 << FAULT_SLICE | 1 << FAULT_RESET
};

static const char *first_of(unsigned keys)
{
    for (int key = 0; key < FAULT_KEYS; key++)
        if (keys & 1u << key)
            return names[key];
    return NULL;
}

char *fault_plan_object(const struct fault_plan *plan, bool datagrams, bool raw)
{
    const char *wrong = first_of(plan->given & (datagrams ? OF_STREAMS : 0u));
    if (wrong)
        return mem_printf("%s is for streams, and these are datagrams", wrong);
    wrong = first_of(plan->given & (!datagrams && raw ? OF_MESSAGES : 0u));
    if (wrong)
        return mem_printf(
            "%s is for whole messages, and a raw stream has none: choose a framing", wrong);
    return NULL;
}
