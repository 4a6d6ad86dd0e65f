/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which of many is due first, held against a search through all of them. */
#include "base/heap.h"

#include "check_main.h"

enum { NODES = 200, STEPS = 20000 };

static struct heap heap;
static struct heap_node nodes[NODES];

static unsigned random_below(unsigned limit)
{
    static unsigned state = 1;
    state = state * 1103515245 + 12345;
    return (state >> 8) % limit;
}

static const struct heap_node *soonest(void)
{
    const struct heap_node *found = NULL;
    for (int i = 0; i < NODES; i++)
        if (nodes[i].place > 0 && (!found || nodes[i].due < found->due))
            found = &nodes[i];
    return found;
}

START_TEST(an_empty_one_has_no_first)
{
    ck_assert_ptr_null(heap_first(&heap));
    heap_remove(&heap, &nodes[0]);
    heap_set(&heap, &nodes[0], 5);
    ck_assert_ptr_eq(heap_first(&heap), &nodes[0]);
    heap_remove(&heap, &nodes[0]);
    ck_assert_ptr_null(heap_first(&heap));
    heap_finish(&heap);
}
END_TEST

START_TEST(the_first_is_the_one_that_is_due_first)
{
    for (int i = 0; i < STEPS; i++) {
        struct heap_node *node = &nodes[random_below(NODES)];
        if (random_below(3) == 0)
            heap_remove(&heap, node);
        else
            heap_set(&heap, node, random_below(1000));
        const struct heap_node *first = heap_first(&heap), *wanted = soonest();
        ck_assert_int_eq(first ? first->due : -1, wanted ? wanted->due : -1);
    }
    int64_t before = 0;
    while (heap_first(&heap)) {
        ck_assert_int_ge(heap_first(&heap)->due, before);
        before = heap_first(&heap)->due;
        heap_remove(&heap, heap_first(&heap));
    }
    ck_assert_uint_eq(heap.count, 0);
    heap_finish(&heap);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {an_empty_one_has_no_first,
                                  the_first_is_the_one_that_is_due_first, NULL};
    return check_run("heap", tests);
}
