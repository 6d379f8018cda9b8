/* SPDX-License-Identifier: Apache-2.0 */
/* words.h -- what people read in place of a code, in both languages: roles, sessions, subjects,
 * assets, alarms, expectations, commands, sources and ways to sign.  What nobody knows has no
 * words (zh.n 0), and its code is shown.
 */
#ifndef GY_WORDS_H
#define GY_WORDS_H

#include "engine/event.h"
#include "engine/module.h"
#include "engine/profile.h"

struct said {
	struct str zh, en;
};

/* Of an F_KEY or a column of keys; `ref` (may be NULL) is the field's. */
struct said words_key(struct arena *a, const struct modules *m, const struct profile *p,
                      const char *ref, struct str key);
/* "paper.chinese.spare": 语文 备用卷. */
struct said words_asset(struct arena *a, const struct profile *p, struct str asset);
/* The accounts that are no place and no vehicle: 印制, 使用, 残损卷, 销毁, 缺失, 转场. */
struct said words_holder(struct str holder);

/* What stands in a field of an event (engine/field.h), `at` its member.  code: as JSON has it, a
 * number or a UTC time as text; of a person the number, of a text its place in the vault, of a list
 * nothing.  words: what is read in its place; a place's name, which lies in the vault, is the
 * caller's to add. */
struct words_value {
	struct str code;
	struct said words;
};
struct words_value words_field(struct arena *a, const struct modules *m, const struct profile *p,
                               const struct field *f, const void *at);

extern const struct word SOURCE_WORDS[SOURCE_MAX], SLOT_HOW_WORDS[SLOT_HOW_MAX];

#endif
