/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/unix_address.h"
#include "check_main.h"
#include "core/listener.h"
#include "fake_board.h"

static struct fake_board world;
static char folder[] = "/tmp/check-unix-XXXXXX";
static char *path, *endpoint;
static int caller;

static void setup(void)
{
    ck_assert_ptr_nonnull(mkdtemp(folder));
    path = mem_printf("%s/x", folder);
    endpoint = mem_printf("unix:%s", path);
    caller = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    fake_board_init(&world, &(struct transport_settings){0});
}

static void teardown(void)
{
    fake_board_finish(&world);
    close(caller);
    unlink(path);
    rmdir(folder);
    free(endpoint);
    free(path);
}

static void call(const char *name)
{
    struct sockaddr_un address;
    socklen_t length = unix_address(name, &address);
    ck_assert_int_eq(connect(caller, (struct sockaddr *)&address, length), 0);
}

static int listening_socket(void)
{
    struct sockaddr_un address;
    socklen_t length = unix_address(path, &address);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, length), 0);
    ck_assert_int_eq(listen(fd, 1), 0);
    return fd;
}

static struct link_description describe(const struct peer *peer)
{
    struct link_description description = {0};
    peer->link->ops->describe(peer->link, &description);
    return description;
}

START_TEST(who_calls_becomes_a_peer)
{
    fake_board_listen(&world, endpoint);
    call(path);
    ck_assert_int_eq(send(caller, "hi", 2, 0), 2);
    char *told = mem_printf("listening 1 %s\nopen #1\nmessage #1 hi\n", endpoint);
    ck_assert_str_eq(fake_board_until(&world, "message"), told);
    free(told);
    struct link_description description = describe(hub_find(&world.fake.hub, 1));
    ck_assert_str_eq(description.remote, "unix:");
    ck_assert_str_eq(description.local, endpoint);
    ck_assert(description.has_credentials);
    ck_assert_int_eq(description.pid, getpid());
    ck_assert_uint_eq(description.uid, getuid());
}
END_TEST

START_TEST(what_is_sent_arrives)
{
    char data[8];
    fake_board_listen(&world, endpoint);
    call(path);
    fake_board_until(&world, "open");
    struct peer *peer = hub_find(&world.fake.hub, 1);
    ck_assert_int_eq(hub_send(&world.fake.hub, peer, "yes", 3, 1, NULL), SEND_OK);
    ck_assert_int_eq(recv(caller, data, sizeof data, 0), 3);
    ck_assert_int_eq(shutdown(caller, SHUT_WR), 0);
    fake_board_until(&world, "half-close #1");
}
END_TEST

START_TEST(the_file_has_its_mode_and_goes_at_the_end)
{
    struct stat status;
    char *with_mode = mem_printf("%s?mode=0620", endpoint);
    struct listener *listener = fake_board_listen(&world, with_mode);
    ck_assert_int_eq(stat(path, &status), 0);
    ck_assert_uint_eq(status.st_mode & 07777, 0620);
    hub_remove_listener(&world.fake.hub, listener);
    ck_assert_int_lt(stat(path, &status), 0);
    free(with_mode);
}
END_TEST

START_TEST(an_adopted_file_stays)
{
    struct stat status;
    struct listener *listener = fake_board_adopt(&world, endpoint, listening_socket());
    call(path);
    fake_board_until(&world, "open #1");
    hub_remove_listener(&world.fake.hub, listener);
    ck_assert_int_eq(stat(path, &status), 0);
}
END_TEST

START_TEST(an_abstract_one_has_no_file)
{
    char *name = mem_printf("@telex-check-%d", (int)getpid());
    char *text = mem_printf("unix:%s", name);
    fake_board_listen(&world, text);
    call(name);
    fake_board_until(&world, "open #1");
    ck_assert_str_eq(describe(hub_find(&world.fake.hub, 1)).local, text);
    free(text);
    free(name);
}
END_TEST

START_TEST(calls_who_listens)
{
    int fd = listening_socket();
    struct peer *peer = fake_board_call(&world, endpoint, NULL);
    ck_assert_int_eq(peer->state, PEER_CONNECTING);
    ck_assert(!describe(peer).has_credentials);
    fake_board_until(&world, "open #1");
    struct link_description description = describe(peer);
    ck_assert_str_eq(description.remote, endpoint);
    ck_assert_str_eq(description.local, "unix:");
    ck_assert_int_eq(description.pid, getpid());
    close(fd);
}
END_TEST

START_TEST(a_call_to_nobody_closes)
{
    fake_board_call(&world, endpoint, NULL);
    ck_assert_str_eq(fake_board_until(&world, "close"),
                     "close #1 error received 0 sent 0 unsent 0 error "
                     "No such file or directory\n");
}
END_TEST

START_TEST(where_one_listens_no_other_may)
{
    int fd = listening_socket();
    check_error(fake_board_fault(&world, endpoint), "Address already in use");
    close(fd);
}
END_TEST

#define MODE_ERROR ": not octal permissions, as in mode=0660"
#define ON_STREAM "reply, eol, framing, view, name, half-close, fault"

START_TEST(a_mode_is_octal)
{
    static const char *const wrong[] = {"", "0", "0888", "01777", "rw"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char *text = mem_printf("unix:/x?mode=%s", wrong[i]);
        char *expected = mem_printf("mode=%s" MODE_ERROR, wrong[i]);
        check_error(fake_board_fault(&world, text), expected);
        free(expected);
        free(text);
    }
    check_error(fake_board_fault(&world, "unix:/x?mode=rw%1b"), "mode=rw\\x1b" MODE_ERROR);
}
END_TEST

START_TEST(a_mode_has_its_place)
{
    char *error = NULL;
    check_error(fake_board_fault(&world, "unix:@x?mode=0660"),
                "key 'mode' does not belong here: use one of " ON_STREAM ", to");
    check_error(fake_board_fault(&world, "unix:/x?from=1"),
                "key 'from' does not belong here: use one of " ON_STREAM ", to, mode");
    ck_assert_ptr_null(fake_board_call(&world, "unix:/x?mode=0660", &error));
    check_error(error, "key 'mode' does not belong here: use one of " ON_STREAM ", again");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {who_calls_becomes_a_peer,
                                  what_is_sent_arrives,
                                  the_file_has_its_mode_and_goes_at_the_end,
                                  an_adopted_file_stays,
                                  an_abstract_one_has_no_file,
                                  calls_who_listens,
                                  a_call_to_nobody_closes,
                                  where_one_listens_no_other_may,
                                  a_mode_is_octal,
                                  a_mode_has_its_place,
                                  NULL};
    return check_run_with("unix", setup, teardown, tests);
}
