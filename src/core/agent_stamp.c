/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "core/agent.h"
#include "core/agents.h"
#include "core/hub.h"

/*
 * The form of ctime(3), in English whatever the locale says: strftime's %a and %b would follow
 * it.
 */
static void print_time(int64_t wall, char *text, size_t size)
{
    static const char days[7][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    time_t seconds = (time_t)(wall / 1000000);
    struct tm tm;
    localtime_r(&seconds, &tm);
    snprintf(text, size, "[%s %s %2d %02d:%02d:%02d %d] ", days[tm.tm_wday], months[tm.tm_mon],
             tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, tm.tm_year + 1900);
}

static void message(struct hub *hub, struct peer *peer, const struct message *message)
{
    char time[64];
    UT_string *text = &hub->scratch;
    print_time(hub_wall(hub), time, sizeof time);
    utstring_clear(text);
    utstring_bincpy(text, time, strlen(time));
    utstring_bincpy(text, message->data, message->size);
    hub_answer(hub, peer, utstring_body(text), utstring_len(text));
}

const struct agent agent_stamp = {
    .name = "stamp",
    .answers = true,
    .message = message,
};
