/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loop/session.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <unistd.h>

#include "base/number.h"

static bool visit_group(pid_t leader, void (*deed)(pid_t pid))
{
    const bool is_there = kill(-leader, 0) == 0 || errno != ESRCH;
    if (is_there && deed)
        deed(-leader);
    return is_there;
}

bool session_visit(pid_t session, void (*deed)(pid_t pid))
{
    DIR *all = opendir("/proc");
    const struct dirent *entry;
    bool any = false;
    if (!all)
        return visit_group(session, deed);
    while ((entry = readdir(all))) {
        uint64_t pid;
        if (!number_parse(entry->d_name, INT32_MAX, &pid) || getsid((pid_t)pid) != session)
            continue;
        any = true;
        if (deed)
            deed((pid_t)pid);
    }
    closedir(all);
    return any;
}
