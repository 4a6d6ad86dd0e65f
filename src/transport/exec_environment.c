/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/exec_environment.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/mem.h"
#include "core/join.h"
#include "core/link.h"

static const char *const ours[] = {"PATH", "HOME", "LANG", "TZ"};
enum { OURS = sizeof ours / sizeof *ours, OF_THE_PEER = 4 };

char **exec_environment_create(const struct peer *program)
{
    const struct join *join = join_first(program);
    const struct peer *peer = join ? join_other(join) : program;
    char **environment = mem_zalloc((OURS + OF_THE_PEER + 1) * sizeof *environment);
    struct link_description ends = {0};
    size_t count = 0;
    for (size_t i = 0; i < OURS; i++) {
        const char *value = getenv(ours[i]);
        if (value)
            environment[count++] = mem_printf("%s=%s", ours[i], value);
    }
    peer->link->ops->describe(peer->link, &ends);
    environment[count++] = mem_printf("TELEX_PEER=%" PRIu64, peer->number);
    environment[count++] = mem_printf("TELEX_REMOTE=%s", ends.remote);
    environment[count++] = mem_printf("TELEX_LOCAL=%s", ends.local);
    environment[count] = mem_printf("TELEX_NAME=%s", peer->name ? peer->name : "");
    return environment;
}

void exec_environment_destroy(char **environment)
{
    for (char **each = environment; *each; each++)
        free(*each);
    free(environment);
}
