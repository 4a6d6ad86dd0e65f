/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a console has answered in JSON, read back: the same values, as far as they are written.
 */
#include "client/result_read.h"

#include <string.h>

#include "check_main.h"
#include "client/known.h"
#include "command/command.h"
#include "command/operators.h"
#include "command/repeats.h"
#include "fake_console.h"

static struct fake world;
static struct fake_console console;
static struct result_read answer;
static json_t *event;
static struct known known; /* nobody */

static void setup(void)
{
    known_init(&known);
    fake_init(&world);
    fake_console_init(&console, &world, &render_json, NULL);
}

static void teardown(void)
{
    fake_console_finish(&console);
    fake_finish(&world);
}

/* What is answered to line, read back. */
static const struct result *ask(const char *line)
{
    const char *text = fake_console_say(&console, line);
    event = json_loads(text, 0, NULL);
    ck_assert_msg(event && result_read(&answer, event, &known, 0), "%s", text);
    return &answer.result;
}

static void done(void)
{
    result_read_finish(&answer);
    json_decref(event);
}

static void check_text(const char *read, const char *told)
{
    ck_assert((read == NULL) == (told == NULL));
    if (told)
        ck_assert_str_eq(read, told);
}

static void check_where(const struct where *read, const struct where *told)
{
    check_text(read->transport, told->transport);
    check_text(read->remote, told->remote);
    check_text(read->local, told->local);
    ck_assert_uint_eq(read->listener.number, told->listener.number);
    ck_assert(read->has_credentials == told->has_credentials);
    ck_assert_int_eq(read->pid, told->pid);
    ck_assert_uint_eq(read->uid, told->uid);
}

static void check_card(const struct card *read, const struct peer *peer)
{
    struct link_description room;
    struct card card;
    card_of_peer(&card, peer, world.now, &room);
    ck_assert_uint_eq(read->peer.number, card.peer.number);
    check_text(read->peer.name, card.peer.name);
    check_where(&read->where, &card.where);
    ck_assert_int_eq(read->state, card.state);
    ck_assert_uint_eq(read->received, card.received);
    ck_assert_uint_eq(read->sent, card.sent);
    ck_assert_uint_eq(read->queued, card.queued);
    ck_assert_int_eq(read->idle, card.idle);
    ck_assert_int_eq(read->since, CARD_SINCE_UNKNOWN);
    check_text(read->file.path, card.file.path);
    ck_assert_uint_eq(read->file.size, card.file.size);
    ck_assert_uint_eq(read->file.bytes, card.file.bytes);
    ck_assert(!fault_plan_differs(&read->fault.plan, &card.fault.plan));
    ck_assert_uint_eq(read->fault.held, card.fault.held);
    ck_assert_mem_eq(read->fault.counts, card.fault.counts, sizeof card.fault.counts);
}

START_TEST(answers_of_words_alone)
{
    const struct result *result = ask("/view text");
    ck_assert_int_eq(result->type, RESULT_DONE);
    check_text(result->command, "view");
    check_text(result->note, "view text");
    ck_assert(!result->more);
    done();
    check_text(ask("/to -")->note, NULL);
    done();
}
END_TEST

START_TEST(cards_of_peers)
{
    struct fake_link *one = fake_peer(&world, fake_listen(&world, "tcp://127.0.0.1:1"));
    struct fake_link *two = fake_call(&world, "udp://127.0.0.1:2");
    one->keep = true;
    hub_receive(&world.hub, one->link.peer, "hi", 2, false);
    hub_send(&world.hub, one->link.peer, "abc", 3, 1, NULL);
    hub_name(&world.hub, one->link.peer, "boiler");
    hub_half_close(&world.hub, one->link.peer);
    world.now += 2500006;
    const struct result *result = ask("/peers");
    struct card card;
    ck_assert_int_eq(result->type, RESULT_PEERS);
    ck_assert_uint_eq(result->peers->count, 2);
    result->peers->get(result->peers, 1, &card);
    check_card(&card, two->link.peer);
    result->peers->get(result->peers, 0, &card);
    check_card(&card, one->link.peer);
    done();
    result = ask("/info 1");
    ck_assert_int_eq(result->type, RESULT_PEER);
    check_card(&result->peer.card, one->link.peer);
    done();
}
END_TEST

START_TEST(faults_of_peers)
{
    const char *const endpoint =
        "tcp://127.0.0.1:1?framing=line&fault=latency:200.5,jitter:1,rate:5k,slice:7,loss:0.5,"
        "duplicate:1,reorder:0.25,corrupt:100,reset:2.5,stall,seed:7";
    struct fake_link *link = fake_peer(&world, fake_listen(&world, endpoint));
    hub_receive(&world.hub, link->link.peer, "hi", 2, false);
    const struct result *result = ask("/fault 1");
    struct card card;
    ck_assert_int_eq(result->type, RESULT_FAULTS);
    ck_assert_uint_eq(result->peers->count, 1);
    result->peers->get(result->peers, 0, &card);
    ck_assert_uint_gt(card.fault.held, 0);
    ck_assert_uint_eq(card.fault.counts[FAULT_COUNT_CORRUPTED], 1);
    check_card(&card, link->link.peer);
    done();
    check_text(ask("/fault 1 -")->note, "ended for 1 peer");
    done();
}
END_TEST

START_TEST(a_file_on_its_way)
{
    struct fake_link *link = fake_peer(&world, fake_listen(&world, "tcp://127.0.0.1:1"));
    char *error = NULL;
    ck_assert(fake_send_file(&world.hub, link->link.peer, "/proc/self/exe", &error));
    fake_turn(&world);
    const struct result *result = ask("/info 1");
    ck_assert_uint_gt(result->peer.card.file.bytes, 0);
    check_card(&result->peer.card, link->link.peer);
    done();
}
END_TEST

START_TEST(pieces_of_a_list)
{
    struct listener *listener = fake_listen(&world, "tcp://127.0.0.1:1");
    for (int i = 0; i <= RESULT_LIST_MAX; i++)
        fake_peer(&world, listener);
    const struct result *result = ask("/peers");
    ck_assert(result->more);
    ck_assert_uint_eq(result->peers->count, RESULT_LIST_MAX);
    done();
}
END_TEST

START_TEST(cards_of_listeners)
{
    const struct listener *listeners[] = {
        fake_listen(&world,
                    "tcp://127.0.0.1:1?name=front&eol=crlf&framing=line&half-close=1.5"),
        fake_listen(&world, "udp://127.0.0.1:2?reply=echo")};
    const struct result *result = ask("/listeners");
    ck_assert_int_eq(result->type, RESULT_LISTENERS);
    ck_assert_uint_eq(result->listeners.count, 2);
    for (size_t i = 0; i < 2; i++) {
        const struct origin_card *read = &result->listeners.items[i];
        struct origin_card card;
        card_of_origin(&card, &listeners[i]->origin);
        ck_assert_uint_eq(read->listener.number, card.listener.number);
        check_text(read->listener.name, card.listener.name);
        check_text(read->endpoint, card.endpoint);
        check_text(read->reply, card.reply);
        check_text(read->eol, card.eol);
        check_text(read->framing, card.framing);
        ck_assert(read->half_close == card.half_close ||
                  (read->half_close < 0 && card.half_close < 0));
    }
    done();
}
END_TEST

START_TEST(the_number_of_a_call)
{
    const struct result *result = ask("/connect tcp://127.0.0.1:9");
    ck_assert_int_eq(result->type, RESULT_CALLED);
    ck_assert_uint_gt(result->number, 0);
    done();
}
END_TEST

START_TEST(figures_of_stats)
{
    struct stats_figure figures[STATS_FIGURES_MAX];
    fake_peer(&world, fake_listen(&world, "tcp://127.0.0.1:1"));
    const struct result *result = ask("/stats");
    const unsigned count = stats_collect(&world.hub, figures);
    ck_assert_int_eq(result->type, RESULT_STATS);
    ck_assert_int_eq(result->stats.started, world.hub.stats.started);
    ck_assert_uint_eq(result->stats.count, count);
    for (unsigned i = 0; i < count; i++) {
        const struct stats_figure *read = &result->stats.figures[i];
        check_text(read->name, figures[i].name);
        check_text(read->help, figures[i].help);
        check_text(read->word, figures[i].word);
        ck_assert_uint_eq(read->value, figures[i].value);
    }
    done();
}
END_TEST

START_TEST(repeats)
{
    ask("/every 0.25 @1 \xc3\xbc");
    done();
    ask("/every 3 @1 y");
    done();
    const struct result *result = ask("/every");
    ck_assert_int_eq(result->type, RESULT_REPEATS);
    ck_assert_uint_eq(result->repeats.count, 2);
    ck_assert_uint_eq(result->repeats.items[1].number, 2);
    ck_assert_int_eq(result->repeats.items[0].period, 250000);
    ck_assert_str_eq(result->repeats.items[0].line, "@1 \xc3\xbc");
    ck_assert_uint_eq(result->repeats.items[0].size, 5);
    done();
}
END_TEST

START_TEST(cards_of_consoles)
{
    console.console.session.target = 1;
    console.console.session.uid = 7;
    const struct result *result = ask("/consoles");
    ck_assert_int_eq(result->type, RESULT_CONSOLES);
    ck_assert_uint_eq(result->consoles.count, 1);
    ck_assert_uint_eq(result->consoles.items[0].console, 1);
    ck_assert_uint_eq(result->consoles.items[0].target, 1);
    ck_assert_uint_eq(result->consoles.items[0].uid, 7);
    ck_assert(!result->consoles.items[0].read_only);
    done();
}
END_TEST

static void check_help(const struct command *read, const struct command *command, bool help)
{
    check_text(read->name, command->name);
    check_text(read->arguments, command->arguments);
    check_text(read->summary, command->summary);
    check_text(read->help, help ? command->help : NULL);
}

START_TEST(help_on_commands)
{
    const struct result *result = ask("/help");
    ck_assert_int_eq(result->type, RESULT_HELP);
    ck_assert_uint_gt(result->help.count, 10);
    for (size_t i = 0; i < result->help.count; i++)
        check_help(result->help.items[i], command_table[i], false);
    done();
    result = ask("/help quit");
    ck_assert_uint_eq(result->help.count, 1);
    check_help(result->help.items[0], &cmd_quit, true);
    done();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {answers_of_words_alone, cards_of_peers,
                                  faults_of_peers,        a_file_on_its_way,
                                  pieces_of_a_list,       cards_of_listeners,
                                  the_number_of_a_call,   figures_of_stats,
                                  help_on_commands,       repeats,
                                  cards_of_consoles,      NULL};
    return check_run_with("result_read", setup, teardown, tests);
}
