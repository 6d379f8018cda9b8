/* SPDX-License-Identifier: Apache-2.0 */
/* exam.h -- who sits (组考): candidates, what they take, and their reasonable accommodations.
 *
 * A candidate is a number made by the event that registered them, and a candidate number (考生号);
 * name and number of the identity document stand in the vault under the candidate as subject, so
 * that shredding one candidate leaves the others and the ledger whole.
 *
 * One person sits once.  Whether a document's number stands there already is asked of a keyed
 * digest in the event (docs/adr/0009): equal for equal numbers, and telling nothing to anybody
 * without the vault.
 *
 * What a candidate takes.  A combination (选科组合) is the keys of its elective subjects joined by
 * points, "physics.chemistry.biology".  The settings of the profile say which subjects are
 * elective and how many of each group are chosen; all other subjects everybody takes.
 *
 * Emits  exam.candidate_registered, exam.candidate_corrected, exam.accommodation_approved,
 *        exam.accommodation_ended
 * Owns   exam_candidate, exam_accommodation
 */
#ifndef GY_DOMAIN_EXAM_H
#define GY_DOMAIN_EXAM_H

#include "engine/module.h"
#include "engine/profile.h"

/* The right to offer another profile for approval (adoption.c). */
#define OFFER_PROFILE "exam.offer_profile"

struct candidate_id {
	int64_t v;
};

struct candidate {
	struct candidate_id id;
	struct str number, ticket; /* 考生号; 准考证号, "" when none yet */
	struct str place, school;  /* county of registration; unit's code, "" when of no school */
	struct str combination, language; /* "" when the examination knows none */
	int64_t name_vault, document_vault;
};

/* By candidate number, or else by ticket; in the op's arena.  Fails: NOT_FOUND with `field`. */
enum rc exam_candidate_of(struct op *op, struct str place, struct str number, const char *field,
                          struct candidate *ret) MUST_CHECK; /* registered there, above or below */
enum rc exam_candidate(struct op *op, struct str number, const char *field,
                       struct candidate *ret) MUST_CHECK;

/* Does somebody of this combination take this subject? */
bool exam_takes(const struct profile *p, struct str combination, struct str subject);

/* May one come in for this session, at the site's gate or at the room's door, from..to in ms?  By
 * the step exam.entry_gate or exam.entry_room, or one of the subject: "exam.entry_gate.foreign";
 * where the session says where and when the late are stopped, that door closes then.  False: the
 * profile has no such step or session. */
enum exam_door { EXAM_GATE, EXAM_ROOM };
bool exam_entry(const struct profile *p, struct str session, enum exam_door door,
                int64_t *ret_from_ms, int64_t *ret_to_ms);

/* 合理便利.  Names of kinds and devices are what the lists at the gates say. */
#define ACCOMMODATIONS(X) X(BRAILLE, "braille") X(LARGE_PRINT, "large_print") \
	X(EXTRA_TIME, "extra_time") X(NO_LISTENING, "no_listening") X(HEARING_AID, "hearing_aid") \
	X(COCHLEAR, "cochlear_implant") X(INSULIN_PUMP, "insulin_pump") \
	X(GLUCOSE_MONITOR, "glucose_monitor") X(PACEMAKER, "pacemaker") X(CRUTCHES, "crutches") \
	X(PLASTER, "plaster_cast") X(WHEELCHAIR, "wheelchair") X(SIGN_LANGUAGE, "sign_language") \
	X(GUIDE, "guide") X(INJURY, "injury") X(PREGNANCY, "pregnancy") X(DETENTION, "detention") \
	X(GUEST, "guest") X(MINOR_LANGUAGE, "minor_language") X(ETHNIC_SCRIPT, "ethnic_script") \
	X(MEDICINE, "medicine") X(OWN_ROOM, "own_room") X(OTHER, "other")
#define X(id, text) ACCOMMODATION_##id,
enum accommodation_kind { ACCOMMODATIONS(X) ACCOMMODATION_MAX };
#undef X

struct accommodation {
	int64_t id;
	struct str candidate, place; /* number; where it was approved */
	enum accommodation_kind kind;
	int64_t extra_percent;       /* of the session's length; the candidate's own end */
	bool own_bell, own_bag;
	struct str device;           /* may pass both gates: "cochlear_implant"; "" none */
	struct str approval;         /* number of the paper that approves it */
};
const char *accommodation_text(enum accommodation_kind k);

/* In force now, by candidate number and id: of one candidate, or ("") of everybody.  In the op's
 * arena. */
enum rc exam_accommodations(struct op *op, struct str candidate, struct accommodation **ret,
                            size_t *ret_n) MUST_CHECK;

/* The end of a session for somebody with that much extra time. */
int64_t exam_end_ms(const struct profile_session *s, int64_t extra_percent);

/* Is this the number of a resident identity card by GB 11643-1999: 17 digits with a real day of
 * birth before `now_ms`, and their check digit?  `why` says what is wrong, in both languages. */
struct identity_fault {
	const char *zh, *en;
};
bool identity_number_valid(struct str number, int64_t now_ms, struct identity_fault *why);

extern const struct module exam_module, exam_accommodation_module, exam_adoption_module;

#endif
