/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "framing/framing.h"

#include <string.h>

#include "check_main.h"
#include "fake_framing.h"

/* --- what each framing makes of a stream --- */

static const struct cut_case {
    const char *word;
    const char *input;
    size_t size;
    const char *list;  /* see fake_messages */
    const char *bytes; /* of all messages; NULL: those of the input */
    size_t bytes_size;
} cut_cases[] = {
#define IN(text) text, sizeof text - 1
#define SAME NULL, 0
    {"raw", IN("a\nb\n"), "4.", SAME},
    {"line", IN("\na\n\nbc"), "1. 2. 1. 2?", SAME},
    {"line", IN("a\r\nb\n"), "3. 2.", SAME},
    {"line", IN("\0\0a\nb\n"), "4. 2.", SAME},
    {"nul", IN("one\0two\0\0x"), "4. 4. 1. 1?", SAME},
    {"crlf", IN("a\nb\r\n\r\n\r\r\nc\r"), "5. 2. 3. 2?", SAME},
    {"delimiter:2323", IN("a#b###c##d"), "5. 4. 1?", SAME},
    {"fixed:3", IN("abcdefgh"), "3. 3. 2?", SAME},
    {"length:u8", IN("\2ab\0\3cde\5f"), "2. 0. 3. 1?", IN("abcdef")},
    {"length:u16be", IN("\0\2ab\0\1c\0"), "2. 1. 1?", IN("abc\0")},
    {"length:u16le", IN("\2\0ab\1\0c"), "2. 1.", IN("abc")},
    {"length:u24be", IN("\0\0\2ab"), "2.", IN("ab")},
    {"length:u32be", IN("\0\0\0\2ab"), "2.", IN("ab")},
    {"length:u32le", IN("\2\0\0\0ab"), "2.", IN("ab")},
    {"length:u8@2", IN("xy\1azz\0"), "4. 3.", SAME},
    {"length:u8@0", IN("\1a\0"), "2. 1.", SAME},
    {"length:u16be@2-4", IN("\3\0\0\7abc\3\0\0\4"), "7. 4.", SAME},
    {"length:u8+1", IN("\0a\1bc"), "2. 3.", SAME},
    /* its length does not even cover itself: no frame, and the next begins behind it */
    {"length:u16be@2-4", IN("\3\0\0\3\3\0\0\5a"), "4! 5.", SAME},
    {"modbus", IN("\0\1\0\0\0\2\1\3\0\2\0\0\0\1\7"), "8. 7.", SAME},
    {"octet", IN("5 hello2 a\n1"), "5. 2. 1?", IN("helloa\n1")},
    {"octet", IN("ab 5 hello"), "3! 5.", IN("ab hello")},
    {"octet", IN("05 x12"), "4! 2?", IN("05 x12")},
    {"octet", IN("12345678901 x3 abc"), "13! 3.", IN("12345678901 xabc")},
    {"mllp", IN("\vMSH|\rPID\x1c\r\v\x1c\r"), "8. 0.", IN("MSH|\rPID")},
    {"mllp", IN("\va\x1c\x1c\rxy\vb"), "2. 2! 1?", IN("a\x1cxyb")},
    {"stx", IN("\2ab\3\2\3\2c"), "2. 0. 1?", IN("abc")},
    {"stx", IN("junk\2a\3\3\2b\3"), "4! 1. 1! 1.", IN("junka\3b")},
    {"slip",
     IN("\xc0"
        "ab\xc0\xc0"
        "c\xdb\xdc\xdb\xdd\xc0"),
     "2. 3.", IN("abc\xc0\xdb")},
    {"slip",
     IN("a\xdb"
        "b\xc0"
        "c\xc0"
        "d\xdb"),
     "3! 1. 1?",
     IN("a\xdb"
        "bcd")},
    {"cobs", IN("\3ab\0\1\1\0\1\0\2a\2b\0\0"), "2. 1. 0. 3.", IN("ab\0a\0b")},
    {"cobs", IN("\4ab\0\2c\0\3d"), "3! 1. 1?", IN("\4abcd")},
    {"gap:20", IN("abc"), "3.", SAME},
#undef IN
#undef SAME
};

START_TEST(each_cuts_its_messages)
{
    for (size_t i = 0; i < COUNT(cut_cases); i++) {
        const struct cut_case *one = &cut_cases[i];
        const struct framing framing = fake_framing(one->word);
        const char *bytes = one->bytes ? one->bytes : one->input;
        const size_t size = one->bytes ? one->bytes_size : one->size;
        struct fake_messages got;
        fake_messages_init(&got);
        fake_run(&framing, one->input, one->size, NULL, NULL, &got);
        ck_assert_msg(strcmp(utstring_body(&got.list), one->list) == 0, "case %zu, %s: %s", i,
                      one->word, utstring_body(&got.list));
        ck_assert_msg(utstring_len(&got.bytes) == size &&
                          memcmp(utstring_body(&got.bytes), bytes, size) == 0,
                      "case %zu, %s", i, one->word);
        fake_messages_done(&got);
    }
}
END_TEST

/* --- however the bytes are cut on their way --- */

static size_t first_then_rest(void *context, size_t left)
{
    size_t *first = context;
    const size_t size = *first > 0 && *first < left ? *first : left;
    *first = 0;
    return size;
}

static size_t byte_by_byte(void *context, size_t left)
{
    (void)context, (void)left;
    return 1;
}

static bool depends_on_cuts(const char *word)
{
    return strcmp(word, "raw") == 0 || strncmp(word, "gap", 3) == 0;
}

static void check_cut(const struct cut_case *one, fake_cut *cut, size_t first)
{
    const struct framing framing = fake_framing(one->word);
    struct fake_messages got;
    fake_messages_init(&got);
    fake_run(&framing, one->input, one->size, cut, &first, &got);
    ck_assert_msg(strcmp(utstring_body(&got.list), one->list) == 0, "%s, cut at %zu: %s",
                  one->word, first, utstring_body(&got.list));
    fake_messages_done(&got);
}

START_TEST(any_cut_gives_the_same)
{
    for (size_t i = 0; i < COUNT(cut_cases); i++) {
        if (depends_on_cuts(cut_cases[i].word))
            continue;
        check_cut(&cut_cases[i], byte_by_byte, 0);
        for (size_t first = 1; first < cut_cases[i].size; first++)
            check_cut(&cut_cases[i], first_then_rest, first);
    }
}
END_TEST

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525 + 1013904223;
    return *state >> 8;
}

static size_t random_cut(void *context, size_t left)
{
    uint32_t *random = context;
    const size_t most = next_random(random) % 2 ? 70000 : 500;
    const size_t size = 1 + next_random(random) % most;
    return size < left ? size : left;
}

static const char *const words[] = {"line",
                                    "nul",
                                    "crlf",
                                    "delimiter:0d0a0d0a",
                                    "fixed:1",
                                    "fixed:65536",
                                    "length:u8",
                                    "length:u16le",
                                    "length:u16be@4",
                                    "length:u32be@0-4",
                                    "length:u8@3+2",
                                    "length:u24be",
                                    "octet",
                                    "mllp",
                                    "stx",
                                    "slip",
                                    "cobs",
                                    "modbus"};

/* Bytes that mean something to some framing stand close together. */
static char random_byte(uint32_t *random)
{
    static const char special[] = "\0\1\2\3\n\r\v\x1c\xc0\xdb\xdc\xdd\xff 19";
    const uint32_t one = next_random(random);
    return one % 4 == 0 ? special[one / 4 % (sizeof special - 1)] : (char)(one / 4);
}

static char *random_stream(uint32_t *random, size_t size)
{
    char *data = mem_alloc(size);
    const bool dense = next_random(random) % 2;
    for (size_t i = 0; i < size; i++)
        data[i] = dense || next_random(random) % 500 == 0 ? random_byte(random) : 'x';
    return data;
}

START_TEST(whatever_comes_its_cuts_do_not_show)
{
    enum { SIZE = 300000, ROUNDS = 4 };
    uint32_t random = 1;
    for (size_t i = 0; i < COUNT(words) * ROUNDS; i++) {
        const struct framing framing = fake_framing(words[i / ROUNDS]);
        char *data = random_stream(&random, SIZE);
        struct fake_messages whole, cut;
        fake_messages_init(&whole);
        fake_messages_init(&cut);
        fake_run(&framing, data, SIZE, NULL, NULL, &whole);
        fake_run(&framing, data, SIZE, random_cut, &random, &cut);
        ck_assert_msg(whole.hash == cut.hash && whole.count == cut.count, "%s: %zu, %zu",
                      words[i / ROUNDS], whole.count, cut.count);
        fake_messages_done(&whole);
        fake_messages_done(&cut);
        free(data);
    }
}
END_TEST

/* --- what is sent comes back --- */

static size_t message_size(const struct framing *framing, uint32_t *random)
{
    if (framing->ops == &framing_fixed)
        return framing->bytes;
    return next_random(random) % (next_random(random) % 8 ? 600 : FRAMING_MESSAGE_MAX + 1);
}

/* One message there and back, behind others; false where no frame can hold it. */
static bool check_round_trip(const struct framing *framing, const char *data, size_t size)
{
    UT_string wire;
    struct fake_messages got;
    char *error = NULL, list[32];
    utstring_init(&wire);
    if (!framing_wrap(framing, data, size, &wire, &error)) {
        ck_assert_uint_eq(utstring_len(&wire), 0);
        ck_assert_ptr_nonnull(error);
        free(error);
        utstring_done(&wire);
        return false;
    }
    fake_messages_init(&got);
    fake_run(framing, utstring_body(&wire), utstring_len(&wire), byte_by_byte, NULL, &got);
    snprintf(list, sizeof list, "%zu.", size);
    ck_assert_str_eq(utstring_body(&got.list), list);
    ck_assert(memcmp(utstring_body(&got.bytes), data, size) == 0);
    fake_messages_done(&got);
    utstring_done(&wire);
    return true;
}

START_TEST(what_is_wrapped_comes_out_as_it_was)
{
    static const char *const wrapping[] = {"length:u8",    "length:u16be", "length:u16le",
                                           "length:u24be", "length:u32be", "length:u32le",
                                           "octet",        "mllp",         "stx",
                                           "slip",         "cobs"};
    uint32_t random = 7;
    for (size_t i = 0; i < COUNT(wrapping); i++) {
        const struct framing framing = fake_framing(wrapping[i]);
        unsigned held = 0;
        ck_assert(!framing_is_plain(&framing));
        for (int round = 0; round < 60; round++) {
            const size_t size = round == 0 ? 1 : 1 + message_size(&framing, &random) % 3000;
            char *data = random_stream(&random, size);
            held += check_round_trip(&framing, data, size);
            free(data);
        }
        ck_assert_uint_gt(held, 3);
    }
}
END_TEST

START_TEST(blocks_of_cobs_meet_their_bounds)
{
    const struct framing framing = fake_framing("cobs");
    char data[600];
    for (size_t size = 1; size <= sizeof data; size += size % 254 == 4 ? 246 : 1) {
        memset(data, 'x', sizeof data);
        ck_assert(check_round_trip(&framing, data, size));
        data[size - 1] = '\0';
        ck_assert(check_round_trip(&framing, data, size));
        data[0] = '\0';
        ck_assert(check_round_trip(&framing, data, size));
    }
}
END_TEST

static void check_wrapped(const char *word, const char *data, size_t size, const char *wire,
                          size_t wire_size)
{
    const struct framing framing = fake_framing(word);
    char *error = NULL;
    UT_string out;
    utstring_init(&out);
    ck_assert_msg(framing_wrap(&framing, data, size, &out, &error), "%s: %s", word, error);
    ck_assert_msg(utstring_len(&out) == wire_size &&
                      memcmp(utstring_body(&out), wire, wire_size) == 0,
                  "%s", word);
    utstring_done(&out);
}

START_TEST(the_wire_is_what_others_read)
{
#define BYTES(text) text, sizeof text - 1
    check_wrapped("raw", BYTES("ab"), BYTES("ab"));
    check_wrapped("line", BYTES("ab\n"), BYTES("ab\n"));
    check_wrapped("length:u16be", BYTES("ab"), BYTES("\0\2ab"));
    check_wrapped("length:u16le", BYTES("ab"), BYTES("\2\0ab"));
    check_wrapped("length:u8@0", BYTES("\1a"), BYTES("\1a"));
    check_wrapped("octet", BYTES("hello"), BYTES("5 hello"));
    check_wrapped("mllp", BYTES("MSH"), BYTES("\vMSH\x1c\r"));
    check_wrapped("stx", BYTES("a"), BYTES("\2a\3"));
    check_wrapped("slip", BYTES("a\xc0\xdb"), BYTES("a\xdb\xdc\xdb\xdd\xc0"));
    check_wrapped("cobs", BYTES("\x11\x22\0\x33"), BYTES("\3\x11\x22\2\x33\0"));
    check_wrapped("cobs", BYTES(""), BYTES("\1\0"));
#undef BYTES
}
END_TEST

static void check_unwrapped(const char *word, const char *data, size_t size,
                            const char *expected)
{
    const struct framing framing = fake_framing(word);
    char *error = NULL;
    UT_string out;
    utstring_init(&out);
    utstring_printf(&out, "before");
    ck_assert(!framing_wrap(&framing, data, size, &out, &error));
    check_error(error, expected);
    ck_assert_str_eq(utstring_body(&out), "before");
    utstring_done(&out);
}

START_TEST(what_no_frame_holds_is_refused)
{
    char *long_one = random_stream(&(uint32_t){1}, 70000);
    check_unwrapped("length:u8", long_one, 256, "length:u8: a message has at most 255 bytes");
    check_unwrapped("length:u16be", long_one, 65536,
                    "length:u16be: a message has at most 65535 bytes");
    check_unwrapped("stx", "a\3b", 3, "stx: the end of a frame cannot stand in one");
    check_unwrapped("mllp", "a\x1c\r", 3, "mllp: the end of a frame cannot stand in one");
    check_unwrapped("octet", "", 0, "octet: an empty message has no frame");
    free(long_one);
}
END_TEST

/* --- what is too long --- */

/* A stream of so many bytes between a head and a tail. */
static void check_long(const char *word, const char *head, size_t head_size, size_t size,
                       const char *tail, size_t tail_size, const char *list)
{
    const struct framing framing = fake_framing(word);
    struct fake_messages got;
    uint32_t random = 3;
    const size_t all = head_size + size + tail_size;
    char *data = mem_alloc(all);
    memcpy(data, head, head_size);
    memset(data + head_size, 'x', size);
    memcpy(data + head_size + size, tail, tail_size);
    for (int i = 0; i < 5; i++) {
        fake_messages_init(&got);
        fake_run(&framing, data, all, i == 0 ? NULL : random_cut, &random, &got);
        ck_assert_msg(strcmp(utstring_body(&got.list), list) == 0, "%s: %s", word,
                      utstring_body(&got.list));
        fake_messages_done(&got);
    }
    free(data);
}

START_TEST(what_is_too_long_comes_in_pieces)
{
#define BYTES(text) text, sizeof text - 1
    check_long("line", BYTES(""), 65535, BYTES("\n"), "65536.");
    check_long("line", BYTES(""), 65536, BYTES("\n"), "65536? 1.");
    check_long("line", BYTES(""), 140000, BYTES("\nab"), "65536? 65536? 8929. 2?");
    check_long("crlf", BYTES(""), 65535, BYTES("\r\nab"), "65535? 2. 2?");
    check_long("stx", BYTES("\2"), 65536, BYTES("\3"), "65536.");
    check_long("stx", BYTES("\2"), 65537, BYTES("\3\2a\3"), "65536? 1. 1.");
    check_long("mllp", BYTES("\v"), 65535,
               BYTES("\x1c"
                     "a\x1c\r"),
               "65535? 2.");
    check_long("slip", BYTES(""), 65536, BYTES("\xc0"), "65536.");
    check_long("slip", BYTES(""), 65537,
               BYTES("\xc0"
                     "a\xc0"),
               "65536? 1. 1.");
    check_long("fixed:65536", BYTES(""), 65540, BYTES(""), "65536. 4?");
    check_long("length:u32be", BYTES("\0\1\0\0"), 65536, BYTES("\0\0\0\1a"), "65536. 1.");
    check_long("octet", BYTES("65536 "), 65536, BYTES("1 a"), "65536. 1.");
#undef BYTES
}
END_TEST

START_TEST(a_length_over_the_most_is_bad_up_to_its_end)
{
#define BYTES(text) text, sizeof text - 1
    check_long("length:u32be", BYTES("\0\1\0\1"), 65537, BYTES("\0\0\0\1a"), "65536+ 5! 1.");
    check_long("length:u16be@4", BYTES("\0\0\0\0\xff\xff"), 65535, BYTES("\0\0\0\0\0\1a"),
               "65536+ 5! 7.");
    check_long("octet", BYTES("65537 "), 65537, BYTES("1 a"), "65536+ 7! 1.");
#undef BYTES
}
END_TEST

START_TEST(junk_is_bad_up_to_a_beginning)
{
    check_long("stx", "", 0, 70000, "\2a\3", 3, "65536! 4464! 1.");
    check_long("slip", "\xdb", 1, 70000,
               "\xc0"
               "a\xc0",
               3, "65536+ 4465! 1.");
}
END_TEST

/* --- words --- */

START_TEST(a_framing_keeps_its_word)
{
    static const char *const all[] = {"raw",
                                      "line",
                                      "nul",
                                      "crlf",
                                      "delimiter:0d0a",
                                      "fixed:8",
                                      "length:u8",
                                      "length:u16be@4",
                                      "length:u32le@0-4",
                                      "length:u24be@2+65536",
                                      "octet",
                                      "mllp",
                                      "stx",
                                      "slip",
                                      "cobs",
                                      "modbus",
                                      "gap:20"};
    for (size_t i = 0; i < COUNT(all); i++) {
        const struct framing framing = fake_framing(all[i]);
        ck_assert_str_eq(framing.word, all[i]);
    }
}
END_TEST

#define FORMS(between, last)                                                                  \
    "raw" between "line" between "nul" between "crlf" between "delimiter:HEX" between         \
    "fixed:N" between "length:TYPE[@OFFSET][+N or -N]" between "octet" between "mllp" between \
    "stx" between "slip" between "cobs" between "modbus" last "gap:MS"

static void check_wrong(const char *word, const char *expected)
{
    struct framing framing = {.gap = 77};
    char *error = NULL;
    ck_assert_msg(!framing_parse(word, &framing, &error), "%s", word);
    check_error(error, expected);
    ck_assert_uint_eq(framing.gap, 77);
}

START_TEST(wrong_words_are_named)
{
    static const char *const unknown[] = {"",     "Raw",   "lines",  "ra",
                                          "raw:", "fixed", "line:1", "none"};
    static const char *const lengths[] = {"",         "u9",     "u16",    "u8@",      "u8@x",
                                          "u8@70000", "u8@1@2", "u8+1-1", "u8-",      "u8+1@1",
                                          "u8@1+x",   "u16be4", "@4",     "u8+70000", "u8 "};
    for (size_t i = 0; i < COUNT(unknown); i++) {
        char *expected =
            mem_printf("unknown framing '%s': use %s", unknown[i], FORMS(", ", " or "));
        check_wrong(unknown[i], expected);
        free(expected);
    }
    for (size_t i = 0; i < COUNT(lengths); i++) {
        char *word = mem_printf("length:%s", lengths[i]);
        char *expected =
            mem_printf("%s: give TYPE[@OFFSET][+N or -N], as in length:u16be@4; TYPE "
                       "is u8, u16be, u16le, u24be, u32be or u32le",
                       word);
        check_wrong(word, expected);
        free(expected);
        free(word);
    }
    check_wrong("delimiter:0",
                "delimiter:0: give 1 to 8 bytes as hex pairs, as in delimiter:0d0a");
    check_wrong("delimiter:010203040506070809",
                "delimiter:010203040506070809: give 1 to 8 bytes as hex pairs, as in "
                "delimiter:0d0a");
    check_wrong("fixed:0", "fixed:0: a message has 1 to 65536 bytes, as in fixed:8");
    check_wrong("fixed:65537", "fixed:65537: a message has 1 to 65536 bytes, as in fixed:8");
    check_wrong("gap:0", "gap:0: a silence lasts 1 to 60000 milliseconds, as in gap:50");
    check_wrong("\x1b[H", "unknown framing '\\x1b[H': use " FORMS(", ", " or "));
}
END_TEST

START_TEST(all_are_told_of)
{
    ck_assert_str_eq(FRAMINGS_FORMS, FORMS("|", "|"));
}
END_TEST

static void check_end(const char *word, const char *end, size_t end_size)
{
    const struct framing framing = fake_framing(word);
    size_t size = 99;
    const char *bytes = framing_end(&framing, &size);
    ck_assert_uint_eq(size, end_size);
    ck_assert(memcmp(bytes, end, end_size) == 0);
}

START_TEST(some_have_an_end_of_their_own)
{
    check_end("raw", "", 0);
    check_end("line", "\n", 1);
    check_end("nul", "", 1);
    check_end("crlf", "\r\n", 2);
    check_end("delimiter:2323", "##", 2);
    check_end("slip", "", 0);
}
END_TEST

/* Nothing is cut off nothing. */
START_TEST(nothing_is_no_message)
{
    const struct framing framing = fake_framing("length:u8");
    struct framing_state state = {0};
    const struct framing_input input = {.end = true};
    ck_assert_uint_eq(framing_cut(&framing, &state, &input).taken, 0);
}
END_TEST

/* A burst in one piece, and what is left over when the silence comes. */
START_TEST(a_gap_ends_what_came)
{
    const struct framing framing = fake_framing("gap:20");
    struct framing_state state = {0};
    char *data = random_stream(&(uint32_t){1}, 70000);
    struct framing_input input = {.data = data, .size = 65535};
    ck_assert_uint_eq(framing_cut(&framing, &state, &input).taken, 0);
    input.size = 70000;
    struct framing_piece piece = framing_cut(&framing, &state, &input);
    ck_assert(piece.taken == 65536 && piece.partial);
    input.size = 4464;
    input.end = true;
    piece = framing_cut(&framing, &state, &input);
    ck_assert(piece.taken == 4464 && !piece.partial && !piece.bad);
    free(data);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {each_cuts_its_messages,
                                  any_cut_gives_the_same,
                                  whatever_comes_its_cuts_do_not_show,
                                  what_is_wrapped_comes_out_as_it_was,
                                  blocks_of_cobs_meet_their_bounds,
                                  the_wire_is_what_others_read,
                                  what_no_frame_holds_is_refused,
                                  what_is_too_long_comes_in_pieces,
                                  a_length_over_the_most_is_bad_up_to_its_end,
                                  junk_is_bad_up_to_a_beginning,
                                  a_framing_keeps_its_word,
                                  wrong_words_are_named,
                                  all_are_told_of,
                                  some_have_an_end_of_their_own,
                                  nothing_is_no_message,
                                  a_gap_ends_what_came,
                                  NULL};
    return check_run("framing", tests);
}
