/* SPDX-License-Identifier: Apache-2.0 */
/* device.h -- devices and the chains of their acts (docs/formats.md §2).
 *
 * Emits  authority.device_enrolled, authority.device_revoked, device.head_signed
 * Owns   device(id, place, seq, act_at, signed_seq, revoked, enrolled_ms, enroller, approver,
 *        revoked_ms, revoker)
 */
#ifndef GY_DEVICE_H
#define GY_DEVICE_H

#include "base/hash.h"
#include "base/key.h"
#include "engine/authority.h"
#include "engine/event.h"
#include "engine/run.h"

enum rc device_enroll(struct op *op, const struct ed25519_public *key, struct str place,
                      int64_t *ret_id) MUST_CHECK;

struct device_chain {
	int64_t seq;        /* of its newest act; 0: none yet */
	int64_t act_at;     /* index of the entry that holds it; -1 */
	int64_t signed_seq; /* newest act under a signed head */
};
/* Fails: NOT_FOUND. */
enum rc device_chain(struct op *op, int64_t device, struct device_chain *ret) MUST_CHECK;

/* The hash of the act that stands in an entry. */
enum rc device_head_of(struct op *op, int64_t act_at, struct hash *ret) MUST_CHECK;

/* Part of applying an entry that holds an act. */
enum rc device_advance(struct op *op, int64_t device, int64_t seq, int64_t act_at) MUST_CHECK;

struct str device_head_message(struct arena *a, struct str origin, int64_t device, int64_t seq,
                               struct str head_hex);
enum rc device_sign_head(struct op *op, int64_t device, int64_t seq, const struct hash *head,
                         const struct ed25519_key *key) MUST_CHECK;

/* Records a head that another device signed; act_build has checked the signature. */
enum rc device_keep_head(struct op *op, int64_t device, int64_t seq, const struct hash *head,
                         struct str signature) MUST_CHECK;

/* A device's canonical act -> a request of the engine, whose texts are views of it; what it says
 * is checked by the writer.  Fails: INVALID (not an act). */
enum rc act_read(struct op *op, struct str act, struct request *ret) MUST_CHECK;

/* Gives an enrolment or revocation to the state in memory. */
void device_empower(struct authority *a, const struct event *ev);

#endif
