/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A fake daemon with two consoles, one JSON, one text. What the first writes is followed; the
 * text that is shown must be the text of the second.
 */
#include "client/follow.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "check_main.h"
#include "command/command.h"
#include "core/hub_parts.h"
#include "core/join.h"
#include "fake_console.h"

static struct fake world;
static struct fake_console json, text;
static struct follow follow;
static struct {
    struct console console; /* first */
    UT_string written, taken;
} shown;
static unsigned hellos, answers, losses;
static struct follow_answer last;

/* --- the console that shows it --- */

static void shown_write(struct console *console, const char *data, size_t size)
{
    (void)console;
    utstring_bincpy(&shown.written, data, size);
}

static size_t shown_backlog(const struct console *console)
{
    (void)console;
    return 0;
}

static void shown_hold(struct console *console, bool on)
{
    (void)console, (void)on;
}

static const struct front_ops shown_front = {
    .write = shown_write, .backlog = shown_backlog, .hold_input = shown_hold};

static void hello(void *context, const struct follow_hello *said)
{
    (void)context;
    ck_assert_str_eq(said->version, "9.9");
    ck_assert_uint_eq(said->console, 1);
    ck_assert(!said->read_only);
    hellos++;
}

static bool answer(void *context, const struct follow_answer *said)
{
    (void)context;
    last = *said;
    answers += !said->more;
    return true;
}

static bool asked; /* for what is told again */

static enum follow_again again(void *context)
{
    (void)context;
    return asked ? FOLLOW_ASKED : FOLLOW_NOT_ASKED;
}

static void lost(void *context)
{
    (void)context;
    losses++;
}

static void setup(void)
{
    const struct follow_hooks hooks = {
        .hello = hello, .answer = answer, .again = again, .lost = lost};
    setenv("TZ", "UTC", 1);
    setlocale(LC_CTYPE, "C.UTF-8");
    fake_init(&world);
    fake_console_init(&json, &world, &render_json, NULL);
    fake_console_init(&text, &world, &render_text, NULL);
    follow_init(&follow, &hooks);
    const struct console_settings settings = {.host = &world.hub.host,
                                              .directory = &follow.known.directory,
                                              .commands = command_table,
                                              .renderer = &render_text,
                                              .number = 1};
    utstring_init(&shown.written);
    utstring_init(&shown.taken);
    console_init(&shown.console, &settings, &shown_front);
    follow.console = &shown.console;
    hellos = answers = losses = 0;
    console_hello(&json.console, &(struct hello){.version = "9.9"});
}

static void teardown(void)
{
    console_finish(&shown.console);
    follow_finish(&follow);
    utstring_done(&shown.written);
    utstring_done(&shown.taken);
    fake_console_finish(&json);
    fake_console_finish(&text);
    fake_finish(&world);
}

static const char *take_shown(void)
{
    utstring_clear(&shown.taken);
    utstring_concat(&shown.taken, &shown.written);
    utstring_clear(&shown.written);
    return utstring_body(&shown.taken);
}

static void feed(const char *lines)
{
    while (*lines) {
        size_t size = strcspn(lines, "\n");
        char *error = NULL;
        ck_assert_msg(follow_line(&follow, lines, size, &error), "%s: %.*s", error, (int)size,
                      lines);
        lines += size + (lines[size] == '\n');
    }
}

/* All that was written so far has the same text here and there; returns it. */
static const char *check_same(void)
{
    feed(fake_console_take(&json));
    const char *mine = take_shown();
    ck_assert_str_eq(mine, fake_console_take(&text));
    return mine;
}

#define SAME_HAS(part)                                                            \
    do {                                                                          \
        const char *same = check_same();                                          \
        ck_assert_msg(strstr(same, part) != NULL, "no '%s' in:\n%s", part, same); \
    } while (0)

/* Typed on both consoles of the daemon. */
static void say(const char *line)
{
    console_line(&json.console, line, strlen(line));
    console_line(&text.console, line, strlen(line));
    while (world.laters > 0) /* long answers go on */
        fake_turn(&world);
}

static struct fake_link *make_peer(const char *endpoint)
{
    struct fake_link *link = fake_peer(&world, fake_listen(&world, endpoint));
    check_same(); /* the fake link has no addresses while it opens */
    return link;
}

static const char *name_of(uint64_t peer)
{
    return follow.known.directory.find(&follow.known.directory, peer).name;
}

static bool must_not_be(void *context, const struct who *who)
{
    (void)context;
    ck_abort_msg("listener %u", (unsigned)who->number);
    return false;
}

static void receive(struct fake_link *link, const char *data, size_t size)
{
    hub_receive(&world.hub, link->link.peer, data, size, false);
}

/* --- events --- */

START_TEST(shows_listeners_and_peers)
{
    struct listener *listener = fake_listen(&world, "tcp://127.0.0.1:1?name=front");
    SAME_HAS("listening on tcp://127.0.0.1:1, listener 1 (front)");
    ck_assert_uint_eq(hellos, 1);
    struct fake_link *call = fake_call(&world, "tcp://192.0.2.1:7");
    snprintf(call->description.remote, sizeof call->description.remote, "192.0.2.1:7");
    hub_open(&world.hub, call->link.peer);
    SAME_HAS("#1 connected: tcp 192.0.2.1:7, called from here");
    fake_peer(&world, listener);
    SAME_HAS("#2 connected: tcp ");
    fake_peer(&world, fake_listen(&world, "udp://127.0.0.1:2"));
    SAME_HAS("#3 opened: udp ");
    hub_name(&world.hub, call->link.peer, "boiler");
    SAME_HAS("#1 is called boiler");
    hub_name(&world.hub, call->link.peer, NULL);
    SAME_HAS("#1 has no name any more");
    hub_half_close(&world.hub, call->link.peer);
    SAME_HAS("#1 has ended its sending side");
    world.now += 65000000;
    hub_detach(&world.hub, call->link.peer, CLOSE_RESET, "Broken\npipe");
    SAME_HAS("#1 closed (reset): Broken\\npipe, received 0 bytes, sent 0, after 1 min 5 s");
    hub_remove_listener(&world.hub, listener);
    SAME_HAS("no longer listening on tcp://127.0.0.1:1, listener 1 (front)");
    ck_assert(!known_has(&follow.known, 1));
    ck_assert(known_has(&follow.known, 2));
}
END_TEST

START_TEST(shows_unix_peers)
{
    struct fake_link *link = fake_call(&world, "unix:/run/x");
    link->description.has_credentials = true;
    link->description.pid = 12;
    link->description.uid = 34;
    hub_open(&world.hub, link->link.peer);
    SAME_HAS("#1 connected: unix pid 12, uid 34, called from here");
}
END_TEST

START_TEST(shows_what_is_passed_on)
{
    struct fake_link *one = make_peer("tcp://127.0.0.1:1"), *other = make_peer("unix:/run/x");
    hub_name(&world.hub, other->link.peer, "device");
    join_begin(&world.hub, one->link.peer, other->link.peer, false);
    SAME_HAS("#2 device joined to #1");
    receive(one, "hello\n", 6);
    SAME_HAS("#1 > device hello\\n\n");
    receive(other, "\xff", 1);
    SAME_HAS("device > #1 \\xff\n");
    join_part(&world.hub, one->link.peer);
    SAME_HAS("#1 no longer joined to #2 device");
}
END_TEST

START_TEST(shows_what_is_said)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1?reply=echo");
    receive(link, "hello\n", 6);
    SAME_HAS("#1 < hello\\n\n");
    receive(link, "\xff\0\x1b[2J", 6);
    SAME_HAS("\\xff\\x00\\x1b[2J");
    receive(link, "gr\xc3", 3);
    receive(link, "\xbc\xc3\x9f", 3);
    SAME_HAS("#1 < ü");
    hub_receive(&world.hub, link->link.peer, "hel", 3, true);
    SAME_HAS("#1 (partial) < hel");
    hub_send(&world.hub, link->link.peer, "mine", 4, 1, NULL);
    hub_send(&world.hub, link->link.peer, "another's", 9, 7, NULL);
    SAME_HAS("#1 (console 7) > another's");
    struct fake_link *datagram = make_peer("udp://127.0.0.1:2?reply=stamp");
    receive(datagram, "", 0);
    SAME_HAS("#2 < \n");
    link->keep = true;
    hub_send(&world.hub, link->link.peer, "1234", 4, 1, NULL);
    hub_detach(&world.hub, link->link.peer, CLOSE_ERROR, NULL);
    SAME_HAS("4 never sent");
}
END_TEST

static void view_both(const char *line, enum view view)
{
    say(line);
    feed(fake_console_take(&json));
    fake_console_take(&text);
    take_shown();
    shown.console.session.view = view;
    shown.console.session.ops->changed(&shown.console.session, OPERATOR_VIEW);
}

START_TEST(follows_the_view)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    view_both("/view hex", VIEW_HEX);
    receive(link, "abc", 3);
    SAME_HAS("61 62 63");
    view_both("/view size", VIEW_SIZE);
    receive(link, "abc", 3);
    SAME_HAS("#1 < 3 bytes");
    view_both("/view none", VIEW_NONE);
    receive(link, "abc", 3);
    ck_assert_str_eq(check_same(), "");
}
END_TEST

static void keep_history(uint64_t bytes)
{
    struct hub_settings settings = world.hub.settings;
    settings.history = bytes;
    hub_configure(&world.hub, &settings);
}

START_TEST(shows_what_was_said_again)
{
    keep_history(4 << 10);
    asked = true;
    struct fake_link *link = make_peer("tcp://127.0.0.1:1?name=front&reply=echo");
    struct fake_link *other = fake_peer(&world, link->link.peer->origin->listener);
    receive(link, "before", 6);
    hub_name(&world.hub, link->link.peer, "boiler");
    receive(other, "other", 5);
    receive(link, "half of \xc3", 9);
    check_same();
    say("/show");
    SAME_HAS("#1 < before\n");
    say("/show");
    SAME_HAS("#1 boiler < half of \\xc3\n");
    receive(link, "\xbc", 1); /* which goes on */
    SAME_HAS("#1 boiler < ü\n");
    say("/find BEFORE");
    SAME_HAS("#1 (auto) > before\n");
    hub_detach(&world.hub, link->link.peer, CLOSE_EOF, NULL);
    hub_run_deferred(&world.hub);
    check_same();
    say("/replay 0");
    SAME_HAS("#1 boiler closed (eof)");
    ck_assert(!known_has(&follow.known, 1)); /* who came and went again */
    ck_assert(known_has(&follow.known, 2));
    say("/show boiler");
    SAME_HAS("#1 boiler < ");
    for (unsigned i = 0; i < 100; i++)
        receive(other, "other", 5);
    check_same();
    say("/replay 0");
    SAME_HAS("not in the history any more: ");
    asked = false;
}
END_TEST

START_TEST(shows_refusals_and_files)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    hub_refused(&world.hub, link->link.peer->origin, "192.0.2.1:5", REFUSED_ACCESS, NULL);
    SAME_HAS("refused 192.0.2.1:5 on listener 1: the access list");
    struct hub_event event = {.type = HUB_FILE, .peer = link->link.peer};
    event.file.path = "/tmp/x\ny";
    event.file.size = 100;
    event.file.bytes = 40;
    event.file.error = "Broken pipe";
    hub_tell(&world.hub, &event);
    SAME_HAS("file /tmp/x\\ny, broke off after 40 bytes of 100: Broken pipe");
}
END_TEST

START_TEST(follows_the_target)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    say("/to 1");
    SAME_HAS("what is typed now goes to #1");
    ck_assert_uint_eq(shown.console.session.target, 1);
    hub_name(&world.hub, link->link.peer, "boiler");
    hub_detach(&world.hub, link->link.peer, CLOSE_EOF, NULL);
    SAME_HAS("no target: choose one with /to PEER");
    ck_assert_uint_eq(shown.console.session.target, 0);
}
END_TEST

/* That is told by the daemon, which knows whether it is kept by name. */
START_TEST(who_is_gone_is_no_target)
{
    make_peer("tcp://127.0.0.1:1");
    say("/to 1");
    check_same();
    feed("{\"event\":\"close\",\"peer\":1,\"reason\":\"eof\"}\n");
    ck_assert_uint_eq(shown.console.session.target, 0);
    ck_assert_ptr_null(strstr(take_shown(), "no target"));
    feed("{\"event\":\"target\",\"peer\":null}\n");
    ck_assert_ptr_nonnull(strstr(take_shown(), "no target: choose one with /to PEER\n"));
}
END_TEST

START_TEST(follows_a_target_that_is_kept_by_name)
{
    struct fake_link *one = make_peer("tcp://127.0.0.1:1");
    struct fake_link *other = make_peer("tcp://127.0.0.1:2");
    hub_name(&world.hub, one->link.peer, "boiler");
    say("/to boiler");
    SAME_HAS("what is typed now goes to #1 boiler");
    hub_detach(&world.hub, one->link.peer, CLOSE_EOF, NULL);
    SAME_HAS("boiler is away");
    ck_assert_uint_eq(shown.console.session.target, 0);
    ck_assert_str_eq(shown.console.session.target_name, "boiler");
    hub_name(&world.hub, other->link.peer, "boiler");
    SAME_HAS("what is typed now goes to #2 boiler");
    ck_assert_uint_eq(shown.console.session.target, 2);
    hub_detach(&world.hub, other->link.peer, CLOSE_EOF, NULL);
    SAME_HAS("boiler is away");
    say("/to -");
    SAME_HAS("no target: choose one with /to PEER");
    ck_assert_str_eq(shown.console.session.target_name, "");
}
END_TEST

/* --- answers --- */

START_TEST(shows_answers)
{
    static const char *const lines[] = {
        "/peers",      "/listeners",     "/info 1", "/info kettle", "/help",
        "/help send",  "/nonsense",      "text",    "@9 x",         "/to -",
        "/name 1 a b", "/unlisten none", "/re",     "/info nobody"};
    make_peer("tcp://127.0.0.1:1?name=front&eol=crlf&framing=line");
    struct fake_link *second = make_peer("udp://127.0.0.1:2?reply=echo");
    make_peer("unix:/run/x");
    hub_name(&world.hub, second->link.peer, "kettle");
    say("/listeners");
    check_same();
    world.now += 12340000;
    world.wall += 12340000;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        const unsigned before = answers;
        say(lines[i]);
        check_same();
        ck_assert_msg(answers == before + 1, "%s", lines[i]);
        ck_assert_uint_eq(last.input, json.console.lines);
        ck_assert((last.error != NULL) ==
                  (strstr(lines[i], "no") || i == 7 || i == 8 || i == 10 || i == 12));
    }
}
END_TEST

/* Their answers have no line here; an error that repeats is shown now and then. */
START_TEST(shows_what_is_typed_again_and_again)
{
    make_peer("tcp://127.0.0.1:1");
    say("/every 1 @9 x");
    SAME_HAS("error: every 1: no peer '9' on the line\n");
    ck_assert_uint_eq(answers, 2);
    ck_assert_uint_eq(last.input, 0);
    fake_pass(&world, 8000000);
    ck_assert_str_eq(check_same(), "");
    fake_pass(&world, 1000000);
    SAME_HAS("error: every 1, 10 times in a row: no peer '9' on the line\n");
    ck_assert_uint_eq(shown.console.session.every, 0);
    say("/every");
    SAME_HAS("1        1  @9 x");
}
END_TEST

START_TEST(shows_stats)
{
    make_peer("tcp://127.0.0.1:1");
    say("/stats");
    SAME_HAS("1  TCP peers now");
}
END_TEST

START_TEST(puts_long_lists_together)
{
    struct listener *listener = fake_listen(&world, "tcp://127.0.0.1:1");
    for (int i = 0; i < 2300; i++)
        fake_peer(&world, listener);
    check_same();
    say("/peers");
    SAME_HAS("  #2300  ");
    ck_assert_uint_eq(answers, 1);
}
END_TEST

START_TEST(learns_who_is_there_from_a_list)
{
    struct fake_link *gone = make_peer("tcp://127.0.0.1:1");
    struct fake_link *stays = make_peer("tcp://127.0.0.1:2");
    hub_name(&world.hub, gone->link.peer, "boiler");
    say("/to 1");
    check_same();
    hub_detach(&world.hub, gone->link.peer, CLOSE_EOF, NULL);
    hub_name(&world.hub, stays->link.peer, "boiler");
    struct fake_link *datagram = fake_peer(&world, fake_listen(&world, "udp://127.0.0.1:3"));
    fake_console_take(&json); /* all that is lost */
    fake_console_take(&text);
    take_shown();
    feed("{\"time\":\"2017-03-19T10:27:00.000000Z\",\"event\":\"lost\",\"messages\":3,"
         "\"events\":1234}\n");
    ck_assert_str_eq(take_shown(), "not shown, because this console was not read: 3 messages, "
                                   "1,234 other events\n");
    feed("{\"event\":\"lost\",\"messages\":1,\"events\":0}\n");
    ck_assert_uint_eq(losses, 1);
    take_shown();
    console_line(&json.console, "/peers", 6);
    feed(fake_console_take(&json));
    ck_assert(!known_has(&follow.known, 1));
    ck_assert_str_eq(name_of(2), "boiler");
    ck_assert(known_has(&follow.known, 3));
    ck_assert_uint_eq(shown.console.session.target, 0);
    const char *mine = take_shown();
    ck_assert_ptr_nonnull(strstr(mine, "no target"));
    ck_assert_ptr_null(strstr(mine, "closed"));
    ck_assert_ptr_null(strstr(mine, "is called"));
    fake_console_take(&text);
    receive(datagram, "a\xe4", 2);
    SAME_HAS("#3 < a\\xe4\n"); /* a datagram is whole */
}
END_TEST

static struct told last_told;

static void note_told(void *context, const struct told *told)
{
    (void)context;
    last_told = *told;
}

/* What the daemon writes is shown as of berlin, which stands at the second place. */
static void become_node(void)
{
    follow.known.node = "berlin";
    follow.known.base = who_base(2);
    follow.hooks.told = note_told;
}

START_TEST(of_a_node_everything_names_it)
{
    become_node();
    struct fake_link *link = fake_peer(&world, fake_listen(&world, "tcp://127.0.0.1:1"));
    feed(fake_console_take(&json));
    ck_assert_ptr_nonnull(strstr(take_shown(), "berlin/1 connected"));
    fake_listen(&world, "tcp://127.0.0.1:2");
    feed(fake_console_take(&json));
    ck_assert_ptr_nonnull(strstr(take_shown(), "berlin listening on tcp://127.0.0.1:2"));
    hub_name(&world.hub, link->link.peer, "boiler");
    receive(link, "hi", 2);
    feed(fake_console_take(&json));
    const char *said = take_shown();
    ck_assert_ptr_nonnull(strstr(said, "berlin/1 is called boiler"));
    ck_assert_ptr_nonnull(strstr(said, "berlin/boiler < hi"));
    ck_assert_uint_eq(last_told.peer.number, who_base(2) + 1);
    console_line(&json.console, "/peers", 6);
    feed(fake_console_take(&json));
    ck_assert_ptr_nonnull(strstr(take_shown(), "berlin/1"));
    const struct directory *directory = &follow.known.directory;
    ck_assert_str_eq(directory->find(directory, who_base(2) + 1).node, "berlin");
    ck_assert_uint_eq(directory->find(directory, who_base(1) + 1).number, 0);
    ck_assert_uint_eq(directory->find(directory, 1).number, 0);
}
END_TEST

START_TEST(a_carrier_may_know_what_a_line_is)
{
    char *error = NULL;
    make_peer("tcp://127.0.0.1:1");
    become_node();
    static const char again[] = "{\"event\":\"message\",\"peer\":1,\"size\":1,\"text\":\"x\","
                                "\"replayed\":true}";
    ck_assert(follow_event(&follow, again, sizeof again - 1, &error));
    ck_assert_ptr_nonnull(strstr(take_shown(), "berlin/1 < x"));
    ck_assert(!last_told.replayed && last_told.type == HUB_MESSAGE);
    static const char done[] = "{\"event\":\"error\",\"error\":\"no\",\"input\":99}";
    ck_assert(follow_answered(&follow, 3, done, sizeof done - 1, &error));
    ck_assert_uint_eq(last.input, 3);
    ck_assert_ptr_nonnull(strstr(take_shown(), "berlin: no"));
    feed(done);
    ck_assert_uint_eq(last.input, 99);
}
END_TEST

START_TEST(forgets_all)
{
    make_peer("tcp://127.0.0.1:1?name=front");
    make_peer("udp://127.0.0.1:2");
    say("/to 2");
    check_same();
    follow_reset(&follow);
    ck_assert_uint_eq(known_peers(&follow.known), 0);
    follow.known.directory.listeners(&follow.known.directory, must_not_be, NULL);
    ck_assert_uint_eq(shown.console.session.target, 0);
    ck_assert_ptr_nonnull(strstr(take_shown(), "no target"));
    char *error = NULL;
    ck_assert(!follow_line(&follow, "{\"event\":\"open\",\"peer\":1}", 25, &error));
    check_error(error, "what answers there is no telexd");
}
END_TEST

/* --- what nobody should say --- */

#define TIME "{\"time\":\"2017-03-19T10:27:00.000000Z\",\"event\":"

START_TEST(shows_what_is_new)
{
    check_same();
    feed(TIME "\"weather\",\"peer\":{}}\n" TIME
              "\"open\",\"peer\":7,\"transport\":\"quic\",\"remote\":\"x\",\"local\":\"y\","
              "\"listener\":3,\"more\":[[]]}\n");
    ck_assert_str_eq(take_shown(), "10:27:00 weather {\"peer\":{}}\n"
                                   "10:27:00 #7 connected: quic x on listener 3\n");
    feed(TIME "\"close\",\"peer\":7,\"reason\":\"bored\",\"seconds\":-1}\n");
    ck_assert_ptr_nonnull(strstr(take_shown(), "#7 closed (bored), received 0 bytes"));
    feed("{\"event\":\"listening\",\"listener\":9,\"endpoint\":\"quic://x\"}\n");
    ck_assert_ptr_nonnull(strstr(take_shown(), "listening on quic://x, listener 9\n"));
}
END_TEST

/* Whatever it says, and however much. */
START_TEST(shows_what_it_has_no_words_for)
{
    char line[4096];
    check_same();
    snprintf(line, sizeof line, TIME "\"storm\\n\",\"seq\":7,\"sky\":\"\\u001b%2000d\"}", 1);
    feed(line);
    const char *storm = take_shown();
    ck_assert_ptr_nonnull(strstr(storm, " storm\\n {\"sky\":\"\\"));
    ck_assert_uint_lt(strlen(storm), 300);
    feed(TIME "\"refused\",\"remote\":\"x:1\",\"why\":\"full moon\",\"count\":1}\n");
    ck_assert_str_eq(take_shown(), "10:27:00 refused x:1: full moon\n");
    feed(TIME "\"close\",\"peer\":1,\"reason\":\"bored\"}\n");
    ck_assert_ptr_nonnull(strstr(take_shown(), "closed (bored), "));
}
END_TEST

START_TEST(shows_nothing_unsafe)
{
    check_same();
    feed(TIME
         "\"open\",\"peer\":1,\"transport\":\"\\u001b[2J\",\"remote\":\"\\u001b[2J\","
         "\"local\":\"\"}\n" TIME "\"name\",\"peer\":1,\"name\":\"\\u001b[2J\"}\n" TIME
         "\"listening\",\"listener\":1,\"endpoint\":\"\\u202e\",\"name\":\"\\r\"}\n" TIME
         "\"error\",\"error\":\"\\u001b\\n\"}\n" TIME
         "\"result\",\"input\":1,\"command\":\"help\",\"help\":[{\"command\":\"\\u001b\","
         "\"arguments\":\"\\u009b\",\"summary\":\"\\u2028\",\"help\":\"a\\n\\u001b\"}]}\n" TIME
         "\"result\",\"input\":1,\"command\":\"stats\",\"stats\":{\"start_time\":"
         "\"2017-03-19T10:27:00Z\",\"\\u001b\":1}}\n");
    const char *mine = take_shown();
    ck_assert_ptr_null(strchr(mine, '\x1b'));
    ck_assert_ptr_null(strchr(mine, '\r'));
    ck_assert_ptr_null(strstr(mine, "\xe2\x80"));
    ck_assert_ptr_null(strstr(mine, "\xc2\x9b"));
    ck_assert_ptr_null(name_of(1));
    ck_assert_ptr_nonnull(strstr(mine, "#1 connected: ? "));
}
END_TEST

START_TEST(refuses_what_is_none)
{
    static const char *const lines[] = {
        "",
        "{",
        "[]",
        "null",
        "3",
        "\"open\"",
        "{\"event\":3}",
        "{}",
        "\xff",
        "{\"event\":\"open\"}",
        "{\"event\":\"open\",\"peer\":0}",
        "{\"event\":\"open\",\"peer\":-1}",
        "{\"event\":\"open\",\"peer\":1.5}",
        "{\"event\":\"close\",\"peer\":1}",
        "{\"event\":\"message\",\"peer\":1}",
        "{\"event\":\"message\",\"peer\":1,\"size\":3}",
        "{\"event\":\"message\",\"peer\":1,\"size\":3,\"base64\":\"abc\"}",
        "{\"event\":\"message\",\"peer\":1,\"size\":3,\"base64\":\"ab!=\"}",
        "{\"event\":\"message\",\"peer\":1,\"size\":3,\"base64\":\"a===\"}",
        "{\"event\":\"message\",\"peer\":1,\"size\":3,\"text\":\"a\\u0000b\"}",
        "{\"event\":\"target\"}",
        "{\"event\":\"target\",\"peer\":\"1\"}",
        "{\"event\":\"result\",\"input\":1}",
        "{\"event\":\"error\",\"input\":1}",
        "{\"event\":\"result\",\"command\":\"peers\",\"peers\":3}",
        "{\"event\":\"result\",\"command\":\"peers\",\"peers\":[3]}",
        "{\"event\":\"result\",\"command\":\"info\",\"peer\":\"x\"}",
        "{\"event\":\"result\",\"command\":\"help\",\"help\":[]}",
        "{\"event\":\"result\",\"command\":\"stats\",\"stats\":{}}",
        "{\"event\":\"result\",\"command\":\"listeners\",\"listeners\":[{\"listener\":1}]}",
        "{\"event\":\"lost\"}",
        "{\"event\":\"refused\",\"remote\":\"x\"}",
        "{\"event\":\"file\",\"peer\":1}",
        "{\"event\":\"listening\",\"listener\":1}",
        "{\"event\":\"unlistening\"}",
        "{\"event\":\"hello\",\"protocol\":1}"};
    check_same();
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        char *error = NULL;
        ck_assert_msg(!follow_line(&follow, lines[i], strlen(lines[i]), &error), "%s",
                      lines[i]);
        ck_assert_ptr_nonnull(error);
        ck_assert_ptr_null(strchr(error, '\n'));
        free(error);
    }
}
END_TEST

START_TEST(refuses_another_protocol)
{
    char *error = NULL;
    const char *line = "{\"event\":\"hello\",\"protocol\":2,\"version\":\"1\","
                       "\"access\":\"write\",\"console\":2}";
    ck_assert(!follow_line(&follow, line, strlen(line), &error));
    check_error(error, "telexd speaks protocol 2, and this telex only protocol 1");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        shows_listeners_and_peers,
        shows_unix_peers,
        shows_what_is_passed_on,
        shows_what_is_said,
        follows_the_view,
        shows_what_was_said_again,
        shows_refusals_and_files,
        follows_the_target,
        who_is_gone_is_no_target,
        follows_a_target_that_is_kept_by_name,
        shows_answers,
        shows_what_is_typed_again_and_again,
        shows_stats,
        puts_long_lists_together,
        learns_who_is_there_from_a_list,
        of_a_node_everything_names_it,
        a_carrier_may_know_what_a_line_is,
        forgets_all,
        shows_what_is_new,
        shows_what_it_has_no_words_for,
        shows_nothing_unsafe,
        refuses_what_is_none,
        refuses_another_protocol,
        NULL,
    };
    return check_run_with("follow", setup, teardown, tests);
}
