/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/control_sessions.h"

#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cast.h"
#include "base/json_put.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/ut.h"
#include "console/pipe.h"
#include "console/renderer.h"
#include "core/hub.h"
#include "loop/loop.h"
#include "loop/timeout.h"

/* Microseconds. */
enum {
    LOOK_EVERY = 500000, /* how often sessions are looked at whose end no event tells */
    GONE_SHARE =
        500000, /* for lines that stand there when nobody reads their answers any more */
};

/*
 * A session whose operator has ended its sending side still gets events until it closes. One
 * that said /quit gets what was answered by then, for as long as patience says. What a script
 * has sent is run though it has gone meanwhile, but not for long: what is left then is dropped.
 */
struct control_session {
    struct control_sessions *sessions;
    CAST_MARK;
    struct pipe_console *pipe;
    evutil_socket_t fd;
    bool ended;       /* its input */
    bool leaving;     /* it said /quit */
    int64_t deadline; /* of loop_clock; 0: none */
    struct control_session *prev, *next;
};

static void session_destroy(struct control_session *session)
{
    DL_DELETE(session->sessions->list, session);
    session->sessions->count--;
    pipe_console_destroy(session->pipe);
    close(session->fd);
    free(session);
}

static void session_destroy_hook(void *context)
{
    session_destroy(context);
}

/* The far end is closed too, not only its sending side. */
static bool session_is_gone(const struct control_session *session)
{
    struct pollfd poller = {.fd = session->fd};
    return poll(&poller, 1, 0) > 0 && (poller.revents & (POLLHUP | POLLERR));
}

static bool session_is_over(const struct control_session *session)
{
    return (session->ended && session_is_gone(session)) ||
           (session->deadline > 0 && loop_clock() >= session->deadline);
}

/*
 * Once end of file was read, the kernel tells by no event that the reading side closes as well:
 * waiting for it would report the first end for ever. A write would tell, but may never come.
 */
static void look_cb(void *context)
{
    struct control_sessions *sessions = CAST(control_sessions, context);
    struct control_session *session, *next;
    bool some = false;
    DL_FOREACH_SAFE(sessions->list, session, next) {
        if (session_is_over(session))
            session_destroy(session);
        else
            some |= session->ended || session->deadline > 0;
    }
    if (some)
        timeout_set(sessions->look, LOOK_EVERY);
}

static void look_after(struct control_sessions *sessions)
{
    timeout_start(sessions->look, LOOK_EVERY);
}

/* --- a session's hooks --- */

static void input_ended(void *context)
{
    struct control_session *session = CAST(control_session, context);
    session->ended = true;
    if (session_is_gone(session))
        session_destroy(session);
    else
        look_after(session->sessions);
}

static void said_quit(void *context)
{
    struct control_session *session = CAST(control_session, context);
    session->leaving = true;
    session->deadline = loop_clock() + session->sessions->settings.console.patience;
    pipe_console_finish(session->pipe);
    look_after(session->sessions);
}

/* Paths of this machine are for whoever could read them as well: the daemon's user, and root.
 */
static bool session_is_trusted(evutil_socket_t fd)
{
    struct ucred credentials;
    socklen_t length = sizeof credentials;
    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &length) == 0 &&
           (credentials.uid == geteuid() || credentials.uid == 0);
}

static void output_broken(void *context)
{
    struct control_session *session = CAST(control_session, context);
    if (session->ended || session->leaving) {
        session_destroy(session);
        return;
    }
    session->deadline = loop_clock() + GONE_SHARE;
    look_after(session->sessions);
}

static bool has_room(const struct control_sessions *sessions)
{
    uint64_t most = sessions->settings.console.hub->limits.most.consoles;
    return most == 0 || sessions->count < most;
}

/* One line, as a console would say it; what its reader does not take at once is lost to it. */
static void tell_refused(evutil_socket_t fd, const struct host *host, const char *why)
{
    UT_string line;
    struct json json;
    utstring_init(&line);
    json_put_init(&json, &line);
    json_put_object_begin(&json, NULL);
    json_put_time(&json, "time", host->wall(host->context));
    json_put_string(&json, "event", "error");
    json_put_string(&json, "error", why);
    json_put_object_end(&json);
    ut_append(&line, "\n", 1);
    send(fd, utstring_body(&line), utstring_len(&line), MSG_DONTWAIT | MSG_NOSIGNAL);
    utstring_done(&line);
}

static void refuse(struct control_sessions *sessions, evutil_socket_t fd)
{
    struct hub *hub = sessions->settings.console.hub;
    char *why = mem_printf("no more consoles may attach: there are %" PRIu64
                           " already (--max-consoles)",
                           sessions->count);
    hub->stats.refused_consoles++;
    tell_refused(fd, &hub->host, why);
    if (!sessions->crowd_said)
        log_error("%s", why);
    sessions->crowd_said = true;
    free(why);
    close(fd);
}

static void begin(struct control_sessions *sessions, evutil_socket_t fd, bool read_only)
{
    struct control_session *session = mem_zalloc(sizeof *session);
    CAST_INIT(control_session, session);
    const struct console_hooks hooks = {.context = session,
                                        .end = input_ended,
                                        .leaving = said_quit,
                                        .drained = session_destroy_hook,
                                        .broken = output_broken,
                                        .greedy = session_destroy_hook};
    struct console_settings console = sessions->settings.console;
    console.renderer = &render_json;
    console.number = sessions->next_number++;
    console.view = VIEW_TEXT;
    console.read_only = read_only;
    console.local_files = session_is_trusted(fd);
    console.patience = 0; /* the loop never waits for one reader */
    session->sessions = sessions;
    session->fd = fd;
    session->pipe = pipe_console_create(sessions->settings.loop, fd, fd, &console, &hooks);
    DL_APPEND(sessions->list, session);
    sessions->count++;
    sessions->crowd_said = false;
    console_hello(pipe_console_base(session->pipe), sessions->settings.version);
    pipe_console_start(session->pipe);
}

void control_sessions_add(struct control_sessions *sessions, evutil_socket_t fd, bool read_only)
{
    if (has_room(sessions))
        begin(sessions, fd, read_only);
    else
        refuse(sessions, fd);
}

/* --- all of them --- */

void control_sessions_init(struct control_sessions *sessions,
                           const struct control_settings *settings)
{
    *sessions = (struct control_sessions){.settings = *settings,
                                          .next_number = settings->console.number};
    CAST_INIT(control_sessions, sessions);
    sessions->look =
        timeout_create(settings->loop, LOOP_OPERATOR, PART_CONSOLE, look_cb, sessions);
}

/* Writes what the readers take at once; fills pollers with those that have not got all. */
static size_t flush_all(struct control_sessions *sessions, UT_array *pollers)
{
    struct control_session *session;
    utarray_clear(pollers);
    DL_FOREACH(sessions->list, session) {
        struct pollfd poller = {.fd = session->fd, .events = POLLOUT};
        if (pipe_console_flush(session->pipe) > 0)
            utarray_push_back(pollers, &poller);
    }
    return utarray_len(pollers);
}

/* Side by side, so that one that does not read takes nothing from the others' time. */
static void drain_all(struct control_sessions *sessions, int64_t patience)
{
    static const UT_icd icd = {.sz = sizeof(struct pollfd)};
    int64_t deadline = loop_clock() + patience, left = patience;
    UT_array pollers;
    utarray_init(&pollers, &icd);
    while (flush_all(sessions, &pollers) > 0 && left > 0) {
        struct pollfd *first = (struct pollfd *)utarray_front(&pollers);
        if (poll(first, utarray_len(&pollers), (int)(left / 1000) + 1) < 0)
            break;
        left = deadline - loop_clock();
    }
    utarray_done(&pollers);
}

void control_sessions_finish(struct control_sessions *sessions, int64_t patience)
{
    drain_all(sessions, patience);
    while (sessions->list)
        session_destroy(sessions->list);
    timeout_destroy(sessions->look);
}
