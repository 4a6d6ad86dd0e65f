/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake_operator.h"

#include <check.h>
#include <inttypes.h>
#include <string.h>

#include "base/escape.h"
#include "command/command.h"
#include "command/operator_task.h"
#include "command/repeats.h"
#include "core/told.h"

/* --- answers, one writer for each type of result --- */

static void write_done(UT_string *out, const struct result *result)
{
    utstring_printf(out, " done");
    if (result->note)
        utstring_printf(out, " (%s)", result->note);
}

static void write_card(UT_string *out, const struct card *card)
{
    utstring_printf(out, " #%" PRIu64, card->peer.number);
    if (card->idle > 0)
        utstring_printf(out, " idle %" PRId64, card->idle);
}

static void write_peers(UT_string *out, const struct result *result)
{
    struct card card;
    for (size_t i = 0; i < result->peers->count; i++) {
        result->peers->get(result->peers, i, &card);
        write_card(out, &card);
    }
}

static void write_faults(UT_string *out, const struct result *result)
{
    struct card card;
    for (size_t i = 0; i < result->peers->count; i++) {
        result->peers->get(result->peers, i, &card);
        write_card(out, &card);
        utstring_printf(out, " ");
        fault_plan_print(&card.fault.plan, out);
    }
    if (result->note)
        utstring_printf(out, " (%s)", result->note);
}

static void write_peer(UT_string *out, const struct result *result)
{
    write_card(out, &result->peer.card);
    if (result->peer.card.since > 0)
        utstring_printf(out, " since %" PRId64, result->peer.card.since);
    utstring_printf(out, " by %s", result->peer.origin.endpoint);
}

static void write_called(UT_string *out, const struct result *result)
{
    utstring_printf(out, " called %" PRIu64, result->number);
}

static void write_listeners(UT_string *out, const struct result *result)
{
    for (size_t i = 0; i < result->listeners.count; i++)
        utstring_printf(out, " %" PRIu64, result->listeners.items[i].listener.number);
}

static void write_stats(UT_string *out, const struct result *result)
{
    utstring_printf(out, " %u figures since %" PRId64, result->stats.count,
                    result->stats.started);
}

static void write_help(UT_string *out, const struct result *result)
{
    for (size_t i = 0; i < result->help.count; i++)
        utstring_printf(out, " %s", result->help.items[i]->name);
}

static void write_repeats(UT_string *out, const struct result *result)
{
    for (size_t i = 0; i < result->repeats.count; i++) {
        const struct repeat_card *card = &result->repeats.items[i];
        utstring_printf(out, " %u each %" PRId64 " '", card->number, card->period);
        escape_bytes(out, card->line, strlen(card->line)); /* it is shown as it was typed */
        utstring_printf(out, "'");
    }
}

static void write_consoles(UT_string *out, const struct result *result)
{
    for (size_t i = 0; i < result->consoles.count; i++) {
        const struct console_card *card = &result->consoles.items[i];
        utstring_printf(out, " %u uid %u%s", card->console, (unsigned)card->uid,
                        card->read_only ? " read" : "");
        if (card->target != 0)
            utstring_printf(out, " target %" PRIu64, card->target);
    }
}

static void write_line(UT_string *out, const struct result *result)
{
    utstring_printf(out, " %" PRIu64 " %x '%s'", result->line.peer, result->line.on,
                    result->note);
}

static void (*const writers[RESULT_TYPES])(UT_string *, const struct result *) = {
    [RESULT_DONE] = write_done,           [RESULT_PEERS] = write_peers,
    [RESULT_PEER] = write_peer,           [RESULT_CALLED] = write_called,
    [RESULT_LISTENERS] = write_listeners, [RESULT_STATS] = write_stats,
    [RESULT_HELP] = write_help,           [RESULT_REPEATS] = write_repeats,
    [RESULT_CONSOLES] = write_consoles,   [RESULT_LINE] = write_line,
    [RESULT_FAULTS] = write_faults,
};

static void write_repeat(struct fake_operator *fake)
{
    if (fake->session.every)
        utstring_printf(&fake->log, "every %u ", fake->session.every);
}

static void result(struct operator_session *session, const struct result *answer)
{
    struct fake_operator *fake = (struct fake_operator *)session;
    ck_assert_ptr_nonnull(answer->command);
    ck_assert_msg(answer->first != fake->in_result, "first and more of results disagree");
    fake->in_result = answer->more;
    if (!answer->more)
        fake->answers++;
    repeats_worked(session);
    write_repeat(fake);
    utstring_printf(&fake->log, "%s:", answer->command);
    writers[answer->type](&fake->log, answer);
    utstring_printf(&fake->log, "%s%s\n", answer->first ? "" : " next",
                    answer->more ? " more" : "");
}

static void error(struct operator_session *session, const char *command, const char *text)
{
    struct fake_operator *fake = (struct fake_operator *)session;
    ck_assert_msg(!fake->in_result, "an error in the middle of results");
    fake->answers++;
    session->failures = repeats_failed(session, text);
    write_repeat(fake);
    utstring_printf(&fake->log, "error %s: %s", command ? command : "-", text);
    if (session->failures > 1)
        utstring_printf(&fake->log, " (%" PRIu64 ")", session->failures);
    utstring_printf(&fake->log, "\n");
}

static void changed(struct operator_session *session, enum operator_change change)
{
    struct fake_operator *fake = (struct fake_operator *)session;
    if (change == OPERATOR_TASK)
        return;
    utstring_printf(&fake->log, "changed ");
    if (change == OPERATOR_TARGET)
        utstring_printf(&fake->log, "target %" PRIu64 "\n", session->target);
    else if (change == OPERATOR_VIEW)
        utstring_printf(&fake->log, "view %s\n", view_name(session->view));
    else
        utstring_printf(&fake->log, change == OPERATOR_LEAVING ? "leaving\n" : "read-only\n");
}

static bool again(struct operator_session *session, const struct told *told)
{
    struct fake_operator *fake = (struct fake_operator *)session;
    ck_assert(told->replayed);
    utstring_printf(&fake->log, "again %" PRIu64 " %s%s\n", told->seq,
                    hub_event_name(told->type), told->whole ? " whole" : "");
    return !fake->full;
}

static void lost(struct operator_session *session, uint64_t messages, uint64_t events)
{
    struct fake_operator *fake = (struct fake_operator *)session;
    utstring_printf(&fake->log, "lost %" PRIu64 " and %" PRIu64 "\n", messages, events);
}

static bool repeat(struct operator_session *session, const struct repeat_card *card)
{
    const struct fake_operator *fake = (struct fake_operator *)session;
    if (fake->full || session->task)
        return false;
    session->every = card->number;
    command_line(session, card->line, card->size);
    if (!session->task)
        session->every = 0;
    return true;
}

static const struct operator_ops fake_operator_ops = {.result = result,
                                                      .error = error,
                                                      .again = again,
                                                      .lost = lost,
                                                      .changed = changed,
                                                      .repeat = repeat};

/* --- the program --- */

static bool program_fails(const struct fake_operator *fake, char **text)
{
    if (fake->program_error)
        *text = mem_strdup(fake->program_error);
    return fake->program_error != NULL;
}

/* What is made of an endpoint on which to listen. */
struct listening {
    struct fake_operator *fake;
    char *endpoint;
};

struct listening *fake_operator_prepare(void *context, const char *endpoint,
                                        void (*ready)(void *asker), void *asker, bool *waits,
                                        char **text)
{
    struct fake_operator *fake = context;
    if (!fake->listen_waits && program_fails(fake, text))
        return NULL;
    struct listening *listening = mem_alloc(sizeof *listening);
    *listening = (struct listening){.fake = fake, .endpoint = mem_strdup(endpoint)};
    *waits = fake->listen_waits;
    fake->ready = ready;
    fake->asker = asker;
    fake->listenings++;
    return listening;
}

static bool program_listen(void *context, struct listening *listening,
                           const struct listener **listener, char **text)
{
    const struct fake_operator *fake = context;
    if (program_fails(fake, text))
        return false;
    *listener = fake_listen(fake->fake, listening->endpoint);
    return true;
}

static void program_release(struct listening *listening)
{
    listening->fake->listenings--;
    free(listening->endpoint);
    free(listening);
}

static bool program_connect(void *context, const char *endpoint, uint64_t *peer, char **text)
{
    const struct fake_operator *fake = context;
    if (program_fails(fake, text))
        return false;
    *peer = fake_call(fake->fake, endpoint)->link.peer->number;
    return true;
}

static unsigned program_hang_up(void *context, const char *word)
{
    struct fake_operator *fake = context;
    const bool meant =
        fake->waiting && (strcmp(word, "*") == 0 || strcmp(word, fake->waiting) == 0);
    if (meant)
        fake->waiting = NULL;
    return meant;
}

static void program_shutdown(void *context)
{
    struct fake_operator *fake = context;
    fake->shutdowns++;
    utstring_printf(&fake->log, "shutdown\n");
}

/* --- */

void fake_operator_init(struct fake_operator *fake, struct fake *world)
{
    *fake = (struct fake_operator){.fake = world};
    fake->program = (struct program){.context = fake,
                                     .prepare = fake_operator_prepare,
                                     .listen = program_listen,
                                     .release = program_release,
                                     .connect = program_connect,
                                     .hang_up = program_hang_up,
                                     .shutdown = program_shutdown};
    fake->session = (struct operator_session){.ops = &fake_operator_ops,
                                              .hub = &world->hub,
                                              .program = &fake->program,
                                              .commands = command_table,
                                              .console = 1,
                                              .local_files = true};
    operators_join(&fake->operators, &fake->session);
    utstring_init(&fake->log);
    utstring_init(&fake->taken);
}

void fake_operator_finish(struct fake_operator *fake)
{
    operator_task_cancel(&fake->session);
    operators_leave(&fake->session);
    repeats_finish(&fake->session);
    focus_finish(&fake->session.focus);
    utstring_done(&fake->log);
    utstring_done(&fake->taken);
}

const char *fake_operator_take(struct fake_operator *fake)
{
    utstring_clear(&fake->taken);
    utstring_concat(&fake->taken, &fake->log);
    utstring_clear(&fake->log);
    return utstring_body(&fake->taken);
}

/* A turn of the loop for each piece, as a console does it. */
static void finish_task(struct operator_session *session)
{
    while (session->task && !session->task->waits)
        operator_task_go_on(session);
    ck_assert_msg(!session->task, "what the task waits for is the test's to bring");
}

const char *fake_say_bytes(struct fake_operator *fake, const void *line, size_t size)
{
    const unsigned before = fake->answers;
    fake_operator_take(fake);
    command_line(&fake->session, line, size);
    finish_task(&fake->session);
    ck_assert_msg(!fake->in_result, "no last result");
    if (size > 0 || fake->answers != before)
        ck_assert_msg(fake->answers == before + 1, "%u answers to one line:\n%s",
                      fake->answers - before, utstring_body(&fake->log));
    ck_assert_ptr_null(fake->session.running);
    return fake_operator_take(fake);
}

const char *fake_say(struct fake_operator *fake, const char *line)
{
    return fake_say_bytes(fake, line, strlen(line));
}
