/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A thread beside the loop's, for system calls that wait where the loop must not. */
#ifndef TELEX_LOOP_THREAD_H
#define TELEX_LOOP_THREAD_H

#include <pthread.h>

/* To be joined or detached. No signal reaches it. Returns 0 or an errno. */
int thread_start(pthread_t *thread, void *(*work)(void *context), void *context);

#endif
