/* SPDX-License-Identifier: Apache-2.0 */
/* database.c -- `db doctor` and `db rebuild`.
 *
 * Exit 1 when something is to be mended, 5 when integrity is in doubt.  The doctor only reads.
 */
#include "cli/out.h"
#include "cli/rows.h"
#include "engine/doctor.h"
#include "engine/rebuild.h"

/* What it says, as text and as JSON. */
struct told {
	struct cli *c;
	struct json *array;
	struct grid grid;
};

static void tell(void *ctx, enum finding f, const struct check *k)
{
	struct told *d = ctx;
	struct cli *c = d->c;
	struct json *o = json_new_object(&c->arena);
	const char *fix = f == DOCTOR_OK || !k->fix_zh ? "" : cli_tr(c, k->fix_zh, k->fix_en);

	json_set_str(&c->arena, o, "en", str_of(k->en));
	json_set_str(&c->arena, o, "fix", str_of(fix));
	json_set_str(&c->arena, o, "id", str_of(k->id));
	json_set_bool(&c->arena, o, "ok", f == DOCTOR_OK);
	json_set_str(&c->arena, o, "zh", str_of(k->zh));
	json_put(d->array, NULL, o);
	grid_addz(&d->grid, f == DOCTOR_OK       ? cli_tr(c, "正常", "ok")
	                    : f == DOCTOR_BROKEN ? cli_tr(c, "受损", "BROKEN")
	                                         : cli_tr(c, "有问题", "wrong"));
	grid_addz(&d->grid, k->id);
	grid_addz(&d->grid, cli_tr(c, k->zh, k->en));
	if (*fix) {
		grid_addz(&d->grid, "");
		grid_addz(&d->grid, "");
		grid_add(&d->grid, str_fmt(&c->arena, "→ %s", fix));
	}
}

/* That a folder does not open is a finding, not a failure of the doctor. */
static bool doctor_open(struct cli *c, struct doctor *d)
{
	struct err before = c->op.err;
	enum rc rc = cli_open(c, false);

	if (rc == RC_OK) {
		d->store = &c->office.store;
		d->modules = &c->office.modules;
		d->profile = &c->office.profile;
		d->ledger = office_ledger(&c->office);
		d->vkey = &c->office.vkey;
		d->origin = c->office.origin;
		d->known = c->office.known;
		d->drill = c->office.drill;
		doctor_say(d, DOCTOR_OK, &(struct check){"open", "能打开", "it opens", NULL, NULL});
		return true;
	}
	doctor_say(d, rc == RC_BROKEN ? DOCTOR_BROKEN : DOCTOR_WRONG, &(struct check){
		"open", str_copy(&c->arena, str_of(c->op.err.zh)).s,
		str_copy(&c->arena, str_of(c->op.err.en)).s,
		"按上面这句话处理后再检查；只是 view.db 坏了就运行 gongyuan db rebuild",
		"do as this sentence says and check again; if only view.db is bad, gongyuan db rebuild"});
	c->op.err = before;
	return false;
}

static enum rc doctor_inside(struct cli *c, struct doctor *d)
{
	TRY(doctor_tables(d));
	TRY(doctor_view(d));
	TRY(doctor_checkpoint(d));
	TRY(doctor_known(d));
	TRY(doctor_scrub(d));
	TRY(doctor_blobs(d));
	TRY(doctor_books(d));
	TRY(doctor_backup(d));
	TRY(doctor_clock(d));
	return cli_has(c, "compare") ? doctor_compare(d) : RC_OK;
}

static enum rc doctor_run(struct cli *c)
{
	struct told told = {.c = c, .array = json_new_array(&c->arena)};
	struct office_options how = cli_office_options(c);
	struct clock real = c->host->clock();
	struct doctor d = {.op = &c->op, .dir = how.data, .real_ms = clock_now_ms(&real),
	                   .say = tell, .ctx = &told};

	grid_init(&told.grid, &c->arena, 3);
	if (!file_exists(how.data))
		return fail(&c->op, RC_NOT_FOUND, "data", "",
		            "没有文件夹 %s；用 --data 指明，或 gongyuan init 新建",
		            "there is no folder %s; name it with --data, or make one with gongyuan init",
		            how.data.s);
	doctor_format(&d);
	doctor_lock(&d);
	doctor_keys(&d);
	doctor_disk(&d);
	doctor_tls(&d);
	if (doctor_open(c, &d))
		TRY(doctor_inside(c, &d));
	c->result = json_new_object(&c->arena);
	json_put(c->result, "checks", told.array);
	if (!c->json) {
		grid_print(&told.grid, stdout);
		cli_say(c, "%d 项有问题", "%d checks found something", d.failed);
	}
	c->findings = d.broken ? rc_exit(RC_BROKEN) : d.failed ? rc_exit(RC_NOT_FOUND) : 0;
	return RC_OK;
}

static enum rc digests_tell(struct cli *c, struct db *db)
{
	struct json *array = json_new_array(&c->arena);
	struct table_digest *t;
	struct grid g;
	size_t n;

	TRY(projection_digest(&c->op, db, &c->office.modules, &t, &n));
	grid_init(&g, &c->arena, 3);
	g.right[1] = true;
	grid_addz(&g, cli_tr(c, "表", "table"));
	grid_addz(&g, cli_tr(c, "行", "rows"));
	grid_addz(&g, cli_tr(c, "校验值", "digest"));
	for (size_t i = 0; i < n; i++) {
		struct json *o = json_new_object(&c->arena);

		json_set_str(&c->arena, o, "digest", hash_hex(&c->arena, &t[i].digest));
		json_set_int(&c->arena, o, "rows", t[i].rows);
		json_set_str(&c->arena, o, "table", t[i].table);
		json_put(array, NULL, o);
		grid_add(&g, t[i].table);
		grid_addi(&g, t[i].rows);
		grid_add(&g, hash_hex(&c->arena, &t[i].digest));
	}
	c->result = json_new_object(&c->arena);
	json_put(c->result, "tables", array);
	if (!c->json)
		grid_print(&g, stdout);
	return RC_OK;
}

/* The projections as they were after entry N-1, in a folder of their own. */
static enum rc rebuild_into(struct cli *c, int64_t until, struct str dir)
{
	struct str path = str_fmt(&c->arena, "%s/view.db", dir.s);
	int64_t size;
	struct db *db = NULL;
	enum rc rc;

	TRY(cli_open(c, false));
	size = (int64_t)office_ledger(&c->office)->tree.size;
	if (until < 0 || until > size)
		return fail(&c->op, RC_INVALID, "until", "", "--until 应在 0 至 %lld 之间",
		            "--until is 0 to %lld", (long long)size);
	if (file_exists(path))
		return fail(&c->op, RC_CONFLICT, "into", "", "%s 已存在，请另指定空文件夹",
		            "%s exists: name an empty folder", path.s);
	TRY(dir_make(&c->op, dir, 0700));
	TRY(db_open_sqlite(&c->op, path, DB_CREATE, &db));
	rc = projection_create(&c->op, db, &c->office.modules);
	if (rc == RC_OK)
		rc = projection_fill(&c->op, office_ledger(&c->office), db, &c->office.modules,
		                     &c->office.profile, until);
	if (rc == RC_OK)
		rc = digests_tell(c, db);
	db_close(db);
	return rc;
}

static enum rc rebuild_run(struct cli *c)
{
	struct office_options how = cli_office_options(c);
	struct str into = cli_value(c, "into");
	int64_t until;

	TRY(cli_int(c, "until", -1, &until));
	if (cli_has(c, "until") != (into.n > 0))
		return fail(&c->op, RC_INVALID, "until", "", "--until N 与 --into DIR 要一起写",
		            "--until N and --into DIR go together");
	if (into.n)
		return rebuild_into(c, until, into);
	how.write = how.repair = true;
	c->open = true;
	TRY(c->host->open(&c->op, &how, &c->office));
	TRY(projection_rebuild(&c->op, &c->office.store, office_ledger(&c->office), &c->office.modules,
	                       &c->office.profile));
	TRY(digests_tell(c, c->office.store.view));
	cli_note(c, "投影已按台账重建", "the projections are rebuilt from the ledger");
	return RC_OK;
}

static const struct cli_flag DOCTOR_FLAGS[] = {
	{"compare", NULL, "另按台账重算投影，逐格比对", "rebuild beside and compare cell by cell", false},
};
static const struct cli_flag REBUILD_FLAGS[] = {
	{"until", "N", "只到第 N 条之前（与 --into 同用）", "only entries before N (with --into)", false},
	{"into", "DIR", "写到另一个文件夹，不动现有的", "into another folder; what stands is untouched",
	 false},
};

const struct cli_verb cli_database_verbs[] = {
	{"db", "doctor", "", 0, 0, CLI_FLAGS(DOCTOR_FLAGS), .run = doctor_run,
	 .zh = "检查数据文件夹，逐项给出办法", .en = "check the data folder; each finding with its fix"},
	{"db", "rebuild", "", 0, 0, CLI_FLAGS(REBUILD_FLAGS), .run = rebuild_run,
	 .zh = "按台账重建投影", .en = "rebuild the projections from the ledger"},
};
const size_t cli_ndatabase_verbs = COUNT(cli_database_verbs);
