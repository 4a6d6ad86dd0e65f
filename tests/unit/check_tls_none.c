/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "check_main.h"
#include "tls/tls_context.h"

START_TEST(who_asks_is_told)
{
    char *error = NULL;
    const struct tls_settings settings = {0};
    ck_assert_ptr_null(tls_context_listen(&settings, NULL, &error));
    ck_assert_str_eq(error, "this program was built without TLS");
    free(error);
    ck_assert_ptr_null(tls_context_call(&settings, &error));
    ck_assert_str_eq(error, "this program was built without TLS");
    free(error);
    tls_context_release(NULL);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {who_asks_is_told, NULL};
    return check_run("tls_none", tests);
}
