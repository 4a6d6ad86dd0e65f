/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/reload_plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/mem.h"
#include "core/hub.h"
#include "server/endpoints.h"
#include "server/listening.h"
#include "server/passed.h"
#include "server/standing.h"

/* A plan that is being made: which of the entries have found their line again. */
struct making {
    const struct reload_before *before;
    struct reload_plan *plan;
    bool *found; /* by entry */
};

/* --- a line and what stands for it --- */

/* It listens, so there is no fault in it. */
static struct listener *understood_before(const struct reload_before *before, const char *text)
{
    char *error = NULL;
    struct listener *listener = endpoints_listener(before->settings, text, &error);
    free(error);
    return listener;
}

static bool keep(struct making *making, struct reload_item *item, size_t i)
{
    const struct standing_entry *entry = &making->before->standing->entries[i];
    making->found[i] = true;
    item->number = entry->number;
    item->said = understood_before(making->before, entry->text);
    return true;
}

/* One that an operator has closed stays closed while its line is the same. */
static bool find_same(struct making *making, struct reload_item *item)
{
    const struct standing *standing = making->before->standing;
    for (size_t i = 0; i < standing->count; i++)
        if (!making->found[i] && strcmp(standing->entries[i].text, item->text) == 0)
            return keep(making, item, i);
    return false;
}

static bool find_changed(struct making *making, struct reload_item *item)
{
    const struct standing *standing = making->before->standing;
    for (size_t i = 0; i < standing->count; i++)
        if (!making->found[i] && strcmp(standing->entries[i].place, item->place) == 0 &&
            hub_listener(making->before->hub, standing->entries[i].number))
            return keep(making, item, i);
    return false;
}

static bool stands(const struct standing *standing, unsigned number)
{
    for (size_t i = 0; i < standing->count; i++)
        if (standing->entries[i].number == number)
            return true;
    return false;
}

/* Opened by an operator: neither passed, which are the first, nor of any line. */
static bool is_operators(const struct reload_before *before, const struct listener *listener)
{
    return listener->number > before->passed->listener_count &&
           !stands(before->standing, listener->number);
}

static bool is_claimed(const struct reload_plan *plan, unsigned number)
{
    for (size_t i = 0; i < plan->count; i++)
        if (plan->items[i].number == number)
            return true;
    return false;
}

static bool is_at(const struct listener *listener, const char *place)
{
    char *own = endpoint_print(&listener->origin.endpoint);
    bool same = strcmp(own, place) == 0;
    free(own);
    return same;
}

static void find_operators(const struct making *making, struct reload_item *item)
{
    const struct listener *listener;
    DL_FOREACH(making->before->hub->listeners, listener)
        if (is_operators(making->before, listener) &&
            !is_claimed(making->plan, listener->number) && is_at(listener, item->place))
            item->number = listener->number;
}

/* --- all of them --- */

static bool understand(struct making *making, const struct settings *fresh, char **error)
{
    struct reload_plan *plan = making->plan;
    size_t count;
    const char *const *texts = listening_wanted(fresh, making->before->passed, &count);
    plan->items = mem_zalloc(count * sizeof *plan->items + 1);
    for (; plan->count < count; plan->count++) {
        struct reload_item *item = &plan->items[plan->count];
        item->text = texts[plan->count];
        item->says = endpoints_listener(fresh, item->text, error);
        if (!item->says)
            return false;
        const char *name = item->says->origin.profile.name;
        item->name = name ? mem_strdup(name) : NULL;
        item->place = endpoint_print(&item->says->origin.endpoint);
    }
    return true;
}

/* What is the same finds its own before what is like it does: places with port 0 are alike. */
static void match(struct making *making)
{
    struct reload_plan *plan = making->plan;
    for (size_t i = 0; i < plan->count; i++)
        find_same(making, &plan->items[i]);
    for (size_t i = 0; i < plan->count; i++)
        if (plan->items[i].number == 0 && !find_changed(making, &plan->items[i]))
            find_operators(making, &plan->items[i]);
}

bool reload_plan_names_free(const struct reload_plan *plan, const struct reload_before *before,
                            char **error)
{
    for (size_t i = 0; i < plan->count; i++) {
        const char *name = plan->items[i].name;
        const struct listener *other = name ? hub_find_listener(before->hub, name) : NULL;
        if (other && other->number != plan->items[i].number &&
            !stands(before->standing, other->number))
            return fail_with(error, "the name %s is taken by another listener", name);
    }
    return true;
}

bool reload_plan_load(struct reload_plan *plan, const struct reload_before *before,
                      const struct settings *fresh, char **error)
{
    bool good = true;
    for (size_t i = 0; good && i < plan->count; i++) {
        const struct listener *has = hub_listener(before->hub, plan->items[i].number);
        good = endpoints_load(fresh, &plan->items[i].says->origin, has ? &has->origin : NULL,
                              error);
    }
    return good;
}

static void list_gone(const struct making *making)
{
    struct reload_plan *plan = making->plan;
    const struct standing *standing = making->before->standing;
    plan->gone = mem_alloc(standing->count * sizeof *plan->gone + 1);
    for (size_t i = 0; i < standing->count; i++)
        if (!making->found[i] && hub_listener(making->before->hub, standing->entries[i].number))
            plan->gone[plan->gone_count++] = standing->entries[i].number;
}

bool reload_plan_make(struct reload_plan *plan, const struct reload_before *before,
                      const struct settings *fresh, char **error)
{
    struct making making = {.before = before, .plan = plan};
    *plan = (struct reload_plan){0};
    making.found = mem_zalloc(before->standing->count * sizeof *making.found + 1);
    bool good = understand(&making, fresh, error);
    if (good) {
        match(&making);
        list_gone(&making);
        good = reload_plan_names_free(plan, before, error);
    }
    free(making.found);
    if (!good)
        reload_plan_finish(plan);
    return good;
}

void reload_plan_finish(struct reload_plan *plan)
{
    for (size_t i = 0; i < plan->count; i++) {
        free(plan->items[i].place);
        free(plan->items[i].name);
        listener_release(plan->items[i].says);
        listener_release(plan->items[i].said);
        listening_release(plan->items[i].coming);
    }
    free(plan->items);
    free(plan->gone);
    *plan = (struct reload_plan){0};
}
