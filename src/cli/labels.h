/* SPDX-License-Identifier: Apache-2.0 */
/* labels.h -- words in place of codes: what people read.  JSON keeps the codes. */
#ifndef GY_CLI_LABELS_H
#define GY_CLI_LABELS_H

#include "cli/cli.h"
#include "engine/alarm.h"

/* The i-th of n words in the language of this run; "?" when there is none (an altered row). */
struct str label_word(const struct cli *c, const struct word *w, size_t n, int i);

/* Its office and language. */
struct wording *cli_wording(struct cli *c);

/* "paper.chinese.spare": 语文 备用卷; an asset of another form stays as it is. */
struct str label_asset(struct cli *c, struct str asset);

/* The accounts that are no place and no vehicle: 印制, 使用, 残损, 销毁, 缺失. */
struct str label_holder(struct cli *c, struct str holder);

/* "T-60 min to T-25 min", with what recurs and what is tolerated. */
struct str label_window(struct cli *c, const struct profile_step *s);
/* 已确认, 较可靠, 待确认. */
const char *label_sure(const struct cli *c, struct str sure);
/* "source, article" */
struct str label_source(struct cli *c, struct str source, struct str article);
const char *label_colour(const struct cli *c, int colour);
/* Why a closed alarm was closed: 已办结 · 误报(补录迟到). */
const char *label_reason(struct cli *c, const struct alarm *a);

/* The words of a role, session, subject, asset, alarm, expectation or command; `ref` (may be NULL)
 * is the field's.  An unknown key stays as it is. */
struct str label_key(struct cli *c, const char *ref, struct str key);

/* A place by its name, or the nearest named one above it, and its path: 第一中学 sc/cd/x01/s01. */
struct str label_place(struct cli *c, struct str path);
/* "2025-06-07/am": 06-07上午. */
struct str label_half_day(struct cli *c, struct str half_day);
/* A subject of our rules: its places, sessions and half days in words, its numbers as they are. */
struct str label_subject(struct cli *c, struct str subject);

#endif
