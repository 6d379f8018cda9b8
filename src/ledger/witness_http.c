/* SPDX-License-Identifier: Apache-2.0 */
/* witness_http.c -- a witness behind a listener: two addresses and nothing else. */
#include "ledger/witness.h"

static struct str code_text(struct arena *a, const struct err *e)
{
	return str_fmt(a, "%s\n%s\n", e->en, e->zh);
}

/* "/HASH/checkpoint" */
static bool checkpoint_path(struct str path, struct str *ret_hash)
{
	struct str end = STR("/checkpoint");

	if (path.n != 1 + 64 + end.n || path.s[0] != '/' || !str_ends(path, end))
		return false;
	*ret_hash = (struct str){path.s + 1, 64};
	return true;
}

static struct listener_reply plain(int status, const char *body)
{
	return (struct listener_reply){status, STR("text/plain; charset=utf-8"), str_of(body)};
}

void witness_http(void *ctx, struct arena *a, const struct listener_request *q,
                  struct listener_reply *ret)
{
	struct witness *w = ctx;
	struct op op = {.arena = a, .now_ms = clock_now_ms(w->clock)};
	struct witness_answer answer = {0};
	bool post = str_is(q->path, "/add-checkpoint");
	struct str hash = {0};
	enum rc rc;

	if (!post && !checkpoint_path(q->path, &hash)) {
		*ret = plain(404, "nothing is here\n");
		return;
	}
	if (!str_is(q->method, post ? "POST" : "GET")) {
		*ret = plain(405, post ? "POST only\n" : "GET only\n");
		return;
	}
	rc = post ? witness_add(&op, w, q->body, op.now_ms / 1000, &answer)
	          : witness_newest(&op, w, hash, &answer);
	if (rc == RC_OK)
		*ret = (struct listener_reply){answer.status, answer.type, answer.body};
	else /* the store failed: 503 or 500, and nothing was cosigned */
		*ret = (struct listener_reply){rc == RC_BUSY ? 503 : 500, plain(0, "").type,
		                               code_text(a, &op.err)};
}
