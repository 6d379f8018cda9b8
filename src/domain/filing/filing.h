/* SPDX-License-Identifier: Apache-2.0 */
/* filing.h -- signed forms that came back (表单归档): ink is the original, a scan says that it is
 * there.
 *
 * A form's code says what it is about (docs/adr/0018), so nobody types where a scan belongs.  What
 * is recorded is the form, the hash of each page's picture and who filed it; the picture stays in
 * the office's archive, because a picture of paper may show what must never be in here.
 *
 * A form is made out in several copies and may be scanned again: each is filed.  One picture is
 * filed once.
 *
 * Emits  filing.form_filed
 * Owns   filing_form, filing_scan
 */
#ifndef GY_DOMAIN_FILING_H
#define GY_DOMAIN_FILING_H

#include "engine/module.h"

/* The forms that there are, by the names under which they are printed (gongyuan print list). */
#define FILING_FORMS(X) X("handover") X("issue-sheet") X("store-log") X("keys") X("joint-check") \
	X("replay") X("room-record") X("spare") X("violation") X("zero-report") X("box-labels") \
	X("door-sheet") X("seat-map") X("day-report")

/* The newest entry that filed the form with this check value (16 hex digits); -1: none. */
enum rc filing_of(struct op *op, struct str check, int64_t *ret_index) MUST_CHECK;

extern const struct module filing_module;

#endif
