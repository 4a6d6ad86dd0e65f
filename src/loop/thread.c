/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loop/thread.h"

#include <signal.h>

int thread_start(pthread_t *thread, void *(*work)(void *context), void *context)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); /* inherited: pthread_create(3) */
    int failure = pthread_create(thread, NULL, work, context);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failure;
}
