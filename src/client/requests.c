/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/requests.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/ut.h"

struct request *requests_add(struct requests *requests, enum request_kind kind)
{
    struct request *request = mem_zalloc(sizeof *request);
    request->number = ++requests->sent;
    request->kind = kind;
    requests->count++;
    requests->typed += kind == REQUEST_TYPED;
    DL_APPEND(requests->list, request);
    return request;
}

void requests_skip(struct requests *requests)
{
    requests->sent++;
}

struct request *requests_find(struct requests *requests, uint64_t number)
{
    while (requests->list && requests->list->number < number)
        requests_drop(requests, requests->list);
    struct request *first = requests->list;
    return first && first->number == number ? first : NULL;
}

void requests_drop(struct requests *requests, struct request *request)
{
    DL_DELETE(requests->list, request);
    requests->count--;
    requests->typed -= request->kind == REQUEST_TYPED;
    free(request->line);
    free(request->change);
    free(request);
}

void requests_clear(struct requests *requests)
{
    while (requests->list)
        requests_drop(requests, requests->list);
    requests->sent = 0;
}
