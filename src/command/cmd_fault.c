/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/command.h"

#include <stdlib.h>
#include <string.h>

#include "base/cast.h"
#include "base/mem.h"
#include "command/errand.h"
#include "command/operator.h"
#include "core/hub.h"

enum fault_deed { FAULT_SHOW, FAULT_BEGIN, FAULT_STOP };

struct fault_errand {
    struct errand errand; /* first */
    CAST_MARK;
    enum fault_deed deed;
    struct fault_plan plan;
    unsigned count;
    UT_array shown; /* uint64_t: numbers of those who have one */
};

static struct fault_errand *errand_of(struct errand *errand)
{
    return CAST(fault_errand, errand);
}

/* --- showing --- */

struct page {
    struct cards cards;
    const struct hub *hub;
    const uint64_t *numbers;
    struct link_description room;
};

/* They were there a moment ago, in this very turn. */
static void get_card(struct cards *cards, size_t index, struct card *card)
{
    struct page *page = container_of(cards, struct page, cards);
    const struct peer *peer = hub_find(page->hub, page->numbers[index]);
    card_of_peer(card, peer, hub_now(page->hub), &page->room);
}

static void forget_gone(struct fault_errand *self, const struct hub *hub)
{
    unsigned left = 0;
    uint64_t *numbers = (uint64_t *)utarray_front(&self->shown);
    for (unsigned i = 0; i < utarray_len(&self->shown); i++)
        if (hub_find(hub, numbers[i]))
            numbers[left++] = numbers[i];
    utarray_resize(&self->shown, left);
}

static void show(struct operator_session *session, struct fault_errand *self)
{
    forget_gone(self, session->hub);
    size_t left = utarray_len(&self->shown);
    struct page page = {.cards.get = get_card,
                        .hub = session->hub,
                        .numbers = (const uint64_t *)utarray_front(&self->shown)};
    struct result result = {.type = RESULT_FAULTS, .first = true, .peers = &page.cards};
    if (left == 0)
        result.note = "nothing is done to what comes from there";
    do {
        page.cards.count = left < RESULT_LIST_MAX ? left : RESULT_LIST_MAX;
        left -= page.cards.count;
        result.more = left > 0;
        operator_result(session, &result);
        result.first = false;
        if (result.more)
            page.numbers += page.cards.count;
    } while (result.more);
}

/* --- doing --- */

static char *object(struct errand *errand, const struct peer *peer)
{
    const struct fault_errand *self = errand_of(errand);
    char label[PEER_LABEL];
    if (self->deed != FAULT_BEGIN)
        return NULL;
    peer_label(peer, label);
    if (!peer_is_up(peer))
        return mem_printf("nothing was done: %s is %s", label, peer_state_name(peer->state));
    char *reason = faults_object(peer, &self->plan);
    char *text = reason ? mem_printf("nothing was done: %s: %s", label, reason) : NULL;
    free(reason);
    return text;
}

static void visit(struct operator_session *session, struct errand *errand, struct peer *peer)
{
    struct fault_errand *self = errand_of(errand);
    if (!peer || (self->deed != FAULT_BEGIN && !faults_card(peer)))
        return;
    if (self->deed == FAULT_SHOW)
        utarray_push_back(&self->shown, &peer->number);
    else if (self->deed == FAULT_STOP)
        faults_end(peer);
    else if (peer_is_up(peer))
        faults_begin(session->hub, peer, &self->plan, false);
    self->count++;
}

static void answer(struct operator_session *session, struct errand *errand)
{
    struct fault_errand *self = errand_of(errand);
    if (self->deed == FAULT_SHOW)
        show(session, self);
    else
        operator_done(session, "%s for %u %s", self->deed == FAULT_STOP ? "ended" : "set",
                      self->count, self->count == 1 ? "peer" : "peers");
}

static void destroy(struct errand *errand)
{
    struct fault_errand *self = errand_of(errand);
    utarray_done(&self->shown);
    free(self);
}

/* --- reading --- */

static bool read_deed(const struct operator_session *session, struct fault_errand *self,
                      const char *words, char **error)
{
    self->deed = *words == '\0'            ? FAULT_SHOW
                 : strcmp(words, "-") == 0 ? FAULT_STOP
                                           : FAULT_BEGIN;
    if (self->deed != FAULT_SHOW && session->read_only) {
        *error = mem_strdup("this console is read-only, and only /fault PEERS alone is for it");
        return false;
    }
    return self->deed != FAULT_BEGIN || fault_plan_parse(words, " \t", '=', &self->plan, error);
}

static void run(struct operator_session *session, const struct arguments *arguments)
{
    static const struct errand_ops ops = {
        .object = object, .visit = visit, .answer = answer, .destroy = destroy};
    static const UT_icd number = {sizeof(uint64_t), NULL, NULL, NULL};
    struct fault_errand *self = mem_zalloc(sizeof *self);
    char *error = NULL;
    CAST_INIT(fault_errand, self);
    self->errand.ops = &ops;
    utarray_init(&self->shown, &number);
    if (read_deed(session, self, arguments->words[1], &error) &&
        peers_find(session->hub, arguments->words[0], &self->errand.peers, &error)) {
        errand_run(session, &self->errand);
        return;
    }
    operator_answer(session, error);
    destroy(&self->errand);
}

const struct command cmd_fault = {
    .name = "fault",
    .arguments = "PEERS [KEY=VALUE... | -]",
    .summary = "treat what comes from peers as a bad network would",
    .help = "Before it is shown, passed on or answered: latency=MS, jitter=MS (plus\n"
            "or minus), rate=BYTES a second, slice=BYTES, loss=%, duplicate=%,\n"
            "reorder=%, corrupt=% (one bit of a message), reset=SECONDS, stall, and\n"
            "seed=N for the same again. What is given holds in place of what was.\n"
            "- ends it, and delivers what was held, in order. Without anything it\n"
            "tells what holds, and what was done, as /info does.\n"
            "Example: /fault boiler latency=200 jitter=20\n"
            "         /fault * -\n",
    .read_only = true,
    .min_words = 1,
    .max_words = 2,
    .kinds = {ARGUMENT_PEERS, ARGUMENT_FAULTS},
    .run = run,
};
