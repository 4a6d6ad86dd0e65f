/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/control_client.h"

#include <stdlib.h>
#include <string.h>

#include "base/cast.h"
#include "base/escape.h"
#include "base/log.h"
#include "base/mem.h"
#include "client/attach_find.h"
#include "client/fields.h"
#include "client/follow.h"
#include "client/redial.h"
#include "client/relay_lines.h"
#include "client/uplink.h"
#include "command/command.h"
#include "loop/timeout.h"

/* Between two tries: microseconds. */
enum { PAUSE_FIRST = 50000, PAUSE_MAX = 1000000 };

struct control_client {
    struct loop *loop;
    CAST_MARK;
    struct attach_place place;
    bool quiet; /* its user says nothing of it at all */
    const char *first;
    struct control_hooks hooks;
    const char *path; /* where it is connected to */
    struct uplink *uplink;
    struct redial *redial;
    struct relay_lines lines;
    UT_string line; /* until it is ready */
    bool greeted;
    bool ready;
};

static void say(const struct control_client *client, const char *what, const char *why)
{
    if (client->quiet)
        return;
    char *shown = escape_string(why ? why : "");
    log_error("telexd at %s %s%s", client->path, what, shown);
    free(shown);
}

/* --- what comes --- */

static void become_ready(struct control_client *client)
{
    client->ready = true;
    if (client->place.quiet)
        say(client, "is there", NULL);
    client->place.quiet = client->quiet;
    if (client->hooks.ready)
        client->hooks.ready(client->hooks.context);
}

/* A console that looks on has nothing to give up. */
static bool is_needed(const char *line, size_t size, bool read_only)
{
    struct command_read read;
    command_read(&read, command_table, line, size);
    const bool needed = !read_only || !read.command || read.command->read_only;
    command_read_finish(&read);
    return needed;
}

static void say_first(struct control_client *client, bool read_only)
{
    const char *line = client->first;
    while (*line) {
        const size_t size = strcspn(line, "\n");
        if (is_needed(line, size, read_only)) {
            uplink_send(client->uplink, line, size);
            client->lines.own++;
        }
        line += size + (line[size] == '\n');
    }
    if (client->lines.own == 0)
        become_ready(client);
}

/* Returns whether it is for looking on. */
static bool tell_hello(struct control_client *client, const json_t *event)
{
    const char *access = fields_string(event, "access");
    struct control_hello hello = {.version = fields_string(event, "version"),
                                  .run = fields_string(event, "run")};
    fields_unsigned(event, "seq", &hello.seq);
    fields_unsigned(event, "history", &hello.history);
    fields_unsigned(event, "console", &hello.console);
    hello.read_only = access && strcmp(access, "read") == 0;
    hello.version = hello.version ? hello.version : "";
    hello.run = hello.run ? hello.run : "";
    client->hooks.hello(client->hooks.context, &hello);
    return hello.read_only;
}

static bool greet(struct control_client *client, const char *line, size_t size)
{
    char *error = NULL;
    if (!follow_check_greeting(line, size, &error)) {
        say(client, "cannot be used: ", error);
        free(error);
        return false;
    }
    json_t *event = json_loadb(line, size, 0, NULL);
    client->greeted = true;
    const bool read_only = tell_hello(client, event);
    json_decref(event);
    say_first(client, read_only);
    return true;
}

static bool fail(struct control_client *client, const char *line, size_t size)
{
    json_t *event = json_loadb(line, size, 0, NULL);
    const char *error = fields_string(event, "error");
    say(client, "refuses: ", error ? error : "it does not say why");
    json_decref(event);
    return false;
}

/* False where it says no to one of our first lines. */
static bool take_first(struct control_client *client, const char *line, size_t size)
{
    utstring_clear(&client->line);
    switch (relay_lines_take(&client->lines, &client->line, line, size)) {
    case RELAY_FAILED:
        return fail(client, line, size);
    case RELAY_OWN_LAST:
        become_ready(client);
        return true;
    case RELAY_OWN:
        return true;
    default:
        client->hooks.line(client->hooks.context, line, size);
        return true;
    }
}

static bool take(struct control_client *client, const char *line, size_t size)
{
    if (!client->greeted)
        return greet(client, line, size);
    if (!client->ready)
        return take_first(client, line, size);
    client->hooks.line(client->hooks.context, line, size);
    return true;
}

/* One that is of no use is let go when nothing of the uplink's runs. */
static bool receive(void *context, const char *line, size_t size)
{
    struct control_client *client = CAST(control_client, context);
    if (take(client, line, size))
        return true;
    client->place.quiet = true;
    redial_later(client->redial, false);
    return false;
}

/* --- coming back --- */

static void let_go(struct control_client *client)
{
    const bool greeted = client->greeted;
    uplink_destroy(client->uplink);
    client->uplink = NULL;
    client->greeted = client->ready = false;
    client->lines = (struct relay_lines){0};
    if (greeted)
        client->hooks.lost(client->hooks.context);
}

static void lost(void *context)
{
    struct control_client *client = CAST(control_client, context);
    const bool was_ready = client->ready;
    if (was_ready)
        say(client, "is gone; trying again", NULL);
    client->place.quiet = true;
    let_go(client);
    redial_later(client->redial, was_ready);
}

static void drained(void *context)
{
    const struct control_client *client = CAST(control_client, context);
    if (client->hooks.drained)
        client->hooks.drained(client->hooks.context);
}

static bool connect_uplink(void *context)
{
    struct control_client *client = CAST(control_client, context);
    const struct carrier_hooks hooks = {
        .context = client, .line = receive, .lost = lost, .drained = drained};
    client->uplink = uplink_create(client->loop, client->path, &hooks);
    return client->uplink != NULL;
}

static void dial(void *context)
{
    struct control_client *client = CAST(control_client, context);
    if (client->uplink)
        let_go(client);
    if (attach_find(&client->place, &client->path, connect_uplink, client))
        return;
    client->place.quiet = true;
    redial_later(client->redial, false);
}

/* --- */

struct control_client *control_client_create(struct loop *loop,
                                             const struct attach_place *place,
                                             const char *first,
                                             const struct control_hooks *hooks)
{
    struct control_client *client = mem_zalloc(sizeof *client);
    CAST_INIT(control_client, client);
    client->loop = loop;
    client->place = *place;
    client->quiet = place->quiet;
    client->first = first;
    client->hooks = *hooks;
    utstring_init(&client->line);
    client->redial = redial_create(loop, PAUSE_FIRST, PAUSE_MAX, dial, client);
    redial_after(client->redial, 0);
    return client;
}

void control_client_destroy(struct control_client *client)
{
    if (!client)
        return;
    uplink_destroy(client->uplink);
    redial_destroy(client->redial);
    utstring_done(&client->line);
    free(client);
}

bool control_client_is_ready(const struct control_client *client)
{
    return client->ready;
}

void control_client_send(struct control_client *client, const char *line, size_t size)
{
    uplink_send(client->uplink, line, size);
}

void control_client_hold(struct control_client *client, bool on)
{
    if (client->uplink)
        uplink_hold(client->uplink, on);
}

size_t control_client_backlog(const struct control_client *client)
{
    return client->uplink ? uplink_backlog(client->uplink) : 0;
}
