/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "websocket/ws_text.h"

#include <string.h>

#include "base/utf8.h"
#include "check_main.h"

static bool is_text(const char *data, size_t size, size_t cut, size_t other)
{
    struct ws_text text = {0};
    return ws_text_add(&text, data, cut) && ws_text_add(&text, data + cut, other - cut) &&
           ws_text_add(&text, data + other, size - other) && ws_text_is_whole(&text);
}

START_TEST(cuts_do_not_matter)
{
    static const char *const texts[] = {
        "",
        "a",
        "\xce\xba",
        "a\xe1\xbd\xb9"
        "b",
        "\xf4\x8f\xbf\xbf",
        "\x80",
        "\xc0\xaf",
        "\xed\xa0\x80",
        "\xf4\x90\x80\x80",
        "\xce",
        "\xe1\xbd",
        "\xff",
        "\xf8\x88\x80\x80",
        "\xe1\xbd"
        "ab",
        "\xce\xba\xed\xa0\x80x",
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        const size_t size = strlen(texts[i]);
        for (size_t cut = 0; cut <= size; cut++)
            for (size_t other = cut; other <= size; other++)
                ck_assert_msg(is_text(texts[i], size, cut, other) == utf8_valid(texts[i], size),
                              "%zu cut at %zu and %zu", i, cut, other);
    }
}
END_TEST

START_TEST(what_cannot_become_good_is_bad_at_once)
{
    struct ws_text text = {0};
    ck_assert(ws_text_add(&text, "\xf4", 1));
    ck_assert(!ws_text_is_whole(&text));
    ck_assert(!ws_text_add(&text, "\x90", 1));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {cuts_do_not_matter, what_cannot_become_good_is_bad_at_once,
                                  NULL};
    return check_run("ws_text", tests);
}
