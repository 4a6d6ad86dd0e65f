/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lines of an operator in a fake world: each that is not empty is answered exactly once (see
 * fake_say_bytes), what goes out is what was typed, a read-only operator changes nothing, one
 * who is not trusted with local files reaches no unix endpoint. The input is lines; one that
 * begins with ! changes the world: see deeds.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/fake_operator.h"
#include "command/command.h"
#include "core/profile.h"
#include "fuzz.h"

enum { LINES_MOST = 64, LINKS_MOST = 32 };

struct world {
    struct fake fake;
    struct fake_operator console;
    struct listener *tcp, *udp;
    struct fake_link *links[LINKS_MOST]; /* those that were made here */
    size_t count;
};

/* --- a program that, unlike the fake one, may be asked for what is no endpoint --- */

static bool is_fine(const struct fake_operator *console, const char *text, enum key_use use,
                    char **error)
{
    struct endpoint endpoint;
    struct profile profile;
    const struct key_target target = {&profile_keys, &profile};
    if (!endpoint_parse(text, &endpoint, error))
        return false;
    FUZZ_CHECK(schemes[endpoint.scheme].users == SCHEME_ANYBODY ||
               console->session.local_files);
    profile_init(&profile);
    const bool good = keys_read(&endpoint, use, &target, 1, error);
    profile_finish(&profile);
    endpoint_finish(&endpoint);
    return good;
}

static struct listening *prepare(void *context, const char *endpoint,
                                 void (*ready)(void *asker), void *asker, bool *waits,
                                 char **error)
{
    return is_fine(context, endpoint, KEY_LISTEN, error)
               ? fake_operator_prepare(context, endpoint, ready, asker, waits, error)
               : NULL;
}

static bool connect_to(void *context, const char *endpoint, uint64_t *peer, char **error)
{
    struct fake_operator *console = context;
    if (!is_fine(console, endpoint, KEY_CALL, error))
        return false;
    *peer = fake_call(console->fake, endpoint)->link.peer->number;
    return true;
}

/* --- deeds of the world: a letter after the !, then a digit for the link --- */

static void open_peer(struct world *world, struct fake_link *link)
{
    (void)link;
    if (world->count == LINKS_MOST || !world->tcp)
        return;
    struct listener *listener = world->count % 2 && world->udp ? world->udp : world->tcp;
    world->links[world->count++] = fake_peer(&world->fake, listener);
}

static void detach(struct world *world, struct fake_link *link)
{
    hub_detach(&world->fake.hub, link->link.peer, CLOSE_RESET, "a\x1b]error");
}

static void end(struct world *world, struct fake_link *link)
{
    hub_half_close(&world->fake.hub, link->link.peer);
}

static void say(struct world *world, struct fake_link *link)
{
    hub_receive(&world->fake.hub, link->link.peer, "\x1b[2Jhi\r\n", 8, false);
}

static void fill(struct world *world, struct fake_link *link)
{
    (void)world;
    link->queued = link->queued ? 0 : FAKE_MAX_QUEUE;
    link->queue_max = FAKE_MAX_QUEUE;
}

static void hesitate(struct world *world, struct fake_link *link)
{
    (void)world;
    link->finish_later = !link->finish_later;
}

static void break_off(struct world *world, struct fake_link *link)
{
    (void)world;
    link->fail = link->fail ? 0 : EHOSTUNREACH;
}

/* As on a control socket, for an operator who is not the daemon's user. */
static void distrust(struct world *world, struct fake_link *link)
{
    (void)link;
    world->console.session.local_files = false;
}

static const struct {
    char letter;
    void (*run)(struct world *world, struct fake_link *link);
} deeds[] = {{'o', open_peer}, {'d', detach},   {'e', end},       {'s', say},
             {'f', fill},      {'h', hesitate}, {'x', break_off}, {'t', distrust}};

/* One that the hub has not destroyed. */
static struct fake_link *link_of(const struct world *world, char digit)
{
    struct fake_link *link =
        world->count ? world->links[(unsigned char)digit % world->count] : NULL;
    return link && !link->destroyed && link->link.peer->state != PEER_DEAD ? link : NULL;
}

static void do_deed(struct world *world, const char *line, size_t size)
{
    struct fake_link *link = size > 2 ? link_of(world, line[2]) : NULL;
    for (size_t i = 0; size > 1 && i < sizeof deeds / sizeof *deeds; i++)
        if (deeds[i].letter == line[1] && (link || deeds[i].run == open_peer))
            deeds[i].run(world, link);
}

/* --- what a line may do --- */

static void check_answer(const char *answer)
{
    fuzz_check_printable(answer, strlen(answer), "\n");
}

/* A line that sends text to the target: it gets it as typed, with its eol. */
static void check_text(struct world *world, const char *line, size_t size, const char *text)
{
    const size_t text_size = size - (size_t)(text - line);
    const struct operator_session *session = &world->console.session;
    struct peer *target = hub_find(&world->fake.hub, session->target);
    struct fake_link *link = target ? (struct fake_link *)target->link : NULL;
    size_t eol_size = 0;
    const char *eol = target ? eol_bytes(target->origin->profile.eol, &eol_size) : "";
    if (link)
        utstring_clear(&link->sent);
    check_answer(fake_say_bytes(&world->console, line, size));
    if (!link || link->sends == 0 || utstring_len(&link->sent) == 0)
        return;
    const char *sent = utstring_body(&link->sent);
    FUZZ_CHECK(!session->read_only);
    FUZZ_CHECK(utstring_len(&link->sent) == text_size + eol_size);
    FUZZ_CHECK(text_size == 0 || memcmp(sent, text, text_size) == 0);
    FUZZ_CHECK(eol_size == 0 || memcmp(sent + text_size, eol, eol_size) == 0);
}

static void run_line(struct world *world, const char *line, size_t size)
{
    const bool read_only = world->console.session.read_only;
    fake_take(&world->fake);
    const bool doubled = size > 1 && *line == '/' && (line[1] == '/' || line[1] == '@');
    if (doubled || (size > 0 && *line != '/' && *line != '@'))
        check_text(world, line, size, doubled ? line + 1 : line);
    else
        check_answer(fake_say_bytes(&world->console, size ? line : "", size));
    const char *seen = fake_take(&world->fake);
    FUZZ_CHECK(!read_only || *seen == '\0');
    FUZZ_CHECK(!read_only || world->console.session.read_only);
    /* Whoever is the target is on the line. */
    const uint64_t target = world->console.session.target;
    FUZZ_CHECK(target == 0 || target <= world->fake.hub.last_peer);
}

/* The hub lets go of a listener on /unlisten. */
static void note_listeners(struct world *world)
{
    world->tcp = hub_find_listener(&world->fake.hub, "1");
    world->udp = hub_find_listener(&world->fake.hub, "2");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    struct world world = {.count = 0};
    fake_init(&world.fake);
    fake_operator_init(&world.console, &world.fake);
    world.console.program.prepare = prepare;
    world.console.program.connect = connect_to;
    world.tcp = fake_listen(&world.fake, "tcp://127.0.0.1:1?reply=echo");
    world.udp = fake_listen(&world.fake, "udp://127.0.0.1:2?name=meters&eol=crlf");
    open_peer(&world, NULL);
    open_peer(&world, NULL);
    for (unsigned i = 0; i < LINES_MOST && input.size > 0; i++) {
        size_t length;
        const char *line = fuzz_line(&input, &length);
        if (length > 0 && *line == '!')
            do_deed(&world, line, length);
        else
            run_line(&world, line, length);
        fake_turn(&world.fake);
        note_listeners(&world);
    }
    fake_operator_finish(&world.console);
    fake_finish(&world.fake);
    return 0;
}
