/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "websocket/ws_extension.h"

#include "check_main.h"

START_TEST(offers_that_can_be_agreed_to)
{
    ck_assert(ws_extension_offered("permessage-deflate"));
    ck_assert(ws_extension_offered("permessage-deflate; client_max_window_bits"));
    ck_assert(ws_extension_offered("Permessage-Deflate ;client_max_window_bits=\"10\""));
    ck_assert(ws_extension_offered(WS_EXTENSION_DEFLATE));
    ck_assert(ws_extension_offered("x-other, permessage-deflate"));
    ck_assert(ws_extension_offered("permessage-deflate; server_max_window_bits=10, "
                                   "permessage-deflate"));
}
END_TEST

START_TEST(and_others)
{
    ck_assert(!ws_extension_offered(""));
    ck_assert(!ws_extension_offered("permessage-bzip2"));
    ck_assert(!ws_extension_offered("permessage-deflate; unknown"));
    ck_assert(!ws_extension_offered("permessage-deflate; server_max_window_bits=10"));
    ck_assert(!ws_extension_offered("permessage-deflate; client_max_window_bits=7"));
    ck_assert(!ws_extension_offered("permessage-deflate; client_max_window_bits=16"));
    ck_assert(!ws_extension_offered("permessage-deflate; client_no_context_takeover=1"));
    ck_assert(!ws_extension_offered("permessage-deflate; client_no_context_takeover; "
                                    "client_no_context_takeover"));
}
END_TEST

START_TEST(answers_to_ours)
{
    ck_assert(ws_extension_agreed(WS_EXTENSION_DEFLATE));
    ck_assert(ws_extension_agreed("permessage-deflate; server_no_context_takeover"));
    ck_assert(ws_extension_agreed(
        "permessage-deflate;server_no_context_takeover;server_max_window_bits=12"));
    ck_assert(!ws_extension_agreed("permessage-deflate"));
    ck_assert(!ws_extension_agreed(
        "permessage-deflate; server_no_context_takeover; client_max_window_bits=12"));
    ck_assert(!ws_extension_agreed(WS_EXTENSION_DEFLATE ", x"));
    ck_assert(!ws_extension_agreed("x"));
    ck_assert(!ws_extension_agreed(""));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {offers_that_can_be_agreed_to, and_others, answers_to_ours,
                                  NULL};
    return check_run("ws_extension", tests);
}
