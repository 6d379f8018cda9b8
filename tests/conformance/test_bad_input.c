/* SPDX-License-Identifier: Apache-2.0 */
/* test_bad_input.c -- every field of every command, filled in wrongly: the answer names the field
 * and the rule in both languages, and nothing has changed.
 */
#include "kit/check.h"

#include "base/limits.h"
#include "conformance/form.h"
#include "domain/scene.h"
#include "engine/modules_private.h"
#include "engine/rebuild.h"
#include "kit/kit.h"

#define MARK "@@"

static struct scene S;
#define K (S.k)

/* What is wrong for a field of a type, as JSON; NULL-terminated. */
static const char *const *wrong_values(enum field_type t)
{
	static const char *const INT[] = {"\"x\"", "true", "[]", "9007199254740993", "1.5", NULL};
	static const char *const ID[] = {"0", "-3", "\"nobody here\"", "{}", NULL};
	static const char *const BOOL[] = {"3", "\"maybe\"", "[]", NULL};
	static const char *const CHOICE[] = {"\"nonsense\"", "7", "[]", NULL};
	static const char *const TIME[] = {"\"yesterday\"", "\"2025-13-07T08:00:00Z\"", "5", NULL};
	static const char *const CODE[] = {"\"lower case\"", "\"ABC\"", "\"欧阳\"", "\"A1'--\"", "[]",
		"\"A1234567890123456789012345678901234567890123456789012345678901234567890\"", NULL};
	static const char *const KEY[] = {"\"BAD KEY\"", "\"欧阳\"", "{}", NULL};
	static const char *const PLACE[] = {"\"a//b\"", "\"/a\"", "\"A/B\"", "\"a/b/c/d/e/f/g\"",
		"\"欧阳\"", NULL};
	static const char *const SUBJECT[] = {"\"two words\"", "\"欧阳\"", "[]", NULL};
	static const char *const HASH[] = {"\"zz\"", "\"AB\"", "12", NULL};
	static const char *const BYTES[] = {"\"xyz\"", "\"a\"", "[]", NULL};
	static const char *const TEXT[] = {"\"a\\u0001b\"", "{}", NULL};
	static const char *const LIST[] = {"{}", "\"x\"", "[3]", "[{\"nothing\":1}]", NULL};

	switch (t) {
	case F_INT: return INT;
	case F_ID: return ID;
	case F_PERSON: return ID;
	case F_BOOL: return BOOL;
	case F_ENUM: return CHOICE;
	case F_TIME: return TIME;
	case F_CODE: return CODE;
	case F_KEY: return KEY;
	case F_PLACE: return PLACE;
	case F_SUBJECT: return SUBJECT;
	case F_HASH: return HASH;
	case F_BYTES: return BYTES;
	case F_TEXT: return TEXT;
	case F_LIST: return LIST;
	}
	return NULL;
}

static bool has_chinese(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s >= 0xe4 && (unsigned char)*s <= 0xe9)
			return true;
	return false;
}

/* Refused as INVALID with this field named (a list's item as list/0/field). */
static void refused(const struct command *c, const char *body, const char *field)
{
	uint64_t size = kit_size(&K);
	const struct err *e = &K.answer.err;
	size_t n = strlen(field);
	struct json *o;

	if (json_read(&K.op, str_of(body), &o) != RC_OK)
		return; /* not JSON that any reader hands on (1.5, 2^53 + 1): base's tests have it */
	if (kit_do(&K, 1, c->name, body, NULL) != RC_INVALID)
		fail_msg("%s took %s: %s", c->name, body, rc_text(K.answer.rc));
	if (strncmp(e->field, field, n) != 0 || (e->field[n] && e->field[n] != '/'))
		fail_msg("%s: %s is wrong, but %s is named", c->name, field, e->field);
	if (!has_chinese(e->zh) || !e->en[0] || has_chinese(e->en))
		fail_msg("%s: %s: not said in both languages: %s / %s", c->name, field, e->zh, e->en);
	assert_int_equal(kit_size(&K), size);
}

static struct str with(const struct command *c, const struct field *f, const char *value)
{
	struct str body = form_body(&K.arena, c, f, MARK);
	const char *at = strstr(body.s, "\"" MARK "\"");

	assert_non_null(at);
	return str_fmt(&K.arena, "%.*s%s%s", (int)(at - body.s), body.s, value,
	               at + strlen("\"" MARK "\""));
}

/* The body without one member: `"name":"@@"` and the comma beside it. */
static struct str without(const struct command *c, const struct field *f)
{
	struct str body = form_body(&K.arena, c, f, MARK);
	struct str member = str_fmt(&K.arena, "\"%s\":\"" MARK "\"", f->name);
	const char *at = strstr(body.s, member.s), *end;
	size_t head;

	assert_non_null(at);
	end = at + member.n;
	head = (size_t)(at - body.s);
	if (*end == ',')
		end++;
	else if (head > 0 && body.s[head - 1] == ',')
		head--;
	return str_fmt(&K.arena, "%.*s%s", (int)head, body.s, end);
}

static int try_command(const struct command *c)
{
	int tried = 0;

	for (size_t i = 0; i < c->nfields; i++) {
		const struct field *f = &c->fields[i];
		const char *const *v;

		for (v = wrong_values(f->type); *v; v++, tried++)
			if (!f->optional || strcmp(*v, "0") != 0) /* which is nobody, as if absent */
				refused(c, with(c, f, *v).s, f->name);
		if (!f->optional)
			refused(c, without(c, f).s, f->name);
		if (f->type == F_INT && f->max > 0 && f->max < LIMIT_INT)
			refused(c, with(c, f, str_fmt(&K.arena, "%lld", (long long)f->max + 1).s).s, f->name);
	}
	if (c->nfields) {
		struct str body = form_body(&K.arena, c, NULL, MARK);
		refused(c, str_fmt(&K.arena, "%.*s,\"no_such_field\":1}", (int)body.n - 1, body.s).s,
		        "no_such_field");
	}
	return tried;
}

static void every_field_filled_in_wrongly_is_named_and_nothing_changes(void **state)
{
	struct table_digest *before, *after;
	struct hash root, again;
	size_t n, m, i, j;
	int tried = 0;

	(void)state;
	scene_open_with_papers(&S);
	assert_ok(projection_digest(&K.op, K.store.view, &K.modules, &before, &n));
	root = kit_root(&K);
	for (i = 0; i < K.modules.index->nall; i++)
		for (j = 0; j < K.modules.index->all[i]->ncommands; j++)
			tried += try_command(&K.modules.index->all[i]->commands[j]);
	assert_ok(projection_digest(&K.op, K.store.view, &K.modules, &after, &m));
	again = kit_root(&K);
	assert_true(hash_eq(&root, &again));
	assert_int_equal(n, m);
	for (i = 0; i < n; i++)
		assert_true(hash_eq(&before[i].digest, &after[i].digest));
	assert_true(tried > 300);
	scene_close(&S);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_field_filled_in_wrongly_is_named_and_nothing_changes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
