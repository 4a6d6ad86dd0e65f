/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/orders.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "fleet/answer.h"

struct order {
    struct seen_entry *entry; /* NULL: a line of our own */
    orders_told *told;        /* of such a one */
    void *context;
    char *line;
    size_t size;
    bool tells_again; /* its answer begins with events */
    char *replies[ORDERS_REPLIES];
    unsigned reply_count;
    struct order *prev, *next;
};

/* Said around a line whose answer begins with messages. */
static const char show[] = "/view text", hide[] = "/view none";

void orders_init(struct orders *orders, const struct orders_hooks *hooks)
{
    *orders = (struct orders){.hooks = *hooks};
    seen_init(&orders->seen);
}

static void destroy(struct orders *orders, struct order *order)
{
    DL_DELETE(orders->list, order);
    orders->count--;
    orders->bytes -= order->size;
    for (unsigned i = 0; i < order->reply_count; i++)
        free(order->replies[i]);
    free(order->line);
    free(order);
}

void orders_finish(struct orders *orders)
{
    while (orders->list)
        destroy(orders, orders->list);
    seen_finish(&orders->seen);
}

/* --- answering --- */

static int64_t wall(const struct orders *orders)
{
    return orders->hooks.wall(orders->hooks.context);
}

static void say(struct orders *orders, const char *to, const char *line, size_t size)
{
    orders->hooks.answer(orders->hooks.context, to, line, size);
}

static void say_error(struct orders *orders, const char *to, const char *text)
{
    UT_string line;
    utstring_init(&line);
    answer_error(&line, wall(orders), text, false);
    say(orders, to, utstring_body(&line), utstring_len(&line));
    utstring_done(&line);
}

/* To whoever asked, and for whoever will. */
static void tell(struct orders *orders, struct order *order, const char *line, size_t size)
{
    if (order->told)
        order->told(order->context, line, size);
    for (unsigned i = 0; i < order->reply_count; i++)
        say(orders, order->replies[i], line, size);
    if (order->entry)
        seen_keep(&orders->seen, order->entry, line, size);
}

static void tell_error(struct orders *orders, struct order *order, const char *text)
{
    UT_string line;
    utstring_init(&line);
    answer_error(&line, wall(orders), text, false);
    tell(orders, order, utstring_body(&line), utstring_len(&line));
    utstring_done(&line);
}

/* Its answers of before, to one that came again. */
static void say_again(struct orders *orders, const char *to, const struct seen_entry *entry)
{
    const char *line = utstring_body(&entry->answers);
    const char *end = line + utstring_len(&entry->answers);
    while (line < end) {
        const char *newline = memchr(line, '\n', (size_t)(end - line));
        say(orders, to, line, (size_t)(newline - line));
        line = newline + 1;
    }
}

/* --- running --- */

static void start(struct orders *orders, struct order *order)
{
    const struct orders_hooks *hooks = &orders->hooks;
    orders->running = true;
    if (order->tells_again) {
        hooks->run(hooks->context, show, sizeof show - 1);
        orders->ahead++;
    }
    hooks->run(hooks->context, order->line, order->size);
    if (order->tells_again)
        hooks->run(hooks->context, hide, sizeof hide - 1);
}

/* It is over. */
static void end(struct orders *orders, struct order *order)
{
    if (order->entry)
        order->entry->order = NULL;
    destroy(orders, order);
}

static void run_next(struct orders *orders)
{
    while (orders->ready && !orders->running && orders->list) {
        struct order *order = orders->list;
        if (!order->entry || order->entry->expires >= wall(orders)) {
            start(orders, order);
            return;
        }
        tell_error(orders, order, "its time was over before its turn came: it was not run");
        end(orders, order);
    }
}

static struct order *add(struct orders *orders, const char *line, size_t size)
{
    struct order *order = mem_zalloc(sizeof *order);
    order->line = mem_dup(line, size);
    order->size = size;
    order->tells_again = order_tells_again(line, size);
    DL_APPEND(orders->list, order);
    orders->count++;
    orders->bytes += size;
    return order;
}

void orders_ask(struct orders *orders, const char *line, orders_told *told, void *context)
{
    if (!orders->ready) {
        told(context, NULL, 0);
        return;
    }
    struct order *order = add(orders, line, strlen(line));
    order->told = told;
    order->context = context;
    run_next(orders);
}

/* --- one that comes --- */

static const char *join(struct orders *orders, struct order *order, const char *reply)
{
    if (!order->entry->kept)
        return "it is being run already, and what was answered so far is too long to be kept";
    if (order->reply_count == ORDERS_REPLIES)
        return "it is being run already, and was said too often";
    say_again(orders, reply, order->entry);
    order->replies[order->reply_count++] = mem_strdup(reply);
    return NULL;
}

/* Why it can't be answered again; NULL: it is. */
static const char *answer_again(struct orders *orders, const struct seen_entry *entry,
                                const char *reply)
{
    if (entry->order)
        return join(orders, entry->order, reply);
    if (!entry->kept)
        return "it was run already, and what was answered is not kept any more";
    say_again(orders, reply, entry);
    return NULL;
}

static const char *admit(struct orders *orders, const struct order_request *request,
                         int64_t expires)
{
    const int64_t now = wall(orders);
    if (expires < now)
        return "its time is over: it was not run";
    if (!orders->ready)
        return "there is no telexd on this node now: it was not run";
    if (orders->count >= ORDERS_MAX || orders->bytes >= ORDERS_BYTES)
        return "too many commands wait on this node: it was not run";
    struct seen_entry *entry = seen_add(&orders->seen, request->id, expires, NULL, now);
    struct order *order = add(orders, request->line, request->size);
    order->entry = entry;
    entry->order = order;
    order->replies[order->reply_count++] = mem_strdup(request->reply);
    run_next(orders);
    return NULL;
}

bool orders_take(struct orders *orders, const struct order_request *request)
{
    char *error = NULL;
    int64_t expires;
    const char *why = NULL;
    if (!order_may_answer(request->reply))
        return false;
    if (order_check_headers(request, &expires, &error)) {
        const struct seen_entry *entry = seen_find(&orders->seen, request->id);
        if (entry)
            why = answer_again(orders, entry, request->reply);
        else if (order_check_line(request->line, request->size, &error))
            why = admit(orders, request, expires);
    }
    if (error || why)
        say_error(orders, request->reply, error ? error : why);
    free(error);
    return true;
}

/* --- the console --- */

void orders_ready(struct orders *orders)
{
    orders->ready = true;
    run_next(orders);
}

/* What the broker would not take is told in fewer words. */
static void pass_on(struct orders *orders, struct order *order, enum answer_kind kind,
                    const char *line, size_t size)
{
    UT_string words;
    const bool event = kind == ANSWER_AGAIN || kind == ANSWER_LOST;
    utstring_init(&words);
    if (event)
        answer_with_more(&words, line, size);
    if ((event ? utstring_len(&words) : size) > orders->hooks.most(orders->hooks.context)) {
        utstring_clear(&words);
        if (event)
            answer_lost(&words, wall(orders));
        else
            answer_error(&words, wall(orders), "what is answered is too long for the broker",
                         kind == ANSWER_MORE);
    }
    if (utstring_len(&words) > 0)
        tell(orders, order, utstring_body(&words), utstring_len(&words));
    else
        tell(orders, order, line, size);
    utstring_done(&words);
}

void orders_line(struct orders *orders, const char *line, size_t size)
{
    const enum answer_kind kind = answer_kind(line, size);
    const bool event = kind == ANSWER_AGAIN || kind == ANSWER_LOST;
    if (kind == ANSWER_LAST && orders->ahead > 0) {
        orders->ahead--;
        return;
    }
    struct order *order = orders->list;
    if (kind == ANSWER_NONE || !orders->running || orders->ahead > 0 ||
        (event && !order->tells_again))
        return;
    pass_on(orders, order, kind, line, size);
    if (kind != ANSWER_LAST)
        return;
    orders->running = false;
    orders->ahead = order->tells_again;
    end(orders, order);
    run_next(orders);
}

/* Of one that was not run its id is free again. */
static void give_up(struct orders *orders, struct order *order, bool ran)
{
    if (!order->entry)
        order->told(order->context, NULL, 0);
    else
        tell_error(orders, order,
                   ran ? "telexd was lost before it had answered: it may have been done"
                       : "telexd was lost before its turn came: it was not run");
    struct seen_entry *entry = order->entry;
    end(orders, order);
    if (entry && !ran)
        seen_forget(&orders->seen, entry);
}

void orders_lost(struct orders *orders)
{
    bool ran = orders->running;
    orders->ready = orders->running = false;
    orders->ahead = 0;
    for (; orders->list; ran = false)
        give_up(orders, orders->list, ran);
}
