/* SPDX-License-Identifier: Apache-2.0 */
/* api_private.h -- the parts of /api/v1, for api.c. */
#ifndef GY_HTTP_API_PRIVATE_H
#define GY_HTTP_API_PRIVATE_H

#include "base/limits.h"
#include "http/api.h"
#include "http/filter.h"

/* The receipt of an act that was taken. */
struct json *api_receipt(struct arena *m, const struct answer *a);
/* [{"slot", "how", "person", "signature", "note"}, …], or nothing; `ret` has LIMIT_SLOTS places.
 * `codes`: of a client, whose persons may be staff codes (a badge with one that nobody has is
 * person 0); NULL: of a terminal, which writes numbers.  Fails: INVALID, NOT_FOUND. */
enum rc api_slots(struct op *op, const struct api_host *codes, const struct json *list,
                  struct signed_slot *ret, size_t *ret_n) MUST_CHECK;
/* [{"field", "text", "salt"}, …], with the macs made; `ret` has LIMIT_PERSONAL + 1 places. */
enum rc api_beside(struct op *op, const struct json *list, struct beside *ret, size_t *ret_n)
	MUST_CHECK;

void api_command(const struct api_host *h, struct exchange *x, const struct caller *who,
                 struct str name);
void api_batch(const struct api_host *h, struct exchange *x, const struct caller *who);
/* An act of a stage, {"command", "key", "data", "slots", …}, as a request: its data are canonical
 * already, persons are numbers, texts macs.  All in the op's arena. */
enum rc api_staged(struct op *op, const struct api_host *h, struct person_id actor,
                   const struct json *act, struct request **ret) MUST_CHECK;

void api_view(const struct api_host *h, struct exchange *x, const struct caller *who,
              struct str path);

/* NULL: there is none. */
const struct view *api_view_find(const struct modules *m, struct str path);

/* The projections follow the ledger within a tenth of a second: until they have seen the entry that
 * is asked for (-1: none) the exchange waits, and the reader does not (BUSY, *ret_seen false; the
 * job is run again).  For one that nobody can have been told of nobody waits: CONFLICT. */
enum { API_LOOKS = 100 }; /* twenty times as long as the projections take (app/reader.h) */
enum rc api_has_seen(struct op *op, int64_t min_index, int64_t size, bool *ret_seen) MUST_CHECK;

/* One row, by the columns' names. */
struct json *view_row_json(struct op *op, const struct view *v, const struct rows *r);

/* Which rows of a view somebody sees, by the place in column `place_at` (-1: everything or
 * nothing).  The rows of one place mostly stand together: each place is asked once in a row. */
struct sight {
	const struct view *view;
	struct person_id who;
	int place_at;
	struct str last;
	bool seen, known;
	char text[LIMIT_PLACE];
};
bool sight_covers(const struct op *op, struct sight *s, const struct rows *r);

/* Persons by staff code become numbers.  False: what is asked for is none, and it has been
 * answered. */
bool api_filter_stands(const struct api_host *h, struct exchange *x, struct filter *f);

#endif
