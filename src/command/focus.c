/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/focus.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/ut.h"
#include "core/told.h"

struct focus_view {
    struct selection peers;
    enum view view;
    struct focus_view *prev, *next;
};

static bool ends(const char *word)
{
    return strcmp(word, "-") == 0;
}

/* --- setting --- */

bool focus_set_only(struct focus *focus, const char *words, char **error)
{
    struct selection only = {.nodes = focus->nodes};
    if (!ends(words) && !selection_add(&only, words, error))
        return false;
    selection_finish(&focus->only);
    focus->only = only;
    return true;
}

bool focus_set_muted(struct focus *focus, const char *words, char **error)
{
    focus->muted.nodes = focus->nodes;
    if (!ends(words))
        return selection_add(&focus->muted, words, error);
    selection_finish(&focus->muted);
    return true;
}

void focus_set_grep(struct focus *focus, const char *text, size_t size)
{
    if (size == 1 && *text == '-')
        search_finish(&focus->grep);
    else
        search_set(&focus->grep, text, size);
}

static void drop_view(struct focus *focus, struct focus_view *view)
{
    DL_DELETE(focus->views, view);
    focus->view_words -= view->peers.count;
    selection_finish(&view->peers);
    free(view);
}

static void drop_view_of(struct focus *focus, const struct selection *peers)
{
    struct focus_view *each, *next;
    DL_FOREACH_SAFE(focus->views, each, next) {
        if (selection_equals(&each->peers, peers))
            drop_view(focus, each);
    }
}

/* Takes peers over. */
static void add_view(struct focus *focus, struct selection *peers, enum view view)
{
    struct focus_view *added = mem_zalloc(sizeof *added);
    added->peers = *peers;
    added->view = view;
    *peers = (struct selection){0};
    DL_PREPEND(focus->views, added);
    focus->view_words += added->peers.count;
}

bool focus_set_view(struct focus *focus, const char *words, const enum view *view, char **error)
{
    struct selection peers = {.nodes = focus->nodes};
    if (!selection_add(&peers, words, error))
        return false;
    drop_view_of(focus, &peers);
    const bool room = !view || focus->view_words + peers.count <= FOCUS_VIEW_WORDS_MAX;
    if (!room)
        *error = mem_printf("too many: all views of some lines together have room for %d "
                            "words, and /view PEERS - ends one",
                            FOCUS_VIEW_WORDS_MAX);
    else if (view)
        add_view(focus, &peers, *view);
    selection_finish(&peers);
    return room;
}

void focus_clear_views(struct focus *focus)
{
    while (focus->views)
        drop_view(focus, focus->views);
}

void focus_finish(struct focus *focus)
{
    focus_clear_views(focus);
    selection_finish(&focus->only);
    selection_finish(&focus->muted);
    search_finish(&focus->grep);
}

/* --- asking --- */

static bool is_of_a_line(const struct told *told)
{
    return told->type == HUB_OPEN || told->type == HUB_HALF_CLOSE || told->type == HUB_NOTE ||
           told->type == HUB_LINE || told->type == HUB_CLOSE;
}

static const struct who *listener_of(const struct told *told)
{
    return told->type == HUB_OPEN ? &told->open.listener : &told->listener;
}

static bool has(const struct selection *selection, const struct told *told)
{
    return selection->count > 0 && selection_has(selection, &told->peer, listener_of(told));
}

static bool is_out_of_it(const struct focus *focus, const struct told *told)
{
    return (focus->only.count > 0 && !has(&focus->only, told)) || has(&focus->muted, told);
}

/* What is told without its bytes was looked at by who had them. */
static bool lacks_text(const struct focus *focus, const struct told *told)
{
    return focus->grep.size > 0 && told->message.data &&
           !search_finds(&focus->grep, told->message.data, told->message.size);
}

bool focus_hides(const struct focus *focus, const struct told *told, unsigned console)
{
    if (told_is_message(told))
        return !told_is_sent_by(told, console) &&
               (is_out_of_it(focus, told) || lacks_text(focus, told));
    return is_of_a_line(told) && is_out_of_it(focus, told);
}

enum view focus_view(const struct focus *focus, const struct told *told, enum view general)
{
    const struct focus_view *each;
    DL_FOREACH(focus->views, each) {
        if (has(&each->peers, told))
            return each->view;
    }
    return told->has_view ? told->view : general;
}

/* --- saying it again --- */

bool focus_drop_numbers(struct focus *focus)
{
    struct focus_view *each, *next;
    bool some = selection_drop_numbers(&focus->only);
    some |= selection_drop_numbers(&focus->muted);
    DL_FOREACH_SAFE(focus->views, each, next) {
        const unsigned before = each->peers.count;
        some |= selection_drop_numbers(&each->peers);
        focus->view_words -= before - each->peers.count;
        if (each->peers.count == 0)
            drop_view(focus, each);
    }
    return some;
}

typedef void say_line(void *context, const char *line, size_t size);

static void say_selection(const struct selection *selection, const char *command,
                          const char *after, say_line *say, void *context)
{
    if (selection->count == 0)
        return;
    char *text = selection_text(selection);
    char *line = mem_printf("/%s %s%s", command, text, after);
    say(context, line, strlen(line));
    free(line);
    free(text);
}

/* The text may hold a NUL. */
static void say_grep(const struct search *grep, say_line *say, void *context)
{
    UT_string line;
    if (grep->size == 0)
        return;
    utstring_init(&line);
    utstring_printf(&line, "/grep ");
    utstring_bincpy(&line, grep->text, grep->size);
    say(context, utstring_body(&line), utstring_len(&line));
    utstring_done(&line);
}

void focus_lines(const struct focus *focus, say_line *say, void *context)
{
    say_selection(&focus->only, "only", "", say, context);
    say_selection(&focus->muted, "mute", "", say, context);
    say_grep(&focus->grep, say, context);
    const struct focus_view *each = focus->views ? focus->views->prev : NULL; /* the oldest */
    for (; each; each = each == focus->views ? NULL : each->prev) {
        char *view = mem_printf(" %s", view_name(each->view));
        say_selection(&each->peers, "view", view, say, context);
        free(view);
    }
}
