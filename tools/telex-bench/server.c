/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "telex-bench/server.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "telex-bench/clock.h"

static FILE *open_of(pid_t pid, const char *name)
{
    char *path = mem_printf("/proc/%ld/%s", (long)pid, name);
    FILE *file = fopen(path, "re");
    free(path);
    return file;
}

static int64_t thread_time(pid_t pid, const char *thread)
{
    char *name = mem_printf("task/%s/schedstat", thread);
    FILE *file = open_of(pid, name);
    int64_t time = -1;
    if (file && fscanf(file, "%" SCNd64, &time) != 1)
        time = -1;
    if (file)
        fclose(file);
    free(name);
    return time;
}

/* -1: this kernel keeps no such statistics. */
static int64_t threads_time(pid_t pid)
{
    char *path = mem_printf("/proc/%ld/task", (long)pid);
    DIR *threads = opendir(path);
    free(path);
    if (!threads)
        return -1;
    int64_t sum = -1;
    for (struct dirent *entry; (entry = readdir(threads));) {
        int64_t time = entry->d_name[0] == '.' ? -1 : thread_time(pid, entry->d_name);
        if (time >= 0)
            sum = (sum < 0 ? 0 : sum) + time;
    }
    closedir(threads);
    return sum;
}

/* The 14th and 15th word, behind a name in brackets that may hold anything. */
static int64_t ticks_time(pid_t pid)
{
    char line[1024];
    FILE *file = open_of(pid, "stat");
    if (!file)
        return -1;
    size_t size = fread(line, 1, sizeof line - 1, file);
    fclose(file);
    line[size] = '\0';
    uint64_t user, system;
    const char *rest = strrchr(line, ')');
    if (!rest ||
        sscanf(rest, ") %*c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %" SCNu64 " %" SCNu64,
               &user, &system) != 2) {
        errno = EINVAL;
        return -1;
    }
    return (int64_t)((user + system) * (CLOCK_SECOND / (uint64_t)sysconf(_SC_CLK_TCK)));
}

int64_t server_cpu(pid_t pid)
{
    int64_t time = threads_time(pid);
    return time > 0 ? time : ticks_time(pid);
}

int64_t server_private(pid_t pid)
{
    FILE *file = open_of(pid, "smaps_rollup");
    if (!file)
        return -1;
    int64_t sum = 0;
    char line[256];
    while (fgets(line, sizeof line, file)) {
        uint64_t kibibytes;
        if (sscanf(line, "Private_Clean: %" SCNu64, &kibibytes) == 1 ||
            sscanf(line, "Private_Dirty: %" SCNu64, &kibibytes) == 1)
            sum += (int64_t)(kibibytes << 10);
    }
    fclose(file);
    return sum;
}
