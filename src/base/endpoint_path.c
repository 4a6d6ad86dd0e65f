/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/endpoint_path.h"

#include <stdlib.h>
#include <string.h>

#include "base/endpoint.h"
#include "base/home.h"
#include "base/mem.h"
#include "base/percent.h"
#include "base/unix_address.h"

bool endpoint_path_is(const char *word)
{
    return *word == '/' || *word == '~' || strncmp(word, "./", 2) == 0 ||
           strncmp(word, "../", 3) == 0;
}

/* "@x", where it stands for a file, is kept as "./@x". */
static char *file_path(const char *path, bool tilde)
{
    char *file = tilde ? home_expand(path) : mem_strdup(path);
    if (!strchr("@~", *file) || *file == '\0')
        return file;
    char *plain = mem_printf("./%s", file);
    free(file);
    return plain;
}

static bool check_socket(const char *path, char **error)
{
    bool abstract = unix_address_is_abstract(path);
    size_t length = strlen(path) - abstract;
    if (length == 0)
        *error = abstract ? mem_strdup("an abstract socket needs a name: unix:@example")
                          : mem_strdup("a unix endpoint needs a path: unix:/run/example.sock");
    else if (length > ENDPOINT_PATH_MAX)
        *error = mem_printf("the %s has %zu bytes, a unix socket's has at most %d",
                            abstract ? "name" : "path", length, ENDPOINT_PATH_MAX);
    return !*error;
}

static bool check(enum scheme_form form, const char *path, char **error)
{
    if (form == SCHEME_PATH)
        return check_socket(path, error);
    if (*path == '\0')
        *error =
            mem_strdup(form == SCHEME_DEVICE ? "a device needs a path, as in /dev/ttyUSB0"
                                             : "there is no command to run, as in exec:cat");
    return !*error;
}

char *endpoint_path_parse(enum scheme_form form, char *text, char **error)
{
    const char first = *text; /* as %40 and %7e they are no marks */
    const bool plain = form == SCHEME_COMMAND || (form == SCHEME_PATH && first == '@');
    *error = NULL;
    if (!percent_decode(text, form == SCHEME_COMMAND ? "command" : "path", error))
        return NULL;
    char *path = plain ? mem_strdup(text) : file_path(text, first == '~');
    if (check(form, path, error))
        return path;
    free(path);
    return NULL;
}
