/* SPDX-License-Identifier: Apache-2.0 */
/* verbs.c -- the visible list of built-in verbs.  Commands of modules are not here: they come
 * from the modules' own tables (command.c).
 */
#include "cli/rows.h"
#include "engine/modules_private.h"

struct table_ref {
	const struct cli_verb *rows;
	const size_t *n;
};

static const struct table_ref TABLES[] = {
	{cli_init_verbs, &cli_ninit_verbs},         {cli_import_verbs, &cli_nimport_verbs},
	{cli_ledger_verbs, &cli_nledger_verbs},
	{cli_database_verbs, &cli_ndatabase_verbs}, {cli_show_verbs, &cli_nshow_verbs},
	{cli_view_verbs, &cli_nview_verbs},
	{cli_day_verbs, &cli_nday_verbs},           {cli_reconcile_verbs, &cli_nreconcile_verbs},
	{cli_login_verbs, &cli_nlogin_verbs},
	{cli_badge_verbs, &cli_nbadge_verbs},
	{cli_key_verbs, &cli_nkey_verbs},           {cli_describe_verbs, &cli_ndescribe_verbs},
	{cli_profile_verbs, &cli_nprofile_verbs},   {cli_budget_verbs, &cli_nbudget_verbs},
	{cli_offer_verbs, &cli_noffer_verbs},       {cli_cosign_verbs, &cli_ncosign_verbs},
	{cli_backup_verbs, &cli_nbackup_verbs},     {cli_restore_verbs, &cli_nrestore_verbs},
	{cli_redate_verbs, &cli_nredate_verbs},     {cli_next_verbs, &cli_nnext_verbs},
	{cli_witness_verbs, &cli_nwitness_verbs},   {cli_tls_verbs, &cli_ntls_verbs},
	{cli_print_verbs, &cli_nprint_verbs},       {cli_sheet_verbs, &cli_nsheet_verbs},
	{cli_manual_verbs, &cli_nmanual_verbs},     {cli_help_verbs, &cli_nhelp_verbs},
};

size_t cli_verbs_count(const struct cli *c)
{
	size_t n = c->host->nverbs;

	for (size_t i = 0; i < COUNT(TABLES); i++)
		n += *TABLES[i].n;
	return n;
}

const struct cli_verb *cli_verb_at(const struct cli *c, size_t i)
{
	for (size_t t = 0; t < COUNT(TABLES); t++) {
		if (i < *TABLES[t].n)
			return &TABLES[t].rows[i];
		i -= *TABLES[t].n;
	}
	assert(i < c->host->nverbs);
	return &c->host->verbs[i];
}

const struct cli_verb *cli_verb_find(const struct cli *c, struct str noun, struct str verb)
{
	for (size_t i = 0; i < cli_verbs_count(c); i++) {
		const struct cli_verb *v = cli_verb_at(c, i);

		if (str_is(noun, v->noun) && str_is(verb, v->verb))
			return v;
	}
	return NULL;
}

const struct module *const *cli_modules(const struct cli *c, size_t *ret_n)
{
	*ret_n = c->modules.index->nall;
	return c->modules.index->all;
}

const struct command *cli_command_at(const struct cli *c, size_t i)
{
	size_t n;
	const struct module *const *m = cli_modules(c, &n);

	for (size_t k = 0; k < n; k++) {
		if (i < m[k]->ncommands)
			return &m[k]->commands[i];
		i -= m[k]->ncommands;
	}
	return NULL;
}

bool cli_command_of(const struct command *cmd, struct str noun)
{
	return strncmp(cmd->name, noun.s, noun.n) == 0 && cmd->name[noun.n] == '.';
}
