/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/budget.h"

#include <stddef.h>

#include "base/ut.h"

/* What has to be free again before newcomers are let in: else one of them would be too many. */
static uint64_t low_mark(const struct budget *budget)
{
    return budget->limit - budget->limit / 8;
}

/* So far past the limit nobody waits. */
static uint64_t high_mark(const struct budget *budget)
{
    return budget->limit + budget->limit / 8;
}

static bool is_past(const struct budget *budget, uint64_t mark)
{
    return budget->limit > 0 && budget->held > mark;
}

static void look(struct budget *budget)
{
    bool over = budget->over || budget->out || is_past(budget, budget->limit);
    bool far = budget->far || is_past(budget, high_mark(budget));
    if (over == budget->over && far == budget->far)
        return;
    if (!budget->over)
        budget->since = 0;
    budget->over = over;
    budget->far = far;
    if (budget->passed)
        budget->passed(budget->context);
}

void budget_change(struct budget *budget, uint64_t before, uint64_t now)
{
    budget->held += now - before;
    if (now > before)
        look(budget);
}

void budget_set_limit(struct budget *budget, uint64_t limit)
{
    budget->limit = limit;
    look(budget);
}

void budget_set_out(struct budget *budget, bool out)
{
    budget->out = out;
    look(budget);
}

uint64_t budget_share(const struct budget *budget, uint64_t peers)
{
    uint64_t all = budget->limit > 0 ? budget->limit : budget->held;
    uint64_t share = peers > 0 ? all / peers : all;
    return share > BUDGET_SHARE_LEAST ? share : BUDGET_SHARE_LEAST;
}

uint64_t budget_excess(const struct budget *budget)
{
    if (budget->out)
        return budget->held; /* nobody knows how much is enough */
    return is_past(budget, low_mark(budget)) ? budget->held - low_mark(budget) : 0;
}

enum budget_step budget_step(struct budget *budget, int64_t now)
{
    budget->far = is_past(budget, high_mark(budget));
    if (!budget->over || budget_excess(budget) == 0) {
        budget->over = budget->over && budget->out;
        return budget->over ? BUDGET_WAIT : BUDGET_GOOD;
    }
    if (budget->since == 0)
        budget->since = now;
    if (budget->out || budget->far || now - budget->since >= BUDGET_GRACE)
        return BUDGET_CLOSE;
    return BUDGET_WAIT;
}

void budget_add_holder(struct budget *budget, struct budget_holder *holder)
{
    holder->budget = budget;
    DL_APPEND(budget->holders, holder);
}

void budget_remove_holder(struct budget_holder *holder)
{
    if (!holder->budget)
        return;
    budget_hold(holder, 0);
    DL_DELETE(holder->budget->holders, holder);
    holder->budget = NULL;
}

void budget_hold(struct budget_holder *holder, uint64_t bytes)
{
    if (holder->budget)
        budget_change(holder->budget, holder->held, bytes);
    holder->held = bytes;
}

struct budget_holder *budget_greatest(const struct budget *budget)
{
    struct budget_holder *each, *greatest = NULL;
    DL_FOREACH(budget->holders, each)
        if (each->close && (!greatest || each->held > greatest->held))
            greatest = each;
    return greatest;
}
