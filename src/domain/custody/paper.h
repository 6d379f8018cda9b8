/* SPDX-License-Identifier: Apache-2.0 */
/* paper.h -- boxes and bags as the modules of the group "custody" read them.  Private to it.
 *
 * Owns   custody_box, custody_bag, custody_trace
 * Emits  custody.object_found
 */
#ifndef GY_DOMAIN_CUSTODY_PAPER_H
#define GY_DOMAIN_CUSTODY_PAPER_H

#include "domain/custody/custody.h"

#define CITE_SECURITY "考务安全保密工作规定 "  /* 教考试〔2004〕2号; an article follows */
#define CITE_COUNTS CITE_SECURITY "Art.23 (1.4)" /* 逐袋清点 */
#define CITE_DISTRIBUTION "施考程序 DIST-1"      /* next half day's boxes, next session's bags */

struct box {
	struct str code, consignment, session, destined, holder, seal;
	bool released;    /* may leave the secrecy room */
	int64_t packed;   /* bags still in it */
};

struct bag {
	struct str code, box, session, asset, holder, seal;
	struct str room;           /* the last it was issued to; "" none */
	enum paper_kind kind;
	enum bag_state state;
	int64_t copies, used, replaced, missing, destroyed;
	int64_t absent, left_over; /* of the last count; held, not used */
	int64_t moved;             /* copies that came with candidates moved in, less those moved out */
	int64_t spare;             /* copies of spare bags that its room used and counts with its own */
	int64_t opened_ms;         /* 0: nobody said that it was */
	enum source opened_by;     /* who said so first */
};

/* Copies of the bag that are in its holder's book. */
int64_t bag_held(const struct bag *b);

/* In the op's arena.  *ret_known false: no such number, *ret untouched. */
enum rc box_find(struct op *op, struct str code, struct box *ret, bool *ret_known) MUST_CHECK;
enum rc bag_find(struct op *op, struct str code, struct bag *ret, bool *ret_known) MUST_CHECK;
/* The bags that are still in a box, by number. */
enum rc box_bags(struct op *op, struct str box, struct bag **ret, size_t *ret_n) MUST_CHECK;
/* The bags of a session that this secrecy room once held and that are not destroyed, by number. */
enum rc store_bags(struct op *op, struct str store, struct str session, struct bag **ret,
                   size_t *ret_n) MUST_CHECK;
/* The first bag of a kind that was issued to a room for a session, by number. */
enum rc room_bag(struct op *op, struct str session, struct str room, enum paper_kind kind,
                 struct bag *ret, bool *ret_known) MUST_CHECK;
enum rc vehicle_known(struct op *op, struct str code, bool *ret) MUST_CHECK; /* consignment.c */

/* Was the consignment that this box came with received here, above or below?  Forgets the box
 * (*io_known) when not. */
enum rc box_is_here(struct op *op, struct str box, struct str place, bool *io_known) MUST_CHECK;

/* Registers a bag that was packed in a box, as custody.register_bag does, and where a box was
 * registered (consignment.c). */
struct packing {
	struct str code, box, seal;
	enum paper_kind kind;
	int64_t copies;
};
enum rc bag_pack(struct op *op, const struct packing *p) MUST_CHECK;
enum rc box_place(struct op *op, struct str box, struct str *ret_place) MUST_CHECK;
/* "paper.chinese.spare" */
struct str paper_asset(struct op *op, struct str session, int kind);

/* A movement in the books: from and to are accounts.  Lists of it are the postings of an event. */
struct line {
	struct str asset, from, to;
	int64_t qty; /* >= 1 */
};
extern const struct field LINE[4];
extern const struct posting LINES[1];
#define LINES_FIELD(st) \
	FIELD(st, lines, F_LIST, "账目", "lines", .list_of = LINE, .list_n = COUNT(LINE), \
	      .list_size = sizeof(struct line), .optional = true)

struct lines {
	struct arena *arena;
	struct list list;
	size_t cap;
};

/* Adds to the line of the same asset and accounts; a negative qty is a line the other way. */
void lines_add(struct lines *l, struct str asset, struct str from, struct str to, int64_t qty);

/* Projection: one step in the life of a number.  At most once an event and code. */
enum rc trace_add(struct op *op, const struct event *ev, struct str code,
                  struct str holder) MUST_CHECK;

/* Posts copies of a bag to `missing` (negative: back from it) and raises custody.difference while
 * any are missing (count.c). */
enum rc difference_record(struct op *op, struct str place, const struct bag *bag,
                          int64_t missing) MUST_CHECK; /* without its alarm */
enum rc difference_post(struct op *op, struct str place, const struct bag *bag,
                        int64_t missing) MUST_CHECK;

/* Records a number that nobody registered, and raises its alarm. */
enum rc found_add(struct op *op, struct str code) MUST_CHECK;

/* The member of an event's struct that a field names; NULL: it has no such field. */
const void *event_member(const struct event *ev, const char *name);

/* For expectations about bags: the event's field `bag`, with its `session` when it has one, or each
 * of its list `bags` (whose items begin with the number). */
size_t bag_subjects(struct arena *a, const struct event *ev, struct str *ret,
                    struct str *ret_session);

extern const char *const PAPER_KIND_TEXT[PAPER_KIND_MAX];
extern const struct word PAPER_KIND_WORDS[PAPER_KIND_MAX];
extern const char *const CUSTODY_READERS[4]; /* roles that see events of the group */
extern const char *const STORE_WATCHERS[5];  /* and who is on post and inside */
/* Who must know where papers are, and not what is in a room or who looks after it. */
extern const char *const CUSTODY_WATCHERS[9];

/* Is this a holder: a place's path or a vehicle's code?  Fails: INVALID with the field. */
enum rc holder_check(struct op *op, struct str holder, const char *field) MUST_CHECK;
/* One of them lies in the other.  An order of one county does not reach into the next: of what is
 * there it is told what it is told of a number that nothing has. */
static inline bool places_meet(struct str a, struct str b)
{
	return place_covers(a, b) || place_covers(b, a);
}

static inline bool holder_is_place(struct str holder)
{
	return place_path_valid(holder);
}

/* The number stands twice in one list: a fault of form.  `codes`: n strings, `stride` apart. */
enum rc codes_differ(struct op *op, const struct list *l, size_t stride, const char *list,
                     const char *member) MUST_CHECK;

#endif
