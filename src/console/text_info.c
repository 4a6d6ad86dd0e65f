/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/text_info.h"

#include <inttypes.h>

#include "command/operator.h"
#include "console/console.h"
#include "console/text_line.h"
#include "core/told.h"

unsigned text_info_percent(const struct transfer_progress *file)
{
    return file->size > 0 ? (unsigned)((double)file->bytes * 100 / (double)file->size) : 0;
}

/* "  remote      " */
static void info_label(UT_string *out, const char *label)
{
    utstring_printf(out, "  %-12s", label);
}

static void info_text(UT_string *out, const char *label, const char *text)
{
    info_label(out, label);
    text_safe(out, text);
    utstring_printf(out, "\n");
}

static void info_bytes(UT_string *out, const char *label, uint64_t bytes)
{
    info_label(out, label);
    text_count(out, bytes, "byte", "bytes");
    utstring_printf(out, "\n");
}

static void info_file(UT_string *out, const struct transfer_progress *file)
{
    info_label(out, "file");
    text_safe(out, file->path);
    utstring_printf(out, ": ");
    text_number(out, file->bytes);
    utstring_printf(out, " of ");
    text_count(out, file->size, "byte", "bytes");
    utstring_printf(out, " (%u %%)\n", text_info_percent(file));
}

void text_info_fault(UT_string *out, const struct fault_card *fault)
{
    fault_plan_print(&fault->plan, out);
    utstring_printf(out, "; ");
    text_count(out, fault->counts[FAULT_COUNT_MESSAGES], "message", "messages");
    for (enum fault_count count = FAULT_COUNT_LOST; count < FAULT_COUNTS; count++) {
        if (fault->counts[count] == 0)
            continue;
        utstring_printf(out, ", ");
        text_number(out, fault->counts[count]);
        utstring_printf(out, " %s", fault_count_name(count));
    }
    if (fault->held == 0)
        return;
    utstring_printf(out, ", ");
    text_count(out, fault->held, "byte held", "bytes held");
}

static void info_fault(UT_string *out, const struct fault_card *fault)
{
    info_label(out, "fault");
    text_info_fault(out, fault);
    utstring_printf(out, "\n");
}

static void info_duration(UT_string *out, const char *label, int64_t duration)
{
    info_label(out, label);
    text_duration(out, duration);
    utstring_printf(out, "\n");
}

static void info_fact(UT_string *out, const char *label, const char *text)
{
    if (text)
        info_text(out, label, text);
}

static void info_tls(UT_string *out, const struct tls_facts *tls)
{
    info_fact(out, "tls", tls->version);
    info_fact(out, "cipher", tls->cipher);
    info_fact(out, "alpn", tls->alpn);
    info_fact(out, "server name", tls->server_name);
    info_fact(out, "certificate", tls->subject);
    info_fact(out, "fingerprint", tls->fingerprint);
    info_fact(out, "psk identity", tls->psk_identity);
    if (tls->resumed)
        info_text(out, "resumed", "yes");
}

static void info_where(UT_string *out, const struct where *where)
{
    info_text(out, "transport", where->transport);
    info_label(out, "remote");
    text_remote(out, where);
    utstring_printf(out, "\n");
    info_text(out, "local", where->local);
    info_tls(out, &where->tls);
}

static void info_origin(UT_string *out, const struct origin_card *origin)
{
    info_label(out, "listener");
    if (origin->listener.number != 0)
        text_listener(out, &origin->listener);
    else
        utstring_printf(out, "none: called from here");
    utstring_printf(out, "\n");
    if (origin->reply)
        info_text(out, "reply", origin->reply);
    if (origin->eol)
        info_text(out, "eol", origin->eol);
    if (origin->framing)
        info_text(out, "framing", origin->framing);
}

/* How this console shows its messages, where not as all others. */
static void info_view(struct console *console, const struct card *card)
{
    const struct told told = {
        .type = HUB_MESSAGE, .peer = card->peer, .listener = card->where.listener};
    const enum view view = operator_view(&console->session, &told);
    if (view != console->session.view)
        info_text(&console->out, "view", view_name(view));
}

static void info_joined(UT_string *out, struct card_joined joined)
{
    uint64_t number;
    bool first = true;
    for (; card_joined_next(&joined, &number); first = false) {
        if (first)
            info_label(out, "joined");
        utstring_printf(out, "%s#%" PRIu64, first ? "" : ", ", number);
    }
    if (!first)
        utstring_printf(out, "\n");
}

void text_info(struct console *console, const struct result *result)
{
    UT_string *out = &console->out;
    const struct card *card = &result->peer.card;
    const bool target = card->peer.number == console->session.target;
    text_style(console, TEXT_STRONG);
    text_peer(out, &card->peer);
    text_style_end(console);
    utstring_printf(out, target ? ", the target\n" : "\n");
    info_where(out, &card->where);
    info_origin(out, &result->peer.origin);
    info_view(console, card);
    info_text(out, "state", peer_state_name(card->state));
    info_joined(out, card->joined);
    info_bytes(out, "received", card->received);
    info_bytes(out, "sent", card->sent);
    info_bytes(out, "queued", card->queued);
    if (card->fault.plan.given)
        info_fault(out, &card->fault);
    if (card->file.path)
        info_file(out, &card->file);
    if (card->since >= 0)
        info_duration(out, "since", card->since);
    info_duration(out, "idle", card->idle);
}
