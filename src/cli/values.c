/* SPDX-License-Identifier: Apache-2.0 */
/* values.c -- the codes that a command's flags take, with the words that people know them by. */
#include "cli/values.h"

static size_t longest(const struct field *f)
{
	size_t most = 0;

	for (int64_t i = 0; i < f->max; i++)
		if (strlen(f->names[i]) > most)
			most = strlen(f->names[i]);
	return most;
}

static void add_values(struct cli *c, struct strbuf *b, const struct field *f)
{
	int width = (int)longest(f);

	for (int64_t i = 0; i < f->max; i++)
		strbuf_addf(b, "\n      %-*s  %s", width, f->names[i],
		            cli_tr(c, f->words[i].zh, f->words[i].en));
}

/* `in`: the flag of the list in whose items the fields stand, else NULL. */
static void add_fields(struct cli *c, struct strbuf *b, const struct field *f, size_t n,
                       const char *in)
{
	for (size_t i = 0; i < n; i++) {
		const char *flag = cli_flag_name(&c->arena, f[i].name);

		if (f[i].type == F_LIST)
			add_fields(c, b, f[i].list_of, f[i].list_n, flag);
		if (f[i].type != F_ENUM)
			continue;
		strbuf_addf(b, "%s   --%s%s%s  %s", b->n ? "\n" : "", in ? in : flag, in ? " " : "",
		            in ? f[i].name : "", cli_tr(c, f[i].zh, f[i].en));
		add_values(c, b, &f[i]);
	}
}

bool values_has(const struct field *f, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (f[i].type == F_ENUM ||
		    (f[i].type == F_LIST && values_has(f[i].list_of, f[i].list_n)))
			return true;
	return false;
}

struct str values_help(struct cli *c, const struct cli_verb *v)
{
	struct strbuf b;

	strbuf_init(&b, &c->arena);
	add_fields(c, &b, v->command->fields, v->command->nfields, NULL);
	return str_fmt(&c->arena, "%s\n%s\n", cli_tr(c, "取值：", "values:"), strbuf_str(&b).s);
}
