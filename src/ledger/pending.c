/* SPDX-License-Identifier: Apache-2.0 */
/* pending.c -- two growing arrays over one buffer of bytes, and an index of the receipts' keys; see
 * pending.h.
 *
 * The index is a table with linear probing.  Receipts are only ever taken off in the reverse of the
 * order in which they came, and emptying the slot that was filled last leaves the table as it was
 * before.
 */
#include "ledger/pending.h"

#include <stdlib.h>

/* From so many rows on, a bulk load costs less than single statements. */
#define BULK_FROM 8

enum { Q_ENTRY, Q_RECEIPT };
static const struct sql SQL[] = {
	[Q_ENTRY] = {"INSERT INTO ledger_entry(log, idx, bytes, leaf) VALUES (0, ?, ?, ?)", 3},
	[Q_RECEIPT] = {"INSERT INTO ledger_receipt(device, key, body, idx) VALUES (?, ?, ?, ?)", 4},
};

struct kept_entry {
	size_t at, n; /* in the buffer */
	struct hash leaf;
};

struct kept_receipt {
	int64_t device;
	size_t at, n; /* of the key */
	struct hash body;
	uint64_t index;
	size_t slot;
};

struct pending {
	char *bytes;
	size_t nbytes, cap_bytes;
	struct kept_entry *entry;
	size_t nentry, cap_entry;
	struct kept_receipt *receipt;
	size_t nreceipt, cap_receipt;
	uint32_t *slots; /* 1 + number of the receipt; a power of two, at most half full */
	size_t nslots;
};

static void *grown(void *p, size_t *cap, size_t want, size_t size)
{
	size_t n = *cap ? *cap : 1024;

	while (n < want)
		n *= 2;
	if (n == *cap)
		return p;
	p = realloc(p, n * size);
	if (!p)
		abort(); /* as arena_alloc: the ledger is crash-safe */
	*cap = n;
	return p;
}

struct pending *pending_new(void)
{
	struct pending *p = calloc(1, sizeof(*p));

	if (!p)
		abort();
	return p;
}

void pending_free(struct pending *p)
{
	if (!p)
		return;
	free(p->bytes);
	free(p->entry);
	free(p->receipt);
	free(p->slots);
	free(p);
}

void pending_clear(struct pending *p)
{
	pending_back(p, 0, 0);
	p->nbytes = 0;
}

static size_t keep_bytes(struct pending *p, struct str s)
{
	size_t at = p->nbytes;

	p->bytes = grown(p->bytes, &p->cap_bytes, at + s.n + 1, 1);
	if (s.n)
		memcpy(p->bytes + at, s.s, s.n);
	p->bytes[at + s.n] = '\0';
	p->nbytes += s.n + 1;
	return at;
}

/* ---- entries ---- */

size_t pending_entries(const struct pending *p)
{
	return p->nentry;
}

void pending_entry_add(struct pending *p, struct str entry, const struct hash *leaf)
{
	p->entry = grown(p->entry, &p->cap_entry, p->nentry + 1, sizeof(*p->entry));
	p->entry[p->nentry++] = (struct kept_entry){keep_bytes(p, entry), entry.n, *leaf};
}

struct str pending_entry(const struct pending *p, size_t n, struct hash *ret_leaf)
{
	const struct kept_entry *e = &p->entry[n];

	assert(n < p->nentry);
	*ret_leaf = e->leaf;
	return (struct str){p->bytes + e->at, e->n};
}

/* ---- receipts ---- */

size_t pending_receipts(const struct pending *p)
{
	return p->nreceipt;
}

/* FNV-1a: the keys are ours or a device's, and a batch holds few of them. */
static size_t place_of(const struct pending *p, int64_t device, struct str key)
{
	uint64_t h = 14695981039346656037u ^ (uint64_t)device;

	for (size_t i = 0; i < key.n; i++)
		h = (h ^ (uint8_t)key.s[i]) * 1099511628211u;
	return (size_t)(h ^ h >> 32) & (p->nslots - 1);
}

/* The slot of this key, or the empty one in which it would stand. */
static size_t slot_of(const struct pending *p, int64_t device, struct str key)
{
	size_t at = place_of(p, device, key);

	for (; p->slots[at]; at = (at + 1) & (p->nslots - 1)) {
		const struct kept_receipt *r = &p->receipt[p->slots[at] - 1];

		if (r->device == device && r->n == key.n &&
		    memcmp(p->bytes + r->at, key.s, key.n) == 0)
			break;
	}
	return at;
}

static void index_again(struct pending *p)
{
	free(p->slots);
	p->nslots = p->nslots ? p->nslots * 2 : 2048;
	p->slots = calloc(p->nslots, sizeof(*p->slots));
	if (!p->slots)
		abort();
	for (size_t i = 0; i < p->nreceipt; i++) {
		struct kept_receipt *r = &p->receipt[i];

		r->slot = slot_of(p, r->device, (struct str){p->bytes + r->at, r->n});
		p->slots[r->slot] = (uint32_t)(i + 1);
	}
}

void pending_receipt_add(struct pending *p, int64_t device, struct str key,
                         const struct hash *body, uint64_t index)
{
	struct kept_receipt r = {.device = device, .n = key.n, .body = *body, .index = index};

	p->receipt = grown(p->receipt, &p->cap_receipt, p->nreceipt + 1, sizeof(*p->receipt));
	if (2 * (p->nreceipt + 1) > p->nslots)
		index_again(p);
	r.slot = slot_of(p, device, key);
	r.at = keep_bytes(p, key);
	p->receipt[p->nreceipt++] = r;
	p->slots[r.slot] = (uint32_t)p->nreceipt;
}

bool pending_receipt_find(const struct pending *p, int64_t device, struct str key,
                          struct hash *ret_body, uint64_t *ret_index)
{
	const struct kept_receipt *r;
	size_t at;

	if (!p->nreceipt)
		return false;
	at = slot_of(p, device, key);
	if (!p->slots[at])
		return false;
	r = &p->receipt[p->slots[at] - 1];
	*ret_body = r->body;
	*ret_index = r->index;
	return true;
}

void pending_back(struct pending *p, size_t entries, size_t receipts)
{
	assert(entries <= p->nentry);
	assert(receipts <= p->nreceipt);
	while (p->nreceipt > receipts)
		p->slots[p->receipt[--p->nreceipt].slot] = 0;
	p->nentry = entries;
}

/* ---- writing ---- */

static enum rc write_singly(struct op *op, const struct pending *p, struct db *db, uint64_t index)
{
	for (size_t i = 0; i < p->nentry; i++) {
		const struct kept_entry *e = &p->entry[i];

		TRY(db_exec(op, db, &SQL[Q_ENTRY],
		            ARGS(sql_int((int64_t)(index + i)), sql_bytes(p->bytes + e->at, e->n),
		                 sql_bytes(e->leaf.b, sizeof(e->leaf.b)))));
	}
	for (size_t i = 0; i < p->nreceipt; i++) {
		const struct kept_receipt *r = &p->receipt[i];

		TRY(db_exec(op, db, &SQL[Q_RECEIPT],
		            ARGS(sql_int(r->device), sql_text((struct str){p->bytes + r->at, r->n}),
		                 sql_bytes(r->body.b, sizeof(r->body.b)),
		                 sql_int((int64_t)r->index))));
	}
	return RC_OK;
}

static enum rc load_entries(struct op *op, const struct pending *p, struct bulk *b, uint64_t index)
{
	for (size_t i = 0; i < p->nentry; i++) {
		const struct kept_entry *e = &p->entry[i];

		TRY(db_bulk_row(op, b, ARGS(sql_int(0), sql_int((int64_t)(index + i)),
		                            sql_bytes(p->bytes + e->at, e->n),
		                            sql_bytes(e->leaf.b, sizeof(e->leaf.b)))));
	}
	return RC_OK;
}

static enum rc load_receipts(struct op *op, const struct pending *p, struct bulk *b)
{
	for (size_t i = 0; i < p->nreceipt; i++) {
		const struct kept_receipt *r = &p->receipt[i];

		TRY(db_bulk_row(op, b, ARGS(sql_int(r->device),
		                            sql_text((struct str){p->bytes + r->at, r->n}),
		                            sql_bytes(r->body.b, sizeof(r->body.b)),
		                            sql_int((int64_t)r->index))));
	}
	return RC_OK;
}

enum rc pending_write(struct op *op, const struct pending *p, struct db *db, uint64_t index)
{
	static const char *const ENTRY[] = {"log", "idx", "bytes", "leaf"};
	static const char *const RECEIPT[] = {"device", "key", "body", "idx"};
	struct bulk b = {0};

	if (p->nentry + p->nreceipt < BULK_FROM)
		return write_singly(op, p, db, index);
	TRY(db_bulk_start(op, db, "ledger_entry", ENTRY, (int)COUNT(ENTRY), &b));
	TRY(load_entries(op, p, &b, index)); /* what fails is rolled back, and the load with it */
	TRY(db_bulk_end(op, &b));
	if (!p->nreceipt)
		return RC_OK;
	TRY(db_bulk_start(op, db, "ledger_receipt", RECEIPT, (int)COUNT(RECEIPT), &b));
	TRY(load_receipts(op, p, &b));
	return db_bulk_end(op, &b);
}
