/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/responder.h"

#include <stdio.h>
#include <time.h>

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

static void stamp(const struct message *message, int64_t wall, UT_string *scratch,
                  const void **data, size_t *size)
{
    char time[64];
    print_time(wall, time, sizeof time);
    utstring_bincpy(scratch, time, strlen(time));
    utstring_bincpy(scratch, message->data, message->size);
    *data = utstring_body(scratch);
    *size = utstring_len(scratch);
}

const struct responder responder_stamp = {
    .name = "stamp",
    .help = "sends each message back with the local time before it",
    .reply = stamp,
};
