/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/settings.h"

#include <stddef.h>
#include <stdlib.h>

#include "base/address.h"
#include "base/cast.h"
#include "base/command_line.h"
#include "base/fail.h"
#include "base/mem.h"
#include "core/option_set.h"

static bool set_bind(const struct option_spec *spec, void *values, const char *text,
                     char **error)
{
    union address address;
    if (address_parse(text, 0, &address))
        return option_set_string(spec, values, text, error);
    return fail_with(error, "'%s' is not an IPv4 or IPv6 address", text);
}

static bool set_pin(const struct option_spec *spec, void *values, const char *text,
                    char **error)
{
    (void)spec;
    return tls_settings_pin(&CAST(settings, values)->tls, text, error);
}

static bool set_server_name(const struct option_spec *spec, void *values, const char *text,
                            char **error)
{
    (void)spec;
    return tls_settings_server_name(&CAST(settings, values)->tls, text, error);
}

static bool set_alpn(const struct option_spec *spec, void *values, const char *text,
                     char **error)
{
    (void)spec;
    return tls_settings_alpn(&CAST(settings, values)->tls, text, error);
}

#define FIELD(name) .offset = offsetof(struct settings, name)

#define OWN_SETTER .offset = 0 /* knows its field itself */

static const struct option_spec table[] = {
    {"eol", 'e', "EOL",
     "what is added to text that is sent, and between pipes, what each newline becomes",
     option_set_eol, FIELD(eol), .words = eol_words},
    {"view", 'v', "VIEW", "how messages are shown", option_set_view, FIELD(view),
     .words = view_words},
    {"time", 0, "FORM", "how times are shown", option_set_time_form, FIELD(time_form),
     .words = time_form_words},
    {"json", 'j', NULL, "speak JSON Lines on stdin and stdout", option_set_flag, FIELD(json)},
    {"wait", 'w', "SECONDS",
     "how long a silence may be over udp and ws, once input has ended (default 1), or after a "
     "stream's end, while input goes on (default: without bound)",
     option_set_seconds, FIELD(wait)},
    {"connect-timeout", 0, "SECONDS", "how long to try (default 10; 0: no limit)",
     option_set_seconds, FIELD(connect_timeout)},
    {"reconnect", 0, NULL,
     "call again, after growing pauses, where the line is lost or cannot be had; what is typed "
     "meanwhile is kept",
     option_set_flag, FIELD(reconnect)},
    {"bind", 0, "ADDRESS", "call from this local address", set_bind, FIELD(bind)},
    {"raw", 0, NULL, "send stdin and write what comes as they are, even on a terminal",
     option_set_flag, FIELD(raw)},
    {"whole", 0, NULL, "over udp, ws and wss, make all of stdin one message", option_set_flag,
     FIELD(whole)},
    {"ca", 0, "FILE", "trust those who are in FILE, in PEM, and nobody else", option_set_path,
     FIELD(tls.ca)},
    {"insecure", 0, NULL, "talk to whoever answers, whatever certificate it shows",
     option_set_flag, FIELD(insecure)},
    {"pin", 0, "FINGERPRINT", "take the certificate with sha256:HEX, and no other", set_pin,
     OWN_SETTER},
    {"server-name", 0, "NAME", "whom the certificate has to be for (default: the host)",
     set_server_name, OWN_SETTER},
    {"cert", 0, "FILE", "show this certificate, in PEM", option_set_path, FIELD(tls.cert)},
    {"key", 0, "FILE", "its private key (default: it stands with the certificate)",
     option_set_path, FIELD(tls.key)},
    {"psk", 0, "FILE", "a key that both know: the first line IDENTITY HEXKEY in FILE",
     option_set_path, FIELD(tls.psk)},
    {"alpn", 0, "PROTOCOLS", "what to speak under TLS, the best first, as in h2,http/1.1",
     set_alpn, OWN_SETTER},
    {"help", 'h', NULL, "show this help", option_set_flag, FIELD(help)},
    {"version", 'V', NULL, "show the version", option_set_flag, FIELD(version)},
};

/* What who comes from nc and ncat types. */
static const struct option_hint hints[] = {
    {'l', "telex calls, and telexd listens, as in telexd 9999"},
    {'k', "telex calls, and telexd holds many peers, as in telexd 9999"},
    {'p', "the port stands behind the host, as in telex localhost 9999"},
    {'u', "udp is a scheme, as in telex udp://localhost:9999"},
    {'U', "a path is an endpoint, as in telex /tmp/telex.sock"},
    {'n', "an address is not looked up anyway"},
    {'s', "use --bind ADDRESS"},
    {'4', "write an IPv4 address for the host, as in telex 127.0.0.1 9999"},
    {'6', "write an IPv6 address for the host, as in telex ::1 9999"},
    {'q', "use --wait SECONDS"},
    {'N', "telex ends its side of the line when stdin ends"},
    {'C', "use --eol crlf"},
    {0},
};

static const char help_before[] =
    "Usage: telex [OPTION]... ENDPOINT\n"
    "       telex [OPTION]... HOST PORT\n"
    "       telex attach [--read-only] [PATH]\n"
    "A line to one peer, device or program. On a terminal what you type is sent\n"
    "and what comes is shown above it; with a pipe on stdin, bytes go through as they\n"
    "are. With attach it is a console of a telexd: see telex attach --help.\n\n"
    "ENDPOINT is [tcp://|udp://|tls://|dtls://|ws://|wss://]HOST:PORT, PORT,\n"
    "[unix:]PATH, unix:@NAME, serial:PATH or exec:COMMAND. A PORT alone is one of\n"
    "this machine.\n\n";
static const char help_after[] =
    "\nOn a terminal, type /help for commands; Ctrl-D ends your side of the line.\n"
    "The manual is telex(1).\n";

static bool read_endpoint(struct settings *settings, char *const operands[], int count,
                          char **error)
{
    if (count != 1 && count != 2) {
        *error =
            mem_strdup("say where to call: telex ENDPOINT, or telex HOST PORT (see --help)");
        return false;
    }
    return endpoint_parse_pair(operands[0], count == 2 ? operands[1] : NULL,
                               &settings->endpoint, error) ||
           fail_about(error, "endpoint", operands[0]);
}

static int take(struct command_line *line, char **operands, int count, char **error)
{
    struct settings *settings = CAST(settings, line->options.values);
    return read_endpoint(settings, operands, count, error) ? 0 : EXIT_USAGE;
}

bool settings_read(struct settings *settings, int argc, char **argv, int *status)
{
    struct command_line line = {.program = "telex",
                                .before = help_before,
                                .after = help_after,
                                .options = {.table = table,
                                            .count = sizeof table / sizeof *table,
                                            .hints = hints,
                                            .values = settings},
                                .help = &settings->help,
                                .version = &settings->version,
                                .take = take};
    *settings = (struct settings){.wait = -1, .connect_timeout = 10000000};
    CAST_INIT(settings, settings);
    return command_line_read(&line, argc, argv, status);
}

const struct option_spec *settings_options(size_t *count)
{
    *count = sizeof table / sizeof *table;
    return table;
}

void settings_finish(struct settings *settings)
{
    endpoint_finish(&settings->endpoint);
    free(settings->bind);
    tls_settings_finish(&settings->tls);
}
