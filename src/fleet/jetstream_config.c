/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/jetstream_config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/json_put.h"
#include "base/mem.h"
#include "base/number.h"
#include "client/fields.h"
#include "fleet/subject.h"

/* In which the same batch is stored once; who comes back later asks what was stored last. */
enum { TWICE = 120000000 /* microseconds */ };

static uint64_t nanoseconds(int64_t microseconds)
{
    const int64_t most = INT64_MAX / 1000;
    return 1000 * (uint64_t)(microseconds < most ? microseconds : most);
}

static void put_source(struct json *json, const char *node)
{
    char *api = mem_printf("$JS.%s.API", node);
    char *filter = mem_printf("telex.e.%s.>", node);
    json_put_object_begin(json, NULL);
    json_put_string(json, "name", SUBJECT_STREAM);
    json_put_string(json, "filter_subject", filter);
    json_put_object_begin(json, "external");
    json_put_string(json, "api", api);
    json_put_object_end(json);
    json_put_object_end(json);
    free(filter);
    free(api);
}

/* What it takes: subjects, or what the node's stream has. */
static void put_input(struct json *json, const struct jetstream_settings *settings, bool hub)
{
    char *own = mem_printf("telex.e.%s.>", settings->node);
    json_put_array_begin(json, hub ? "sources" : "subjects");
    if (hub)
        put_source(json, settings->node);
    else
        json_put_string(json, NULL, settings->leaf ? own : SUBJECT_EVENTS);
    json_put_array_end(json);
    free(own);
}

/* Where it is full, the oldest go. */
static char *config(const struct jetstream_settings *settings, unsigned replicas, bool hub)
{
    const bool brief = settings->max_age > 0 && settings->max_age < TWICE;
    UT_string out;
    struct json json;
    utstring_init(&out);
    json_put_init(&json, &out);
    json_put_object_begin(&json, NULL);
    json_put_string(&json, "name", SUBJECT_STREAM);
    put_input(&json, settings, hub);
    json_put_string(&json, "retention", "limits");
    json_put_string(&json, "storage", "file");
    json_put_string(&json, "discard", "old");
    json_put_unsigned(&json, "max_age", nanoseconds(settings->max_age));
    if (settings->max_bytes > 0)
        json_put_unsigned(&json, "max_bytes", settings->max_bytes);
    json_put_unsigned(&json, "num_replicas", replicas);
    json_put_unsigned(&json, "duplicate_window",
                      nanoseconds(brief ? settings->max_age : TWICE));
    json_put_object_end(&json);
    return utstring_body(&out);
}

char *jetstream_config_own(const struct jetstream_settings *settings, unsigned replicas)
{
    return config(settings, replicas, false);
}

char *jetstream_config_hub(const struct jetstream_settings *settings, unsigned replicas)
{
    return config(settings, replicas, true);
}

static bool has_source(const json_t *sources, const char *node)
{
    char *api = mem_printf("$JS.%s.API", node);
    size_t i;
    json_t *each;
    bool found = false;
    json_array_foreach(sources, i, each)
    {
        const char *known = fields_string(json_object_get(each, "external"), "api");
        found = found || (known && strcmp(known, api) == 0);
    }
    free(api);
    return found;
}

static void add_source(json_t *stream, const char *node)
{
    json_t *sources = json_object_get(stream, "sources");
    UT_string out;
    struct json json;
    utstring_init(&out);
    json_put_init(&json, &out);
    put_source(&json, node);
    if (!json_is_array(sources)) {
        sources = json_array();
        json_object_set_new(stream, "sources", sources);
    }
    json_array_append_new(sources,
                          json_loadb(utstring_body(&out), utstring_len(&out), 0, NULL));
    utstring_done(&out);
}

bool jetstream_config_join(const struct jetstream_settings *settings, const char *answer,
                           size_t size, char **changed, char **error)
{
    json_t *object = json_loadb(answer, size, 0, NULL);
    json_t *stream = json_object_get(object, "config");
    *changed = NULL;
    *error = NULL;
    if (!stream)
        *error = mem_strdup("the hub's answer cannot be read");
    else if (json_array_size(json_object_get(stream, "subjects")) > 0)
        *error =
            mem_strdup("the hub's stream " SUBJECT_STREAM " has subjects of its own, so it "
                       "would get everything twice: make it without");
    else if (!has_source(json_object_get(stream, "sources"), settings->node)) {
        add_source(stream, settings->node);
        *changed = json_dumps(stream, JSON_COMPACT);
    }
    json_decref(object);
    return !*error;
}

int jetstream_error(const char *answer, size_t size, char **why)
{
    json_t *object = json_loadb(answer, size, 0, NULL);
    const json_t *error = json_object_get(object, "error");
    const char *said = fields_string(error, "description");
    uint64_t code = 0;
    *why = NULL;
    if (!json_is_object(object))
        *why = mem_strdup("an answer that cannot be read");
    else if (error)
        *why = escape_string(said ? said : "an error without a reason");
    fields_unsigned(error, "err_code", &code);
    json_decref(object);
    if (!*why)
        return 0;
    return code > 0 && code < INT32_MAX ? (int)code : JETSTREAM_UNREADABLE;
}

bool jetstream_is_duplicate(const char *answer, size_t size)
{
    json_t *object = json_loadb(answer, size, 0, NULL);
    const bool is = fields_true(object, "duplicate");
    json_decref(object);
    return is;
}

/* The value of a header; false where it is not there. */
static bool read_header(const char *block, const char *name, char *value, size_t room)
{
    const size_t length = strlen(name);
    for (const char *line = block; line; line = strstr(line, "\r\n")) {
        line += line == block ? 0 : strlen("\r\n");
        if (strncmp(line, name, length) != 0 || line[length] != ':')
            continue;
        const char *begin = line + length + 1;
        begin += strspn(begin, " ");
        const size_t size = strcspn(begin, "\r\n");
        snprintf(value, room, "%.*s", (int)size, begin);
        return size < room;
    }
    return false;
}

void jetstream_read_last(const char *node, const char *answer, size_t size,
                         struct jetstream_last *last)
{
    char id[BATCH_ID_ROOM], number[24];
    UT_string headers;
    json_t *object = json_loadb(answer, size, 0, NULL);
    utstring_init(&headers);
    *last = (struct jetstream_last){0};
    if (fields_bytes(json_object_get(object, "message"), "hdrs", &headers) &&
        read_header(utstring_body(&headers), "Nats-Msg-Id", id, sizeof id) &&
        batch_id_read(id, node, last->run, &last->first)) {
        last->last = last->first;
        if (read_header(utstring_body(&headers), BATCH_LAST, number, sizeof number))
            number_parse(number, UINT64_MAX, &last->last);
    } else {
        *last = (struct jetstream_last){0};
    }
    utstring_done(&headers);
    json_decref(object);
}
