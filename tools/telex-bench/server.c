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

struct ticks {
    int64_t own;      /* of all its threads, in nanoseconds */
    int64_t children; /* of those that have ended and were waited for */
};

static FILE *open_file(pid_t pid, const char *name)
{
    char *path = mem_printf("/proc/%ld/%s", (long)pid, name);
    FILE *file = fopen(path, "re");
    free(path);
    return file;
}

static int64_t from_ticks(uint64_t ticks)
{
    return (int64_t)(ticks * (CLOCK_SECOND / (uint64_t)sysconf(_SC_CLK_TCK)));
}

/* Words 14 to 17 of stat(5), behind a name in brackets that may hold anything. */
static bool read_ticks(pid_t pid, struct ticks *ticks)
{
    char line[1024];
    FILE *file = open_file(pid, "stat");
    if (!file)
        return false;
    size_t size = fread(line, 1, sizeof line - 1, file);
    fclose(file);
    line[size] = '\0';
    uint64_t user, kernel, children_user, children_kernel;
    const char *rest = strrchr(line, ')');
    if (!rest || sscanf(rest,
                        ") %*c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %" SCNu64 " %" SCNu64
                        " %" SCNu64 " %" SCNu64,
                        &user, &kernel, &children_user, &children_kernel) != 4) {
        errno = ENOENT; /* it ended just now */
        return false;
    }
    ticks->own = from_ticks(user + kernel);
    ticks->children = from_ticks(children_user + children_kernel);
    return true;
}

static bool read_memory(pid_t pid, int64_t *bytes)
{
    FILE *file = open_file(pid, "smaps_rollup");
    if (!file)
        return false;
    char line[256];
    bool found = false;
    while (fgets(line, sizeof line, file)) {
        uint64_t kibibytes;
        if (sscanf(line, "Private_Clean: %" SCNu64, &kibibytes) == 1 ||
            sscanf(line, "Private_Dirty: %" SCNu64, &kibibytes) == 1) {
            *bytes += (int64_t)(kibibytes << 10);
            found = true;
        }
    }
    fclose(file);
    if (!found)
        errno = ENOENT; /* it has ended, and waits to be waited for */
    return found;
}

/* 0 where the thread has ended. */
static int64_t thread_time(pid_t pid, const char *thread)
{
    char *name = mem_printf("task/%s/schedstat", thread);
    FILE *file = open_file(pid, name);
    int64_t time = 0;
    free(name);
    if (!file)
        return 0;
    if (fscanf(file, "%" SCNd64, &time) != 1)
        time = 0;
    fclose(file);
    return time;
}

static void add_children(pid_t pid, const char *thread, struct server_sample *sample)
{
    char *name = mem_printf("task/%s/children", thread);
    FILE *file = open_file(pid, name);
    free(name);
    if (!file)
        return;
    struct server_sample child;
    for (long number; fscanf(file, "%ld", &number) == 1;) {
        if (!server_measure((pid_t)number, &child))
            continue;
        sample->cpu += child.cpu;
        sample->private_bytes += child.private_bytes;
    }
    fclose(file);
}

/* Adds up the time of the threads, returned, and what their children cost, into *sample. */
static int64_t add_threads(pid_t pid, struct server_sample *sample)
{
    char *path = mem_printf("/proc/%ld/task", (long)pid);
    DIR *threads = opendir(path);
    free(path);
    if (!threads)
        return 0;
    int64_t time = 0;
    for (struct dirent *entry; (entry = readdir(threads));) {
        if (entry->d_name[0] == '.')
            continue;
        time += thread_time(pid, entry->d_name);
        add_children(pid, entry->d_name, sample);
    }
    closedir(threads);
    return time;
}

bool server_measure(pid_t pid, struct server_sample *sample)
{
    struct ticks ticks;
    *sample = (struct server_sample){0, 0};
    if (!read_ticks(pid, &ticks) || !read_memory(pid, &sample->private_bytes))
        return false;
    int64_t threads = add_threads(pid, sample);
    sample->cpu += (threads > ticks.own ? threads : ticks.own) + ticks.children;
    return true;
}
