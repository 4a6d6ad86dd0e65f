/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a client of HTTP/1 asks for: RFC 9112, sections 3 and 5. Pure functions of one line. */
#ifndef TELEX_BASE_HTTP_REQUEST_H
#define TELEX_BASE_HTTP_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

/* X(name, code, "reason") */
#define HTTP_STATUSES(X)                                \
    X(OK, 200, "OK")                                    \
    X(BAD, 400, "Bad Request")                          \
    X(FORBIDDEN, 403, "Forbidden")                      \
    X(NOT_FOUND, 404, "Not Found")                      \
    X(METHOD, 405, "Method Not Allowed")                \
    X(UPGRADE, 426, "Upgrade Required")                 \
    X(TOO_LONG, 431, "Request Header Fields Too Large") \
    X(UNKNOWN_METHOD, 501, "Not Implemented")           \
    X(VERSION, 505, "HTTP Version Not Supported")

enum http_status {
#define HTTP_STATUS(name, code, reason) HTTP_##name = (code),
    HTTP_STATUSES(HTTP_STATUS)
#undef HTTP_STATUS
};

const char *http_status_reason(enum http_status status);

struct http_request {
    const char *path; /* in the line, without a query */
    size_t path_size;
    bool get;
    bool head; /* HEAD: an answer has no body */
    bool old;  /* HTTP/1.0, which cannot go over to another protocol */
};

/* The first line, with its end or without. HTTP_OK, or what is wrong with it. */
enum http_status http_request_read(const char *line, size_t size, struct http_request *request);
/* Whether a request asks for path. */
bool http_request_is_for(const struct http_request *request, const char *path);
/* A name, as of a method, a field, a protocol. */
bool http_is_token(const char *text, size_t size);
/* A line between the first and the empty one. */
bool http_field_is_valid(const char *line, size_t size);
/* The end of what a request says before its body. */
bool http_line_is_empty(const char *line, size_t size);

#endif
