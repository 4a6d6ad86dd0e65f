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
#include "loop/poller.h"
#include "loop/timeout.h"

/* For lines that stand there when nobody reads their answers any more: microseconds. */
enum { GONE_SHARE = 500000 };

/*
 * A session whose operator has ended its sending side still gets events until it closes. One
 * that said /quit gets what was answered by then, for as long as patience says. What a script
 * has sent is run though it has gone meanwhile, but not for long: what is left then is dropped.
 */
struct control_session {
    struct control_sessions *sessions;
    CAST_MARK;
    struct pipe_console *pipe;
    struct poller_source far; /* tells that it is gone, once its end was read */
    int fd;
    bool ended;            /* its input */
    bool leaving;          /* it said /quit */
    struct timeout *limit; /* of its patience; NULL: it has no limit yet */
    struct job end;
    struct control_session *prev, *next;
};

static void session_destroy(struct control_session *session)
{
    struct control_sessions *sessions = session->sessions;
    DL_DELETE(sessions->list, session);
    sessions->count--;
    pipe_console_destroy(session->pipe);
    poller_forget(sessions->settings.poller, &session->far);
    jobs_forget(&session->end);
    timeout_destroy(session->limit);
    close(session->fd);
    free(session);
}

static void session_destroy_hook(void *context)
{
    session_destroy(CAST(control_session, context));
}

static void limit_to(struct control_session *session, int64_t microseconds)
{
    if (!session->limit)
        session->limit = timeout_create(session->sessions->settings.loop, LOOP_OPERATOR,
                                        PART_CONSOLE, session_destroy_hook, session);
    timeout_set(session->limit, microseconds);
}

static void run_end(struct job *job)
{
    session_destroy(container_of(job, struct control_session, end));
}

static void far_gone(struct poller_source *source, unsigned what)
{
    struct control_session *session = container_of(source, struct control_session, far);
    (void)what;
    loop_defer(session->sessions->settings.loop, &session->end);
}

/* --- a session's hooks --- */

static void input_ended(void *context)
{
    struct control_session *session = CAST(control_session, context);
    session->ended = true;
    poller_watch(session->sessions->settings.poller, session->fd, &session->far, POLLER_GONE);
}

static void said_quit(void *context)
{
    struct control_session *session = CAST(control_session, context);
    session->leaving = true;
    limit_to(session, session->sessions->settings.console.patience);
    pipe_console_close(session->pipe);
}

/* Paths of this machine are for whoever could read them as well: the daemon's user, and root.
 */
static bool is_trusted(uid_t uid)
{
    return uid == geteuid() || uid == 0;
}

/* Nobody where the kernel does not say. */
static uid_t user_of(int fd)
{
    struct ucred credentials;
    socklen_t length = sizeof credentials;
    const bool known = getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &length) == 0;
    return known ? credentials.uid : (uid_t)-1;
}

static void output_broken(void *context)
{
    struct control_session *session = CAST(control_session, context);
    if (session->ended || session->leaving) {
        session_destroy(session);
        return;
    }
    limit_to(session, GONE_SHARE);
}

static bool has_room(const struct control_sessions *sessions)
{
    uint64_t most = sessions->settings.console.hub->limits.most.consoles;
    return most == 0 || sessions->count < most;
}

/* One line, as a console would say it; what its reader does not take at once is lost to it. */
static void tell_refused(int fd, const struct host *host, const char *why)
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

static void refuse(struct control_sessions *sessions, int fd)
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

static void say_hello(const struct control_sessions *sessions, struct console *console)
{
    const struct hub *hub = console->session.hub;
    const struct hello hello = {.version = sessions->settings.version,
                                .run = hub->run,
                                .seq = hub->seq,
                                .history = history_first(&hub->history)};
    console_hello(console, &hello);
}

static void begin(struct control_sessions *sessions, int fd, bool read_only)
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
    console.attached = true;
    console.uid = user_of(fd);
    console.local_files = is_trusted(console.uid);
    console.patience = 0; /* the loop never waits for one reader */
    session->sessions = sessions;
    session->fd = fd;
    session->far.ready = far_gone;
    session->end = (struct job){.run = run_end, .part = PART_CONSOLE};
    session->pipe = pipe_console_create(sessions->settings.loop, fd, fd, &console, &hooks);
    DL_APPEND(sessions->list, session);
    sessions->count++;
    sessions->crowd_said = false;
    say_hello(sessions, pipe_console_base(session->pipe));
    pipe_console_start(session->pipe);
}

void control_sessions_add(struct control_sessions *sessions, int fd, bool read_only)
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
}
