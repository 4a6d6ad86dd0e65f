/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/subject.h"

#include <stdio.h>
#include <string.h>

/* What stands around the node's name. */
static const struct form {
    const char *before, *behind;
} forms[SUBJECT_KINDS] = {
    [SUBJECT_PRESENCE] = {"telex.n.", ""},  [SUBJECT_TALK] = {"telex.e.", ".talk"},
    [SUBJECT_LIFE] = {"telex.e.", ".life"}, [SUBJECT_LOST] = {"telex.e.", ".lost"},
    [SUBJECT_READ] = {"telex.c.", ".r"},    [SUBJECT_WRITE] = {"telex.c.", ".w"},
};

void subject_make(char subject[SUBJECT_ROOM], enum subject_kind kind, const char *node)
{
    snprintf(subject, SUBJECT_ROOM, "%s%s%s", forms[kind].before, node, forms[kind].behind);
}

static bool reads(const struct form *form, const char *text, char node[NAMES_ROOM])
{
    const size_t before = strlen(form->before), length = strcspn(text + before, ".");
    if (length >= NAMES_ROOM)
        return false;
    memcpy(node, text + before, length);
    node[length] = '\0';
    return strcmp(text + before + length, form->behind) == 0 && names_valid(node);
}

bool subject_read(const char *text, struct subject *subject)
{
    for (int kind = 0; kind < SUBJECT_KINDS; kind++) {
        subject->kind = (enum subject_kind)kind;
        if (strncmp(text, forms[kind].before, strlen(forms[kind].before)) == 0 &&
            reads(&forms[kind], text, subject->node))
            return true;
    }
    return false;
}
