/* SPDX-License-Identifier: Apache-2.0 */
/* note.h -- C2SP signed-note, and the keys that sign and verify notes.
 *
 * Types: 0x01 Ed25519, 0x04 Ed25519 cosignature/v1; other types are kept and ignored.
 * A line by an unknown (name, id) is ignored; by a known one that does not verify, the whole note
 * is refused; a note that no known key verifies is refused.
 */
#ifndef GY_NOTE_H
#define GY_NOTE_H

#include "base/hash.h"
#include "base/key.h"
#include "base/limits.h"
#include "base/op.h"

enum note_alg { NOTE_ED25519 = 0x01, NOTE_COSIGNATURE = 0x04 };

struct note_key { /* a vkey: name+hex(id)+base64(type||pub) */
	struct str name;
	uint32_t id;
	enum note_alg alg;
	struct ed25519_public pub;
};

struct note_sig {
	struct str name;
	uint32_t id;
	struct str bytes; /* after the key id */
};

struct note {
	struct str text; /* ends in \n */
	struct note_sig sig[LIMIT_NOTE_SIGS];
	int nsigs;
};

/* Not empty, UTF-8, no Unicode space, no control character, no `+`. */
bool note_name_valid(struct str name);
uint32_t note_key_id(struct str name, enum note_alg alg, const struct ed25519_public *pub);
struct note_key note_key_of(struct str name, enum note_alg alg, const struct ed25519_public *pub);
struct str note_vkey_format(struct arena *a, const struct note_key *k);
/* Views of the result are copies in the op's arena.
 * Fails: INVALID (form, name, an id that does not match its key, another type). */
enum rc note_vkey_parse(struct op *op, struct str text, struct note_key *ret) MUST_CHECK;

/* Form only; copies into the op's arena.  Fails: INVALID. */
enum rc note_parse(struct op *op, struct str bytes, struct note *ret) MUST_CHECK;
struct str note_format(struct arena *a, const struct note *n);

/* Adds a signature line of type Ed25519 over n->text, or a cosignature/v1 of `time_s` > 0.
 * Fails: INVALID (text or name not fit, too many signatures). */
enum rc note_sign(struct op *op, struct note *n, struct str name,
                  const struct ed25519_key *k) MUST_CHECK;
enum rc note_cosign(struct op *op, struct note *n, struct str name, const struct ed25519_key *k,
                    int64_t time_s) MUST_CHECK;

/* Which of the known keys signed: ret_signed[i] for keys[i]; ret_time_s[i] the time of its newest
 * cosignature, 0 when it is none.  Both are arrays of nkeys; ret_time_s may be NULL.
 * Fails: INVALID as said above; op->err says which line. */
enum rc note_verify(struct op *op, const struct note *n, const struct note_key *keys, int nkeys,
                    bool *ret_signed, int64_t *ret_time_s) MUST_CHECK;

#endif
