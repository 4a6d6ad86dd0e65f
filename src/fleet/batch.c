/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/batch.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/number.h"

struct batch *batch_create(enum subject_kind kind, const char *run, uint64_t first)
{
    struct batch *batch = mem_zalloc(sizeof *batch);
    CAST_INIT(batch, batch);
    batch->kind = kind;
    snprintf(batch->run, sizeof batch->run, "%s", run);
    batch->first = first;
    batch->last = first - 1;
    utstring_init(&batch->lines);
    return batch;
}

void batch_destroy(struct batch *batch)
{
    utstring_done(&batch->lines);
    free(batch);
}

bool batch_takes(const struct batch *batch, enum subject_kind kind, const char *run,
                 uint64_t seq)
{
    return batch->kind == kind && kind != SUBJECT_LOST && seq == batch->last + 1 &&
           strcmp(batch->run, run) == 0;
}

void batch_add(struct batch *batch, uint64_t seq, const char *data, size_t size)
{
    batch->last = seq;
    ut_append(&batch->lines, data, size);
}

void batch_trim(struct batch *batch, uint64_t seq)
{
    const char *begin = utstring_body(&batch->lines), *rest = begin;
    if (batch->kind == SUBJECT_LOST)
        return;
    for (; batch->first <= seq; batch->first++)
        rest = strchr(rest, '\n') + 1; /* JSON has neither a newline nor a NUL in it */
    UT_string lines;
    utstring_init(&lines);
    ut_append(&lines, rest, utstring_len(&batch->lines) - (size_t)(rest - begin));
    utstring_done(&batch->lines);
    batch->lines = lines;
}

void batch_id(char id[BATCH_ID_ROOM], const char *node, const char *run, uint64_t first)
{
    snprintf(id, BATCH_ID_ROOM, "%s-%s-%" PRIu64, node, run, first);
}

bool batch_id_read(const char *id, const char *node, char run[EVENT_RUN_ROOM], uint64_t *first)
{
    const size_t length = strlen(node);
    if (strncmp(id, node, length) != 0 || id[length] != '-')
        return false;
    const char *begin = id + length + 1, *dash = strchr(begin, '-');
    if (!dash || (size_t)(dash - begin) >= EVENT_RUN_ROOM)
        return false;
    snprintf(run, EVENT_RUN_ROOM, "%.*s", (int)(dash - begin), begin);
    return number_parse(dash + 1, UINT64_MAX, first);
}

bool batch_id_run(const char *id, char run[EVENT_RUN_ROOM])
{
    const char *seq = strrchr(id, '-'), *start = seq;
    while (start && start > id && start[-1] != '-')
        start--;
    const size_t size = seq ? (size_t)(seq - start) : 0;
    if (size == 0 || size >= EVENT_RUN_ROOM || start == id)
        return false;
    memcpy(run, start, size);
    run[size] = '\0';
    return true;
}
