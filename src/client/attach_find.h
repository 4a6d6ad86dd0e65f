/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which daemon telex attach attaches to. */
#ifndef TELEX_CLIENT_ATTACH_FIND_H
#define TELEX_CLIENT_ATTACH_FIND_H

#include <stdbool.h>

struct attach_place {
    const char *path;   /* of a control socket */
    bool tries_service; /* none was given: if nobody is there, at CONTROL_PLACE_SERVICE */
    bool quiet;         /* why it can't be reached is not said */
};

/*
 * Connects, as connect does to *path: to the path that was given, or to the first of the
 * default ones where somebody listens. connect fails with errno. *path is borrowed from
 * place. False where that is nowhere, which has been said.
 */
bool attach_find(const struct attach_place *place, const char **path,
                 bool (*connect)(void *context), void *context);

#endif
