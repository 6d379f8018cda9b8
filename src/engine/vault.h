/* SPDX-License-Identifier: Apache-2.0 */
/* vault.h -- names and free text, encrypted under their subject's key, beside the ledger.
 *
 * The event holds the vault id (index * 32 + k) and a salted HMAC; the vault holds salt and text,
 * sealed with AES-256-GCM under the subject's key; that key is sealed under the node's vault key
 * in keys/.  Shredding deletes the subject's key and sealed texts: the ledger stays whole.
 * The subject of a text is the person whom the act creates or names in its field `person`, else
 * the event itself.
 *
 * Emits  vault.opened, vault.shredded, vault.cleared, vault.exported
 * Owns   (in the ledger's file) vault_key(subject, sealed), vault_item(id, subject, sealed)
 */
#ifndef GY_VAULT_H
#define GY_VAULT_H

#include "base/op.h"
#include "db/db.h"
#include "engine/field.h"

struct vault {
	struct db *db;         /* the ledger's connection */
	uint8_t key[32];       /* of this node */
	/* Before the tables are touched: the connection is this operation's, in a transaction.  May be
	 * NULL (nobody else uses it). */
	enum rc (*hold)(struct op *op);
};

/* A subject's key while the texts of one event are put; zeroed to begin with. */
struct vault_subject {
	int64_t id;
	uint8_t key[32];
	bool known;  /* the key is here */
	bool fresh;  /* said by the caller: the subject is new, no key can stand anywhere */
};

/* Stores one text of an event being appended. */
enum rc vault_put_of(struct op *op, struct vault *v, int64_t id, struct vault_subject *subject,
                     const struct beside *b) MUST_CHECK;
enum rc vault_put(struct op *op, struct vault *v, int64_t id, int64_t subject,
                  const struct beside *b) MUST_CHECK;

/* The text.  Does not record the opening: commands do (vault.open), and reads of texts that are
 * not personal need none.  Fails: NOT_FOUND (shredded, cleared or never stored here), BROKEN (does
 * not open with this node's key; or does not match the HMAC `mac`, when given). */
enum rc vault_get(struct op *op, struct vault *v, int64_t id, struct str mac,
                  struct str *ret) MUST_CHECK;

/* The text to be shown, "" when there is none any more or it does not open. */
struct str vault_shown(struct op *op, struct vault *v, int64_t id);

/* Whose text it is: a person, or an event.  Fails: NOT_FOUND. */
enum rc vault_subject_of(struct op *op, struct vault *v, int64_t id, int64_t *ret) MUST_CHECK;

/* Hex HMAC-SHA256 of a text under the key of `subject`, which holds nothing else: it is made when
 * `make`, else *ret_known is false when there is none.  Shredding that subject makes all such
 * digests strangers to each other's texts. */
enum rc vault_blind(struct op *op, struct vault *v, int64_t subject, bool make, struct str text,
                    struct str *ret, bool *ret_known) MUST_CHECK;
/* Entry 1 (the first rules.adopted) has no texts of its own: its id is the subject of that key. */
#define VAULT_BLIND_ENTRY 1

/* Removes a subject's key and items (OK when there are none) / one item (NOT_FOUND).  The caller
 * flushes the file afterwards. */
enum rc vault_shred(struct op *op, struct vault *v, int64_t subject) MUST_CHECK;
enum rc vault_clear(struct op *op, struct vault *v, int64_t id) MUST_CHECK;

#endif
