/* SPDX-License-Identifier: Apache-2.0 */
/* checkpoint.h -- C2SP tlog-checkpoint bodies, tlog-proof files and tlog-policy files. */
#ifndef GY_CHECKPOINT_H
#define GY_CHECKPOINT_H

#include "ledger/note.h"
#include "ledger/tree.h"

struct checkpoint {
	struct str origin;
	uint64_t size;
	struct hash root;
};

struct str checkpoint_format(struct arena *a, const struct checkpoint *c); /* the note's text */
/* Extension lines are accepted and ignored.  Fails: INVALID. */
enum rc checkpoint_parse(struct op *op, struct str text, struct checkpoint *ret) MUST_CHECK;

/* A note whose text is a checkpoint and that this key has signed.  Fails: INVALID. */
enum rc checkpoint_open(struct op *op, struct str note, const struct note_key *key,
                        struct checkpoint *ret) MUST_CHECK;

/* tlog-proof@v1: index, inclusion proof, the checkpoint note verbatim (its form is checked,
 * its signatures are not).  An `extra` line is accepted and dropped: nothing vouches for it. */
struct receipt {
	uint64_t index;
	struct proof proof;
	struct str note;
};
struct str receipt_format(struct arena *a, const struct receipt *r);
enum rc receipt_parse(struct op *op, struct str bytes, struct receipt *ret) MUST_CHECK;

/* tlog-policy: log and witness lines, groups, a quorum. */
#define POLICY_MAX 64
struct policy_group {
	struct str name;
	int k;                  /* how many of the members */
	int member[POLICY_MAX]; /* >= 0: witness; < 0: group ~i */
	int nmembers;
};
struct policy {
	struct note_key log[POLICY_MAX];
	int nlogs;
	struct str witness_name[POLICY_MAX];
	struct note_key witness[POLICY_MAX];
	struct str witness_url[POLICY_MAX]; /* empty: not said */
	int nwitnesses;
	struct policy_group group[POLICY_MAX];
	int ngroups;
	int quorum; /* as a member; POLICY_NO_QUORUM when "none" */
};
#define POLICY_NO_QUORUM (-1000000)
enum rc policy_parse(struct op *op, struct str text, struct policy *ret) MUST_CHECK;
/* True when the witnesses that signed fill the quorum. */
bool policy_satisfied(const struct policy *p, const bool *witness_signed);

/* A checkpoint under a policy: signed by a listed log whose key's name is the origin, cosigned by
 * the quorum, no known line bad.  ret_signed (of nwitnesses) may be NULL.  Fails: INVALID. */
enum rc policy_check(struct op *op, const struct policy *p, struct str note, struct checkpoint *ret,
                     bool *ret_signed) MUST_CHECK;
/* A receipt under a policy: also that `leaf` is the entry's.  Fails: INVALID. */
enum rc receipt_check(struct op *op, const struct policy *p, const struct receipt *r,
                      const struct hash *leaf, struct checkpoint *ret) MUST_CHECK;

#endif
