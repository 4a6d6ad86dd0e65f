/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/follow.h"

#include <stdlib.h>
#include <string.h>

#include "base/cast.h"
#include "base/escape.h"
#include "base/mem.h"
#include "client/fields.h"
#include "client/follow_greeting.h"
#include "client/result_read.h"
#include "client/told_read.h"
#include "command/operator_target.h"
#include "console/console.h"
#include "console/text_entry.h"

/* As the console has it, where there are other daemons besides this one. */
static struct told placed(const struct follow *follow, const struct told *told)
{
    struct told here = *told;
    known_place(&follow->known, &here);
    if (told->type == HUB_SENT && told->message.console == follow->number)
        here.message.console = follow->console->session.console;
    return here;
}

static void show_told(struct catch_up *catch_up, const struct told *told)
{
    const struct follow *follow = container_of(catch_up, struct follow, catch_up);
    const struct told here = placed(follow, told);
    console_tell(follow->console, &here);
}

void follow_init(struct follow *follow, const struct follow_hooks *hooks)
{
    *follow = (struct follow){.hooks = *hooks, .catch_up.show = show_told};
    known_init(&follow->known);
    utstring_init(&follow->data);
}

void follow_finish(struct follow *follow)
{
    known_clear(&follow->known);
    catch_up_finish(&follow->catch_up);
    utstring_done(&follow->data);
}

void follow_reset(struct follow *follow)
{
    struct console *console = follow->console;
    follow->greeted = false;
    follow->in_answer = false;
    known_clear(&follow->known);
    console_forget(console);
    if (follow->hooks.told)
        return;
    if (console->session.target != 0 || operator_target_is_away(&console->session))
        console_set_target(console, 0, "", console_wall(console));
}

/* Nobody is the target who is not known: its end is among what we missed. */
static void check_target(struct follow *follow)
{
    const uint64_t target = follow->console->session.target;
    if (!follow->hooks.told && target != 0 && !known_has(&follow->known, target))
        console_set_target(follow->console, 0, "", follow->time);
}

/* --- what happened --- */

static bool shows_data(const struct console *console, const struct told *told)
{
    const enum view view = operator_view(&console->session, told);
    return view == VIEW_TEXT || view == VIEW_HEX;
}

static void tell_again(const struct follow *follow, const struct told *told)
{
    struct operator_session *session = &follow->console->session;
    const struct told here = placed(follow, told);
    session->ops->again(session, &here);
}

/* It changes nothing of what is known. */
static void take_again(struct follow *follow, struct told *told)
{
    const enum follow_again why = follow->hooks.again(follow->hooks.context);
    known_retell(&follow->known, told);
    told->whole = why == FOLLOW_ASKED_ONE;
    if (why == FOLLOW_CATCHES_UP)
        catch_up_again(&follow->catch_up, told);
    else
        tell_again(follow, told);
}

/* Whom it is once its line has closed is told next. */
static void follow_target(struct follow *follow, const struct told *told)
{
    struct operator_session *session = &follow->console->session;
    const struct told here = placed(follow, told);
    if (follow->hooks.told)
        follow->hooks.told(follow->hooks.context, &here);
    else if (told->type == HUB_CLOSE && told->peer.number == session->target)
        session->target = 0;
}

static void show_past(struct follow *follow, struct told *told)
{
    const struct directory *directory = &follow->known.directory;
    told->replayed = false; /* here it comes for the first time */
    if (follow->same_run) {
        known_retell(&follow->known, told);
        told->peer.name =
            directory->find(directory, follow->known.base + told->peer.number).name;
    }
    if (told_is_message(told))
        show_told(&follow->catch_up, told);
}

static bool take_told(struct follow *follow, enum hub_event_type type, const json_t *event)
{
    struct told told = {.type = type, .time = follow->time};
    if (!told_read(&told, event, &follow->data))
        return false;
    told.replayed &= !follow->happens;
    if (follow->past) {
        show_past(follow, &told);
        return true;
    }
    if (told.replayed) {
        take_again(follow, &told);
        return true;
    }
    if (!known_tell(&follow->known, &told))
        return false;
    if (told_is_message(&told) && !told.message.data && shows_data(follow->console, &told))
        return false;
    catch_up_tell(&follow->catch_up, &told);
    known_told(&follow->known, &told);
    follow_target(follow, &told);
    return true;
}

static bool take_hello(struct follow *follow, const json_t *event)
{
    const char *access = fields_string(event, "access");
    uint64_t number = 0;
    const char *run = fields_string(event, "run");
    struct follow_hello hello = {.version = fields_string(event, "version"),
                                 .run = run ? run : ""};
    fields_unsigned(event, "seq", &hello.seq);
    if (!hello.version || !access || !fields_unsigned(event, "console", &number) ||
        number == 0 || number > UINT32_MAX)
        return false;
    hello.read_only = strcmp(access, "write") != 0;
    follow->number = hello.console = (unsigned)number;
    follow->greeted = true;
    follow->hooks.hello(follow->hooks.context, &hello);
    return true;
}

/* The peer may be one whose open was skipped. */
static bool take_target(struct follow *follow, const json_t *event)
{
    const char *away = fields_name(event, "away");
    uint64_t peer = 0;
    if (!json_is_null(json_object_get(event, "peer")) &&
        (!fields_unsigned(event, "peer", &peer) || !known_meet(&follow->known, peer)))
        return false;
    console_set_target(follow->console, peer, peer == 0 && away ? away : "", follow->time);
    return true;
}

/* In an answer it tells what is kept no more. */
static bool take_lost(struct follow *follow, const json_t *event)
{
    struct operator_session *session = &follow->console->session;
    uint64_t messages = 0, events = 0;
    if (!fields_unsigned(event, "messages", &messages) ||
        !fields_unsigned(event, "events", &events))
        return false;
    if (follow->hooks.again(follow->hooks.context) != FOLLOW_NOT_ASKED) {
        session->ops->lost(session, messages, events);
        return true;
    }
    console_lost(follow->console, messages, events);
    if (events > 0)
        follow->hooks.lost(follow->hooks.context);
    return true;
}

/* --- answers --- */

static uint64_t input_of(const struct follow *follow, const json_t *event)
{
    uint64_t input = follow->input;
    if (input == 0)
        fields_unsigned(event, "input", &input);
    return input;
}

/* Whose answer it is where no line of ours is: one's of /every. 0: another's. */
static void set_repeat(struct follow *follow, const json_t *event)
{
    struct operator_session *session = &follow->console->session;
    uint64_t every = 0;
    session->failures = 1;
    fields_unsigned(event, "count", &session->failures);
    session->every = fields_unsigned(event, "every", &every) ? (unsigned)every : 0;
}

static void say_error(const struct follow *follow, const struct follow_answer *answer)
{
    struct operator_session *session = &follow->console->session;
    const char *node = follow->known.node;
    char *text = mem_printf("%s%s%s", node ? node : "", node ? ": " : "", answer->error);
    session->ops->error(session, answer->command, text);
    free(text);
}

static bool take_error(struct follow *follow, const json_t *event)
{
    struct operator_session *session = &follow->console->session;
    struct follow_answer answer = {.command = fields_string(event, "command"),
                                   .error = fields_string(event, "error")};
    if (!answer.error)
        return false;
    answer.input = input_of(follow, event);
    set_repeat(follow, event);
    if (follow->hooks.answer(follow->hooks.context, &answer))
        say_error(follow, &answer);
    session->every = 0;
    return true;
}

/* Of many nodes, above what one of them has answered. */
static void say_whose(const struct follow *follow)
{
    char *text = mem_printf("%s:", follow->known.node);
    text_entry_notice(follow->console, follow->time, text);
    free(text);
}

/* Where words are all the answer, its name stands before them. */
static void show_note(const struct follow *follow, const struct result *result)
{
    struct operator_session *session = &follow->console->session;
    char *note = mem_printf("%s: %s", follow->known.node, result->note);
    struct result named = *result;
    named.note = note;
    session->ops->result(session, &named);
    free(note);
}

static void show(struct follow *follow, const json_t *event, const struct result *result)
{
    struct operator_session *session = &follow->console->session;
    const struct follow_answer answer = {
        .command = result->command, .more = result->more, .input = input_of(follow, event)};
    check_target(follow);
    if (!follow->hooks.answer(follow->hooks.context, &answer))
        return;
    if (follow->known.node && result->type == RESULT_DONE && result->note) {
        show_note(follow, result);
        return;
    }
    if (follow->known.node && result->first && result->type != RESULT_DONE)
        say_whose(follow);
    session->ops->result(session, result);
}

/* A list of some tells nothing of the others. */
static bool is_of_some(const struct follow *follow, const json_t *event)
{
    return follow->hooks.asks_for_all &&
           !follow->hooks.asks_for_all(follow->hooks.context, input_of(follow, event));
}

static bool take_result(struct follow *follow, const json_t *event)
{
    struct result_read read;
    bool good = result_read(&read, event, &follow->known, follow->time);
    read.result.first = !follow->in_answer;
    read.result.some = is_of_some(follow, event);
    follow->in_answer = read.result.more;
    good = good && known_result(&follow->known, &read.result);
    if (good)
        show(follow, event, &read.result);
    result_read_finish(&read);
    return good;
}

/* --- lines --- */

/* As much of an event as says what it is about. */
enum { UNKNOWN_MOST = 200 };

/* Of a newer daemon: by its own words, since there are none for it here. */
static bool take_unknown(struct follow *follow, const char *name, const json_t *event)
{
    struct console *console = follow->console;
    if (console->front->backlog(console) > CONSOLE_BACKLOG_MAX) {
        console_lost(console, 0, 1);
        return true;
    }
    json_t *rest = json_copy((json_t *)event);
    json_object_del(rest, "time");
    json_object_del(rest, "event");
    json_object_del(rest, "seq");
    char *members = json_dumps(rest, JSON_COMPACT | JSON_ENSURE_ASCII);
    char *text = mem_printf("%s %.*s", name, UNKNOWN_MOST, members ? members : "");
    text_entry_notice(console, follow->time, text);
    free(text);
    free(members);
    json_decref(rest);
    return true;
}

/* false where a field that it needs is missing. */
static bool take(struct follow *follow, const char *name, const json_t *event)
{
    static const struct {
        const char *name;
        bool (*take)(struct follow *follow, const json_t *event);
    } takers[] = {{"result", take_result},
                  {"error", take_error},
                  {"target", take_target},
                  {"lost", take_lost},
                  {"hello", take_hello}};
    enum hub_event_type type;
    if (told_read_type(name, &type))
        return take_told(follow, type, event);
    for (size_t i = 0; i < sizeof takers / sizeof *takers; i++)
        if (strcmp(takers[i].name, name) == 0)
            return takers[i].take(follow, event);
    return take_unknown(follow, name, event);
}

static bool take_event(struct follow *follow, const json_t *event, char **error)
{
    const char *name = fields_string(event, "event");
    int64_t time = fields_time(event, "time");
    if (!follow->greeted && !follow_greeting_check(event, name, error))
        return false;
    if (time != FIELDS_MISSING)
        follow->time = time;
    if (name && take(follow, name, event))
        return true;
    char *shown = escape_string(name ? name : "without a name");
    *error = mem_printf("what telexd said is no event that can be understood: %.40s", shown);
    free(shown);
    return false;
}

bool follow_line(struct follow *follow, const char *line, size_t size, char **error)
{
    json_error_t reason;
    json_t *event = json_loadb(line, size, 0, &reason);
    bool good = json_is_object(event) && take_event(follow, event, error);
    if (!json_is_object(event))
        *error = mem_strdup(follow->greeted ? "what telexd said is no JSON object"
                                            : "what answers there is no telexd");
    json_decref(event);
    return good;
}

bool follow_answered(struct follow *follow, uint64_t input, const char *line, size_t size,
                     char **error)
{
    follow->input = input;
    const bool good = follow_line(follow, line, size, error);
    follow->input = 0;
    return good;
}

bool follow_event(struct follow *follow, const char *line, size_t size, char **error)
{
    follow->happens = true;
    const bool good = follow_line(follow, line, size, error);
    follow->happens = false;
    return good;
}

bool follow_past(struct follow *follow, const char *line, size_t size, bool same_run,
                 char **error)
{
    follow->past = true;
    follow->same_run = same_run;
    const bool good = follow_line(follow, line, size, error);
    follow->past = false;
    return good;
}
