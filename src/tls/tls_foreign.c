/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/tls_foreign.h"

#include <openssl/ssl.h>
#include <string.h>

#include "base/escape.h"
#include "base/http_request.h"
#include "base/mem.h"
#include "base/ut.h"

const char tls_foreign_alert[TLS_FOREIGN_ALERT] = {
    SSL3_RT_ALERT, 3, 1, 0, 2, SSL3_AL_FATAL, SSL_AD_UNEXPECTED_MESSAGE};

/* Whoever says again what we say sends our own hello back. */
static bool is_hello(const char *said, size_t size)
{
    return size > SSL3_RT_HEADER_LENGTH && *said == SSL3_RT_HANDSHAKE &&
           said[SSL3_RT_HEADER_LENGTH] == SSL3_MT_CLIENT_HELLO;
}

/* The version is 3.something, in all there are. */
static bool is_record(const char *said, size_t size)
{
    return (*said == SSL3_RT_HANDSHAKE || *said == SSL3_RT_ALERT) &&
           (size == 1 || said[1] == SSL3_VERSION_MAJOR);
}

bool tls_foreign_is(const char *said, size_t size, bool calls)
{
    return !is_record(said, size) || (calls && is_hello(said, size));
}

static bool begins(const char *said, size_t size, const char *with)
{
    return size >= strlen(with) && memcmp(said, with, strlen(with)) == 0;
}

static bool is_http(const char *said, size_t size)
{
    struct http_request request;
    return begins(said, size, "HTTP/") || http_request_read(said, size, &request) != HTTP_BAD;
}

static const char *judge(const char *said, size_t size)
{
    if (is_http(said, size))
        return "the far end speaks HTTP, not TLS";
    if (begins(said, size, "PROXY "))
        return "a proxy's header came before TLS: proxy=yes is for those";
    return "the far end speaks no TLS";
}

char *tls_foreign_why(const char *said, size_t size)
{
    enum { SHOWN = 40 /* bytes */ };
    UT_string text;
    if (is_hello(said, size))
        return mem_strdup("the far end speaks no TLS: it says again what we say");
    for (size_t i = 0; i < size; i++)
        if (said[i] == '\r' || said[i] == '\n')
            size = i;
    utstring_init(&text);
    utstring_printf(&text, "%s (it said: ", judge(said, size));
    escape_bytes(&text, said, size < SHOWN ? size : SHOWN);
    utstring_printf(&text, "%s)", size > SHOWN ? "..." : "");
    return utstring_body(&text);
}
