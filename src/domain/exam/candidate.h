/* SPDX-License-Identifier: Apache-2.0 */
/* candidate.h -- between the files of exam: what the profile allows. */
#ifndef GY_DOMAIN_EXAM_CANDIDATE_H
#define GY_DOMAIN_EXAM_CANDIDATE_H

#include "domain/exam/exam.h"

#define CITE_REGISTRATION "普通高等学校招生工作规定 报名"
#define CITE_ACCOMMODATION "教学〔2017〕4号 残疾人参加普通高考管理规定 (2.9)"

/* "" is valid where the examination offers nothing to choose. */
bool combination_valid(const struct profile *p, struct str combination);
/* Any language is, when the profile lists none. */
bool language_valid(const struct profile *p, struct str language);
/* The most extra time in percent; 0: the profile gives none. */
int64_t extra_time_most(const struct profile *p, enum accommodation_kind kind);

#endif
