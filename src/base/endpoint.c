/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/endpoint.h"

#include <stdlib.h>
#include <string.h>

#include "base/endpoint_host.h"
#include "base/endpoint_path.h"
#include "base/endpoint_url.h"
#include "base/fail.h"
#include "base/percent.h"
#include "base/ut.h"
#include "base/words.h"

static void add_key(struct endpoint *endpoint, const char *key, const char *value)
{
    endpoint->keys =
        mem_resize(endpoint->keys, (endpoint->key_count + 1) * sizeof *endpoint->keys);
    endpoint->keys[endpoint->key_count++] =
        (struct endpoint_key){.key = mem_strdup(key), .value = mem_strdup(value)};
}

static bool is_far_end(const char *key)
{
    return strcmp(key, ENDPOINT_FAR_KEY) == 0;
}

static bool parse_key(struct endpoint *endpoint, char *text, char **error)
{
    char *value = strchr(text, '=');
    if (!value || value == text)
        return fail_with(error, "'%s' is not of the form key=value", text);
    *value++ = '\0';
    if (endpoint_key(endpoint, text))
        return fail_with(error, "key '%s' is given twice", text);
    if (!is_far_end(text) && !percent_decode(value, "value", error))
        return false;
    add_key(endpoint, text, value);
    return true;
}

/* "key=value&key=value"; cuts text up. */
static bool parse_keys(struct endpoint *endpoint, char *text, char **error)
{
    while (text) {
        char *piece = text;
        if (strncmp(text, ENDPOINT_FAR_KEY "=", sizeof ENDPOINT_FAR_KEY) == 0)
            text = NULL;
        else
            strsep(&text, "&");
        if (!parse_key(endpoint, piece, error))
            return false;
    }
    return true;
}

/* Takes the scheme off *text; without one it is unix where that is a path, else tcp. */
static bool parse_scheme(struct endpoint *endpoint, char **text, char **error)
{
    size_t prefix = scheme_prefix(*text, &endpoint->scheme);
    *text += prefix;
    if (prefix > 0)
        return true;
    endpoint->scheme = endpoint_path_is(*text) ? SCHEME_UNIX : SCHEME_TCP;
    if (**text == '\0') {
        *error = mem_strdup("keys alone are no endpoint: write tcp://HOST:PORT?key=value");
        return false;
    }
    char *end = endpoint->scheme == SCHEME_TCP ? strstr(*text, "://") : NULL;
    if (!end)
        return true;
    *end = '\0';
    words_parse(scheme_words, "scheme", *text, error);
    return false;
}

/* "HOST:PORT/PATH" */
static bool parse_url(struct endpoint *endpoint, char *text, char **error)
{
    char *slash = strchr(text, '/');
    if (slash) {
        endpoint->path = endpoint_url_parse(slash, error);
        *slash = '\0';
    }
    return (!slash || endpoint->path) && endpoint_host_parse(endpoint, text, error);
}

/* What stands between the scheme and the keys. */
static bool parse_place(struct endpoint *endpoint, char *text, char **error)
{
    const enum scheme_form form = schemes[endpoint->scheme].form;
    if (form == SCHEME_HOST)
        return endpoint_host_parse(endpoint, text, error);
    if (form == SCHEME_URL)
        return parse_url(endpoint, text, error);
    endpoint->path = endpoint_path_parse(schemes[endpoint->scheme].form, text, error);
    return endpoint->path != NULL;
}

bool endpoint_parse(const char *text, struct endpoint *endpoint, char **error)
{
    *endpoint = (struct endpoint){.scheme = SCHEME_TCP};
    if (*text == '\0') {
        *error = mem_strdup("an empty text is no endpoint: write tcp://HOST:PORT or unix:PATH");
        return false;
    }
    char *copy = mem_strdup(text), *head = copy, *keys = copy;
    strsep(&keys, "?");
    bool good = parse_scheme(endpoint, &head, error) && parse_place(endpoint, head, error) &&
                parse_keys(endpoint, keys, error);
    free(copy);
    if (!good)
        endpoint_finish(endpoint);
    return good;
}

bool endpoint_parse_pair(const char *host, const char *port, struct endpoint *endpoint,
                         char **error)
{
    if (!port)
        return endpoint_parse(host, endpoint, error);
    *endpoint = (struct endpoint){.scheme = SCHEME_TCP};
    if (strpbrk(host, "/?"))
        return fail_with(error, "host '%s' is neither a name nor an address", host);
    bool bare = endpoint_host_is_ipv6(host);
    char *text = mem_printf("tcp://%s%s%s:%s", bare ? "[" : "", host, bare ? "]" : "", port);
    bool good = endpoint_parse(text, endpoint, error);
    free(text);
    return good;
}

void endpoint_finish(struct endpoint *endpoint)
{
    for (size_t i = 0; i < endpoint->key_count; i++) {
        free(endpoint->keys[i].key);
        free(endpoint->keys[i].value);
    }
    free(endpoint->keys);
    free(endpoint->host);
    free(endpoint->path);
    *endpoint = (struct endpoint){.scheme = SCHEME_TCP};
}

const char *endpoint_key(const struct endpoint *endpoint, const char *key)
{
    for (size_t i = 0; i < endpoint->key_count; i++) {
        if (strcmp(endpoint->keys[i].key, key) == 0)
            return endpoint->keys[i].value;
    }
    return NULL;
}

static void remove_key(struct endpoint *endpoint, const char *key)
{
    size_t left = 0;
    for (size_t i = 0; i < endpoint->key_count; i++) {
        struct endpoint_key *each = &endpoint->keys[i];
        if (strcmp(each->key, key) != 0) {
            endpoint->keys[left++] = *each;
            continue;
        }
        free(each->key);
        free(each->value);
    }
    endpoint->key_count = left;
}

void endpoint_copy_key(struct endpoint *to, const struct endpoint *from, const char *key)
{
    const char *value = endpoint_key(from, key);
    remove_key(to, key);
    if (value)
        add_key(to, key, value);
}

static void print_host(UT_string *out, const struct endpoint *endpoint)
{
    const char *format = strchr(endpoint->host, ':') ? "[%s]:%u" : "%s:%u";
    utstring_printf(out, format, endpoint->host, (unsigned)endpoint->port);
}

char *endpoint_print(const struct endpoint *endpoint)
{
    UT_string out;
    utstring_init(&out);
    utstring_printf(&out, "%s", schemes[endpoint->scheme].prefix);
    if (endpoint->host)
        print_host(&out, endpoint);
    if (endpoint->host && endpoint->path)
        endpoint_url_print(&out, endpoint->path);
    else if (schemes[endpoint->scheme].form == SCHEME_COMMAND)
        percent_encode_command(&out, endpoint->path);
    else if (endpoint->path)
        percent_encode(&out, endpoint->path);
    return utstring_body(&out);
}

bool endpoint_is_wildcard(const struct endpoint *endpoint)
{
    return endpoint->host && strcmp(endpoint->host, "*") == 0;
}
