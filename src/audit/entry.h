/* SPDX-License-Identifier: Apache-2.0 */
/* entry.h -- the auditor's own reader of entries and acts (docs/formats.md §1 to §3).
 *
 * It checks the form alone: canonical bytes, known members, their types and ranges.  What an entry
 * says about others (order, signatures, books) is checked by those who remember the others.
 */
#ifndef GY_AUDIT_ENTRY_H
#define GY_AUDIT_ENTRY_H

#include "audit/ahead.h"
#include "audit/report.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/limits.h"

#define SLOT_HOWS(X) X(KEY, "key") X(BADGE, "badge") X(PAPER, "paper") X(PHONE, "phone")
#define X(id, text) HOW_##id,
enum how { SLOT_HOWS(X) HOW_MAX };
#undef X

struct filled { /* a filled slot */
	struct str slot, note;
	int64_t person;
	enum how how;
	bool has_sig;
	uint8_t sig[64];
	struct tried tried; /* sig, ahead of its check */
};

struct act {
	int64_t actor, device, link, seq;
	struct str command, exam, exception, key, origin, source;
	struct hash hash, prev; /* of the act, of the one before */
	struct hash statement;  /* what slots sign; only where one signs it, or will (slot.begun) */
	int64_t happened_ms, time_ms;
};

struct entry {
	int64_t index;     /* as the entry says */
	int64_t act_at, actor, auth, cause, version; /* act_at, cause: NO_INDEX when absent */
	int64_t time_ms, happened_ms, noted_ms;
	struct str exam, place, source, type;
	const struct json *data;
	bool has_act;
	struct act act;
	struct filled *slots; /* LIMIT_SLOTS at most */
	size_t nslots;
	struct tried head;    /* device.head_signed: its signature, ahead of its check */
};

/* One thread's means of reading entries. */
struct entry_reader {
	struct arena *keep, *brief; /* what the entry points to; what may go when it has been read */
	struct hasher *hasher;
};

/* As entry_read, of the same entries and with the same result, but without a word and much faster.
 * False: entry_read has something to say about it.  Texts of *ret are views, NOT NUL-terminated. */
bool entry_read_quick(const struct entry_reader *r, struct str bytes, struct entry *ret) MUST_CHECK;

/* Reads the entry stored at `position`, in the op's arena; reports what is wrong with its form
 * (one finding an entry).  False: not an entry, *ret says nothing. */
bool entry_read(struct op *op, struct str bytes, int64_t position, struct report *r,
                struct entry *ret) MUST_CHECK;

/* A place: "" or up to five parts of [a-z0-9-], 24 bytes each.  Level: 0 for "", else the parts. */
bool place_valid(struct str path);
int place_level(struct str path);
bool place_covers(struct str scope, struct str place);

#endif
