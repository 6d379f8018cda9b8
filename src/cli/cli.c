/* SPDX-License-Identifier: Apache-2.0 */
/* cli.c -- from argv to exit code: parse, run the verb, print its one document, let go of all. */
#include "cli/cli.h"
#include "cli/out.h"

struct office_options cli_office_options(struct cli *c)
{
	return (struct office_options){
		.data = c->data.n ? c->data : STR("data"),
		.url = c->url,
		.known = c->known,
	};
}

enum rc cli_open_at(struct cli *c, bool write, int64_t at_ms)
{
	struct office_options how = cli_office_options(c);

	how.write = write;
	how.at_ms = at_ms;
	c->open = true;
	TRY(c->host->open(&c->op, &how, &c->office));
	if (at_ms && !c->office.drill)
		return fail(&c->op, RC_INVALID, "at", "", "--at 只用于演练，真实台账用系统时间",
		            "--at is for drills: a real ledger has the system's time");
	c->op.db = c->office.store.view;
	c->offset_min = c->office.profile.utc_offset_min;
	c->op.now_ms = clock_now_ms(&c->office.clock);
	if (c->office.drill && (c->json || !c->verb->own_head))
		cli_note(c, "【演练】%s", "[DRILL] %s", c->office.origin.s);
	return RC_OK;
}

enum rc cli_open(struct cli *c, bool write)
{
	return cli_open_at(c, write, 0);
}

static void print_result(struct cli *c)
{
	struct json *v = c->result ? c->result : json_new_object(&c->arena);

	printf("%s\n", json_canonical(&c->arena, v).s);
}

/* --help of a verb, a noun or everything; as talk when stdout is for JSON. */
static enum rc help(struct cli *c)
{
	FILE *to = c->json ? stderr : stdout;

	if (c->verb)
		cli_help_verb(c, to);
	else if (c->words[0].n)
		cli_help_noun(c, c->words[0], to);
	else
		cli_help_all(c, to);
	return RC_OK;
}

static enum rc run(struct cli *c, int argc, char **argv)
{
	struct clock clock = c->host->clock();

	c->op.now_ms = clock_now_ms(&clock);
	cli_look_ahead(c, argc, argv);
	TRY(modules_init(&c->op, c->host->modules, c->host->nmodules, &c->modules));
	TRY(cli_parse(c, argc, argv));
	return c->help ? help(c) : c->verb->run(c);
}

int cli_main(int argc, char **argv, const struct cli_host *host)
{
	/* Large, and its office must not move. */
	struct cli *c = calloc(1, sizeof(*c));
	struct random random = host->random();
	int status;
	enum rc rc;

	if (!c)
		abort();
	c->host = host;
	c->offset_min = 8 * 60;
	c->op = (struct op){.arena = &c->arena, .random = &random};
	rc = run(c, argc, argv);
	status = rc_exit(rc);
	if (rc != RC_OK)
		cli_error(c);
	else if (c->json)
		print_result(c);
	if (rc == RC_OK && c->findings)
		status = c->findings;
	if (fflush(stdout) != 0 && status == 0)
		status = rc_exit(RC_BUSY); /* the reader of our output is gone, or the disk is full */
	if (c->open)
		host->release(&c->office);
	if (c->modules.index)
		modules_release(&c->modules);
	arena_release(&c->arena);
	free(c);
	return status;
}
