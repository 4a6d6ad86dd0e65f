/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of options, and what --help says around it. */
#include "server/settings_parts.h"

#include <stddef.h>
#include <string.h>

#include "base/cast.h"
#include "base/cidr.h"
#include "base/fail.h"
#include "base/mem.h"
#include "base/options.h"
#include "core/agents.h"
#include "core/option_set.h"
#include "server/endpoints.h"
#include "server/metrics_bind.h"
#include "server/settings.h"

enum { LEAST_QUEUE = 64 << 10, LEAST_MEMORY = 1 << 20 };

static bool set_max_queue(const struct option_spec *spec, void *values, const char *text,
                          char **error)
{
    struct settings *settings = CAST(settings, values);
    if (!option_set_size(spec, values, text, error))
        return false;
    if (settings->live.hub.max_queue >= LEAST_QUEUE)
        return true;
    return fail_with(error, "'%s' is less than 64k", text);
}

static bool set_max_memory(const struct option_spec *spec, void *values, const char *text,
                           char **error)
{
    struct settings *settings = CAST(settings, values);
    if (!option_set_size(spec, values, text, error))
        return false;
    if (settings->live.hub.max_memory == 0 || settings->live.hub.max_memory >= LEAST_MEMORY)
        return true;
    return fail_with(error, "'%s' is less than 1M", text);
}

static bool set_metrics(const struct option_spec *spec, void *values, const char *text,
                        char **error)
{
    return metrics_bind_check(text, error) && option_set_string(spec, values, text, error);
}

static bool add_rule(void *values, const char *text, bool allow, char **error)
{
    struct settings *settings = CAST(settings, values);
    struct cidr cidr;
    if (!cidr_parse(text, &cidr, error))
        return false;
    access_add(&settings->live.access, &cidr, allow);
    return true;
}

static bool add_allow(const struct option_spec *spec, void *values, const char *text,
                      char **error)
{
    (void)spec;
    return add_rule(values, text, true, error);
}

static bool add_deny(const struct option_spec *spec, void *values, const char *text,
                     char **error)
{
    (void)spec;
    return add_rule(values, text, false, error);
}

static const char *name_taken(const struct settings *settings, const char *name)
{
    for (size_t i = 0; name && i < settings->call_count; i++)
        if (settings->calls[i].name && strcmp(settings->calls[i].name, name) == 0)
            return name;
    return NULL;
}

static void append_call(struct settings *settings, const char *text, const char *name)
{
    const size_t count = settings->call_count++;
    settings->calls = mem_resize(settings->calls, (count + 1) * sizeof *settings->calls);
    settings->calls[count] = (struct settings_call){.endpoint = mem_strdup(text),
                                                    .name = name ? mem_strdup(name) : NULL};
}

static bool add_call(const struct option_spec *spec, void *values, const char *text,
                     char **error)
{
    struct settings *settings = CAST(settings, values);
    (void)spec;
    struct origin *call = endpoints_origin(settings, text, error);
    if (!call)
        return false;
    const char *taken = name_taken(settings, call->profile.name);
    if (taken)
        fail_with(error, "the name %s is taken by another call", taken);
    else
        append_call(settings, text, call->profile.name);
    origin_release(call);
    return !taken;
}

static bool add_known(const struct option_spec *spec, void *values, const char *text,
                      char **error)
{
    struct settings *settings = CAST(settings, values);
    struct phonebook_entry entry;
    (void)spec;
    if (!phonebook_parse(text, &entry, error))
        return false;
    phonebook_add(&settings->live.known, &entry);
    return true;
}

static bool add_control(const struct option_spec *spec, void *values, const char *text,
                        char **error)
{
    struct settings *settings = CAST(settings, values);
    struct control_spec control;
    (void)spec;
    if (!control_spec_parse(text, &control, error))
        return false;
    size_t count = settings->control_count + 1;
    settings->controls = mem_resize(settings->controls, count * sizeof *settings->controls);
    settings->controls[settings->control_count++] = control;
    return true;
}

#define MEMBER(name) ((struct settings *)NULL)->name
#define FIELD(name) \
    .offset = offsetof(struct settings, name), .size = sizeof MEMBER(name),                    \
    .is_text = _Generic(MEMBER(name), char * : true, default : false)
#define OWN_SETTER .offset = 0 /* knows its field itself */

static const struct option_spec table[] = {
    {"config", 'c', "FILE", "read options from FILE too; the command line wins",
     option_set_path, FIELD(config), .command_line_only = true},
    {"reply", 'r', "MODE", "automatic reply of listeners that set none", option_set_reply,
     FIELD(live.reply), .words = agents_words},
    {"eol", 'e', "EOL", "what is added to text that is sent", option_set_eol, FIELD(live.eol),
     .words = eol_words},
    {"view", 'v', "VIEW", "how messages are shown", option_set_view, FIELD(view),
     .words = view_words},
    {"time", 0, "FORM", "how times are shown on the console", option_set_time_form,
     FIELD(time_form), .words = time_form_words},
    {"json", 'j', NULL, "the console speaks JSON Lines instead of text", option_set_flag,
     FIELD(json)},
    {"control", 0, "[PATH]",
     "a Unix socket on which further consoles attach; may be repeated; PATH may have "
     "?access=read&mode=0660 behind it (default: a place of your own, where telex attach "
     "looks)",
     add_control, OWN_SETTER, .repeatable = true},
    {"metrics", 0, "ENDPOINT",
     "figures for Prometheus at GET /metrics, on unix:PATH or a loopback address", set_metrics,
     FIELD(metrics)},
    {"no-console", 0, NULL, "neither read stdin nor write events to stdout", option_set_flag,
     FIELD(no_console)},
    {"log-events", 0, NULL, "say on stderr who comes and goes, as a service's journal wants it",
     option_set_flag, FIELD(live.log_events)},
    {"call", 0, "ENDPOINT",
     "call it from the start, with again=SECONDS behind it again and again; may be repeated",
     add_call, OWN_SETTER, .repeatable = true},
    {"known", 0, "'WHERE WORD'",
     "who comes from WHERE (an address, with a port perhaps, or a prefix) is named WORD; may "
     "be repeated",
     add_known, OWN_SETTER, .repeatable = true},
    {"cert", 0, "FILE",
     "certificate of tls listeners that name none, in PEM (default: one is made at start)",
     option_set_path, FIELD(live.lines.tls_listeners.cert)},
    {"key", 0, "FILE", "its private key (default: it stands with the certificate)",
     option_set_path, FIELD(live.lines.tls_listeners.key)},
    {"ca", 0, "FILE",
     "certificates of those whose clients are trusted, and their CRLs: with it tls listeners "
     "that name none want a certificate of who calls",
     option_set_path, FIELD(live.lines.tls_listeners.ca)},
    {"history", 0, "BYTES",
     "most bytes of what was said that are kept, to be told again (default 16M; 0: nothing)",
     option_set_size, FIELD(live.hub.history)},
    {"check", 0, NULL, "read all of this and the file, say what is wrong, and end",
     option_set_flag, FIELD(check), .command_line_only = true},
    {"exit-on-eof", 0, NULL, "end when stdin ends", option_set_flag, FIELD(exit_on_eof)},
    {"max-peers", 0, "N",
     "hold at most N stream peers, refuse more (default: what the descriptors allow)",
     option_set_count, FIELD(live.limits.streams)},
    {"max-udp-peers", 0, "N",
     "hold at most N UDP peers; the longest unused makes room (default 65536; 0: no limit)",
     option_set_count, FIELD(live.limits.datagrams)},
    {"max-peers-per-host", 0, "N",
     "hold at most N stream peers of one address, or one IPv6 /64 (default: no limit)",
     option_set_count, FIELD(live.limits.per_host)},
    {"max-consoles", 0, "N",
     "let at most N consoles attach, refuse more (default 64; 0: no limit)", option_set_count,
     FIELD(live.limits.consoles)},
    {"max-children", 0, "N",
     "let at most N programs (exec:) run, refuse more (default 256; 0: no limit)",
     option_set_count, FIELD(live.lines.max_children)},
    {"idle-timeout", 0, "SECONDS",
     "close a stream peer after so long without a byte either way (default: never)",
     option_set_seconds, FIELD(live.lines.idle_timeout)},
    {"udp-idle-timeout", 0, "SECONDS", "forget a UDP peer likewise (default 300; 0: never)",
     option_set_seconds, FIELD(live.lines.udp_idle_timeout)},
    {"half-close", 0, "SECONDS",
     "how long a peer that has ended its sending side can still be sent to (default 5 where "
     "nothing replies, else until its queue is empty)",
     option_set_seconds, FIELD(live.half_close)},
    {"keepalive", 0, "SECONDS", "find dead TCP peers after about so long (default 60; 0: off)",
     option_set_seconds, FIELD(live.lines.keepalive)},
    {"max-queue", 0, "BYTES",
     "most bytes waiting for one stream peer (default 1M, at least 64k)", set_max_queue,
     FIELD(live.hub.max_queue)},
    {"max-memory", 0, "BYTES",
     "most memory for what waits, of all peers and consoles (default: no limit)",
     set_max_memory, FIELD(live.hub.max_memory)},
    {"allow", 0, "CIDR",
     "who may connect or send datagrams; may be repeated; the longest "
     "matching prefix wins, deny on a tie",
     add_allow, OWN_SETTER, .repeatable = true},
    {"deny", 0, "CIDR", "who may not; may be repeated", add_deny, OWN_SETTER,
     .repeatable = true},
    {"udp-reply-rate", 0, "N",
     "automatic replies a second to one UDP source address outside loopback "
     "(default 200; 0: no limit)",
     option_set_count, FIELD(live.lines.udp_reply_rate)},
    {"connect-timeout", 0, "SECONDS", "how long a call tries (default 10; 0: no limit)",
     option_set_seconds, FIELD(live.lines.dial.timeout)},
    {"drain", 0, "SECONDS",
     "how long a graceful close or shutdown waits (default 5; 0: at once)", option_set_seconds,
     FIELD(live.hub.drain)},
    {"help", 'h', NULL, "show this help", option_set_flag, FIELD(help),
     .command_line_only = true},
    {"version", 'V', NULL, "show the version", option_set_flag, FIELD(version),
     .command_line_only = true},
};

/* What who comes from nc and ncat types. */
const struct option_hint settings_hints[] = {
    {'l', "telexd listens by itself, as in telexd 9999"},
    {'p', "the port is an endpoint, as in telexd 9999"},
    {'u', "udp is a scheme, as in telexd udp://9999"},
    {'k', "telexd always holds many peers, and serves on when one leaves"},
    {'U', "a path is an endpoint, as in telexd /tmp/telex.sock"},
    {'n', "telexd asks no names of those who call"},
    {'s', "the address to listen on stands in the endpoint, as in telexd 127.0.0.1:9999"},
    {'4', "the host says which family, as in telexd 0.0.0.0:9999"},
    {'6', "the host says which family, as in telexd [::]:9999"},
    {'w', "use --idle-timeout SECONDS"},
    {'m', "use --max-peers N"},
    {'C', "use --eol crlf"},
    {0},
};

const char settings_help_before[] =
    "Usage: telexd [OPTION]... [ENDPOINT]...\n"
    "An operator's switchboard: holds every line, of raw TCP and UDP, TLS, WebSockets\n"
    "and programs, shows who says what, and lets you answer any of them.\n\n"
    "ENDPOINT is [tcp://|udp://|tls://|dtls://|ws://|wss://]HOST:PORT, PORT,\n"
    "[unix:]PATH or unix:@NAME, with ?key=value&... after it: reply, eol, framing,\n"
    "view, name, mode.\n"
    "HOST * is every address. Without endpoints: tcp://*:9999 and udp://*:21567.\n\n";
const char settings_help_after[] =
    "\nType /help at the console for its commands. The manual is telexd(8).\n";

const struct option_spec *settings_options(size_t *count)
{
    *count = sizeof table / sizeof *table;
    return table;
}
