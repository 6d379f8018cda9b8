/* SPDX-License-Identifier: Apache-2.0 */
/* rows.h -- the built-in verbs, a table a file; verbs.c has the visible list of tables. */
#ifndef GY_CLI_ROWS_H
#define GY_CLI_ROWS_H

#include "cli/cli.h"

extern const struct cli_verb cli_init_verbs[];      extern const size_t cli_ninit_verbs;
extern const struct cli_verb cli_import_verbs[];    extern const size_t cli_nimport_verbs;
extern const struct cli_verb cli_ledger_verbs[];    extern const size_t cli_nledger_verbs;
extern const struct cli_verb cli_database_verbs[];  extern const size_t cli_ndatabase_verbs;
extern const struct cli_verb cli_show_verbs[];      extern const size_t cli_nshow_verbs;
extern const struct cli_verb cli_view_verbs[];      extern const size_t cli_nview_verbs;
extern const struct cli_verb cli_day_verbs[];       extern const size_t cli_nday_verbs;
extern const struct cli_verb cli_reconcile_verbs[]; extern const size_t cli_nreconcile_verbs;
extern const struct cli_verb cli_login_verbs[];     extern const size_t cli_nlogin_verbs;
extern const struct cli_verb cli_badge_verbs[];     extern const size_t cli_nbadge_verbs;
extern const struct cli_verb cli_key_verbs[];       extern const size_t cli_nkey_verbs;
extern const struct cli_verb cli_describe_verbs[];  extern const size_t cli_ndescribe_verbs;
extern const struct cli_verb cli_budget_verbs[];    extern const size_t cli_nbudget_verbs;
extern const struct cli_verb cli_profile_verbs[];   extern const size_t cli_nprofile_verbs;
extern const struct cli_verb cli_offer_verbs[];     extern const size_t cli_noffer_verbs;
extern const struct cli_verb cli_redate_verbs[];    extern const size_t cli_nredate_verbs;
extern const struct cli_verb cli_backup_verbs[];    extern const size_t cli_nbackup_verbs;
extern const struct cli_verb cli_restore_verbs[];   extern const size_t cli_nrestore_verbs;
extern const struct cli_verb cli_next_verbs[];      extern const size_t cli_nnext_verbs;
extern const struct cli_verb cli_cosign_verbs[];    extern const size_t cli_ncosign_verbs;
extern const struct cli_verb cli_tls_verbs[];       extern const size_t cli_ntls_verbs;
extern const struct cli_verb cli_witness_verbs[];   extern const size_t cli_nwitness_verbs;
extern const struct cli_verb cli_print_verbs[];     extern const size_t cli_nprint_verbs;
extern const struct cli_verb cli_sheet_verbs[];     extern const size_t cli_nsheet_verbs;
extern const struct cli_verb cli_manual_verbs[];    extern const size_t cli_nmanual_verbs;
extern const struct cli_verb cli_help_verbs[];      extern const size_t cli_nhelp_verbs;

#define CLI_FLAGS(f) .flags = (f), .nflags = COUNT(f)

#endif
