/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/catch_up.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/ut.h"
#include "core/told.h"
#include "core/told_pack.h"

struct waiting_event {
    struct waiting_event *prev, *next;
    size_t size;
    char packed[];
};

/* --- what waits --- */

static void drop_first(struct catch_up *catch_up)
{
    struct waiting_event *first = catch_up->waiting;
    DL_DELETE(catch_up->waiting, first);
    catch_up->waiting_bytes -= first->size;
    free(first);
}

static void drop_all(struct catch_up *catch_up)
{
    while (catch_up->waiting)
        drop_first(catch_up);
}

static void wait(struct catch_up *catch_up, const struct told *told)
{
    const size_t size = told_pack_size(told);
    struct waiting_event *last = mem_alloc(sizeof *last + size);
    last->size = size;
    told_pack(told, last->packed);
    DL_APPEND(catch_up->waiting, last);
    catch_up->waiting_bytes += size;
}

static void show_live(struct catch_up *catch_up, const struct told *told)
{
    catch_up->show(catch_up, told);
    if (told->seq > catch_up->live)
        catch_up->live = told->seq;
}

static void show_waiting(struct catch_up *catch_up)
{
    struct told told;
    while (catch_up->waiting) {
        if (told_unpack(&told, catch_up->waiting->packed, catch_up->waiting->size))
            show_live(catch_up, &told);
        drop_first(catch_up);
    }
}

/* --- its life --- */

void catch_up_finish(struct catch_up *catch_up)
{
    drop_all(catch_up);
}

/* What still waits is the last that was heard of the run before. */
static void begin_run(struct catch_up *catch_up, const char *run)
{
    show_waiting(catch_up);
    snprintf(catch_up->run, sizeof catch_up->run, "%s", run);
    catch_up->begun = false;
    catch_up->shown = catch_up->live = 0;
}

char *catch_up_begin(struct catch_up *catch_up, const char *run, uint64_t seq,
                     const char *peers, uint64_t count)
{
    if (strcmp(catch_up->run, run) != 0)
        begin_run(catch_up, run);
    drop_all(catch_up); /* it is among what was missed */
    catch_up->hello = seq;
    catch_up->under_way = *run && (catch_up->begun ? catch_up->shown < seq : count > 0);
    if (!catch_up->under_way)
        return NULL;
    return catch_up->begun ? mem_printf("/replay %" PRIu64, catch_up->shown)
                           : mem_printf("/show %s %" PRIu64, peers, count);
}

void catch_up_again(struct catch_up *catch_up, const struct told *told)
{
    if (told->seq <= catch_up->shown || told->seq > catch_up->hello)
        return; /* it was shown, or is told as it happens */
    struct told now = *told;
    now.replayed = false; /* here it comes for the first time */
    catch_up->show(catch_up, &now);
    catch_up->shown = told->seq;
}

void catch_up_tell(struct catch_up *catch_up, const struct told *told)
{
    if (catch_up->under_way && catch_up->waiting_bytes < CATCH_UP_WAITING_MAX) {
        wait(catch_up, told);
        return;
    }
    show_live(catch_up, told);
    if (!catch_up->under_way)
        catch_up->shown = catch_up->live;
}

void catch_up_done(struct catch_up *catch_up)
{
    catch_up->under_way = false;
    catch_up->begun = true;
    show_waiting(catch_up);
    catch_up->shown = catch_up->live > catch_up->hello ? catch_up->live : catch_up->hello;
}
