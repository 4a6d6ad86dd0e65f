/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/http_request.h"

#include <ctype.h>
#include <string.h>

const char *http_status_reason(enum http_status status)
{
    switch (status) {
#define HTTP_REASON(name, code, reason) \
    case HTTP_##name:                   \
        return reason;
        HTTP_STATUSES(HTTP_REASON)
#undef HTTP_REASON
    }
    return "";
}

/* Without its end: CRLF, or LF alone (RFC 9112 section 2.2). */
static size_t text_size(const char *line, size_t size)
{
    size -= size > 0 && line[size - 1] == '\n';
    size -= size > 0 && line[size - 1] == '\r';
    return size;
}

bool http_line_is_empty(const char *line, size_t size)
{
    return text_size(line, size) == 0;
}

/* A token of RFC 9110 section 5.6.2. */
bool http_is_token(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (!isalnum((unsigned char)text[i]) && !strchr("!#$%&'*+-.^_`|~", text[i]))
            return false;
    return size > 0 && !memchr(text, '\0', size);
}

bool http_field_is_valid(const char *line, size_t size)
{
    const char *colon = memchr(line, ':', size);
    return colon && http_is_token(line, (size_t)(colon - line));
}

/* --- the first line --- */

struct word {
    const char *text;
    size_t size;
};

/* Up to the next blank, or the end; *rest goes on behind it. */
static struct word take_word(struct word *rest)
{
    const char *blank = memchr(rest->text, ' ', rest->size);
    struct word word = {.text = rest->text,
                        .size = blank ? (size_t)(blank - rest->text) : rest->size};
    const size_t taken = word.size + (blank != NULL);
    *rest = (struct word){.text = rest->text + taken, .size = rest->size - taken};
    return word;
}

static bool is_word(const struct word *word, const char *text)
{
    return word->size == strlen(text) && memcmp(word->text, text, word->size) == 0;
}

/* RFC 9110 section 9, and RFC 5789. */
static bool is_known_method(const struct word *method)
{
    static const char *const methods[] = {"GET",     "HEAD",    "POST",  "PUT",  "DELETE",
                                          "CONNECT", "OPTIONS", "TRACE", "PATCH"};
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        if (is_word(method, methods[i]))
            return true;
    return false;
}

/* HTTP_OK for HTTP/1.0, HTTP/1.1 and what may come after it. */
static enum http_status check_version(const struct word *version)
{
    static const char name[] = "HTTP/";
    const char *text = version->text;
    const size_t size = sizeof name - 1;
    if (version->size != size + 3 || memcmp(text, name, size) != 0 ||
        !isdigit((unsigned char)text[size]) || text[size + 1] != '.' ||
        !isdigit((unsigned char)text[size + 2]))
        return HTTP_BAD;
    return text[size] == '1' ? HTTP_OK : HTTP_VERSION;
}

/* "/path?query", or all of it with "http://host" in front: RFC 9112 section 3.2.2. */
static struct word path_of(struct word target)
{
    static const char scheme[] = "http://";
    const size_t size = sizeof scheme - 1;
    if (target.size >= size && memcmp(target.text, scheme, size) == 0) {
        const char *path = memchr(target.text + size, '/', target.size - size);
        const size_t skipped = path ? (size_t)(path - target.text) : target.size;
        target = (struct word){.text = target.text + skipped, .size = target.size - skipped};
    }
    const char *query = memchr(target.text, '?', target.size);
    if (query)
        target.size = (size_t)(query - target.text);
    return target;
}

enum http_status http_request_read(const char *line, size_t size, struct http_request *request)
{
    struct word rest = {.text = line, .size = text_size(line, size)};
    const struct word method = take_word(&rest);
    const struct word target = take_word(&rest);
    if (!http_is_token(method.text, method.size) || target.size == 0)
        return HTTP_BAD;
    const struct word path = path_of(target);
    *request = (struct http_request){.path = path.text,
                                     .path_size = path.size,
                                     .get = is_word(&method, "GET"),
                                     .head = is_word(&method, "HEAD"),
                                     .old = is_word(&rest, "HTTP/1.0")};
    const enum http_status status = check_version(&rest);
    return status == HTTP_OK && !is_known_method(&method) ? HTTP_UNKNOWN_METHOD : status;
}

bool http_request_is_for(const struct http_request *request, const char *path)
{
    return is_word(&(struct word){request->path, request->path_size}, path);
}
