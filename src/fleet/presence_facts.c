/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/presence_facts.h"

#include <stdlib.h>

#include "base/json_put.h"
#include "base/mem.h"
#include "base/scheme.h"
#include "client/fields.h"

enum { SECOND = 1000000 /* microseconds */ };

/* As /stats has them, and we. */
static const char *const names[PRESENCE_RATES] = {
    [PRESENCE_MESSAGES_IN] = "messages_in",
    [PRESENCE_MESSAGES_OUT] = "messages_out",
    [PRESENCE_BYTES_IN] = "bytes_in",
    [PRESENCE_BYTES_OUT] = "bytes_out",
};

static uint64_t count_peers(const json_t *stats)
{
    uint64_t sum = 0;
    for (int scheme = 0; scheme < SCHEME_COUNT; scheme++) {
        uint64_t peers = 0;
        char *key = mem_printf("%s_peers", schemes[scheme].name);
        fields_unsigned(stats, key, &peers);
        sum += peers;
        free(key);
    }
    return sum;
}

/* What came since it was counted last, a second. */
static uint64_t rate(const struct presence_facts *facts, int kind, uint64_t counted,
                     int64_t now)
{
    const int64_t passed = now - facts->counted_at;
    if (facts->counted_at == 0 || passed <= 0 || counted < facts->counted[kind])
        return 0;
    return (uint64_t)((double)(counted - facts->counted[kind]) * SECOND / (double)passed + 0.5);
}

bool presence_facts_count(struct presence_facts *facts, const char *line, size_t size,
                          int64_t now)
{
    json_t *answer = json_loadb(line, size, 0, NULL);
    const json_t *stats = json_object_get(answer, "stats");
    if (stats) {
        facts->peers = count_peers(stats);
        for (int kind = 0; kind < PRESENCE_RATES; kind++) {
            uint64_t counted = 0;
            fields_unsigned(stats, names[kind], &counted);
            facts->rates[kind] = rate(facts, kind, counted, now);
            facts->counted[kind] = counted;
        }
        facts->counted_at = now;
    }
    json_decref(answer);
    return stats != NULL;
}

void presence_facts_write(const struct presence_facts *facts, UT_string *out, int64_t wall)
{
    struct json json;
    json_put_init(&json, out);
    json_put_object_begin(&json, NULL);
    json_put_time(&json, "time", wall);
    json_put_string(&json, "node", facts->node);
    json_put_string(&json, "run", facts->run);
    json_put_string(&json, "version", facts->version);
    json_put_unsigned(&json, "console", facts->console);
    json_put_unsigned(&json, "seq", facts->seq);
    json_put_unsigned(&json, "peers", facts->peers);
    json_put_object_begin(&json, "rates");
    for (int kind = 0; kind < PRESENCE_RATES; kind++)
        json_put_unsigned(&json, names[kind], facts->rates[kind]);
    json_put_object_end(&json);
    json_put_object_end(&json);
}

void presence_facts_clear(struct presence_facts *facts)
{
    free(facts->run);
    free(facts->version);
    *facts = (struct presence_facts){.node = facts->node};
}
