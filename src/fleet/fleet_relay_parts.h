/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of telex attach --json nats://, which the files of that name share. */
#ifndef TELEX_FLEET_FLEET_RELAY_PARTS_H
#define TELEX_FLEET_FLEET_RELAY_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cast.h"
#include "base/host.h"
#include "base/ut.h"
#include "fleet/members.h"
#include "fleet/node_line.h"
#include "fleet/past_lines.h"
#include "loop/lines.h"
#include "loop/loop.h"

struct attach_settings;
struct diagnostics;
struct fleet_station;
struct inlet;
struct outlet;
struct signals;

struct fleet_relay {
    const struct attach_settings *settings;
    CAST_MARK;
    struct loop loop;
    struct host host; /* the loop */
    struct diagnostics *diagnostics;
    struct signals *signals;
    struct members *members;
    struct fleet_station *stations; /* utlist: of each member */
    struct member *chosen;          /* of lines that name no node; NULL: none */
    struct outlet *out;
    struct inlet *in; /* NULL until what is past was told */
    struct lines lines;
    UT_string line;         /* as it is written; its room is reused */
    struct past_lines past; /* owners are members */
    uint64_t input;         /* lines read so far */
    unsigned waiting;       /* of them, that are not answered */
    bool reads_only;
    bool gathered;
    bool ended;  /* the input has */
    bool broken; /* nobody reads stdout */
    int killed_by;
    int status;
};

struct fleet_relay *fleet_relay_of(const struct member *member);

/* Writes what stands in relay->line, whole lines. */
void fleet_relay_write(struct fleet_relay *relay);
void fleet_relay_leave(struct fleet_relay *relay, int status);
/* Reads as many lines as are answered; ends where the input has, and all is. */
void fleet_relay_pace(struct fleet_relay *relay);

/* A member that may be new here gets what carries lines to it. */
void fleet_relay_meet(struct fleet_relay *relay, struct member *member);
void fleet_relay_forget(struct fleet_relay *relay);
/* A line of the input. */
void fleet_relay_line(struct fleet_relay *relay, const char *line, size_t size, bool too_long);

#endif
