/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/renderer.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "check_main.h"
#include "command/command.h"
#include "command/operator_target.h"
#include "console/text_cells.h"
#include "console/text_message.h"
#include "core/hub_line.h"
#include "core/modem.h"
#include "core/told.h"
#include "fake_console.h"

static struct fake world;
static struct fake_console fake;

static void setup(void)
{
    setenv("TZ", "UTC", 1);
    fake_init(&world);
    fake_console_init(&fake, &world, &render_text, NULL);
}

static void teardown(void)
{
    fake_console_finish(&fake);
    fake_finish(&world);
}

#define TIME "10:27:00 "
#define WROTE(text) ck_assert_str_eq(fake_console_take(&fake), text)
#define SAYS(line, text) ck_assert_str_eq(fake_console_say(&fake, line), text)

static struct fake_link *make_peer(const char *endpoint)
{
    struct fake_link *link = fake_peer(&world, fake_listen(&world, endpoint));
    snprintf(link->description.remote, sizeof link->description.remote, "192.0.2.1:7");
    snprintf(link->description.local, sizeof link->description.local, "192.0.2.9:9");
    fake_console_take(&fake);
    return link;
}

static void receive(struct fake_link *link, const char *text)
{
    hub_receive(&world.hub, link->link.peer, text, strlen(text), false);
}

static void tell(const struct told *told)
{
    console_tell(&fake.console, told);
}

/* --- events --- */

START_TEST(tells_what_happens_on_a_line)
{
    struct listener *listener = fake_listen(&world, "tcp://127.0.0.1:1?name=front");
    WROTE(TIME "listening on tcp://127.0.0.1:1, listener 1 (front)\n");
    struct fake_link *link = fake_call(&world, "tcp://192.0.2.1:7");
    snprintf(link->description.remote, sizeof link->description.remote, "192.0.2.1:7");
    hub_open(&world.hub, link->link.peer);
    WROTE(TIME "#1 connected: tcp 192.0.2.1:7, called from here\n");
    fake_peer(&world, listener);
    ck_assert_ptr_nonnull(strstr(fake_console_take(&fake), " on listener 1 (front)\n"));
    hub_name(&world.hub, link->link.peer, "boiler");
    WROTE(TIME "#1 is called boiler\n");
    receive(link, "hello\n");
    WROTE(TIME "#1 boiler < hello\\n\n");
    hub_send(&world.hub, link->link.peer, "hi\n", 3, 1, NULL);
    WROTE(TIME "#1 boiler > hi\\n\n");
    hub_send(&world.hub, link->link.peer, "ho", 2, 2, NULL);
    WROTE(TIME "#1 boiler (console 2) > ho\n");
    hub_receive(&world.hub, link->link.peer, "hel", 3, true);
    WROTE(TIME "#1 boiler (partial) < hel\n");
    hub_half_close(&world.hub, link->link.peer);
    WROTE(TIME "#1 boiler has ended its sending side\n");
    world.now += 65000000;
    hub_detach(&world.hub, link->link.peer, CLOSE_RESET, NULL);
    WROTE(TIME "#1 boiler closed (reset), received 9 bytes, sent 5, after 1 min 5 s\n");
}
END_TEST

START_TEST(tells_automatic_replies_from_others)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1?reply=echo");
    receive(link, "hello");
    WROTE(TIME "#1 < hello\n" TIME "#1 (auto) > hello\n");
}
END_TEST

START_TEST(tells_once_what_went_to_several)
{
    struct listener *listener = fake_listen(&world, "tcp://127.0.0.1:1");
    struct fake_link *links[5];
    for (unsigned i = 0; i < 5; i++)
        links[i] = fake_peer(&world, listener);
    hub_name(&world.hub, links[0]->link.peer, "boiler");
    fake_console_take(&fake);
    SAYS("@* hi", TIME "5 peers > hi\\n\n");
    SAYS("@1,3 hi", TIME "boiler,#3 > hi\\n\n");
    SAYS("@2 hi", TIME "#2 > hi\\n\n");
    hub_name(&world.hub, links[1]->link.peer, "somebody-with-a-long-name");
    fake_console_take(&fake);
    SAYS("@1,2 hi", TIME "#1,#2 > hi\\n\n");
    fake.console.columns = 80;
    SAYS("@1,3,4,5 hi", TIME "#1,#3,#4,#5  > hi\\n\n"); /* boiler,… has no room */
    SAYS("@1,3 hi", TIME "boiler,#3    > hi\\n\n");
    fake.console.columns = 0;
    /* The first does not get it. */
    hub_detach(&world.hub, links[0]->link.peer, CLOSE_EOF, NULL);
    links[1]->fail = EPIPE;
    fake_console_take(&fake);
    ck_assert_ptr_nonnull(
        strstr(fake_console_say(&fake, "@* ho"), TIME "#2,#3,#4,#5 > ho\\n\n"));
}
END_TEST

/* Each time that it is told again. */
START_TEST(tells_again_what_went_to_several)
{
    struct told told = {
        .type = HUB_SENT,
        .time = FAKE_WALL,
        .replayed = true,
        .message = {.data = "x", .size = 1, .console = 1, .group = {.number = 7, .size = 12}}};
    for (unsigned time = 0; time < 2; time++) {
        for (told.seq = 1, told.peer.number = 1; told.seq <= 12; told.seq++, told.peer.number++)
            tell(&told);
        WROTE(TIME "12 peers > x\n");
    }
}
END_TEST

START_TEST(tells_of_which_node_several_are)
{
    struct told told = {.type = HUB_SENT,
                        .time = FAKE_WALL,
                        .peer = {.number = who_base(2) + 1, .node = "berlin"},
                        .message = {.data = "x",
                                    .size = 1,
                                    .console = 1,
                                    .group = {.number = 7, .size = 2, .peers = {1, 3}}}};
    tell(&told);
    WROTE(TIME "berlin/1,berlin/3 > x\n");
}
END_TEST

START_TEST(tells_what_was_never_sent)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    link->keep = true;
    hub_send(&world.hub, link->link.peer, "1234", 4, 1, NULL);
    fake_console_take(&fake);
    hub_detach(&world.hub, link->link.peer, CLOSE_ERROR, "Broken\npipe");
    WROTE(TIME "#1 closed (error): Broken\\npipe, received 0 bytes, sent 0, 4 never sent, "
               "after 0.00 s\n");
}
END_TEST

START_TEST(tells_of_unix_peers_and_datagrams)
{
    struct fake_link *link = fake_call(&world, "unix:/run/x");
    link->description.has_credentials = true;
    link->description.pid = 12;
    link->description.uid = 34;
    hub_open(&world.hub, link->link.peer);
    WROTE(TIME "#1 connected: unix pid 12, uid 34, called from here\n");
    link = fake_call(&world, "exec:sort -n");
    link->description =
        (struct link_description){.remote = "exec:sort -n", .has_credentials = true, .pid = 12};
    hub_open(&world.hub, link->link.peer);
    WROTE(TIME "#2 connected: exec sort -n (pid 12), called from here\n");
    link->description = (struct link_description){.remote = "exec:"};
    hub_open(&world.hub, link->link.peer);
    WROTE(TIME "#2 connected: exec exec:, called from here\n");
    fake_peer(&world, fake_listen(&world, "udp://127.0.0.1:2"));
    ck_assert_ptr_nonnull(strstr(fake_console_take(&fake), "#3 opened: udp "));
}
END_TEST

START_TEST(tells_who_was_refused)
{
    struct told told = {
        .type = HUB_REFUSED,
        .time = FAKE_WALL,
        .listener.number = 1,
        .refused = {.remote = "192.0.2.7:5", .why = REFUSED_ACCESS, .count = 1}};
    tell(&told);
    WROTE(TIME "refused 192.0.2.7:5 on listener 1: the access list\n");
    told.refused.why = REFUSED_LIMIT;
    told.refused.count = 1235;
    tell(&told);
    WROTE(TIME "refused 192.0.2.7:5 on listener 1: a limit is reached, and 1,234 others\n");
    told.listener.number = 0;
    told.refused.count = 1;
    tell(&told);
    WROTE(TIME "refused 192.0.2.7:5: a limit is reached\n");
}
END_TEST

START_TEST(tells_how_a_file_went)
{
    struct told told = {.type = HUB_FILE,
                        .time = FAKE_WALL,
                        .peer.number = 1,
                        .file = {.path = "/tmp/\x1b]0;x\a", .size = 1234567, .bytes = 1234567}};
    tell(&told);
    WROTE(TIME "#1 > file /tmp/\\x1b]0;x\\x07, 1,234,567 bytes\n");
    told.file.bytes = 1;
    told.file.error = "it shrank";
    tell(&told);
    WROTE(TIME
          "#1 > file /tmp/\\x1b]0;x\\x07, broke off after 1 byte of 1,234,567: it shrank\n");
}
END_TEST

/* Nothing of it is in the hub of this console. */
START_TEST(tells_of_peers_elsewhere)
{
    struct told told = {.type = HUB_OPEN,
                        .time = FAKE_WALL,
                        .peer = {.number = 77, .name = "boiler"},
                        .open = {.transport = "quic",
                                 .remote = "192.0.2.1:7",
                                 .local = "x",
                                 .listener = {.number = 5, .name = "front"}}};
    tell(&told);
    WROTE(TIME "#77 boiler connected: quic 192.0.2.1:7 on listener 5 (front)\n");
    told.open.tls = (struct tls_facts){.version = "TLSv1.3"};
    tell(&told);
    WROTE(TIME "#77 boiler connected: quic 192.0.2.1:7 on listener 5 (front), TLSv1.3\n");
    told.open.tls.subject = "CN=\033[m";
    tell(&told);
    WROTE(TIME "#77 boiler connected: quic 192.0.2.1:7 on listener 5 (front), TLSv1.3 with "
               "CN=\\x1b[m\n");
    told.datagram = true;
    told.open = (struct where){.transport = "udp", .remote = "x", .local = "y"};
    tell(&told);
    WROTE(TIME "#77 boiler opened: udp x, called from here\n");
    told.type = HUB_MESSAGE;
    told.message = (struct message){.data = "a\xe4", .size = 2};
    tell(&told);
    WROTE(TIME "#77 boiler < a\\xe4\n");
    told.type = HUB_CLOSE;
    told.close = (struct line_end){.reason = CLOSE_EOF, .received = 2, .duration = 12000000};
    tell(&told);
    WROTE(TIME "#77 boiler closed (eof), received 2 bytes, sent 0, after 12 s\n");
    told = (struct told){.type = HUB_UNLISTENING,
                         .time = FAKE_WALL,
                         .listener.number = 5,
                         .endpoint = "tcp://*:1"};
    tell(&told);
    WROTE(TIME "no longer listening on tcp://*:1, listener 5\n");
}
END_TEST

START_TEST(tells_the_target)
{
    make_peer("tcp://127.0.0.1:1");
    operator_target_set(&fake.console.session, 1);
    WROTE(TIME "what is typed now goes to #1\n");
    operator_target_set(&fake.console.session, 0);
    WROTE(TIME "no target: choose one with /to PEER\n");
}
END_TEST

START_TEST(tells_errors_and_losses)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    SAYS("hello", "error: no target: choose one with /to PEER, or write @PEERS TEXT\n");
    fake.backlog = CONSOLE_BACKLOG_MAX + 1;
    receive(link, "one");
    fake.backlog = 0;
    console_drained(&fake.console);
    WROTE("not shown, because this console was not read: 1 message, 0 other events\n");
}
END_TEST

START_TEST(tells_what_is_said_beside_the_line)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    fake_console_say(&fake, "/to 1");
    hub_note(&world.hub, link->link.peer, "no such file\n10:27:00 #1 \x1b[2J");
    WROTE(TIME "#1 note: no such file\\n10:27:00 #1 \\x1b[2J\n");
}
END_TEST

START_TEST(tells_of_the_lines_of_a_modem)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    fake_console_say(&fake, "/to 1");
    hub_lines_changed(&world.hub, link->link.peer, MODEM_CTS | MODEM_RI);
    WROTE(TIME "#1 CTS on, DSR off, DCD off, RI on\n");
}
END_TEST

START_TEST(tells_how_a_program_ended)
{
    struct told told = {.type = HUB_CLOSE,
                        .time = FAKE_WALL,
                        .peer.number = 1,
                        .close = {.status = {EXIT_CODE, 3}, .duration = 1500000}};
    tell(&told);
    WROTE(TIME "#1 closed (eof), exit status 3, received 0 bytes, sent 0, after 1.50 s\n");
    told.close.status = (struct exit_status){EXIT_SIGNAL, 15};
    tell(&told);
    WROTE(TIME "#1 closed (eof), killed by SIGTERM, received 0 bytes, sent 0, after 1.50 s\n");
}
END_TEST

START_TEST(tells_of_other_consoles)
{
    struct told told = {.type = HUB_CONSOLE,
                        .time = FAKE_WALL,
                        .console = {.console = 2, .uid = 1000, .read_only = true}};
    tell(&told);
    WROTE(TIME "console 2 has attached (uid 1000, read-only)\n");
    told.console.state = CONSOLE_LEFT;
    tell(&told);
    WROTE(TIME "console 2 has left\n");
    told.console.state = CONSOLE_SAYS;
    told.console.text = "hi\n10:27:00 #1 \x1b[2J";
    tell(&told);
    WROTE(TIME "console 2 says: hi\\n10:27:00 #1 \\x1b[2J\n");
    SAYS("/say hello", TIME "console 1 says: hello\nnobody else is attached\n");
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    hub_name(&world.hub, link->link.peer, "boiler");
    fake_console_say(&fake, "/to 1");
    SAYS("/consoles", "  CONSOLE  UID  ACCESS  TARGET\n"
                      "* 1          0  write   #1 boiler\n");
}
END_TEST

START_TEST(nobody_is_said_once)
{
    SAYS("/peers", "nobody is on the line\n");
    SAYS("/peers boi*", "nobody on the line is like 'boi*'\n");
}
END_TEST

/* Not a line for each: it may come ten times a second. */
START_TEST(tells_an_error_that_repeats_now_and_then)
{
    make_peer("tcp://127.0.0.1:1");
    SAYS("/every 1 @9 x", "EVERY  SECONDS  LINE\n"
                          "    1        1  @9 x\n");
    fake_turn(&world);
    fake_pass(&world, 98000000);
    WROTE("error: every 1: no peer '9' on the line\n"
          "error: every 1, 10 times in a row: no peer '9' on the line\n");
    fake_pass(&world, 1000000);
    WROTE("error: every 1, 100 times in a row: no peer '9' on the line\n");
    SAYS("@9 x", "error: no peer '9' on the line\n");
    SAYS("/every - 1", "");
    SAYS("/every", "nothing is typed again and again: see /help every\n");
}
END_TEST

/* --- views --- */

START_TEST(shows_hex_and_size)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    fake_console_say(&fake, "/view hex");
    receive(link, "AT\r\n");
    WROTE(TIME "#1 < 4 bytes\n"
               "  00000000  41 54 0d 0a                                       |AT..|\n");
    fake_console_say(&fake, "/view size");
    receive(link, "A");
    WROTE(TIME "#1 < 1 byte\n");
    fake_console_say(&fake, "/view none");
    receive(link, "A");
    WROTE("");
}
END_TEST

/* What /bytes sent, at the console that said so and nowhere else. */
START_TEST(shows_bytes_that_were_spelled_out)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    SAYS("/bytes 1 41 sum8",
         TIME "#1 > 2 bytes\n"
              "  00000000  41 41                                             |AA|\n");
    SAYS("@1 AA", TIME "#1 > AA\\n\n");
    hub_send(&world.hub, link->link.peer, "AA", 2, 2, NULL);
    WROTE(TIME "#1 (console 2) > AA\n");
    fake_console_say(&fake, "/view none");
    SAYS("/bytes 1 41", "");
}
END_TEST

static void fill(char *data, size_t size)
{
    memset(data, 'x', size - 1);
    data[size - 1] = '\0';
}

START_TEST(folds_messages_on_a_terminal_only)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    receive(link, "one\ntwo, which is longer\n\nend\n");
    WROTE(TIME "#1 < one\\ntwo, which is longer\\n\\nend\\n\n");
    fake.console.columns = 24;
    receive(link, "one\ntwo, which is longer\n\nend\n");
    WROTE(TIME "#1 < one\\n\n"
               "| two, which is longer\n"
               "| \\n\n"
               "| \\n\n"
               "| end\\n\n");
}
END_TEST

START_TEST(cuts_long_messages_on_a_terminal_only)
{
    static char data[6000];
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    fill(data, sizeof data);
    receive(link, data);
    ck_assert_uint_gt(strlen(fake_console_take(&fake)), sizeof data);
    fake.console.columns = 80;
    receive(link, data);
    const char *written = fake_console_take(&fake);
    /* Of 79 cells, 16 stand before the words, or below them. */
    static const char rest[] = "              ` 5,243 bytes more of 5,999: /show 1 1\n";
    ck_assert_str_eq(strstr(written, "              ` "), rest);
    ck_assert_uint_eq(strlen(written), 12 * 80 + strlen(rest));
    fake.console.columns = 0;
    fake_console_say(&fake, "/view hex");
    receive(link, data);
    ck_assert_ptr_null(strstr(fake_console_take(&fake), " more of "));
    fake.console.columns = 80;
    receive(link, data);
    ck_assert_ptr_nonnull(
        strstr(fake_console_take(&fake), "|\n  ` 5,807 bytes more of 5,999: /show 1 1\n"));
}
END_TEST

/* telex has no history: hex rows show more there. */
START_TEST(says_how_to_see_more)
{
    static char data[6000];
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    fill(data, sizeof data);
    fake.console.session.commands = command_client_table;
    fake.console.columns = 80;
    receive(link, data);
    ck_assert_ptr_nonnull(
        strstr(fake_console_take(&fake), "` 5,243 bytes more of 5,999: /view hex\n"));
    fake_console_say(&fake, "/view hex");
    receive(link, data);
    ck_assert_ptr_nonnull(
        strstr(fake_console_take(&fake), "|\n  ` 1,903 bytes more of 5,999\n"));
}
END_TEST

START_TEST(shows_all_where_one_is_asked_for)
{
    static char data[20000];
    struct told told = {.type = HUB_MESSAGE,
                        .seq = 3,
                        .time = FAKE_WALL,
                        .replayed = true,
                        .whole = true,
                        .peer.number = 1};
    fill(data, sizeof data);
    told.message = (struct message){.data = data, .size = sizeof data - 1};
    fake.console.columns = 80;
    tell(&told);
    ck_assert_ptr_null(strstr(fake_console_take(&fake), " more of "));
    fake_console_say(&fake, "/view hex");
    tell(&told);
    ck_assert_ptr_null(strstr(fake_console_take(&fake), " more of "));
    told.whole = false;
    tell(&told);
    ck_assert_ptr_nonnull(strstr(fake_console_take(&fake), " more of "));
}
END_TEST

START_TEST(what_is_told_again_is_no_part_of_a_character)
{
    struct told told = {.type = HUB_MESSAGE,
                        .time = FAKE_WALL,
                        .replayed = true,
                        .peer.number = 1,
                        .message = {.data = "\xc3", .size = 1}};
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    receive(link, "a\xc3");
    WROTE(TIME "#1 < a\n");
    tell(&told);
    WROTE(TIME "#1 < \\xc3\n");
    told.type = HUB_CLOSE;
    told.close = (struct line_end){0};
    tell(&told);
    ck_assert_ptr_null(strstr(fake_console_take(&fake), "\\xc3"));
    receive(link, "\xbc");
    WROTE(TIME "#1 < ü\n");
}
END_TEST

START_TEST(what_is_not_kept_has_its_size)
{
    const struct told told = {.type = HUB_SENT,
                              .time = FAKE_WALL,
                              .replayed = true,
                              .peer.number = 1,
                              .message = {.size = 20000, .console = 1}};
    tell(&told);
    ck_assert_ptr_nonnull(strstr(fake_console_take(&fake), "> 20,000 bytes\n"));
    fake_console_say(&fake, "/view hex");
    tell(&told);
    ck_assert_ptr_nonnull(strstr(fake_console_take(&fake), "> 20,000 bytes\n"));
}
END_TEST

/* However many characters a cell takes, all of a message is shown that its rows have room for.
 */
START_TEST(cuts_no_message_that_fits)
{
    enum { CELLS = 6 + 11 * 18, LETTER = 8 };
    char data[CELLS * LETTER + 2] = "";
    struct fake_link *link = make_peer("udp://127.0.0.1:1?reply=none");
    for (unsigned i = 0; i < CELLS; i++)
        memcpy(data + i * LETTER, "\xf0\x90\x8d\x88\xcc\x81\xcc\x83", LETTER);
    fake.console.columns = 21;
    receive(link, data);
    ck_assert_ptr_null(strstr(fake_console_take(&fake), " more of "));
    data[CELLS * LETTER] = 'x';
    receive(link, data);
    ck_assert_ptr_nonnull(strstr(fake_console_take(&fake), "\n` 1 byte more"));
}
END_TEST

START_TEST(cuts_no_character_in_two)
{
    static char data[3000];
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    fill(data, sizeof data);
    memcpy(data + 755, "\xe4\xb8\xad", 3);
    fake.console.columns = 80;
    receive(link, data);
    ck_assert_ptr_nonnull(strstr(fake_console_take(&fake), "x\n              ` 2,244 bytes"));
}
END_TEST

START_TEST(fits_hex_rows_to_the_terminal)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    fake_console_say(&fake, "/view hex");
    fake.console.columns = 80;
    receive(link, "0123456789abcdefg");
    WROTE(TIME
          "#1   < 17 bytes\n"
          "  | 0000  30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66  |0123456789abcdef|\n"
          "  | 0010  67                                                |g|\n");
    fake.console.columns = 40;
    receive(link, "01234");
    WROTE(TIME "#1 < 5 bytes\n"
               "  | 0000  30 31 32 33  |0123|\n"
               "  | 0004  34           |4|\n");
    fake.console.columns = 20;
    receive(link, "012");
    WROTE(TIME "#1 < 3 \n"
               "| bytes\n"
               "| 0000  30 31  |01|\n"
               "| 0002  32     |2|\n");
}
END_TEST

/* --- characters split between reads --- */

START_TEST(joins_a_split_character)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    struct fake_link *other = fake_peer(&world, world.hub.listeners);
    fake_console_take(&fake);
    receive(link, "a\xf0\x9f");
    receive(other, "b\xe4");
    WROTE(TIME "#1 < a\n" TIME "#2 < b\n");
    receive(link, "\x98");
    WROTE("");
    receive(link, "\x80!");
    WROTE(TIME "#1 < 😀!\n");
    receive(other, "c");
    WROTE(TIME "#2 < \\xe4c\n");
}
END_TEST

START_TEST(shows_what_never_becomes_a_character)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    receive(link, "\xe4\xb8");
    hub_half_close(&world.hub, link->link.peer);
    WROTE(TIME "#1 < \\xe4\\xb8\n" TIME "#1 has ended its sending side\n");
    struct fake_link *other = fake_peer(&world, world.hub.listeners);
    receive(other, "\xe4");
    fake_console_take(&fake);
    hub_detach(&world.hub, other->link.peer, CLOSE_RESET, NULL);
    WROTE(TIME "#2 < \\xe4\n" TIME
               "#2 closed (reset), received 1 byte, sent 0, after 0.00 s\n");
    ck_assert_ptr_null(fake.console.partials);
}
END_TEST

START_TEST(another_view_shows_the_rest_first)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    receive(link, "\xe4");
    fake_console_say(&fake, "/view size");
    receive(link, "xyz");
    WROTE(TIME "#1 < \\xe4\n" TIME "#1 < 3 bytes\n");
}
END_TEST

START_TEST(skipped_pieces_are_not_joined)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    receive(link, "\xe4");
    fake.backlog = CONSOLE_BACKLOG_MAX + 1;
    receive(link, "\xb8");
    fake.backlog = 0;
    receive(link, "\xad");
    ck_assert_ptr_nonnull(strstr(fake_console_take(&fake), TIME "#1 < \\xad\n"));
}
END_TEST

START_TEST(a_datagram_is_whole)
{
    struct fake_link *link = make_peer("udp://127.0.0.1:1?reply=none");
    receive(link, "a\xe4");
    receive(link, "");
    WROTE(TIME "#1 < a\\xe4\n" TIME "#1 < \n");
    ck_assert_ptr_null(fake.console.partials);
}
END_TEST

/* --- answers --- */

START_TEST(lists_peers)
{
    SAYS("/peers", "nobody is on the line\n");
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    receive(link, "hello");
    hub_name(&world.hub, link->link.peer, "boiler");
    operator_target_set(&fake.console.session, 1);
    world.now += 2500000;
    SAYS("/peers", "  PEER  NAME    LINE  REMOTE       ON  STATE  IN  OUT  QUEUE    IDLE\n"
                   "* #1    boiler  tcp   192.0.2.1:7   1  open    5    0      0  2.50 s\n");
}
END_TEST

/* What stands in the last line of the answer to /peers. */
static const char *peers_row(unsigned columns)
{
    static char line[256];
    fake.console.columns = columns;
    const char *written = fake_console_say(&fake, "/peers");
    for (const char *row = written; *row; row = strchr(row, '\n') + 1)
        snprintf(line, sizeof line, "%.*s", (int)strcspn(row, "\n"), row);
    ck_assert_uint_lt(text_width(line), columns);
    return line;
}

START_TEST(a_table_fits_the_terminal)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    snprintf(link->description.remote, sizeof link->description.remote,
             "[fe80:1234:5678:9abc:def0:1234:5678:9abc%%eth0]:65535");
    ck_assert_str_eq(
        peers_row(80),
        "  #1    tcp   [fe80:1234:5678:9abc…234:5678:9abc%eth0]:65535   1  open   0.00 s");
    ck_assert_str_eq(peers_row(40), "  #1    tcp   [fe80:1…c%eth0]:65535   1");
    ck_assert_str_eq(peers_row(20), "  #1    [f…0]:65535");
}
END_TEST

START_TEST(an_event_is_folded)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    fake.console.columns = 40;
    hub_detach(&world.hub, link->link.peer, CLOSE_ERROR,
               "12:00:00 #2 < it would look like a line");
    WROTE(TIME "#1 closed (error): 12:00:00 #2 \n"
               "  | < it would look like a line, \n"
               "  | received 0 bytes, sent 0, after \n"
               "  | 0.00 s\n");
}
END_TEST

START_TEST(tells_all_about_one)
{
    make_peer("tcp://127.0.0.1:1?name=front&eol=crlf");
    SAYS("/info 1", "#1\n"
                    "  transport   tcp\n"
                    "  remote      192.0.2.1:7\n"
                    "  local       192.0.2.9:9\n"
                    "  listener    listener 1 (front)\n"
                    "  reply       none\n"
                    "  eol         crlf\n"
                    "  framing     raw\n"
                    "  state       open\n"
                    "  received    0 bytes\n"
                    "  sent        0 bytes\n"
                    "  queued      0 bytes\n"
                    "  since       0.00 s\n"
                    "  idle        0.00 s\n");
    operator_target_set(&fake.console.session, 1);
    ck_assert_ptr_nonnull(strstr(fake_console_say(&fake, "/info 1"), "#1, the target\n"));
}
END_TEST

static void get_card(struct cards *cards, size_t index, struct card *card)
{
    ck_assert_uint_lt(index, cards->count);
    *card = (struct card){.peer = {.number = index + 1, .name = index ? "boiler" : NULL},
                          .where = {.transport = "tcp", .remote = "x", .local = "y"},
                          .state = PEER_CLOSING,
                          .received = 1234,
                          .since = CARD_SINCE_UNKNOWN};
}

static const char *answer(const struct result *result)
{
    fake.console.session.ops->result(&fake.console.session, result);
    return fake_console_take(&fake);
}

START_TEST(shows_cards_of_peers_elsewhere)
{
    struct cards cards = {.count = 2, .get = get_card};
    struct result result = {
        .type = RESULT_PEERS, .command = "peers", .first = true, .peers = &cards};
    ck_assert_str_eq(answer(&result),
                     "  PEER  NAME    LINE  REMOTE  ON  STATE       IN  OUT  QUEUE    IDLE\n"
                     "  #1    -       tcp   x        -  closing  1,234    0      0  0.00 s\n"
                     "  #2    boiler  tcp   x        -  closing  1,234    0      0  0.00 s\n");
    result.type = RESULT_PEER;
    result.peer.origin = (struct origin_card){.listener.number = 3};
    get_card(&cards, 1, &result.peer.card);
    ck_assert_str_eq(answer(&result), "#2 boiler\n"
                                      "  transport   tcp\n"
                                      "  remote      x\n"
                                      "  local       y\n"
                                      "  listener    listener 3\n"
                                      "  state       closing\n"
                                      "  received    1,234 bytes\n"
                                      "  sent        0 bytes\n"
                                      "  queued      0 bytes\n"
                                      "  idle        0.00 s\n");
}
END_TEST

START_TEST(tells_how_far_a_file_is)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    char *error = NULL;
    link->keep = true;
    ck_assert(fake_send_file(&world.hub, link->link.peer, "/proc/self/exe", &error));
    fake_turn(&world);
    ck_assert_ptr_nonnull(strstr(fake_console_say(&fake, "/peers"), "  file 0 %  "));
    fake_link_drain(link);
    fake_turn(&world);
    const char *info = fake_console_say(&fake, "/info 1");
    ck_assert_ptr_nonnull(strstr(info, "  file        /proc/self/exe: 65,536 of "));
}
END_TEST

START_TEST(lists_listeners)
{
    SAYS("/listeners", "nothing is listened on\n");
    fake_listen(&world, "udp://127.0.0.1:2?name=meters");
    SAYS("/listeners", "LISTENER  ENDPOINT           NAME    REPLY  EOL   FRAMING\n"
                       "       1  udp://127.0.0.1:2  meters  stamp  none  raw\n");
}
END_TEST

START_TEST(helps)
{
    const char *help = fake_console_say(&fake, "/help");
    ck_assert_ptr_nonnull(strstr(help, "\n  TEXT "));
    ck_assert_ptr_nonnull(strstr(help, "\n  @PEERS TEXT "));
    ck_assert_ptr_nonnull(strstr(help, "\n  /send PEERS TEXT "));
    ck_assert_ptr_nonnull(strstr(help, "\n  #3 boiler > TEXT "));
    ck_assert_ptr_null(strstr(help, "\n  |"));
    fake.console.columns = 80;
    help = fake_console_say(&fake, "/help");
    const char *gutter = strstr(help, "\n  | ");
    ck_assert_ptr_nonnull(gutter); /* which is explained; nothing had to be folded */
    ck_assert_ptr_null(strstr(gutter + 1, "\n  | "));
    help = fake_console_say(&fake, "/help send");
    ck_assert_ptr_nonnull(strstr(help, "/send PEERS TEXT   "));
    ck_assert_ptr_null(strstr(help, "/peers "));
}
END_TEST

START_TEST(shows_stats)
{
    ck_assert_ptr_nonnull(strstr(fake_console_say(&fake, "/stats"), "bytes received\n"));
}
END_TEST

/* --- any bytes at all --- */

/* One line of printable UTF-8. */
static void check_safe(const char *line)
{
    size_t size = strlen(line), at = 0;
    ck_assert(size > 0 && line[size - 1] == '\n');
    while (at + 1 < size) {
        uint32_t code;
        int length = utf8_decode((const uint8_t *)line + at, size - at, &code);
        if (length <= 0 || !utf8_printable(code))
            ck_abort_msg("not printable: %s", line + at);
        at += (size_t)length;
    }
}

static size_t random_bytes(char *data, size_t most)
{
    static const char *const traps[] = {"\x1b[2J",      "\xe2\x80\xae", "\xc2\x9b", "\n#2 < ",
                                        "\xe2\x80\xa8", "\r",           "\b\b",     "中"};
    size_t size = 0, wanted = (size_t)rand() % most;
    while (size + 8 < wanted) {
        const char *trap = traps[(size_t)rand() % (sizeof traps / sizeof *traps)];
        if (rand() % 2)
            size += (size_t)snprintf(data + size, most - size, "%s", trap);
        else
            data[size++] = (char)rand();
    }
    return size;
}

START_TEST(no_bytes_get_through)
{
    static const struct told file_told = {
        .type = HUB_FILE, .time = FAKE_WALL, .peer.number = 1};
    struct fake_link *link = make_peer("udp://127.0.0.1:1?reply=none");
    char data[256];
    srand(1);
    for (int i = 0; i < 1000; i++) {
        struct told file = file_told;
        size_t size = random_bytes(data, sizeof data);
        hub_receive(&world.hub, link->link.peer, data, size, false);
        check_safe(fake_console_take(&fake));
        data[size] = '\0';
        file.file.path = data;
        file.file.error = data;
        tell(&file);
        check_safe(fake_console_take(&fake));
        utstring_clear(&fake.console.out);
        render_text.error(&fake.console, NULL, data);
        utstring_bincpy(&fake.written, utstring_body(&fake.console.out),
                        utstring_len(&fake.console.out));
        check_safe(fake_console_take(&fake));
    }
}
END_TEST

START_TEST(colours_only_where_wanted)
{
    struct fake_link *link = make_peer("tcp://127.0.0.1:1");
    fake.console.colours = TEXT_COLOURS_FEW;
    receive(link, "\x1b[31m");
    WROTE("\x1b[2m10:27:00\x1b[0m \x1b[35m#1 <\x1b[0m \\x1b[31m\n");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {tells_what_happens_on_a_line,
                                  tells_automatic_replies_from_others,
                                  tells_once_what_went_to_several,
                                  tells_again_what_went_to_several,
                                  tells_of_which_node_several_are,
                                  tells_what_was_never_sent,
                                  tells_of_unix_peers_and_datagrams,
                                  tells_who_was_refused,
                                  tells_how_a_file_went,
                                  tells_of_peers_elsewhere,
                                  tells_the_target,
                                  tells_errors_and_losses,
                                  tells_what_is_said_beside_the_line,
                                  tells_of_the_lines_of_a_modem,
                                  tells_how_a_program_ended,
                                  tells_of_other_consoles,
                                  nobody_is_said_once,
                                  tells_an_error_that_repeats_now_and_then,
                                  shows_hex_and_size,
                                  shows_bytes_that_were_spelled_out,
                                  folds_messages_on_a_terminal_only,
                                  cuts_long_messages_on_a_terminal_only,
                                  says_how_to_see_more,
                                  cuts_no_message_that_fits,
                                  shows_all_where_one_is_asked_for,
                                  what_is_told_again_is_no_part_of_a_character,
                                  what_is_not_kept_has_its_size,
                                  cuts_no_character_in_two,
                                  fits_hex_rows_to_the_terminal,
                                  joins_a_split_character,
                                  shows_what_never_becomes_a_character,
                                  another_view_shows_the_rest_first,
                                  skipped_pieces_are_not_joined,
                                  a_datagram_is_whole,
                                  lists_peers,
                                  a_table_fits_the_terminal,
                                  an_event_is_folded,
                                  tells_all_about_one,
                                  shows_cards_of_peers_elsewhere,
                                  tells_how_far_a_file_is,
                                  lists_listeners,
                                  helps,
                                  shows_stats,
                                  no_bytes_get_through,
                                  colours_only_where_wanted,
                                  NULL};
    return check_run_with("render_text", setup, teardown, tests);
}
