/* SPDX-License-Identifier: Apache-2.0 */
/* doctor.h -- checks of a data folder, each with what to do when it fails. */
#ifndef GY_CLI_DOCTOR_H
#define GY_CLI_DOCTOR_H

#include "cli/cli.h"
#include "cli/out.h"

struct doctor {
	struct cli *c;
	struct json *array;
	struct grid grid;
	int failed, broken; /* checks that found something; of them, integrity */
	int64_t adopted;    /* the newest rules.adopted, found by the scrub */
};

enum finding { DOCTOR_OK, DOCTOR_WRONG, DOCTOR_BROKEN };

struct check {
	const char *id, *zh, *en;      /* what was found */
	const char *fix_zh, *fix_en;   /* what to do; NULL when nothing */
};

void doctor_say(struct doctor *d, enum finding f, const struct check *k);

/* doctor_folder.c: without opening it. */
void doctor_format(struct doctor *d);
void doctor_lock(struct doctor *d);
void doctor_keys(struct doctor *d);
void doctor_disk(struct doctor *d);

/* doctor_ledger.c: of an office open for reading. */
enum rc doctor_tables(struct doctor *d) MUST_CHECK;
enum rc doctor_view(struct doctor *d) MUST_CHECK;
enum rc doctor_checkpoint(struct doctor *d) MUST_CHECK;
enum rc doctor_known(struct doctor *d) MUST_CHECK;
enum rc doctor_scrub(struct doctor *d) MUST_CHECK;
enum rc doctor_blobs(struct doctor *d) MUST_CHECK;
enum rc doctor_books(struct doctor *d) MUST_CHECK;
/* doctor_office.c */
enum rc doctor_backup(struct doctor *d) MUST_CHECK;
enum rc doctor_clock(struct doctor *d) MUST_CHECK;
enum rc doctor_compare(struct doctor *d) MUST_CHECK;

#endif
