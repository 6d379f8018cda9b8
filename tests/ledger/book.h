/* SPDX-License-Identifier: Apache-2.0 */
/* book.h -- a ledger in a store of its own for one test, on SQLite or, with TEST_DB=postgres and
 * GONGYUAN_PG_URL, on PostgreSQL; and an administrator who changes it behind our back.
 */
#ifndef GY_TEST_BOOK_H
#define GY_TEST_BOOK_H

#include "ledger/ledger.h"

#define BOOK_ORIGIN "ledger.example/test"

struct book {
	struct arena arena;
	struct op op;
	struct store store;
	struct ledger ledger;
	struct ed25519_key key;
	struct note_key vkey;
	struct str dir, url, known; /* known: a path outside the folder; no file at first */
};

/* Entry i of every book: made up, of 0 to some 200 bytes. */
struct str book_entry(struct arena *a, uint64_t index);

void book_open(struct book *b);  /* writing; empty */
void book_close(struct book *b); /* and removes everything */

/* Appends until there are `size` entries, `batch` in a commit. */
void book_grow(struct book *b, uint64_t size, uint64_t batch);

/* A second set of connections to the same store, past the lock; release with store_release. */
struct store book_connect(struct book *b, enum store_mode mode);

/* What an administrator can do: takes the triggers off and runs the statement. */
void book_tamper(struct book *b, const char *sql);

/* One number from the ledger's tables, over a connection of its own. */
int64_t book_number(struct book *b, const char *sql);

/* Signs with a signer opened for this once. */
enum rc book_sign(struct book *b, struct str *ret_note);

#endif
