/* SPDX-License-Identifier: Apache-2.0 */
/* run.c -- what rules may ask about the operation they run in. */
#include "engine/run.h"

#include "engine/modules_private.h"
#include "engine/order.h"
#include "engine/writer.h"

enum rc op_also(struct op *op, enum rc rc)
{
	struct run *run = op->run;

	if (rc == RC_OK || rc == RC_BUSY || rc == RC_BROKEN || !run->faults)
		return rc;
	if (run->nfaults < run->faults_max)
		run->faults[run->nfaults++] = op->err;
	return RC_OK;
}

const struct profile *op_profile(const struct op *op)
{
	return op->run->profile;
}

struct str op_exam(const struct op *op)
{
	const struct request *r = op->run->request;

	return r && r->exam.n ? r->exam : op->run->writer->exam;
}

struct str op_place(const struct op *op)
{
	return op->run->place;
}

int64_t op_happened_ms(const struct op *op)
{
	const struct request *r = op->run->request;

	return r && r->happened_ms ? r->happened_ms : op->now_ms;
}

int64_t op_size(const struct op *op)
{
	return (int64_t)op->run->writer->ledger.tree.size;
}

enum source op_source(const struct op *op)
{
	return op->run->request ? op->run->request->source : SOURCE_SYSTEM;
}

struct str op_text(const struct op *op, const char *field)
{
	const struct request *r = op->run->request;

	for (size_t i = 0; r && i < r->nbeside; i++)
		if (str_is(r->beside[i].field, field))
			return r->beside[i].text;
	return (struct str){0};
}

enum rc op_blind(struct op *op, struct str text, struct str *ret, bool *ret_known)
{
	struct writer *w = op->run->writer;

	return vault_blind(op, &w->vault, (w->node << 33) + VAULT_BLIND_ENTRY, !op->run->trial, text,
	                   ret, ret_known);
}

struct person_id op_slot(const struct op *op, const char *slot, size_t n)
{
	const struct run *run = op->run;
	size_t i;

	for (i = 0; i < run->nslots; i++)
		if (str_is(run->slots[i].slot, slot) && n-- == 0)
			return run->slots[i].person;
	return (struct person_id){0};
}

enum rc forbid_(struct op *op, const char *where, enum rc rc, const char *field,
                const char *article, const char *zh, const char *en, ...)
{
	struct run *run = op->run;
	va_list ap;

	if (run->request && run->request->exception.n)
		return order_except(op, rc, field);
	va_start(ap, en);
	err_setv(&op->err, where, rc, field, article, zh, en, ap);
	va_end(ap);
	return rc;
}
