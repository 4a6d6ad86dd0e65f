/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/shared_bytes.h"

#include <stdlib.h>

#include "base/budget.h"
#include "base/mem.h"

struct shared_bytes *shared_bytes_create(struct budget *budget, size_t size)
{
    struct shared_bytes *shared = mem_alloc(sizeof *shared + size);
    shared->budget = budget;
    shared->references = 1;
    shared->size = size;
    if (budget)
        budget_change(budget, 0, size);
    return shared;
}

struct shared_bytes *shared_bytes_reference(struct shared_bytes *shared)
{
    shared->references++;
    return shared;
}

void shared_bytes_release(struct shared_bytes *shared)
{
    if (!shared || --shared->references > 0)
        return;
    if (shared->budget)
        budget_change(shared->budget, shared->size, 0);
    free(shared);
}
