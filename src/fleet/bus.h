/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The connection to NATS. All of libnats ends here, and so do its threads.
 *
 * All calls are for the loop's thread, all hooks are called from the loop, and no call waits
 * for a broker. What is to be done stands in line for a thread of the bus's, which connects,
 * subscribes and publishes, in that order; that one may be held up as long as the broker likes.
 * What libnats's threads bring they put into a queue of bounded size, which wakes the loop:
 * they call nothing of the bus's user, and touch nothing but that queue.
 *
 * It connects at once, and tries for ever, with pauses that grow to two seconds. Nothing is
 * kept while there is no connection: what could not be sent must be said again. What was said
 * last before a connection was lost may or may not have arrived.
 *
 * JetStream is spoken through it as what it is, requests of JSON on $JS.API subjects.
 */
#ifndef TELEX_FLEET_BUS_H
#define TELEX_FLEET_BUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bus;
struct bus_request;
struct bus_subscription;
struct loop;

/* Bounds, in bytes: what waits to be sent, and what has come and was not told yet. */
enum { BUS_OUT_MAX = 16 << 20, BUS_IN_MAX = 16 << 20 };

/* Borrowed for bus_create. What is NULL is as libnats has it. */
struct bus_settings {
    const char *servers;     /* nats://HOST[:PORT] or tls://…, several with commas between */
    const char *name;        /* by which the broker lists this connection */
    const char *credentials; /* path of a file of NATS's: JWT and seed */
    const char *ca;          /* path: certificates, PEM, that the broker's must descend from */
    const char *certificate; /* path: our own, PEM, and its key */
    const char *key;
    const char *inbox; /* what answers' subjects begin with; NULL: _INBOX */
};

struct bus_hooks {
    void *context;
    /* All that was subscribed to is so from now on. server: its URL, without what is secret. */
    void (*connected)(void *context, const char *server);
    /*
     * There is no connection any more, or none could be had. why is a sentence, escaped; it is
     * NULL where the same was told already. All requests have been told that they are over.
     */
    void (*lost)(void *context, const char *why);
    /* The broker refuses something, such as a subject that we have no right to: a sentence,
     * escaped, not twice in a row. The connection stands. NULL: nobody wants to know. */
    void (*complains)(void *context, const char *why);
    /* Less than a quarter of BUS_OUT_MAX waits again, or nothing since the connection is lost.
     * NULL: nobody wants to know. */
    void (*drained)(void *context);
};

/* Nobody is there who would answer; and of ours: the broker does not let us ask there. */
enum { BUS_NOBODY = 503, BUS_NO_RIGHT = 403 };

/* One that has come: all borrowed for the call. */
struct bus_message {
    const char *subject;
    const char *reply; /* where its answer is to go; NULL: none is wanted */
    const char *data;
    size_t size;
    int status; /* 0, one of these, or what a consumer of JetStream's says instead of one */
    void *handle;
};

/* One to be sent: all borrowed, and copied. */
struct bus_header {
    const char *name, *value;
};

struct bus_post {
    const char *subject;
    const char *reply; /* NULL for none */
    const char *data;
    size_t size;
    const struct bus_header *headers;
    size_t header_count;
    bool hears_refusal; /* of bus_ask: where the broker refuses it, that is an answer */
};

/* Looks at hooks and settings only now. NULL with a sentence in *error, which is malloc'ed:
 * settings that cannot be used, such as a file that cannot be read, or no thread. */
struct bus *bus_create(struct loop *loop, const struct bus_settings *settings,
                       const struct bus_hooks *hooks, char **error);
/* The end, now. Ends all subscriptions and requests; none is told. NULL is fine. Not from a
 * hook. */
void bus_destroy(struct bus *bus);
/* Sends what waits, and waits for it no longer than so many milliseconds: before bus_destroy,
 * where something was said at the end. */
void bus_flush(struct bus *bus, int milliseconds);

bool bus_is_connected(const struct bus *bus);
/* The largest data that the broker takes: bytes; 0 while there is no connection. */
size_t bus_most(const struct bus *bus);

/* Whether it is on its way: false where there is no connection, or where BUS_OUT_MAX waits. */
bool bus_publish(struct bus *bus, const struct bus_post *post);
/* Bytes that wait to be sent. */
size_t bus_backlog(const struct bus *bus);

/* The value of a header of that name, in that case; NULL where it has none. */
const char *bus_header(const struct bus_message *message, const char *name);

typedef void bus_receive(void *context, const struct bus_message *message);

/* Stands until bus_unsubscribe, through all connections. Messages come in the order in which
 * the broker gave them, also those of several subscriptions. Those that find the queue full are
 * dropped. From a hook, too. */
struct bus_subscription *bus_subscribe(struct bus *bus, const char *subject,
                                       bus_receive *receive, void *context);
/* Nothing comes any more, from now on. NULL is fine; its own hook may call it. */
void bus_unsubscribe(struct bus_subscription *subscription);

/*
 * Sends a question, whose reply is set, and tells each answer. With a message of NULL it tells
 * the last time: nothing came for so many microseconds, or the connection is lost. After
 * that it is over and freed.
 */
typedef void bus_answer(void *context, const struct bus_message *message);
/* NULL where it could not be sent, see bus_publish. */
struct bus_request *bus_ask(struct bus *bus, const struct bus_post *post, int64_t patience,
                            bus_answer *answer, void *context);
/* No more answers are wanted; frees it. NULL is fine; its own hook may call it. */
void bus_request_end(struct bus_request *request);

/* A new subject for answers, malloc'ed, that nobody else has: to subscribe to. */
char *bus_inbox(struct bus *bus);

#endif
