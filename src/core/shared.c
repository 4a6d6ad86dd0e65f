/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/shared.h"

#include <stdlib.h>

#include "base/mem.h"

struct shared *shared_create(size_t size)
{
    struct shared *shared = mem_alloc(sizeof *shared + size);
    shared->references = 1;
    shared->size = size;
    return shared;
}

struct shared *shared_reference(struct shared *shared)
{
    shared->references++;
    return shared;
}

void shared_release(struct shared *shared)
{
    if (shared && --shared->references == 0)
        free(shared);
}
