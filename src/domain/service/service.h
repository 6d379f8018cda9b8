/* SPDX-License-Identifier: Apache-2.0 */
/* service.h -- what an examination owes its candidates besides the examination (服务保障).
 *
 * A notice (通知) says in public what candidates, parents and the town have to know: another way
 * to a site, no noise while they listen, where the doctor is.  It is drafted by an office and
 * signed by a leader who is somebody else; what is said of an emergency is said by the city alone,
 * in the words that were decided for it (口径).  Nothing that was public is made unsaid: a
 * correction replaces the text and says when, a withdrawal takes it off the public list and leaves
 * it, with its reason, to those who work here.
 *
 * Titles and texts stand in the vault, as all that people type; they are nobody's personal data and
 * opened for everybody.
 *
 * Emits  service.notice_published, service.notice_corrected, service.notice_withdrawn
 * Owns   service_notice
 */
#ifndef GY_DOMAIN_SERVICE_H
#define GY_DOMAIN_SERVICE_H

#include "engine/module.h"

#define NOTICE_KINDS(X) X(TIMETABLE, "timetable") X(TRAFFIC, "traffic") X(NOISE, "noise") \
	X(FOOD, "food") X(MEDICAL, "medical") X(COUNSELLING, "counselling") X(WEATHER, "weather") \
	X(EMERGENCY, "emergency") X(OTHER, "other")
#define X(id, text) NOTICE_##id,
enum notice_kind { NOTICE_KINDS(X) NOTICE_KIND_MAX };
#undef X
extern const struct word NOTICE_KIND_WORDS[NOTICE_KIND_MAX];

#define NOTICE_AUDIENCES(X) X(CANDIDATES, "candidates") X(PARENTS, "parents") X(PUBLIC, "public")
#define X(id, text) FOR_##id,
enum notice_audience { NOTICE_AUDIENCES(X) NOTICE_AUDIENCE_MAX };
#undef X
extern const struct word NOTICE_AUDIENCE_WORDS[NOTICE_AUDIENCE_MAX];

struct notice_id {
	int64_t v;
};

/* A notice as everybody may know it.  title, body and the two in English are vault ids; 0: none. */
struct notice {
	struct notice_id id;
	struct str place;
	enum notice_kind kind;
	enum notice_audience audience;
	int64_t title, body, title_en, body_en;
	int64_t from_ms, until_ms;  /* until 0: until it is withdrawn */
	int64_t published_ms, corrected_ms, withdrawn_ms; /* 0: not */
};

/* Those in force at `now_ms`, the newest first, at most `most`; in the op's arena. */
enum rc service_notices(struct op *op, int64_t now_ms, int64_t most, struct notice **ret,
                        size_t *ret_n) MUST_CHECK;
/* One, also when it is over or withdrawn; *ret_known false: there is none. */
enum rc service_notice(struct op *op, struct notice_id id, struct notice *ret,
                       bool *ret_known) MUST_CHECK;

extern const struct module service_module;

#endif
