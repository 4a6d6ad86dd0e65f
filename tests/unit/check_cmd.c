/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each command: what it does and what it answers. For send see check_delivery.c. */
#include "command/command.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check_main.h"
#include "command/errand.h"
#include "core/agents.h"
#include "fake_operator.h"

static struct fake world;
static struct fake_operator console;
static struct listener *tcp, *udp;
static struct fake_link *first, *second, *third; /* #1 tcp, #2 tcp, #3 udp */

static void setup(void)
{
    fake_init(&world);
    fake_operator_init(&console, &world);
    tcp = fake_listen(&world, "tcp://127.0.0.1:1");
    udp = fake_listen(&world, "udp://127.0.0.1:2?name=meters");
    first = fake_peer(&world, tcp);
    second = fake_peer(&world, tcp);
    third = fake_peer(&world, udp);
    fake_take(&world);
}

static void teardown(void)
{
    fake_operator_finish(&console);
    fake_finish(&world);
}

#define SAYS(line, expected) ck_assert_str_eq(fake_say(&console, line), expected)
#define TOOK(link, expected) ck_assert_str_eq(fake_link_take(link), expected)
#define SAW(expected) ck_assert_str_eq(fake_take(&world), expected)

/* --- to --- */

START_TEST(to_chooses_the_target)
{
    SAYS("/to 2", "changed target 2\nto: done\n");
    SAYS("/to #3", "changed target 3\nto: done\n");
    SAYS("/to 3", "to: done\n");
    hub_name(&world.hub, first->link.peer, "boiler");
    SAYS("/to boiler", "changed target 1\nto: done\n");
    SAYS("/to -", "changed target 0\nto: done\n");
    SAYS("/to -", "to: done\n");
}
END_TEST

START_TEST(to_nobody_leaves_the_target)
{
    fake_say(&console, "/to 2");
    SAYS("/to 9", "error to: no peer '9' on the line\n");
    SAYS("/to *", "error to: the target is one peer: @PEERS TEXT sends to several\n");
    SAYS("/to 2,3", "error to: the target is one peer: @PEERS TEXT sends to several\n");
    SAYS("/to 1 2", "error to: no peer '1 2' on the line\n");
    ck_assert_uint_eq(console.session.target, 2);
}
END_TEST

START_TEST(a_call_may_be_named_before_it_is_answered)
{
    struct fake_link *call = fake_call(&world, "tcp://127.0.0.1:9");
    fake_take(&world);
    SAYS("/name 4 boiler", "name: done\n");
    SAW("");
    hub_open(&world.hub, call->link.peer);
    SAW("open #4\nname #4 boiler\n");
}
END_TEST

/* --- peers, info --- */

START_TEST(peers_lists_all_alive)
{
    world.now += 7;
    SAYS("/peers", "peers: #1 idle 7 #2 idle 7 #3 idle 7\n");
    fake_call(&world, "tcp://127.0.0.1:9");
    first->finish_later = true;
    hub_close(&world.hub, first->link.peer, CLOSE_OPERATOR);
    hub_detach(&world.hub, third->link.peer, CLOSE_EOF, NULL);
    SAYS("/peers", "peers: #1 idle 7 #2 idle 7 #4\n");
}
END_TEST

START_TEST(peers_of_nobody_is_an_empty_list)
{
    hub_shutdown(&world.hub);
    SAYS("/peers", "peers:\n");
}
END_TEST

START_TEST(peers_come_a_thousand_at_a_time)
{
    for (unsigned i = 3; i < 2000; i++)
        fake_peer(&world, tcp);
    const char *answer = fake_say(&console, "/peers");
    const char *next = strchr(answer, '\n');
    ck_assert_ptr_nonnull(strstr(answer, "#999 #1000 more\npeers: #1001"));
    ck_assert_ptr_nonnull(strstr(next, "#1999 #2000 next\n"));
    fake_peer(&world, tcp);
    answer = fake_say(&console, "/peers");
    ck_assert_ptr_nonnull(strstr(answer, "#2000 next more\npeers: #2001 next\n"));
}
END_TEST

START_TEST(peers_like_a_pattern)
{
    hub_name(&world.hub, second->link.peer, "boiler");
    SAYS("/peers udp", "peers: #3\n");
    SAYS("/peers Boil", "peers: #2\n");
    SAYS("/peers boil?r", "peers: #2\n");
    SAYS("/peers meters:", "peers: #3\n");
    SAYS("/peers pump", "peers:\n");
    SAYS("/peers open", "peers: #1 #2 #3\n");
}
END_TEST

START_TEST(peers_like_a_pattern_may_be_rare)
{
    for (unsigned i = 3; i < 2500; i++)
        fake_peer(&world, tcp);
    hub_name(&world.hub, hub_find(&world.hub, 2100), "boiler");
    hub_name(&world.hub, hub_find(&world.hub, 2499), "boiler2");
    SAYS("/peers boiler", "peers: #2100 #2499\n");
    hub_name(&world.hub, hub_find(&world.hub, 1002), "boiler3");
    SAYS("/peers boiler", "peers: #1002 more\npeers: #2100 #2499 next\n");
    SAYS("/peers pump", "peers:\n");
}
END_TEST

START_TEST(info_tells_of_one)
{
    world.now += 7;
    SAYS("/info 2", "info: #2 idle 7 since 7 by tcp://127.0.0.1:1\n");
    SAYS("/info 2,3", "error info: no peer '2,3' on the line\n");
    SAYS("/info 9", "error info: no peer '9' on the line\n");
}
END_TEST

/* --- name --- */

START_TEST(name_is_given_and_taken_away)
{
    SAYS("/name 2 boiler", "name: done\n");
    SAW("name #2 boiler\n");
    SAYS("/name boiler Pump_7-x", "name: done\n");
    SAW("name #2 Pump_7-x\n");
    SAYS("/name 2 -", "name: done\n");
    SAW("name #2\n");
    SAYS("@Pump_7-x hi", "error send: no peer 'Pump_7-x' on the line\n");
}
END_TEST

START_TEST(name_belongs_to_one)
{
    fake_say(&console, "/name 2 boiler");
    SAYS("/name 2 boiler", "name: done\n");
    fake_take(&world);
    SAYS("/name 1 boiler", "error name: the name 'boiler' is that of #2\n");
    SAW("");
    hub_detach(&world.hub, second->link.peer, CLOSE_EOF, NULL);
    SAYS("/name 1 boiler", "name: done\n");
}
END_TEST

START_TEST(name_has_a_form)
{
    static const char *const wrong[] = {
        "/name 1 3",  "/name 1 #3",       "/name 1 a,b",
        "/name 1 *",  "/name 1 _a",       "/name 1 a b",
        "/name 1 --", "/name 1 \xc3\xa4", "/name 1 a234567890123456789012345678901234"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        const char *answer = fake_say(&console, wrong[i]);
        ck_assert_msg(strstr(answer, " is no name: a letter, then at most 31 letters, digits, "
                                     "- or _\n") != NULL,
                      "%s", answer);
    }
    SAYS("/name 1 a2345678901234567890123456789012", "name: done\n");
    SAYS("/name 9 3", "error name: no peer '9' on the line\n");
}
END_TEST

/* --- bytes --- */

START_TEST(bytes_sends_exactly_these)
{
    SAYS("/bytes 1 ad de \"AT\\r\\n\" 0x00", "bytes: done\n");
    TOOK(first, "\\xad\\xdeAT\\r\\n\\x00");
    ck_assert_uint_eq(first->sends, 1);
    SAYS("/bytes 1,3 beef", "bytes: done\n");
    TOOK(first, "\\xbe\\xef");
    TOOK(third, "\\xbe\\xef");
    TOOK(second, "");
}
END_TEST

START_TEST(bytes_that_are_none_go_to_nobody)
{
    static const char *const wrong[] = {"/bytes 1,3 f", "/bytes 1,3 xy", "/bytes 1,3 \"a",
                                        "/bytes 1,3 ff \"\\x1\"", "/bytes 1,3 ff hello"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        ck_assert_int_eq(strncmp(fake_say(&console, wrong[i]), "error bytes: ", 13), 0);
    const char *answer = fake_say(&console, "/bytes 3 xy");
    ck_assert_int_eq(strncmp(answer, "error bytes: ", 13), 0);
    SAYS("/bytes 1,9 ff", "error bytes: no peer '9' on the line\n");
    ck_assert_uint_eq(first->tries + third->tries, 0);
}
END_TEST

/* --- file --- */

static char folder[] = "/tmp/telex-check-XXXXXX";
static char path[PATH_MAX];

static void make_folder(void)
{
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

/* A file of size bytes of which the first are content; path names it. */
static void make_file(const char *name, const char *content, off_t size)
{
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_ge(fputs(content, file), 0);
    ck_assert_int_eq(fclose(file), 0);
    ck_assert_int_eq(truncate(path, size), 0);
}

static void remove_folder(void)
{
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_int_eq(rmdir(folder), 0);
}

/* Runs "COMMAND PATH"; what is answered must be expected, in which %s stands for the path. */
static void check_file(const char *command, const char *expected)
{
    char line[PATH_MAX + 64], *answer = mem_strdup(expected);
    const char *place = strstr(expected, "%s");
    if (place) {
        free(answer);
        answer = mem_printf("%.*s%s%s", (int)(place - expected), expected, path, place + 2);
    }
    snprintf(line, sizeof line, "%s %s", command, path);
    SAYS(line, answer);
    free(answer);
}

START_TEST(file_is_answered_before_it_is_sent)
{
    make_folder();
    make_file("a b", "hello\n", 6);
    check_file("/file 1,3", "file: done (sending '%s' to 2 peers: 6 bytes)\n");
    SAW("");
    SAYS("@1 hi", "error send: not sent to #1: a file is being sent to it\n");
    for (unsigned turn = 0; turn < 5; turn++)
        fake_turn(&world);
    TOOK(first, "hello\\n");
    TOOK(third, "hello\\n");
    const char *seen = fake_take(&world);
    ck_assert_ptr_nonnull(strstr(seen, "file #1 "));
    ck_assert_ptr_nonnull(strstr(seen, "file #3 "));
    ck_assert_ptr_nonnull(strstr(seen, "/a b 6 of 6\n"));
    remove_folder();
}
END_TEST

START_TEST(file_names_each_that_is_busy)
{
    make_folder();
    make_file("x", "hello", 5);
    check_file("/file 1", "file: done (sending '%s' to #1: 5 bytes)\n");
    second->finish_later = true;
    hub_close(&world.hub, second->link.peer, CLOSE_OPERATOR);
    check_file("/file *", "error file: not sent to #1: a file is being sent to it; #2: it is "
                          "closing\n");
    for (unsigned turn = 0; turn < 5; turn++)
        fake_turn(&world);
    TOOK(first, "hello");
    TOOK(third, "hello");
    remove_folder();
}
END_TEST

START_TEST(file_over_a_datagram_goes_to_nobody)
{
    make_folder();
    make_file("x", "", 65508);
    check_file("/file *", "error file: nothing was sent: '%s' has 65508 bytes, a datagram "
                          "holds at most 65507\n");
    ck_assert_ptr_null(feed_of(first->link.peer));
    check_file("/file 1,2", "file: done (sending '%s' to 2 peers: 65508 bytes)\n");
    ck_assert_int_eq(truncate(path, 65507), 0);
    check_file("/file 3", "file: done (sending '%s' to #3: 65507 bytes)\n");
    remove_folder();
}
END_TEST

static unsigned count_descriptors(void)
{
    unsigned count = 0;
    DIR *directory = opendir("/proc/self/fd");
    ck_assert_ptr_nonnull(directory);
    while (readdir(directory))
        count++;
    closedir(directory);
    return count;
}

START_TEST(file_costs_one_descriptor_for_all)
{
    make_folder();
    make_file("x", "hello", 5);
    for (unsigned i = 0; i < 150; i++)
        fake_peer(&world, tcp);
    const unsigned before = count_descriptors();
    check_file("/file *", "file: done (sending '%s' to 153 peers: 5 bytes)\n");
    ck_assert_uint_eq(count_descriptors(), before + 1);
    check_file("/file 1", "error file: not sent to #1: a file is being sent to it\n");
    ck_assert_uint_eq(count_descriptors(), before + 1);
    while (world.laters > 0)
        fake_turn(&world);
    for (struct fake_link *link = world.links; link; link = link->next)
        TOOK(link, "hello");
    ck_assert_uint_eq(count_descriptors(), before);
    remove_folder();
}
END_TEST

START_TEST(file_to_many_is_begun_in_several_turns)
{
    make_folder();
    make_file("x", "hello", 5);
    for (unsigned i = 3; i < ERRAND_PIECE + 3; i++)
        fake_peer(&world, tcp);
    const unsigned before = count_descriptors();
    char line[PATH_MAX + 64];
    snprintf(line, sizeof line, "/file * %s", path);
    command_line(&console.session, line, strlen(line));
    ck_assert_ptr_null(feed_of(first->link.peer));
    operator_task_go_on(&console.session); /* all have been asked */
    ck_assert_ptr_nonnull(feed_of(hub_find(&world.hub, ERRAND_PIECE)));
    ck_assert_ptr_null(feed_of(hub_find(&world.hub, ERRAND_PIECE + 1)));
    hub_close(&world.hub, hub_find(&world.hub, ERRAND_PIECE + 2), CLOSE_OPERATOR);
    fake_operator_take(&console);
    operator_task_go_on(&console.session);
    ck_assert_ptr_nonnull(strstr(fake_operator_take(&console), "' to 1002 peers: 5 bytes)\n"));
    ck_assert_uint_eq(count_descriptors(), before + 1);
    while (world.laters > 0)
        fake_turn(&world);
    ck_assert_uint_eq(count_descriptors(), before);
    remove_folder();
}
END_TEST

START_TEST(file_that_goes_to_nobody_is_closed)
{
    make_folder();
    make_file("x", "", 65508);
    const unsigned before = count_descriptors();
    check_file("/file 3", "error file: nothing was sent: '%s' has 65508 bytes, a datagram "
                          "holds at most 65507\n");
    SAYS("/file 1 /", "error file: cannot send '/': it is not a regular file\n");
    first->finish_later = true;
    hub_close(&world.hub, first->link.peer, CLOSE_OPERATOR);
    check_file("/file 1", "error file: not sent to #1: it is closing\n");
    ck_assert_uint_eq(count_descriptors(), before);
    remove_folder();
}
END_TEST

START_TEST(file_must_be_a_regular_one)
{
    SAYS("/file 1 /nonexistent/x",
         "error file: cannot send '/nonexistent/x': No such file or directory\n");
    SAYS("/file 1 /", "error file: cannot send '/': it is not a regular file\n");
    SAYS("/file 1 /dev/null",
         "error file: cannot send '/dev/null': it is not a regular file\n");
    SAYS("/file 1 /\x1b", "error file: cannot send '/\\x1b': No such file or directory\n");
    make_folder();
    snprintf(path, sizeof path, "%s/fifo", folder);
    ck_assert_int_eq(mkfifo(path, 0600), 0);
    check_file("/file 1", "error file: cannot send '%s': it is not a regular file\n");
    remove_folder();
}
END_TEST

START_TEST(file_goes_to_nobody_where_one_is_unknown)
{
    make_folder();
    make_file("x", "hello", 5);
    check_file("/file 1,9", "error file: no peer '9' on the line\n");
    ck_assert_ptr_null(feed_of(first->link.peer));
    remove_folder();
}
END_TEST

START_TEST(file_is_for_those_who_may_name_paths)
{
    make_folder();
    make_file("x", "hello", 5);
    console.session.local_files = false;
    check_file("/file 1", "error file: files are only for the user that telexd runs as, and "
                          "root\n");
    ck_assert_ptr_null(feed_of(first->link.peer));
    remove_folder();
}
END_TEST

/* --- close --- */

START_TEST(close_is_graceful_and_at_once_the_second_time)
{
    first->finish_later = true;
    first->keep = true;
    fake_say(&console, "@1 four");
    fake_take(&world);
    SAYS("/close 1", "close: done (closing #1)\n");
    ck_assert(first->finishing);
    SAW("");
    SAYS("/close #1", "close: done (closing #1 at once)\n");
    SAW("close #1 operator received 0 sent 0 unsent 5\n");
    SAYS("/close 1", "error close: no peer '1' on the line\n");
}
END_TEST

START_TEST(close_takes_several)
{
    fake_say(&console, "/name 2 boiler");
    SAYS("/close boiler", "close: done (closing #2 boiler)\n");
    SAYS("/close 1,9", "error close: no peer '9' on the line\n");
    ck_assert_int_eq(first->link.peer->state, PEER_OPEN);
    SAYS("/close *", "close: done (closing 2 peers)\n");
    SAYS("/close *", "error close: nobody is on the line\n");
}
END_TEST

START_TEST(close_ends_a_call_that_waits)
{
    console.waiting = "pump";
    SAYS("/close kettle", "error close: no peer 'kettle' on the line\n");
    SAYS("/close pump", "close: done (it is not called again)\n");
    SAYS("/close pump", "error close: no peer 'pump' on the line\n");
    console.waiting = "pump";
    fake_say(&console, "/name 1 pump");
    SAYS("/close pump", "close: done (closing #1 pump)\n"); /* who is there is meant */
    ck_assert_ptr_nonnull(console.waiting);
    SAYS("/close *", "close: done (closing 2 peers)\n");
    ck_assert_ptr_null(console.waiting);
    console.waiting = "pump";
    SAYS("/close *", "close: done (it is not called again)\n");
}
END_TEST

START_TEST(close_of_many_goes_on_in_later_turns)
{
    for (unsigned i = 3; i < ERRAND_PIECE + 3; i++)
        fake_peer(&world, udp);
    command_line(&console.session, "/close *", 8);
    ck_assert_ptr_nonnull(console.session.task);
    ck_assert_uint_eq(hub_living(&world.hub), 3);
    hub_detach(&world.hub, hub_find(&world.hub, ERRAND_PIECE + 1), CLOSE_EOF, NULL);
    fake_turn(&world);
    ck_assert_str_eq(fake_operator_take(&console), "");
    operator_task_go_on(&console.session);
    ck_assert_str_eq(fake_operator_take(&console), "close: done (closing 1002 peers)\n");
    ck_assert_uint_eq(hub_living(&world.hub), 0);
}
END_TEST

START_TEST(close_drops_a_call)
{
    struct fake_link *call = fake_call(&world, "tcp://127.0.0.1:9");
    SAYS("/close 4", "close: done (closing #4)\n");
    ck_assert(!call->finishing);
    SAW("close #4 operator received 0 sent 0 unsent 0\n");
}
END_TEST

/* --- listeners, listen, unlisten, connect, reply --- */

START_TEST(listeners_lists_them)
{
    SAYS("/listeners", "listeners: 1 2\n");
    hub_remove_listener(&world.hub, tcp);
    SAYS("/listeners", "listeners: 2\n");
    hub_remove_listener(&world.hub, udp);
    SAYS("/listeners", "listeners:\n");
}
END_TEST

START_TEST(listeners_come_a_thousand_at_a_time)
{
    for (unsigned i = 2; i < 1001; i++)
        fake_listen(&world, "tcp://127.0.0.1:7");
    const char *answer = fake_say(&console, "/listeners");
    ck_assert_ptr_nonnull(strstr(answer, " 1000 more\nlisteners: 1001 next\n"));
}
END_TEST

START_TEST(listen_answers_with_the_new_one)
{
    SAYS("/listen tcp://127.0.0.1:5?name=gate&eol=crlf", "listen: 3\n");
    SAW("listening 3 tcp://127.0.0.1:5\n");
    SAYS("/listen unix:/run/a b", "listen: 4\n");
}
END_TEST

START_TEST(listen_says_why_not)
{
    console.program_error = "cannot listen on tcp://[::]:1: Permission denied";
    SAYS("/listen 1", "error listen: cannot listen on tcp://[::]:1: Permission denied\n");
    console.program_error = NULL;
    const char *answer = fake_say(&console, "/listen tcp://127.0.0.1:70000");
    ck_assert_int_eq(strncmp(answer, "error listen: ", 14), 0);
    console.session.local_files = false;
    SAYS("/listen unix:/run/x", "error listen: unix endpoints are only for the user that "
                                "telexd runs as, and root\n");
    SAYS("/listeners", "listeners: 1 2\n");
}
END_TEST

START_TEST(listen_answers_when_the_name_is_found)
{
    const char *line = "/listen tcp://gate.example:5";
    console.listen_waits = true;
    command_line(&console.session, line, strlen(line));
    ck_assert_str_eq(fake_operator_take(&console), "");
    ck_assert_ptr_nonnull(console.session.task);
    ck_assert(console.session.task->waits);
    console.ready(console.asker);
    operator_task_go_on(&console.session);
    ck_assert_str_eq(fake_operator_take(&console), "listen: 3\n");
    ck_assert_ptr_null(console.session.task);
    ck_assert_uint_eq(console.listenings, 0);
}
END_TEST

START_TEST(listen_answers_when_the_name_is_not_found)
{
    const char *line = "/listen tcp://gate.example:5";
    console.listen_waits = true;
    console.program_error = "there is no host of that name";
    command_line(&console.session, line, strlen(line));
    ck_assert_str_eq(fake_operator_take(&console), "");
    console.ready(console.asker);
    operator_task_go_on(&console.session);
    ck_assert_str_eq(fake_operator_take(&console),
                     "error listen: there is no host of that name\n");
    ck_assert_uint_eq(console.listenings, 0);
}
END_TEST

START_TEST(listen_is_given_up_with_its_operator)
{
    const char *line = "/listen tcp://gate.example:5";
    console.listen_waits = true;
    command_line(&console.session, line, strlen(line));
    ck_assert_uint_eq(console.listenings, 1);
    operator_task_cancel(&console.session);
    ck_assert_uint_eq(console.listenings, 0);
    SAYS("/listeners", "listeners: 1 2\n");
}
END_TEST

START_TEST(unlisten_by_number_or_name)
{
    SAYS("/unlisten 1", "unlisten: done\n");
    SAW("unlistening 1 tcp://127.0.0.1:1\n");
    SAYS("/unlisten meters", "unlisten: done\n");
    SAW("unlistening 2 udp://127.0.0.1:2\nclose #3 operator received 0 sent 0 unsent 0\n");
    SAYS("/peers", "peers: #1 #2\n");
    SAYS("/unlisten 1", "error unlisten: no listener '1': /listeners lists them\n");
    SAYS("/unlisten *", "error unlisten: no listener '*': /listeners lists them\n");
}
END_TEST

START_TEST(connect_answers_with_the_number)
{
    SAYS("/connect tcp://127.0.0.1:9", "connect: called 4\n");
    SAW("");
    SAYS("/connect udp://127.0.0.1:9?reply=echo", "connect: called 5\n");
    ck_assert_uint_eq(console.session.target, 0);
}
END_TEST

START_TEST(connect_says_why_not)
{
    console.program_error = "no listener 'x'";
    SAYS("/connect udp://127.0.0.1:9?from=x", "error connect: no listener 'x'\n");
    console.program_error = NULL;
    console.session.local_files = false;
    SAYS("/connect unix:/run/x", "error connect: unix endpoints are only for the user that "
                                 "telexd runs as, and root\n");
    const char *answer = fake_say(&console, "/connect tcp://127.0.0.1:x");
    ck_assert_int_eq(strncmp(answer, "error connect: ", 15), 0);
    SAYS("/peers", "peers: #1 #2 #3\n");
}
END_TEST

START_TEST(reply_holds_at_once_for_present_peers)
{
    hub_receive(&world.hub, first->link.peer, "hi", 2, false);
    TOOK(first, "");
    SAYS("/reply 1 echo", "reply: done (listener 1 replies with echo)\n");
    hub_receive(&world.hub, first->link.peer, "hi", 2, false);
    TOOK(first, "hi");
    SAYS("/reply meters none", "reply: done (listener 2 replies with none)\n");
    ck_assert_ptr_eq(udp->origin.profile.reply, &agent_none);
}
END_TEST

START_TEST(reply_says_what_is_wrong)
{
    SAYS("/reply 9 echo", "error reply: no listener '9': /listeners lists them\n");
    const char *answer = fake_say(&console, "/reply 1 loud");
    ck_assert_ptr_nonnull(strstr(answer, "error reply: "));
    ck_assert_ptr_nonnull(strstr(answer, "'loud'"));
    ck_assert_ptr_eq(tcp->origin.profile.reply, &agent_none);
}
END_TEST

/* --- view, stats, read-only, help, quit, shutdown --- */

START_TEST(view_is_this_console_s)
{
    SAYS("/view hex", "changed view hex\nview: done (view hex)\n");
    ck_assert_int_eq(console.session.view, VIEW_HEX);
    const char *answer = fake_say(&console, "/view blue");
    ck_assert_ptr_nonnull(strstr(answer, "error view: "));
    ck_assert_ptr_nonnull(strstr(answer, "'blue'"));
    ck_assert_int_eq(console.session.view, VIEW_HEX);
}
END_TEST

START_TEST(stats_gives_all_figures)
{
    struct stats_figure figures[STATS_FIGURES_MAX];
    char expected[80];
    snprintf(expected, sizeof expected, "stats: %u figures since %lld\n",
             stats_collect(&world.hub, figures), (long long)FAKE_WALL);
    world.wall += 1000000;
    SAYS("/stats", expected);
}
END_TEST

START_TEST(read_only_has_no_way_back)
{
    static const char answer[] =
        "read-only: done (this console changes nothing from here on)\n";
    char expected[128];
    snprintf(expected, sizeof expected, "changed read-only\n%s", answer);
    SAYS("/read-only", expected);
    ck_assert(console.session.read_only);
    SAYS("/read-only", answer);
    ck_assert(console.session.read_only);
}
END_TEST

START_TEST(restrict_gives_up_what_is_of_this_machine)
{
    static const char refused[] =
        "error listen: unix endpoints are only for the user that telexd runs as, and root\n";
    SAYS("/restrict",
         "restrict: done (this console reaches no files, devices, programs or Unix "
         "sockets from here on)\n");
    SAYS("/listen unix:/tmp/x", refused);
    SAYS("/read-only", "changed read-only\nread-only: done (this console changes nothing from "
                       "here on)\n");
    ck_assert(!console.session.local_files);
}
END_TEST

START_TEST(help_lists_or_explains)
{
    SAYS("/help",
         "help: send to show find replay peers info name every bytes file close listeners "
         "listen unlisten "
         "connect reply join part only mute grep view set fault line time stats read-only "
         "restrict "
         "consoles "
         "say help "
         "quit "
         "shutdown\n");
    SAYS("/help send", "help: send\n");
    SAYS("/help /send", "help: send\n");
    SAYS("/help /list",
         "error help: '/list' could be /listeners or /listen; or did you mean /peers?\n");
    SAYS("/help  rea ", "help: read-only\n");
    SAYS("/help nosuch", "error help: unknown command '/nosuch': /help lists them, and //TEXT "
                         "sends /TEXT\n");
}
END_TEST

START_TEST(quit_leaves_and_shutdown_ends_all)
{
    SAYS("/quit", "quit: done\nchanged leaving\n");
    ck_assert(console.session.leaving);
    ck_assert_uint_eq(console.shutdowns, 0);
    SAYS("/shutdown", "shutdown: done\nshutdown\n");
    ck_assert_uint_eq(console.shutdowns, 1);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {to_chooses_the_target,
                                  to_nobody_leaves_the_target,
                                  a_call_may_be_named_before_it_is_answered,
                                  peers_lists_all_alive,
                                  peers_of_nobody_is_an_empty_list,
                                  peers_come_a_thousand_at_a_time,
                                  peers_like_a_pattern,
                                  peers_like_a_pattern_may_be_rare,
                                  info_tells_of_one,
                                  name_is_given_and_taken_away,
                                  name_belongs_to_one,
                                  name_has_a_form,
                                  bytes_sends_exactly_these,
                                  bytes_that_are_none_go_to_nobody,
                                  file_is_answered_before_it_is_sent,
                                  file_names_each_that_is_busy,
                                  file_over_a_datagram_goes_to_nobody,
                                  file_costs_one_descriptor_for_all,
                                  file_to_many_is_begun_in_several_turns,
                                  file_that_goes_to_nobody_is_closed,
                                  file_must_be_a_regular_one,
                                  file_goes_to_nobody_where_one_is_unknown,
                                  file_is_for_those_who_may_name_paths,
                                  close_is_graceful_and_at_once_the_second_time,
                                  close_takes_several,
                                  close_ends_a_call_that_waits,
                                  close_of_many_goes_on_in_later_turns,
                                  close_drops_a_call,
                                  listeners_lists_them,
                                  listeners_come_a_thousand_at_a_time,
                                  listen_answers_with_the_new_one,
                                  listen_says_why_not,
                                  listen_answers_when_the_name_is_found,
                                  listen_answers_when_the_name_is_not_found,
                                  listen_is_given_up_with_its_operator,
                                  unlisten_by_number_or_name,
                                  connect_answers_with_the_number,
                                  connect_says_why_not,
                                  reply_holds_at_once_for_present_peers,
                                  reply_says_what_is_wrong,
                                  view_is_this_console_s,
                                  stats_gives_all_figures,
                                  read_only_has_no_way_back,
                                  restrict_gives_up_what_is_of_this_machine,
                                  help_lists_or_explains,
                                  quit_leaves_and_shutdown_ends_all,
                                  NULL};
    return check_run_with("cmd", setup, teardown, tests);
}
