/* SPDX-License-Identifier: Apache-2.0 */
/* form.h -- forms on paper (表单): which there are, what each is filled in with, and its PDF.
 *
 * What a form says comes from the views that its row names, so who may print it is who may read
 * these.  A form's id (print/form_id.h) says kind, session or day, place and the entries it rests
 * on; nothing is recorded by printing one (docs/adr/0018).  Names of
 * candidates are in the vault, and opening them is an event: they are printed only for an entry
 * arrange.names_opened of this person, place and session (`opened`), until that session ends.
 */
#ifndef GY_HTTP_FORM_H
#define GY_HTTP_FORM_H

#include "engine/module.h"
#include "engine/profile.h"
#include "engine/vault.h"
#include "ledger/ledger.h"
#include "print/form_id.h"
#include "print/page.h"

/* Where the facts are. */
struct form_desk {
	const struct modules *modules;
	const struct profile *profile;
	struct vault *vault;
	const struct ledger *ledger;
	bool drill;
};

/* What is asked for. */
struct form_ask {
	struct str place, session, day; /* day: "2025-06-07" */
	int copies;                     /* 0: as many as the profile says */
	int64_t opened;                 /* the entry that opened names for it; -1: none */
	struct person_id who;           /* who asks; 0: at the machine, where no login is */
};

enum form_of { FORM_OF_SESSION, FORM_OF_DAY };

struct form_list;
struct form_kind {
	const char *id, *number;        /* "room-record", "07" */
	const char *zh, *en;
	enum form_of of;
	enum level level;               /* of its place; LEVEL_ANY: of any */
	const char *const *views;       /* what it shows; NULL-terminated */
	enum rc (*gather)(struct form_list *l);
	const char *right;              /* that it asks for besides; NULL: none */
};
extern const struct form_kind FORM_KINDS[];
extern const size_t FORM_NKINDS;
const struct form_kind *form_kind(struct str id);        /* NULL: none */
const struct form_kind *form_kind_number(struct str number);

/* The forms of one document. */
struct form_list {
	struct op *op;
	const struct form_desk *desk;
	const struct form_kind *kind;
	const struct form_ask *ask;
	struct form *forms;
	size_t n, cap;
	struct str pdf;
};

/* May this person see all that it shows, at that place? */
bool form_may(const struct op *op, const struct modules *m, const struct form_kind *kind,
              struct person_id who, struct str place);

/* Gathers and draws; all in the op's arena.  Fails: INVALID (place, session or day is missing or is
 * none), NOT_FOUND (nothing is there to be printed), as print_pdf. */
enum rc form_make(struct op *op, const struct form_desk *desk, const struct form_kind *kind,
                  const struct form_ask *ask, struct form_list *ret) MUST_CHECK;

/* What a form's QR or id leads to.  `sound`: the root on paper is this ledger's root of so many
 * entries (known only when the QR was read). */
struct form_found {
	struct form_id id;
	const struct form_kind *kind;
	bool has_root, sound;
	int64_t filed;                  /* the entry that has the sheet back; -1: none yet */
};
/* Fails: INVALID (no form's id), NOT_FOUND (of entries that are not here: another ledger, or one
 * that was cut short). */
enum rc form_find(struct op *op, const struct form_desk *desk, struct str text,
                  struct form_found *ret) MUST_CHECK;

#endif
