/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Name servers for tests, for LD_PRELOAD: getaddrinfo(3) that looks into the folder NAMES. A
 * name with a file there has the addresses in it, one a line; where there are none, no server
 * answers. A FIFO makes a silent server: the lookup hangs until something is written into it.
 * Numbers, and what is asked without NAMES, go to the C library.
 */
#include <dlfcn.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef int lookup(const char *, const char *, const struct addrinfo *, struct addrinfo **);

static lookup *next(void)
{
    static lookup *found;
    if (!found)
        *(void **)&found = dlsym(RTLD_NEXT, "getaddrinfo");
    return found;
}

static int append(struct addrinfo **list, const char *number, const char *service,
                  const struct addrinfo *hints)
{
    struct addrinfo numeric = {.ai_socktype = hints ? hints->ai_socktype : 0,
                               .ai_flags = AI_NUMERICHOST};
    while (*list)
        list = &(*list)->ai_next;
    return next()(number, service, &numeric, list);
}

static int read_addresses(FILE *file, const char *service, const struct addrinfo *hints,
                          struct addrinfo **found)
{
    char line[64];
    int failure = 0;
    *found = NULL;
    while (failure == 0 && fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = '\0';
        failure = append(found, line, service, hints);
    }
    return failure ? failure : *found ? 0 : EAI_AGAIN;
}

int getaddrinfo(const char *restrict name, const char *restrict service,
                const struct addrinfo *restrict hints, struct addrinfo **restrict found)
{
    const char *folder = getenv("NAMES");
    char path[512];
    if (!folder || !name || (hints && hints->ai_flags & AI_NUMERICHOST))
        return next()(name, service, hints, found);
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "re");
    if (!file)
        return EAI_NONAME;
    int failure = read_addresses(file, service, hints, found);
    fclose(file);
    return failure;
}
