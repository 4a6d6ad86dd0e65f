/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/tls_memory.h"

#include <openssl/crypto.h>
#include <stdlib.h>

#include "check_main.h"
#include "tls/tls_context.h"

START_TEST(the_first_context_says_where_memory_comes_from)
{
    char *error = NULL;
    CRYPTO_malloc_fn allocate;
    CRYPTO_realloc_fn resize;
    CRYPTO_free_fn release;
    struct tls_context *context = tls_context_call(&(struct tls_settings){0}, &error);
    CRYPTO_get_mem_functions(&allocate, &resize, &release);
    ck_assert(allocate != CRYPTO_malloc && resize != CRYPTO_realloc && release != CRYPTO_free);
    ck_assert_ptr_null(OPENSSL_malloc(0));
    char *memory = OPENSSL_malloc(10);
    memory = OPENSSL_realloc(memory, 1000);
    ck_assert_ptr_nonnull(memory);
    ck_assert_ptr_null(OPENSSL_realloc(memory, 0));
    memory = OPENSSL_realloc(NULL, 10);
    ck_assert_ptr_nonnull(memory);
    OPENSSL_free(memory);
    tls_context_release(context);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {the_first_context_says_where_memory_comes_from, NULL};
    return check_run("tls_memory", tests);
}
