/* SPDX-License-Identifier: Apache-2.0 */
/* event_type.h -- event types and the double entries that they make, as a module declares them. */
#ifndef GY_EVENT_TYPE_H
#define GY_EVENT_TYPE_H

#include "engine/event.h"
#include "engine/field.h"

/* A double entry that every event of a type makes, by names of its fields: `list` repeats it for
 * each item of that F_LIST ("" for none); asset, from, to and qty name fields of the item or of the
 * event; from and to may be "=account" literals.  gongyuan-audit reads the same rows. */
struct posting {
	const char *list, *asset, *from, *to, *qty;
};

struct event_type {
	const char *name;            /* "custody.bag_opened": past tense */
	int version;
	const struct field *fields;
	size_t nfields, size;
	enum rc (*upcast)(struct op *op, const struct json *old,
	                  struct json **ret);                    /* to version + 1 */
	enum rc (*apply)(struct op *op, const struct event *ev); /* NULL: nothing to project */
	const struct posting *postings;
	size_t npostings;
	const char *const
		*visible_to; /* roles, NULL-terminated; NULL: auditors only beyond the actor */
	const char *zh, *en;
};
/* A row of version 1: name, fields, struct, apply, labels, and what else it has. */
#define EVENT(n, f, st, fn, label_zh, label_en, ...) \
	{.name = (n), .version = 1, FIELDS(f), .size = sizeof(st), .apply = (fn), \
	 .zh = (label_zh), .en = (label_en), ##__VA_ARGS__}
#define POSTINGS(p) .postings = (p), .npostings = COUNT(p)

#endif
