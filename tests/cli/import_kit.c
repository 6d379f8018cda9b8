/* SPDX-License-Identifier: Apache-2.0 */
/* import_kit.c -- files of offices and what an import says of them; see import_kit.h. */
#include "import_kit.h"

#include "base/csv.h"
#include "db/store.h"

struct shell S;

int setup(void **state)
{
	(void)state;
	shell_open(&S);
	shell_begin(&S);
	return 0;
}

int teardown(void **state)
{
	(void)state;
	shell_close(&S);
	return 0;
}

const char *file(const char *name, const char *text)
{
	struct str path = shell_path(&S, name);

	shell_write(&S, path, text);
	return path.s;
}

const char *gb_file(const char *name, const char *text)
{
	struct str path = shell_path(&S, name), bytes;

	assert_ok(csv_encode(&S.op, str_of(text), CSV_GB18030, &bytes));
	assert_ok(file_write(&S.op, path, bytes, 0644));
	return path.s;
}

/* Size and root: what must not move. */
struct str books(void)
{
	struct str before;

	assert_status(&S, sh(&S, "ledger checkpoint"), 0);
	before = str_copy(&S.arena, S.out);
	return before;
}

int64_t entries(const char *type)
{
	int64_t n = 0;

	assert_status(&S, sh_json(&S, "ledger list --from 0"), 0);
	for (const char *p = S.out.s; (p = strstr(p, type)); p++)
		n++;
	return n;
}

void said(int64_t rows, int64_t good, size_t errors)
{
	const struct json *e;

	assert_non_null(S.doc);
	e = json_get(S.doc, "errors");
	assert_int_equal(S.doc->count, 3);
	assert_int_equal(json_int(S.doc, "rows", -1), rows);
	assert_int_equal(json_int(S.doc, "good", -1), good);
	assert_non_null(e);
	if (e->count != errors)
		fail_msg("%zu errors, not %zu: %s", e->count, errors, S.out.s);
}

/* The n-th finding. */
const struct json *found(size_t n, int64_t row, const char *column, const char *rule,
                                const char *value)
{
	const struct json *e = json_get(S.doc, "errors")->first;

	while (n-- > 0 && e)
		e = e->next;
	assert_non_null(e);
	assert_int_equal(e->count, 6);
	assert_int_equal(json_int(e, "row", -1), row);
	assert_str(json_str(e, "column"), column);
	assert_str(json_str(e, "rule"), rule);
	assert_str(json_str(e, "value"), value);
	assert_true(json_str(e, "zh").n > 0 && json_str(e, "en").n > 0);
	return e;
}

const char MISTAKES[] =
	"工作证号,单位编号,是否涉密人员,姓名\n"
	"P11,U1,否,张三丰\n"
	"p12,U1,否,李四\n"        /* 3: a code is upper-case */
	"P13,U1,也许,王五\n"      /* 4: neither yes nor no */
	"P14,U1,否,\n"            /* 5: no name */
	"P11,U1,否,赵六\n"        /* 6: again */
	"P1,U1,否,钱七\n"         /* 7: somebody's already */
	"P15,U9,否,孙八\n"        /* 8: no such unit */
	"P16,U1,否\n"             /* 9: a cell is missing */
	",,,\n\n"                 /* 10, 11: nothing */
	"p17,U1,maybe,周九\n"     /* 12: two mistakes */
	"欧阳修远,U1,否,吴十\n";  /* 13: a name in the wrong column */
