/* SPDX-License-Identifier: Apache-2.0 */
/* secrecy.h -- how secret an object is at a moment (密级), by what has happened to it.
 *
 * Nothing is stored: papers are top secret (绝密) until their bag is opened by the programme,
 * confidential (机密) until the subject has ended at every site, and then nobody's secret; a stopped
 * paper and a second paper keep their level, for they have not been used up.  Scripts are secret
 * (秘密) until their scores are processed, which is not known here: until they are destroyed.
 */
#ifndef GY_DOMAIN_CUSTODY_SECRECY_H
#define GY_DOMAIN_CUSTODY_SECRECY_H

#include "engine/module.h"
#include "engine/profile.h"

enum paper_level { LEVEL_NONE, LEVEL_SECRET, LEVEL_CONFIDENTIAL, LEVEL_TOP_SECRET };

/* Of a printed number, a box label or a script bag at a moment, by the state of now.
 * Fails: NOT_FOUND. */
enum rc custody_secrecy(struct op *op, const struct profile *profile, struct str code,
                        int64_t at_ms, enum paper_level *ret) MUST_CHECK;

/* Bags (and script bags, which are secret) at a moment, held at and under a place ("": everywhere,
 * vehicles too), by level. */
enum rc custody_secrecy_counts(struct op *op, const struct profile *profile, struct str place,
                               int64_t at_ms, int64_t ret[LEVEL_TOP_SECRET + 1]) MUST_CHECK;

const char *paper_level_text(enum paper_level l); /* "绝密", also in JSON */
extern const struct word PAPER_LEVEL_WORDS[LEVEL_TOP_SECRET + 1];

#endif
