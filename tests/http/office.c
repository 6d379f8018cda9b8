/* SPDX-License-Identifier: Apache-2.0 */
/* office.c -- see office.h. */
#include "kit/check.h"

#include "http/office.h"

static void join(struct shell *s, struct worker *w)
{
	assert_status(s, sh_json(s, "people register --code %s --unit U1 --secrecy true --name 某人",
	                         w->code), 0);
	w->person = json_int(s->doc, "index", 0);
	assert_status(s, sh_json(s, "authority grant --person %s --role %s --place %s", w->code,
	                         w->role, w->place), 0);
	w->grant = json_int(s->doc, "index", 0);
}

void office_open(struct shell *s, struct worker *w, size_t n)
{
	shell_open(s);
	shell_begin(s);
	for (size_t i = 0; i < n; i++)
		join(s, &w[i]);
	assert_status(s, sh(s, "authority found"), 0);
}

void office_close(struct shell *s, struct serving *v)
{
	if (v->pid)
		assert_int_equal(serving_stop(v), 0);
	shell_close(s);
}

void office_enrol(struct serving *v, struct terminal *t, const char *name, const char *place)
{
	struct shell *s = v->sh;

	terminal_make(t, v, name);
	assert_status(s, sh_json(s, "device enroll --key %s --place %s --as P1"
	                         " --slot enroller=badge:P1 --slot approver=badge:P2",
	                         terminal_key(t).s, place), 0);
	t->device = json_int(s->doc, "index", 0);
}
