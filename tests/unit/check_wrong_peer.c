/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A reply never goes to the wrong peer: consoles choose, name, send and leave, peers come,
 * call, take over names, stall and go, in random order. Whom each line is meant for is worked
 * out here from what was told alone, and after each step every byte of every peer is looked at.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check_main.h"
#include "fake_console.h"

enum { STEPS = 1000, SEEDS = 10, CONSOLES = 5, ALIVE_MAX = 20, PARTIES_MAX = STEPS + 1 };

static const char *const hosts[] = {"10.0.0.1", "10.0.0.2", "10.0.0.3", "2001:db8::1"};
static const char *const names[] = {"boiler", "kettle", "pump", "motor", "lamp"};
static const char *const known[] = {"10.0.0.1 boiler", "10.0.0.2 kettle", "10.0.0.0/24 pump",
                                    "2001:db8::1 boiler", "10.0.0.1:5 lamp"};

/* A peer, as the test knows it. */
struct party {
    struct fake_link *link;
    char name[NAMES_ROOM]; /* "": none */
    bool open, gone;
};

/* Whom a console's text is meant for: a number, whoever has a name, or nobody. */
struct meaning {
    uint64_t number;
    char name[NAMES_ROOM];
};

static struct fake world;
static struct listener *listeners[3];
static struct fake_console consoles[CONSOLES];
static bool may_write[CONSOLES];
static struct meaning meanings[CONSOLES];
static struct party parties[PARTIES_MAX]; /* by number */
static uint64_t last;                     /* number */
static struct observer watcher;
static bool adopted; /* the first to open is the target of the first console */
static uint64_t state;
static unsigned seed, step;
static char line[128];   /* said last */
static unsigned arrived; /* texts that somebody got */

#define HOLDS(condition, ...)                                                      \
    ck_assert_msg(condition, "seed %u, step %u, after '%s': %s", seed, step, line, \
                  (snprintf(reason, sizeof reason, __VA_ARGS__), reason))
static char reason[256];

/* --- chance --- */

static unsigned roll(unsigned sides) /* splitmix64 */
{
    uint64_t z = state += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return (unsigned)((z ^ z >> 31) % sides);
}

/* Somebody who is alive, or now and then was; NULL: there is nobody. */
static struct party *anybody(void)
{
    if (last == 0)
        return NULL;
    for (unsigned tries = 8; tries > 0; tries--) {
        struct party *party = &parties[1 + roll((unsigned)last)];
        if (!party->gone)
            return party;
    }
    return &parties[1 + roll((unsigned)last)];
}

static uint64_t number_of(const struct party *party)
{
    return (uint64_t)(party - parties);
}

/* --- what is told --- */

static struct party *find_name(const char *name)
{
    for (uint64_t i = 1; *name && i <= last; i++)
        if (!parties[i].gone && strcmp(parties[i].name, name) == 0)
            return &parties[i];
    return NULL;
}

/* A target that is kept by name stays with its line when that gets another, or none, but for a
 * newcomer that takes it over. */
static void rename_party(struct party *party, const char *name)
{
    const bool stays = *name || !hub_find_name(&world.hub, party->name);
    for (unsigned i = 0; i < CONSOLES && *party->name && stays; i++)
        if (strcmp(meanings[i].name, party->name) == 0) {
            meanings[i].number = number_of(party);
            snprintf(meanings[i].name, NAMES_ROOM, "%s", name);
        }
    snprintf(party->name, NAMES_ROOM, "%s", name);
}

static void watch(struct observer *observer, const struct hub_event *event)
{
    struct party *party = &parties[event->peer->number];
    (void)observer;
    if (event->type == HUB_CLOSE)
        party->gone = true;
    else if (event->type == HUB_NAME)
        rename_party(party, event->peer->name ? event->peer->name : "");
    else
        party->open = true;
    if (event->type == HUB_OPEN && !adopted && meanings[0].number == 0 && !*meanings[0].name)
        meanings[0].number = event->peer->number;
    adopted = adopted || event->type == HUB_OPEN;
}

/* --- what is meant --- */

static bool takes(const struct party *party)
{
    return party->open && !party->gone && !party->link->finishing;
}

static struct party *meant_by(const struct meaning *meaning)
{
    struct party *party = *meaning->name ? find_name(meaning->name) : &parties[meaning->number];
    return party && party->link && !party->gone ? party : NULL;
}

static struct party *find_word(const char *word)
{
    const uint64_t number = strtoull(*word == '#' ? word + 1 : word, NULL, 10);
    if (number == 0)
        return find_name(word);
    return number <= last && !parties[number].gone ? &parties[number] : NULL;
}

/* Marks those that PEERS means; nobody where one of them is not there. */
static void mark(const char *words, bool meant[PARTIES_MAX])
{
    char copy[128], *rest = copy;
    bool found = true;
    snprintf(copy, sizeof copy, "%s", words);
    while (rest) {
        const char *word = strsep(&rest, ",");
        for (uint64_t i = 1; strcmp(word, "*") == 0 && i <= last; i++)
            meant[i] = !parties[i].gone;
        const struct party *party = *word == '*' ? &parties[0] : find_word(word);
        found = found && party;
        if (party)
            meant[number_of(party)] = true;
    }
    if (!found)
        memset(meant, 0, PARTIES_MAX * sizeof *meant);
}

static void check_got(uint64_t number, const char *text)
{
    const UT_string *sent = &parties[number].link->sent;
    const bool datagram = parties[number].link->link.ops->datagram;
    char wanted[128];
    snprintf(wanted, sizeof wanted, "%s%s", text, datagram ? "" : "\n");
    HOLDS(strcmp(utstring_body(sent), wanted) == 0, "#%" PRIu64 " %s got '%s' and not '%s'",
          number, parties[number].name, utstring_body(sent), wanted);
    arrived++;
}

/* Every byte that anybody got: those that were meant this text, all others nothing. */
static void check_bytes(const bool meant[PARTIES_MAX], const char *text)
{
    for (uint64_t i = 1; i <= last; i++) {
        UT_string *sent = &parties[i].link->sent;
        if (meant[i] && takes(&parties[i]))
            check_got(i, text);
        else if (utstring_len(sent) > 0)
            HOLDS(false, "#%" PRIu64 " %s got '%s'", i, parties[i].name, utstring_body(sent));
        utstring_clear(sent);
    }
}

static void check_silence(void)
{
    static const bool nobody[PARTIES_MAX];
    check_bytes(nobody, "");
}

/* --- what peers do --- */

static unsigned alive(void)
{
    return hub_living(&world.hub);
}

static struct party *add(struct fake_link *link)
{
    last = link->link.peer->number;
    parties[last] = (struct party){.link = link};
    link->finish_later = roll(2);
    return &parties[last];
}

static struct fake_link *attach(struct listener *listener)
{
    struct fake_link *link = fake_link_create(&world.hub, listener->origin.endpoint.scheme);
    LL_PREPEND(world.links, link);
    hub_attach(&world.hub, &link->link, &listener->origin);
    ck_assert(
        address_parse(hosts[roll(COUNT(hosts))], (in_port_t)(1 + roll(9)), &link->remote));
    return link;
}

static void comes(void)
{
    if (alive() < ALIVE_MAX)
        hub_open(&world.hub, add(attach(listeners[roll(3)]))->link->link.peer);
}

static void is_called(void)
{
    if (alive() >= ALIVE_MAX)
        return;
    struct party *party = add(fake_call(&world, "tcp://10.0.0.1:9"));
    const char *name = names[roll(COUNT(names))];
    if (roll(2) && hub_name(&world.hub, party->link->link.peer, name))
        snprintf(party->name, NAMES_ROOM, "%s", name);
}

static void answers_or_not(void)
{
    struct party *party = anybody();
    if (!party || party->open || party->gone)
        return;
    if (roll(4) == 0)
        hub_detach(&world.hub, party->link->link.peer, CLOSE_ERROR, "Connection refused");
    else
        hub_open(&world.hub, party->link->link.peer);
}

static void goes(void)
{
    struct party *party = anybody();
    if (!party || party->gone)
        return;
    if (party->link->finishing)
        fake_link_finish(party->link);
    else if (party->open && roll(3) == 0)
        hub_half_close(&world.hub, party->link->link.peer);
    else
        hub_detach(&world.hub, party->link->link.peer, CLOSE_RESET, NULL);
}

/* Only who has asked is answered by its listener. */
static void says_something(void)
{
    struct party *party = anybody();
    bool meant[PARTIES_MAX] = {false};
    if (!party || !takes(party))
        return;
    hub_receive(&world.hub, party->link->link.peer, "hi", 2, false);
    const bool echoes = party->link->link.peer->origin->listener == listeners[1];
    UT_string *sent = &party->link->sent;
    HOLDS(utstring_len(sent) == (echoes ? 2 : 0), "#%" PRIu64 " is not answered",
          number_of(party));
    utstring_clear(sent);
    check_bytes(meant, "");
}

static void is_known_otherwise(void)
{
    struct phonebook typed = {0};
    for (unsigned i = 0; i < COUNT(known); i++) {
        struct phonebook_entry entry;
        char *error = NULL;
        ck_assert(phonebook_parse(known[i], &entry, &error));
        if (roll(2))
            phonebook_add(&typed, &entry);
    }
    phonebook_set(&world.hub.phonebook, &typed);
    phonebook_finish(&typed);
}

/* --- what operators do --- */

static const char *say(unsigned console)
{
    return fake_console_say(&consoles[console], line);
}

/* "3", "#3", or a name, whoever has it or nobody. */
static void pick_word(char word[NAMES_ROOM])
{
    const struct party *party = anybody();
    if (!party || roll(2))
        snprintf(word, NAMES_ROOM, "%s", names[roll(COUNT(names))]);
    else
        snprintf(word, NAMES_ROOM, "%s%" PRIu64, roll(2) ? "#" : "", number_of(party));
}

static void pick_words(char words[64])
{
    char each[NAMES_ROOM];
    snprintf(words, 64, "%s", roll(6) == 0 ? "*" : "");
    for (unsigned count = *words ? 0 : 1 + roll(3); count > 0; count--) {
        pick_word(each);
        snprintf(words + strlen(words), 64 - strlen(words), "%s%s", *words ? "," : "", each);
    }
}

static void chooses(unsigned console)
{
    char word[NAMES_ROOM];
    pick_word(word);
    snprintf(line, sizeof line, "%s%s", roll(2) ? "@" : "/to ", word);
    const struct party *party = find_word(word);
    struct meaning *meaning = &meanings[console];
    if (party && names_valid(word))
        snprintf(meaning->name, NAMES_ROOM, "%s", word);
    else if (party)
        *meaning = (struct meaning){.number = number_of(party)};
    say(console);
}

static void chooses_none(unsigned console)
{
    snprintf(line, sizeof line, "/to -");
    meanings[console] = (struct meaning){0};
    say(console);
}

static void types(unsigned console)
{
    static const char *const texts[] = {"t%u", "/t%u", "@t%u"};
    const unsigned kind = roll(3);
    bool meant[PARTIES_MAX] = {false};
    char text[32];
    const struct party *party = meant_by(&meanings[console]);
    snprintf(text, sizeof text, texts[kind], step);
    snprintf(line, sizeof line, "%s%s", kind > 0 ? "/" : "", text);
    if (party && may_write[console])
        meant[number_of(party)] = true;
    const char *answer = say(console);
    const bool gets = party && may_write[console] && takes(party);
    HOLDS(!!strstr(answer, "\"error\"") == !gets, "answered with %s", answer);
    check_bytes(meant, text);
}

static void sends(unsigned console)
{
    bool meant[PARTIES_MAX] = {false};
    char words[64], text[32];
    pick_words(words);
    snprintf(text, sizeof text, "s%u", step);
    snprintf(line, sizeof line, "%s%s %s", roll(2) ? "@" : "/send ", words, text);
    if (may_write[console])
        mark(words, meant);
    say(console);
    check_bytes(meant, text);
}

static void gives_a_name(unsigned console)
{
    const struct party *party = anybody();
    if (!party || !party->open)
        return;
    snprintf(line, sizeof line, "/name %" PRIu64 " %s", number_of(party),
             roll(4) ? names[roll(COUNT(names))] : "-");
    say(console);
}

static void closes(unsigned console)
{
    char word[NAMES_ROOM];
    pick_word(word);
    snprintf(line, sizeof line, "/close %s", word);
    say(console);
}

static void begins(unsigned console)
{
    may_write[console] = console == 0 || roll(4);
    meanings[console] = (struct meaning){0};
    fake_console_init(&consoles[console], &world, &render_json,
                      &(struct console_settings){.number = console + 1,
                                                 .adopt_first = console == 0 && step == 0,
                                                 .read_only = !may_write[console]});
}

static void comes_anew(unsigned console)
{
    fake_console_finish(&consoles[console]);
    begins(console);
}

/* Its reader stalls: events are skipped, and what is typed goes where it would. */
static void stalls(unsigned console)
{
    consoles[console].backlog = roll(2) ? 2 * CONSOLE_BACKLOG_MAX : 0;
}

/* --- --- */

static void turn(void)
{
    static void (*const of_peers[])(void) = {comes,          comes, comes,
                                             is_called,      goes,  answers_or_not,
                                             says_something, goes,  is_known_otherwise};
    static void (*const of_operators[])(unsigned) = {
        chooses, chooses, chooses, types,      types,        types,        types,       sends,
        sends,   stalls,  closes,  comes_anew, gives_a_name, gives_a_name, chooses_none};
    if (roll(3) == 0)
        of_peers[roll(COUNT(of_peers))]();
    else
        of_operators[roll(COUNT(of_operators))](roll(CONSOLES));
    check_silence();
    if (roll(3) == 0)
        fake_turn(&world);
    fake_take(&world);
}

static void play(void)
{
    memset(parties, 0, sizeof parties);
    last = arrived = 0;
    adopted = false;
    fake_init(&world);
    watcher = (struct observer){.notice = watch,
                                .wants = OBSERVER_WANTS(HUB_OPEN) | OBSERVER_WANTS(HUB_CLOSE) |
                                         OBSERVER_WANTS(HUB_NAME)};
    audience_join(&world.hub.audience, &watcher);
    listeners[0] = fake_listen(&world, "tcp://*:1");
    listeners[1] = fake_listen(&world, "tcp://*:2?reply=echo");
    listeners[2] = fake_listen(&world, "udp://*:3?reply=none");
    state = seed;
    step = 0;
    for (unsigned console = 0; console < CONSOLES; console++)
        begins(console);
    is_known_otherwise();
    for (step = 1; step <= STEPS; step++)
        turn();
    for (unsigned console = 0; console < CONSOLES; console++)
        fake_console_finish(&consoles[console]);
    audience_leave(&world.hub.audience, &watcher);
    fake_turn(&world);
    fake_finish(&world);
    HOLDS(arrived > STEPS / 10, "only %u texts arrived", arrived);
}

START_TEST(never_a_byte_to_who_was_not_meant)
{
    seed = (unsigned)_i + 1;
    play();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("wrong_peer");
    TCase *tcase = tcase_create("wrong_peer");
    tcase_add_loop_test(tcase, never_a_byte_to_who_was_not_meant, 0, SEEDS);
    suite_add_tcase(suite, tcase);
    return check_suite(suite);
}
