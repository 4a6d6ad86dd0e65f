/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/tls_memory.h"

#include <openssl/crypto.h>
#include <stdlib.h>

#include "base/mem.h"

static void *allocate(size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    return size > 0 ? mem_alloc(size) : NULL;
}

static void release(void *memory, const char *file, int line)
{
    (void)file;
    (void)line;
    free(memory);
}

static void *resize(void *memory, size_t size, const char *file, int line)
{
    if (size > 0)
        return mem_resize(memory, size);
    release(memory, file, line);
    return NULL;
}

void tls_memory_use(void)
{
    CRYPTO_set_mem_functions(allocate, resize, release);
}

void tls_memory_keep(void)
{
    OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, NULL);
}
