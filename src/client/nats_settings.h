/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a fleet's nats-server is, and who we are there: what both ends of a fleet are told. */
#ifndef TELEX_CLIENT_NATS_SETTINGS_H
#define TELEX_CLIENT_NATS_SETTINGS_H

#include <stdbool.h>

struct nats_settings {
    char *url;   /* nats://HOST[:PORT] or tls://HOST[:PORT], several with commas between */
    char *creds; /* a file with a user's token and seed; NULL: none */
    char *ca;    /* PEM: who signs the server's certificate; NULL: those of the system */
    char *cert;  /* PEM: our own; NULL: none */
    char *key;   /* PEM: of cert; NULL: it stands in that file */
};

/* Whether text begins as the URL of a nats-server does. */
bool nats_settings_is_url(const char *text);
/* Whether all that is in it are such URLs. *error (malloc'ed) says how one looks. */
bool nats_settings_check_url(const char *text, char **error);
/* Whether what was given goes together. */
bool nats_settings_check(const struct nats_settings *settings, char **error);
void nats_settings_finish(struct nats_settings *settings);

#endif
