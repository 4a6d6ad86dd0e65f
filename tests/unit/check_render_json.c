/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/renderer.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>

#include "check_main.h"
#include "command/operator_target.h"
#include "core/told.h"
#include "fake_console.h"

static struct fake world;
static struct fake_console fake;

static void setup(void)
{
    fake_init(&world);
    fake_console_init(&fake, &world, &render_json, NULL);
}

static void teardown(void)
{
    fake_console_finish(&fake);
    fake_finish(&world);
}

/* What is written after the time, which stands still. */
#define TIME "{\"time\":\"2017-03-19T10:27:00.000000Z\","
#define WROTE(text) ck_assert_str_eq(fake_console_take(&fake), TIME text "}\n")
#define TOLD(name, text) check_told(TIME "\"event\":\"" name "\",\"seq\":", "," text "}\n")
#define SAYS(line, text) ck_assert_str_eq(fake_console_say(&fake, line), TIME text "}\n")

/* Between them stands the number of the event that was told last. */
static void check_told(const char *before, const char *behind)
{
    UT_string expected;
    utstring_init(&expected);
    utstring_printf(&expected, "%s%" PRIu64 "%s", before, world.hub.seq, behind);
    ck_assert_str_eq(fake_console_take(&fake), utstring_body(&expected));
    utstring_done(&expected);
}

/* Peer #1 of listener 1; its open event is taken. */
static struct fake_link *make_peer(void)
{
    struct fake_link *link = fake_peer(&world, fake_listen(&world, "tcp://127.0.0.1:1"));
    fake_console_take(&fake);
    return link;
}

static void set_ends(struct fake_link *link, const char *remote, const char *local)
{
    snprintf(link->description.remote, sizeof link->description.remote, "%s", remote);
    snprintf(link->description.local, sizeof link->description.local, "%s", local);
}

static void receive(struct fake_link *link, const void *data, size_t size, bool partial)
{
    hub_receive(&world.hub, link->link.peer, data, size, partial);
}

/* --- events --- */

START_TEST(listening)
{
    struct listener *plain = fake_listen(&world, "tcp://[::]:9999");
    TOLD("listening", "\"listener\":1,\"endpoint\":\"tcp://[::]:9999\","
                      "\"name\":null");
    fake_listen(&world, "udp://:5?name=meters");
    TOLD("listening", "\"listener\":2,\"endpoint\":\"udp://*:5\","
                      "\"name\":\"meters\"");
    hub_remove_listener(&world.hub, plain);
    TOLD("unlistening", "\"listener\":1,\"endpoint\":\"tcp://[::]:9999\","
                        "\"name\":null");
}
END_TEST

START_TEST(open_of_a_listener)
{
    struct listener *listener = fake_listen(&world, "tcp://127.0.0.1:1");
    struct fake_link *link = fake_call(&world, "tcp://192.0.2.1:7");
    set_ends(link, "192.0.2.1:7", "192.0.2.9:50000");
    fake_console_take(&fake);
    hub_open(&world.hub, link->link.peer);
    TOLD("open", "\"peer\":1,\"transport\":\"tcp\",\"remote\":\"192.0.2.1:7\","
                 "\"local\":\"192.0.2.9:50000\"");
    fake_peer(&world, listener);
    ck_assert_ptr_nonnull(strstr(fake_console_take(&fake), "\"listener\":1}\n"));
}
END_TEST

START_TEST(open_on_a_unix_socket)
{
    struct fake_link *link = fake_call(&world, "unix:/run/x");
    set_ends(link, "unix:", "unix:/run/x");
    link->description.has_credentials = true;
    link->description.pid = 12;
    link->description.uid = 34;
    hub_open(&world.hub, link->link.peer);
    TOLD("open", "\"peer\":1,\"transport\":\"unix\",\"remote\":\"unix:\","
                 "\"local\":\"unix:/run/x\",\"pid\":12,\"uid\":34");
}
END_TEST

START_TEST(message)
{
    struct fake_link *link = make_peer();
    receive(link, "hi\n", 3, false);
    TOLD("message", "\"peer\":1,\"size\":3,\"text\":\"hi\\n\"");
    receive(link, "hi", 2, true);
    TOLD("message", "\"peer\":1,\"size\":2,\"text\":\"hi\",\"partial\":true");
    receive(link, "\xff\0", 2, false);
    TOLD("message", "\"peer\":1,\"size\":2,\"base64\":\"/wA=\"");
    receive(link, "a\0b", 3, false);
    TOLD("message", "\"peer\":1,\"size\":3,\"base64\":\"YQBi\"");
    receive(link, "\x1b\xe2\x80\xae\xc2\x85", 6, false);
    TOLD("message", "\"peer\":1,\"size\":6,"
                    "\"text\":\"\\u001b\\u202e\\u0085\"");
}
END_TEST

START_TEST(empty_message)
{
    struct fake_link *link =
        fake_peer(&world, fake_listen(&world, "udp://127.0.0.1:2?reply=none"));
    fake_console_take(&fake);
    receive(link, NULL, 0, false);
    TOLD("message", "\"peer\":1,\"size\":0,\"text\":\"\"");
}
END_TEST

START_TEST(sent_by_operator_and_by_itself)
{
    struct fake_link *link = make_peer();
    hub_send(&world.hub, link->link.peer, "hi\n", 3, 7, NULL);
    TOLD("sent", "\"peer\":1,\"size\":3,\"text\":\"hi\\n\",\"by\":\"operator\","
                 "\"console\":7");
    fake_console_say(&fake, "/reply 1 echo");
    receive(link, "ho", 2, false);
    ck_assert_str_eq(
        fake_console_take(&fake),
        TIME "\"event\":\"message\",\"seq\":4,\"peer\":1,\"size\":2,\"text\":\"ho\"}\n" TIME
             "\"event\":\"sent\",\"seq\":5,\"peer\":1,\"size\":2,\"text\":\"ho\",\"by\":"
             "\"auto\"}\n");
}
END_TEST

START_TEST(views)
{
    struct fake_link *link = make_peer();
    fake_console_say(&fake, "/view size");
    receive(link, "hi", 2, true);
    TOLD("message", "\"peer\":1,\"size\":2,\"partial\":true");
    hub_send(&world.hub, link->link.peer, "hi\n", 3, 1, NULL);
    TOLD("sent", "\"peer\":1,\"size\":3,\"by\":\"operator\",\"console\":1");
    fake_console_say(&fake, "/view hex");
    receive(link, "hi", 2, false);
    TOLD("message", "\"peer\":1,\"size\":2,\"text\":\"hi\"");
    fake_console_say(&fake, "/view none");
    receive(link, "hi", 2, false);
    ck_assert_str_eq(fake_console_take(&fake), "");
}
END_TEST

START_TEST(half_close_and_close)
{
    struct fake_link *link = make_peer();
    receive(link, "hi\n", 3, false);
    fake_console_take(&fake);
    hub_half_close(&world.hub, link->link.peer);
    TOLD("half-close", "\"peer\":1");
    world.now += 1500000;
    hub_detach(&world.hub, link->link.peer, CLOSE_ERROR, "No route \xff to host");
    TOLD("close", "\"peer\":1,\"reason\":\"error\",\"received\":3,\"sent\":0,"
                  "\"unsent\":0,\"seconds\":1.5,\"error\":\"No route \xef\xbf\xbd to host\"");
}
END_TEST

START_TEST(refused)
{
    const struct told told = {
        .type = HUB_REFUSED,
        .time = FAKE_WALL,
        .listener.number = 1,
        .refused = {.remote = "192.0.2.7:5", .why = REFUSED_LIMIT, .count = 3}};
    console_tell(&fake.console, &told);
    WROTE("\"event\":\"refused\",\"remote\":\"192.0.2.7:5\",\"listener\":1,\"why\":\"limit\","
          "\"count\":3");
}
END_TEST

START_TEST(name_and_target)
{
    struct fake_link *link = make_peer();
    hub_name(&world.hub, link->link.peer, "boiler");
    TOLD("name", "\"peer\":1,\"name\":\"boiler\"");
    hub_name(&world.hub, link->link.peer, NULL);
    TOLD("name", "\"peer\":1,\"name\":null");
    operator_target_set(&fake.console.session, 1);
    WROTE("\"event\":\"target\",\"peer\":1");
    operator_target_set(&fake.console.session, 0);
    WROTE("\"event\":\"target\",\"peer\":null");
}
END_TEST

START_TEST(file)
{
    struct told told = {.type = HUB_FILE,
                        .time = FAKE_WALL,
                        .peer.number = 1,
                        .file = {.path = "/tmp/\xff", .size = 10, .bytes = 10}};
    console_tell(&fake.console, &told);
    WROTE("\"event\":\"file\",\"peer\":1,\"path\":\"/tmp/\xef\xbf\xbd\",\"size\":10,"
          "\"bytes\":10");
    told.file.bytes = 4;
    told.file.error = "gone";
    console_tell(&fake.console, &told);
    WROTE("\"event\":\"file\",\"peer\":1,\"path\":\"/tmp/\xef\xbf\xbd\",\"size\":10,"
          "\"bytes\":4,\"error\":\"gone\"");
}
END_TEST

/* --- what a console says of its own --- */

START_TEST(says_hello)
{
    const struct hello hello = {.version = "1.2", .run = 0x1f, .seq = 7, .history = 3};
    console_hello(&fake.console, &hello);
    WROTE("\"event\":\"hello\",\"protocol\":1,\"version\":\"1.2\",\"access\":\"write\","
          "\"console\":1,\"run\":\"000000000000001f\",\"seq\":7,\"history\":3");
    fake.console.session.read_only = true;
    console_hello(&fake.console, &hello);
    WROTE("\"event\":\"hello\",\"protocol\":1,\"version\":\"1.2\",\"access\":\"read\","
          "\"console\":1,\"run\":\"000000000000001f\",\"seq\":7,\"history\":3");
}
END_TEST

START_TEST(told_again)
{
    struct told told = {.type = HUB_HALF_CLOSE,
                        .seq = 9,
                        .time = FAKE_WALL,
                        .replayed = true,
                        .peer.number = 1};
    console_tell(&fake.console, &told);
    WROTE("\"event\":\"half-close\",\"seq\":9,\"replayed\":true,\"peer\":1");
    told.peer.name = "boiler";
    console_tell(&fake.console, &told);
    WROTE("\"event\":\"half-close\",\"seq\":9,\"replayed\":true,\"peer\":1,"
          "\"name\":\"boiler\"");
}
END_TEST

START_TEST(lost)
{
    struct fake_link *link = make_peer();
    fake.backlog = CONSOLE_BACKLOG_MAX + 1;
    receive(link, "one", 3, false);
    hub_half_close(&world.hub, link->link.peer);
    fake.backlog = 0;
    console_drained(&fake.console);
    WROTE("\"event\":\"lost\",\"messages\":1,\"events\":1");
}
END_TEST

START_TEST(errors)
{
    SAYS("hello", "\"event\":\"error\",\"error\":\"no target: choose one with /to PEER, or "
                  "write @PEERS TEXT\",\"command\":\"send\",\"input\":1");
    const char *unknown = fake_console_say(&fake, "/nonsense");
    ck_assert_ptr_null(strstr(unknown, "\"command\""));
    ck_assert_ptr_nonnull(strstr(unknown, "\"input\":2}\n"));
}
END_TEST

/* --- results --- */

START_TEST(result_of_a_send)
{
    make_peer();
    const char *written = fake_console_say(&fake, "/send 1 hi");
    ck_assert_str_eq(written, TIME
                     "\"event\":\"sent\",\"seq\":3,\"peer\":1,\"size\":3,\"text\":\"hi\\n\","
                     "\"by\":\"operator\",\"console\":1}\n" TIME
                     "\"event\":\"result\",\"input\":1,\"command\":\"send\"}\n");
}
END_TEST

#define PEER1                                                                                 \
    "{\"peer\":1,\"transport\":\"tcp\",\"remote\":\"192.0.2.1:7\",\"local\":\"192.0.2.9:1\"," \
    "\"listener\":1,\"name\":null,\"state\":\"open\",\"received\":2,\"sent\":0,\"queued\":3," \
    "\"idle\":2.5,\"joined\":[]}"

START_TEST(results_with_peers)
{
    SAYS("/peers", "\"event\":\"result\",\"input\":1,\"command\":\"peers\",\"peers\":[]");
    struct fake_link *link = make_peer();
    set_ends(link, "192.0.2.1:7", "192.0.2.9:1");
    link->keep = true;
    receive(link, "hi", 2, false);
    hub_send(&world.hub, link->link.peer, "abc", 3, 1, NULL);
    world.now += 2500000;
    SAYS("/peers",
         "\"event\":\"result\",\"input\":2,\"command\":\"peers\",\"peers\":[" PEER1 "]");
    SAYS("/info 1", "\"event\":\"result\",\"input\":3,\"command\":\"info\",\"peer\":" PEER1);
    hub_name(&world.hub, link->link.peer, "boiler");
    struct fake_link *call = fake_call(&world, "udp://192.0.2.2:8");
    set_ends(call, "192.0.2.2:8", "192.0.2.9:2");
    SAYS("/info 2", "\"event\":\"result\",\"input\":4,\"command\":\"info\",\"peer\":"
                    "{\"peer\":2,\"transport\":\"udp\",\"remote\":\"192.0.2.2:8\","
                    "\"local\":\"192.0.2.9:2\",\"name\":null,\"state\":\"connecting\","
                    "\"received\":0,\"sent\":0,\"queued\":0,\"idle\":0,\"joined\":[]}");
}
END_TEST

START_TEST(long_lists_come_in_pieces)
{
    struct listener *listener = fake_listen(&world, "tcp://127.0.0.1:1");
    for (int i = 0; i < RESULT_LIST_MAX + 1; i++)
        fake_peer(&world, listener);
    fake_console_take(&fake);
    char *first = mem_strdup(fake_console_say(&fake, "/peers"));
    fake_turn(&world);
    const char *second = fake_console_take(&fake);
    ck_assert_ptr_nonnull(strstr(first, ",\"more\":true}"));
    ck_assert_ptr_null(strstr(second, "\"more\""));
    json_t *one = json_loads(first, 0, NULL);
    json_t *two = json_loads(second, 0, NULL);
    ck_assert_uint_eq(json_array_size(json_object_get(one, "peers")), RESULT_LIST_MAX);
    ck_assert_uint_eq(json_array_size(json_object_get(two, "peers")), 1);
    ck_assert_int_eq(json_integer_value(json_object_get(two, "input")), 1);
    json_decref(one);
    json_decref(two);
    free(first);
}
END_TEST

START_TEST(result_of_a_call)
{
    SAYS("/connect tcp://192.0.2.1:7",
         "\"event\":\"result\",\"input\":1,\"command\":\"connect\",\"peer\":1");
}
END_TEST

START_TEST(results_with_consoles)
{
    SAYS("/consoles", "\"event\":\"result\",\"input\":1,\"command\":\"consoles\",\"consoles\":["
                      "{\"console\":1,\"uid\":0,\"access\":\"write\",\"target\":null}]");
    make_peer();
    fake_console_say(&fake, "/to 1");
    SAYS("/consoles", "\"event\":\"result\",\"input\":3,\"command\":\"consoles\",\"consoles\":["
                      "{\"console\":1,\"uid\":0,\"access\":\"write\",\"target\":1}]");
}
END_TEST

START_TEST(results_of_repeats)
{
    make_peer();
    SAYS("/every 0.5 /name 1 boiler",
         "\"event\":\"result\",\"input\":1,\"command\":\"every\",\"every\":["
         "{\"every\":1,\"seconds\":0.5,\"line\":\"/name 1 boiler\"}]");
    fake_turn(&world);
    ck_assert_ptr_nonnull(strstr(fake_console_take(&fake), TIME
                                 "\"event\":\"result\",\"command\":\"name\",\"every\":1}\n"));
    SAYS("/every - 1", "\"event\":\"result\",\"input\":2,\"command\":\"every\"");
    fake_console_say(&fake, "/every 1 @9 x");
    fake_turn(&world);
    WROTE("\"event\":\"error\",\"error\":\"no peer '9' on the line\",\"command\":\"send\","
          "\"every\":2");
    fake_pass(&world, 1000000);
    WROTE("\"event\":\"error\",\"error\":\"no peer '9' on the line\",\"command\":\"send\","
          "\"every\":2,\"count\":2");
}
END_TEST

START_TEST(results_with_listeners)
{
    fake_listen(&world, "tcp://*:1?name=front&framing=line&half-close=2.5");
    fake_console_take(&fake);
    SAYS("/listeners",
         "\"event\":\"result\",\"input\":1,\"command\":\"listeners\",\"listeners\":["
         "{\"listener\":1,\"endpoint\":\"tcp://*:1\",\"name\":\"front\",\"reply\":\"none\","
         "\"eol\":\"lf\",\"framing\":\"line\",\"half_close\":2.5}]");
}
END_TEST

START_TEST(result_with_stats)
{
    json_t *root = json_loads(fake_console_say(&fake, "/stats"), 0, NULL);
    json_t *stats = json_object_get(root, "stats");
    ck_assert(json_is_string(json_object_get(stats, "start_time")));
    ck_assert(json_is_integer(json_object_get(stats, "messages_in")));
    ck_assert(json_is_integer(json_object_get(stats, "longest_turn")));
    json_decref(root);
}
END_TEST

START_TEST(results_with_help)
{
    json_t *root = json_loads(fake_console_say(&fake, "/help"), 0, NULL);
    json_t *list = json_object_get(root, "help");
    json_t *send = json_array_get(list, 0);
    ck_assert_uint_gt(json_array_size(list), 10);
    ck_assert_str_eq(json_string_value(json_object_get(send, "command")), "send");
    ck_assert_str_eq(json_string_value(json_object_get(send, "arguments")), "PEERS TEXT");
    ck_assert(json_is_string(json_object_get(send, "summary")));
    ck_assert_ptr_null(json_object_get(send, "help"));
    json_decref(root);
    root = json_loads(fake_console_say(&fake, "/help send"), 0, NULL);
    list = json_object_get(root, "help");
    ck_assert_uint_eq(json_array_size(list), 1);
    ck_assert(json_is_string(json_object_get(json_array_get(list, 0), "help")));
    json_decref(root);
}
END_TEST

/* --- any bytes at all --- */

static int base64_value(char digit)
{
    static const char digits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = strchr(digits, digit);
    ck_assert_ptr_nonnull(at);
    return (int)(at - digits);
}

static size_t base64_decode(const char *text, unsigned char *out)
{
    size_t size = 0;
    for (; *text; text += 4) {
        unsigned bits = 0;
        int count = text[2] == '=' ? 1 : text[3] == '=' ? 2 : 3;
        for (int i = 0; i < 4; i++)
            bits = bits << 6 | (unsigned)(i <= count ? base64_value(text[i]) : 0);
        for (int i = 0; i < count; i++)
            out[size++] = (unsigned char)(bits >> (16 - 8 * i));
    }
    return size;
}

/* Half of them printable, so that both forms occur. */
static size_t random_bytes(unsigned char *data, size_t most)
{
    size_t size = (size_t)rand() % most;
    int range = rand() % 2 ? 256 : 128;
    for (size_t i = 0; i < size; i++)
        data[i] = (unsigned char)(rand() % range);
    return size;
}

static void check_event(const char *written, const unsigned char *data, size_t size)
{
    unsigned char back[512];
    for (const char *at = written; at[1]; at++)
        if ((unsigned char)*at < 0x20 || *at == 0x7f)
            ck_abort_msg("a control byte");
    json_t *root = json_loads(written, 0, NULL);
    ck_assert_ptr_nonnull(root);
    json_t *text = json_object_get(root, "text");
    size_t got = text ? json_string_length(text)
                      : base64_decode(json_string_value(json_object_get(root, "base64")), back);
    ck_assert_uint_eq(got, size);
    ck_assert_mem_eq(text ? (const void *)json_string_value(text) : back, data, size);
    ck_assert_int_eq(json_integer_value(json_object_get(root, "size")), (json_int_t)size);
    json_decref(root);
}

START_TEST(gives_every_byte_back)
{
    struct fake_link *link = make_peer();
    unsigned char data[256];
    srand(1);
    for (int i = 0; i < 1000; i++) {
        size_t size = random_bytes(data, sizeof data);
        receive(link, data, size, false);
        check_event(fake_console_take(&fake), data, size);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {listening,
                                  open_of_a_listener,
                                  open_on_a_unix_socket,
                                  message,
                                  empty_message,
                                  sent_by_operator_and_by_itself,
                                  views,
                                  half_close_and_close,
                                  refused,
                                  name_and_target,
                                  file,
                                  says_hello,
                                  told_again,
                                  lost,
                                  errors,
                                  result_of_a_send,
                                  results_with_peers,
                                  long_lists_come_in_pieces,
                                  result_of_a_call,
                                  results_with_consoles,
                                  results_of_repeats,
                                  results_with_listeners,
                                  result_with_stats,
                                  results_with_help,
                                  gives_every_byte_back,
                                  NULL};
    return check_run_with("render_json", setup, teardown, tests);
}
