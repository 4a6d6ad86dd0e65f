/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/console_watch.h"

#include "base/cast.h"
#include "command/operator_target.h"
#include "console/console.h"
#include "core/hub.h"
#include "core/told.h"

static void notice(struct observer *observer, const struct hub_event *event)
{
    struct console *console = container_of(observer, struct console, observer);
    struct operator_session *session = &console->session;
    struct link_description room;
    struct told told;
    told_of_event(&told, event, &room);
    console_tell(console, &told);
    if (told.type == HUB_OPEN && console->adopt_first) {
        console->adopt_first = false;
        if (session->target == 0)
            operator_target_set(session, told.peer.number);
    } else {
        operator_target_follow(session, &told);
    }
}

void console_watch_begin(struct console *console, struct hub *hub)
{
    console->host = &hub->host;
    directory_of_hub(&console->hub_directory, hub);
    console->directory = &console->hub_directory.directory;
    console->observer.notice = notice;
    audience_join(&hub->audience, &console->observer);
    console_watch_wants(console);
}

void console_watch_end(struct console *console)
{
    struct hub *hub = console->session.hub;
    if (!hub)
        return;
    audience_leave(&hub->audience, &console->observer);
    hub_pin(hub, console->session.target, false);
    hold_release(hub, &console->hold);
}

void console_watch_wants(struct console *console)
{
    if (!console->session.hub)
        return;
    if (console->muted) /* the target must still follow */
        console->observer.wants =
            OBSERVER_WANTS(HUB_OPEN) | OBSERVER_WANTS(HUB_CLOSE) | OBSERVER_WANTS(HUB_NAME);
    else if (console->session.view == VIEW_NONE && !console->session.focus.views)
        console->observer.wants = OBSERVER_ALL & ~OBSERVER_MESSAGES;
    else
        console->observer.wants = OBSERVER_ALL;
    audience_wants_changed(&console->session.hub->audience);
}

void console_watch_hold(struct console *console)
{
    if (console->session.hub)
        hold_all(console->session.hub, &console->hold);
}

void console_watch_release(struct console *console)
{
    if (console->session.hub)
        hold_release(console->session.hub, &console->hold);
}
