/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/reload.h"

#include <stdlib.h>

#include "base/cast.h"
#include "base/escape.h"
#include "base/log.h"
#include "base/ut.h"
#include "core/hub.h"
#include "core/hub_renew.h"
#include "server/calling.h"
#include "server/endpoints.h"
#include "server/listening.h"
#include "server/reload_plan.h"
#include "server/settings.h"
#include "server/standing.h"

struct reload {
    struct reload_parts parts;
    CAST_MARK;
    struct settings fresh;
    struct reload_plan plan;
};

static bool is_new(const struct reload_item *item)
{
    return item->number == 0;
}

/* --- what it came to --- */

static void say_failure(char *error)
{
    log_error("%s; nothing has changed", error);
    free(error);
}

/* left: what needs a new start, "control, mode of unix:/run/x"; may be empty. */
static void say_success(const struct settings *settings, const UT_string *left)
{
    char *shown = escape_string(settings->config);
    if (utstring_len(left) > 0)
        log_error("%s: read again; only a new start takes over: %s", shown,
                  utstring_body(left));
    else
        log_error("%s: read again", shown);
    free(shown);
}

static void add_left(UT_string *left, const char *keys, const char *listener)
{
    utstring_printf(left, "%s%s%s%s", utstring_len(left) > 0 ? ", " : "", keys,
                    listener ? " of " : "", listener ? listener : "");
}

/* --- into force, where all of it can be --- */

static bool bind_all(struct reload *reload, char **error)
{
    for (size_t i = 0; i < reload->plan.count; i++)
        if (is_new(&reload->plan.items[i]) &&
            !listening_bind(reload->plan.items[i].coming, error))
            return false;
    return true;
}

static void renew_one(struct hub *hub, struct reload_item *item, UT_string *left)
{
    struct listener *listener = hub_listener(hub, item->number);
    if (!listener)
        return; /* an operator has closed it */
    const struct listener *said = item->said ? item->said : listener;
    char *keys = hub_renew_listener(hub, listener, said, item->says);
    if (keys)
        add_left(left, keys, listener->origin.text);
    free(keys);
}

static void open_one(struct hub *hub, struct reload_item *item)
{
    struct listener *listener = listening_take(item->coming);
    hub_add_listener(hub, listener);
    item->number = listener->number;
    hub_announce_listener(hub, listener);
}

/* The next one compares with what stands now. */
static void stand(struct standing *standing, const struct reload_plan *plan)
{
    struct standing now = {0};
    for (size_t i = 0; i < plan->count; i++)
        standing_add(&now, plan->items[i].text, plan->items[i].place, plan->items[i].number);
    standing_finish(standing);
    *standing = now;
}

static bool has_line(const struct reload_plan *plan, unsigned number)
{
    for (size_t i = 0; i < plan->count; i++)
        if (plan->items[i].number == number)
            return true;
    return false;
}

/* Those that no line is for, an operator's and passed ones, go on with their files as they are
 * now; or with what they have, where those are no good. */
static void load_others(const struct reload *reload)
{
    const struct reload_parts *parts = &reload->parts;
    struct listener *listener;
    DL_FOREACH(parts->hub->listeners, listener) {
        struct origin *origin = &listener->origin;
        char *error = NULL;
        if (!has_line(&reload->plan, listener->number) &&
            !endpoints_load(parts->settings, origin, origin, &error))
            log_error("%s", error);
        free(error);
    }
}

static void change_listeners(struct reload *reload, UT_string *left)
{
    struct hub *hub = reload->parts.hub;
    struct reload_plan *plan = &reload->plan;
    for (size_t i = 0; i < plan->count; i++)
        if (is_new(&plan->items[i]))
            open_one(hub, &plan->items[i]);
        else
            renew_one(hub, &plan->items[i], left);
    for (size_t i = 0; i < plan->gone_count; i++) {
        struct listener *gone = hub_listener(hub, plan->gone[i]);
        if (gone) /* else an operator was faster, while a name was looked up */
            hub_remove_listener(hub, gone);
    }
    load_others(reload);
    stand(reload->parts.standing, plan);
}

static void put_into_force(struct reload *reload)
{
    const struct reload_parts *parts = &reload->parts;
    UT_string left;
    utstring_init(&left);
    char *options = settings_reread_left(parts->settings, &reload->fresh);
    if (options)
        add_left(&left, options, NULL);
    free(options);
    settings_reread_take(parts->settings, &reload->fresh);
    reload_apply(parts->settings, parts->hub, parts->board);
    change_listeners(reload, &left);
    calling_change(&reload->fresh, parts->settings, parts->calls); /* fresh: what was before */
    say_success(parts->settings, &left);
    utstring_done(&left);
}

/* --- its life --- */

static struct reload_before before_it(const struct reload_parts *parts)
{
    return (struct reload_before){.hub = parts->hub,
                                  .settings = parts->settings,
                                  .passed = parts->passed,
                                  .standing = parts->standing};
}

static void complete(struct reload *reload)
{
    char *error = NULL;
    const struct reload_before before = before_it(&reload->parts);
    bool good =
        reload_plan_names_free(&reload->plan, &before, &error) && bind_all(reload, &error);
    if (good)
        put_into_force(reload);
    else
        say_failure(error);
    reload_plan_finish(&reload->plan); /* with what has been bound in vain */
    reload->parts.ended(reload->parts.context, good);
}

static bool waits(const struct reload *reload)
{
    for (size_t i = 0; i < reload->plan.count; i++) {
        const struct listening *coming = reload->plan.items[i].coming;
        if (coming && listening_waits(coming))
            return true;
    }
    return false;
}

static void ready(void *context)
{
    struct reload *reload = CAST(reload, context);
    if (!waits(reload))
        complete(reload);
}

static void begin_new(struct reload *reload)
{
    for (size_t i = 0; i < reload->plan.count; i++) {
        struct reload_item *item = &reload->plan.items[i];
        if (!is_new(item))
            continue;
        item->coming = listening_begin(reload->parts.board, item->says, ready, reload);
        item->says = NULL;
    }
}

/* False with *error, and nothing to finish, where the file or its names are wrong. */
static bool prepare(struct reload *reload, char **error)
{
    const struct reload_parts *parts = &reload->parts;
    const struct reload_before before = before_it(parts);
    if (!settings_reread(parts->settings, &reload->fresh, error))
        return false;
    if (reload_plan_make(&reload->plan, &before, &reload->fresh, error) &&
        reload_plan_load(&reload->plan, &before, &reload->fresh, error) &&
        calling_check(&reload->fresh, error))
        return true;
    reload_plan_finish(&reload->plan);
    settings_finish(&reload->fresh);
    return false;
}

struct reload *reload_begin(const struct reload_parts *parts)
{
    char *error = NULL;
    struct reload *reload = mem_zalloc(sizeof *reload);
    CAST_INIT(reload, reload);
    reload->parts = *parts;
    if (!prepare(reload, &error)) {
        say_failure(error);
        free(reload);
        parts->ended(parts->context, false);
        return NULL;
    }
    begin_new(reload);
    if (waits(reload))
        return reload;
    complete(reload);
    reload_destroy(reload);
    return NULL;
}

void reload_destroy(struct reload *reload)
{
    if (!reload)
        return;
    reload_plan_finish(&reload->plan);
    settings_finish(&reload->fresh);
    free(reload);
}
