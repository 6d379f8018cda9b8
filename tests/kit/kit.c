/* SPDX-License-Identifier: Apache-2.0 */
/* kit.c -- see kit.h. */
#include "kit/check.h"

#include "kit/kit.h"

#include <ftw.h>
#include <unistd.h>

#include "engine/alarm.h"
#include "engine/slot.h"

#define WORK(k, rc) kit_must((k), (rc), __LINE__)

static void kit_must(struct kit *k, enum rc rc, int line)
{
	if (rc != RC_OK)
		fail_msg("kit line %d: %s: %s (%s) at %s", line, rc_text(rc), k->op.err.en, k->op.err.field,
		         k->op.err.where ? k->op.err.where : "?");
}

static const char *pg_url(void)
{
	const char *db = getenv("TEST_DB");

	return db && strcmp(db, "postgres") == 0 ? getenv("GONGYUAN_PG_URL") : NULL;
}

/* The server's URL with another database name (its path part). */
static struct str url_of(struct kit *k, const char *server, struct str database)
{
	const char *host = strstr(server, "://");
	const char *slash = host ? strchr(host + 3, '/') : NULL;
	const char *query = slash ? strchr(slash, '?') : NULL;

	assert_non_null(host);
	if (!slash)
		return str_fmt(&k->arena, "%s/" STR_FMT, server, STR_ARG(database));
	return str_fmt(&k->arena, "%.*s/" STR_FMT "%s", (int)(slash - server), server,
	               STR_ARG(database), query ? query : "");
}

static void admin(struct kit *k, const char *verb, struct str database)
{
	struct str ddl = str_fmt(&k->arena, "%s DATABASE " STR_FMT, verb, STR_ARG(database));
	struct sql q = {ddl.s, 0}; /* prepared, because a script runs in a transaction */
	struct db *db;

	WORK(k, db_open_postgres(&k->op, str_of(pg_url()), STR("public"), DB_WRITE, &db));
	WORK(k, db_exec(&k->op, db, &q, NO_ARGS));
	db_close(db);
}

static struct str database_name(struct kit *k)
{
	return str_fmt(&k->arena, "gy_test_%d_%llx", (int)getpid(), (unsigned long long)(uintptr_t)k);
}

static void make_folder(struct kit *k)
{
	const char *tmp = getenv("TMPDIR");
	struct str t = str_fmt(&k->arena, "%s/gy-test-XXXXXX", tmp && *tmp ? tmp : "/tmp");

	assert_non_null(mkdtemp((char *)(uintptr_t)t.s));
	k->dir = str_fmt(&k->arena, STR_FMT "/data", STR_ARG(t));
	k->url = STR("");
	if (pg_url()) {
		admin(k, "CREATE", database_name(k));
		k->url = url_of(k, pg_url(), database_name(k));
	}
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st, (void)kind, (void)ftw;
	return remove(path);
}

static struct writer_options options(struct kit *k)
{
	return (struct writer_options){&k->store, &k->modules, &k->clock, &k->random, k->vault_key,
	                               &k->device};
}

void kit_open(struct kit *k, const struct module *const *list, size_t n, const char *profile,
              uint64_t seed)
{
	struct genesis g = {.origin = STR("kit.example/test"),
	                    .profile = str_of(profile),
	                    .drill = seed != 0,
	                    .seed = seed};
	struct writer_options o;
	uint8_t device_seed[32] = {7};
	int64_t start = 0;

	memset(k, 0, sizeof(*k));
	k->op.arena = &k->arena;
	k->op.random = &k->random;
	k->seed = seed;
	assert_true(clock_parse(STR(KIT_START), &start));
	k->clock = clock_virtual(start);
	k->random = random_seeded(seed);
	k->device = ed25519_from_seed(device_seed);
	memset(k->vault_key, 42, sizeof(k->vault_key));
	make_folder(k);
	WORK(k, modules_init(&k->op, list, n, &k->modules));
	if (getenv("GONGYUAN_DISABLE"))
		assert_true(modules_disable(&k->modules, str_of(getenv("GONGYUAN_DISABLE"))));
	WORK(k, store_create(&k->op, k->dir, k->url, &k->store));
	o = options(k);
	WORK(k, writer_found(&k->op, &o, &g, &k->w));
	k->open = true;
}

void kit_reopen(struct kit *k)
{
	struct writer_options o = options(k);

	if (k->open) {
		writer_release(&k->w);
		store_release(&k->store);
	}
	k->open = false;
	WORK(k, store_open(&k->op, k->dir, k->url, STORE_WRITE, &k->store));
	WORK(k, writer_open(&k->op, &o, &k->w));
	k->open = true;
}

void kit_close(struct kit *k)
{
	struct str base = {k->dir.s, k->dir.n - strlen("/data")};

	if (k->open) {
		writer_release(&k->w);
		store_release(&k->store);
	}
	modules_release(&k->modules);
	if (k->url.n)
		admin(k, "DROP", database_name(k));
	base = str_copy(&k->arena, base);
	nftw(base.s, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	arena_release(&k->arena);
	memset(k, 0, sizeof(*k));
}

struct ed25519_key kit_key(int64_t person)
{
	uint8_t seed[32] = {1};

	memcpy(seed + 8, &person, sizeof(person));
	return ed25519_from_seed(seed);
}

/* "receiver=key:2" */
static struct signed_slot read_slot(struct kit *k, struct str word, struct str statement)
{
	static const char *const HOW[] = {"key", "badge", "paper", "phone"};
	struct signed_slot s = {.how = -1};
	struct str rest, how, person;

	assert_true(str_cut(word, '=', &s.slot, &rest));
	assert_true(str_cut(rest, ':', &how, &person));
	s.slot = str_copy(&k->arena, s.slot);
	assert_true(str_to_i64(person, &s.person.v));
	for (int i = 0; i < SLOT_HOW_MAX; i++)
		if (str_is(how, HOW[i]))
			s.how = i;
	assert_true(s.how >= 0);
	if (s.how == SLOT_KEY) {
		struct ed25519_key key = kit_key(s.person.v);
		struct str m = slot_message(&k->arena, s.slot, s.person, statement);
		struct signature sig = ed25519_sign(&key, m.s, m.n);
		s.signature = str_dup(&k->arena, (const char *)sig.b, sizeof(sig.b));
	}
	return s;
}

static size_t read_slots(struct kit *k, const char *text, struct str statement,
                         struct signed_slot *ret)
{
	struct str rest = str_of(text), word;
	size_t n = 0;

	while (str_cut(rest, ' ', &word, &rest))
		ret[n++] = read_slot(k, word, statement);
	ret[n++] = read_slot(k, rest, statement);
	return n;
}

/* slot.sign signs the statement of the act that waits, not its own. */
static struct str statement_for(struct kit *k, const struct request *r)
{
	struct pending p;
	struct run run = {.writer = &k->w, .modules = &k->modules};
	struct op op = k->op;

	if (!str_is(r->command, SLOT_SIGN))
		return slot_statement(&k->arena, k->w.origin, k->w.exam, r->command, r->key, r->data);
	op.db = k->store.view;
	op.run = &run;
	if (slot_pending(&op, json_int(r->data, "begun", -1), &p) != RC_OK)
		return STR(""); /* the writer will say why */
	return slot_statement(&k->arena, k->w.origin, k->w.exam, json_str(p.act, "command"),
	                      json_str(p.act, "key"), json_get(p.act, "data"));
}

static enum rc run(struct kit *k, int64_t actor, const char *command, const char *data,
                   const char *slots, const char *key, const char *reason)
{
	const struct command *c = modules_command(&k->modules, str_of(command));
	struct request r = {.command = str_of(command), .actor = {actor}, .key = str_of(key),
	                    .source = k->source ? k->source : SOURCE_OFFICE};
	struct signed_slot s[LIMIT_SLOTS + 4];
	struct beside *b = NULL, *more;
	struct json *in, *out = NULL;
	size_t n = 0;
	enum rc rc;

	if (!c)
		fail_msg("no command %s", command);
	WORK(k, json_read(&k->op, str_of(data), &in));
	b = arena_array(&k->arena, c->nfields + 2, sizeof(*b));
	random_at(&k->random, 1000000 + kit_size(k));
	rc = field_intake(&k->op, c->fields, c->nfields, in, NULL, &out, b, &n);
	if (rc != RC_OK) {
		k->answer = (struct answer){.rc = rc, .err = k->op.err, .index = -1};
		return rc;
	}
	if (reason) {
		more = &b[n++];
		*more = (struct beside){.field = STR("exception"), .text = str_of(reason), .salt = {9}};
		struct hash h = hash_hmac_sha256(more->salt, sizeof(more->salt), reason, strlen(reason));
		more->mac = hash_hex(&k->arena, &h);
		r.exception = more->mac;
	}
	r.happened_ms = k->happened_ms;
	r.data = out;
	r.beside = b;
	r.nbeside = n;
	r.body = hash_sha256(data, strlen(data));
	if (slots)
		r.nslots = read_slots(k, slots, statement_for(k, &r), s);
	r.slots = s;
	return k->tries ? writer_try(&k->w, &r, &k->answer) : writer_do(&k->w, &r, &k->answer);
}

enum rc kit_do(struct kit *k, int64_t actor, const char *command, const char *data,
               const char *slots)
{
	struct str key = str_fmt(&k->arena, "00000000-0000-7000-8000-%012x", ++k->keys);

	return run(k, actor, command, data, slots, key.s, NULL);
}

enum rc kit_except(struct kit *k, int64_t actor, const char *command, const char *data,
                   const char *slots, const char *reason)
{
	struct str key = str_fmt(&k->arena, "00000000-0000-7000-8000-%012x", ++k->keys);

	return run(k, actor, command, data, slots, key.s, reason);
}

enum rc kit_do_key(struct kit *k, int64_t actor, const char *command, const char *data,
                   const char *slots, const char *key)
{
	return run(k, actor, command, data, slots, key, NULL);
}

void kit_at(struct kit *k, const char *time)
{
	int64_t ms = 0;

	assert_true(clock_parse(str_of(time), &ms));
	clock_set(&k->clock, ms);
}

void kit_pass(struct kit *k, int64_t seconds)
{
	int64_t next;

	clock_set(&k->clock, clock_now_ms(&k->clock) + seconds * 1000);
	if (writer_tick(&k->w, &next) != RC_OK)
		fail_msg("timers: %s at %s", k->w.broken.en, k->w.broken.where ? k->w.broken.where : "?");
}

void kit_grant(struct kit *k, int64_t person, const char *role, const char *place)
{
	struct str data = str_fmt(&k->arena, "{\"person\":%lld,\"role\":\"%s\",\"place\":\"%s\"}",
	                          (long long)person, role, place);

	if (!*place)
		data = str_fmt(&k->arena, "{\"person\":%lld,\"role\":\"%s\"}", (long long)person, role);
	if (kit_do(k, 0, "authority.grant", data.s, NULL) != RC_OK)
		fail_msg("grant: %s", k->answer.err.en);
}

void kit_found(struct kit *k)
{
	kit_grant(k, 901, "system_admin", "");
	kit_grant(k, 902, "security_admin", "");
	kit_grant(k, 903, "audit_admin", "");
	if (kit_do(k, 0, "authority.found", "{}", NULL) != RC_OK)
		fail_msg("found: %s", k->answer.err.en);
}

uint64_t kit_size(const struct kit *k)
{
	return k->w.ledger.tree.size;
}

struct hash kit_root(struct kit *k)
{
	return tree_root(&k->w.ledger.tree, k->w.ledger.hasher);
}

struct str kit_entry(struct kit *k, uint64_t index)
{
	struct str bytes;
	struct hash leaf;

	WORK(k, ledger_entry(&k->op, &k->w.ledger, index, &bytes, &leaf));
	return bytes;
}

int64_t kit_count(struct kit *k, const char *type)
{
	int64_t n = 0;

	for (uint64_t i = 0; i < kit_size(k); i++) {
		struct event ev;
		WORK(k, event_read(&k->op, &k->modules, kit_entry(k, i), &ev));
		n += str_is(ev.name, type);
	}
	return n;
}

int64_t kit_sql(struct kit *k, const char *query)
{
	struct rows rows = {0};
	int64_t v;

	WORK(k, db_query_text(&k->op, k->store.view, str_of(query), &rows));
	v = rows_next(&rows) ? rows_int(&rows, 0) : -1;
	rows_release(&rows);
	return v;
}

int64_t kit_alarms(struct kit *k, const char *rule)
{
	struct op op = k->op;
	struct alarm *a;
	size_t n, i;
	int64_t found = 0;

	op.db = k->store.view;
	WORK(k, alarm_list(&op, STR(""), true, &a, &n));
	for (i = 0; i < n; i++)
		found += str_is(a[i].rule, rule);
	return found;
}

void kit_check_rebuild(struct kit *k, const char *const *tables)
{
	struct table_digest *live, *again;
	struct difference *d;
	size_t n, m, i, nd;
	struct db *next;

	WORK(k, writer_idle(&k->w));
	WORK(k, projection_digest(&k->op, k->store.view, &k->modules, &live, &n));
	WORK(k, store_view_next(&k->op, &k->store, &next));
	WORK(k, projection_make(&k->op, &k->store, &k->w.ledger, next, &k->modules, &k->w.profile));
	WORK(k, projection_digest(&k->op, next, &k->modules, &again, &m));
	WORK(k, projection_compare(&k->op, k->store.view, next, &k->modules, &d, &nd));
	WORK(k, store_view_drop(&k->op, &k->store, next));
	if (nd)
		fail_msg("table %s, row %s, column %s: live %s, rebuilt %s", d->table.s, d->key.s,
		         d->column.s, d->left.s, d->right.s);
	assert_int_equal(n, m);
	for (i = 0; i < n; i++) {
		if (live[i].rows != again[i].rows || !hash_eq(&live[i].digest, &again[i].digest))
			fail_msg("table %s differs after a rebuild", live[i].table.s);
	}
	for (; tables && *tables; tables++) {
		for (i = 0; i < n && !str_is(live[i].table, *tables); i++)
			;
		assert_true(i < n);
		if (live[i].rows == 0)
			fail_msg("table %s is empty: the test proves nothing for it", *tables);
	}
}
