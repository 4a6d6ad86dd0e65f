/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * All agents there are (core/agent.h). To add one: a file that defines a const struct agent, a
 * line in the list below, a line in meson.build.
 */
#ifndef TELEX_CORE_AGENTS_H
#define TELEX_CORE_AGENTS_H

struct agent;

/* In the order in which people are told of them, and what /help says of each. */
#define AGENTS(FIRST, X, LAST)       \
    FIRST(none, "")                  \
    X(echo, " (the message itself)") \
    LAST(stamp, " (the local time and the\nmessage: [Sun Mar 19 10:27:00 2017] hi)")

#define AGENT_DECLARE(name, meaning) extern const struct agent agent_##name;
AGENTS(AGENT_DECLARE, AGENT_DECLARE, AGENT_DECLARE)
#undef AGENT_DECLARE

/* "none|echo|stamp", "none, echo, stamp", and "none, echo (the message itself) or stamp (...)".
 */
#define AGENT_NAME(name, meaning) #name
#define AGENT_NEXT_NAME(name, meaning) "|" #name
#define AGENTS_NAMES AGENTS(AGENT_NAME, AGENT_NEXT_NAME, AGENT_NEXT_NAME)
#define AGENT_LISTED(name, meaning) ", " #name
#define AGENTS_LIST AGENTS(AGENT_NAME, AGENT_LISTED, AGENT_LISTED)
#define AGENT_MEANING(name, meaning) #name meaning
#define AGENT_NEXT_MEANING(name, meaning) ", " #name meaning
#define AGENT_LAST_MEANING(name, meaning) " or " #name meaning
#define AGENTS_MEANINGS AGENTS(AGENT_MEANING, AGENT_NEXT_MEANING, AGENT_LAST_MEANING)

/* The names of all of them, for base/words. */
extern const char *const agents_words[];

/* NULL with *error (malloc'ed, lists the names) where there is none of that name. */
const struct agent *agents_find(const char *name, char **error);

#endif
