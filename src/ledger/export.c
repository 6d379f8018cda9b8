/* SPDX-License-Identifier: Apache-2.0 */
/* export.c -- the ledger as a folder of C2SP tlog-tiles, for mirrors and auditors.
 *
 * Tiles are computed from the entries' bytes, not copied, and must give the signed root: an
 * export either verifies or is not made.  `checkpoint` comes last, so a folder without one is not
 * whole.
 */
#include "ledger/cosign.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

struct folder {
	struct op *op;
	struct str dir;
	struct str made; /* the directory that was made last */
	struct hasher *hasher;
	struct tree tree;
	struct tile_rows rows;
	struct strbuf bundle;
};

static enum rc io_failed(struct op *op, struct str path)
{
	int e = errno;
	enum rc rc = e == EACCES || e == EPERM || e == EROFS ? RC_DENIED : RC_BROKEN;

	return fail(op, rc, "dir", "", "无法写入 " STR_FMT "：%s", "cannot write " STR_FMT ": %s",
	            STR_ARG(path), strerror(e));
}

static enum rc must_be_empty(struct op *op, struct str dir)
{
	DIR *d = opendir(dir.s);
	const struct dirent *e;
	bool empty = true;

	if (!d)
		return errno == ENOENT ? RC_OK : io_failed(op, dir);
	while ((e = readdir(d)) != NULL)
		if (!str_is(str_of(e->d_name), ".") && !str_is(str_of(e->d_name), ".."))
			empty = false;
	closedir(d);
	if (!empty)
		return fail(op, RC_CONFLICT, "dir", "", STR_FMT " 不是空目录",
		            STR_FMT " is not empty", STR_ARG(dir));
	return RC_OK;
}

static bool write_all(int fd, struct str bytes)
{
	while (bytes.n > 0) {
		ssize_t n = write(fd, bytes.s, bytes.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		bytes = (struct str){bytes.s + n, bytes.n - (size_t)n};
	}
	return true;
}

/* Without an fsync of its own: one at the end covers thousands of files. */
static enum rc put_file(struct folder *f, struct str name, struct str bytes)
{
	struct str path =
		str_fmt(f->op->arena, STR_FMT "/" STR_FMT, STR_ARG(f->dir), STR_ARG(name));
	const char *slash = strrchr(path.s, '/');
	struct str parent = {path.s, (size_t)(slash - path.s)};
	int fd, e;
	bool ok;

	if (!str_eq(parent, f->made)) {
		parent = str_copy(f->op->arena, parent);
		TRY(dir_make(f->op, parent, 0755));
		f->made = parent;
	}
	fd = open(path.s, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (fd < 0)
		return io_failed(f->op, path);
	ok = write_all(fd, bytes);
	e = errno;
	ok = close(fd) == 0 && ok;
	if (!ok) {
		errno = e;
		return io_failed(f->op, path);
	}
	return RC_OK;
}

static enum rc put_row(struct folder *f, int level, uint64_t n, int width, const struct hash *row)
{
	return put_file(f, tile_path(f->op->arena, level, n, width),
	                (struct str){(const char *)row, (size_t)width * sizeof row[0]});
}

static enum rc put_full(struct op *op, void *ctx, int level, uint64_t n, const struct hash *row)
{
	return put_row(ctx, level, n, TILE_WIDTH, row);
}

static enum rc put_bundle(struct folder *f, uint64_t n, int width)
{
	TRY(put_file(f, tile_path(f->op->arena, -1, n, width), strbuf_str(&f->bundle)));
	strbuf_cut(&f->bundle, 0);
	return RC_OK;
}

static enum rc put_entry(struct op *op, void *ctx, uint64_t index, struct str entry,
                         const struct hash *leaf)
{
	struct folder *f = ctx;

	bundle_add(&f->bundle, entry);
	if (index % TILE_WIDTH == TILE_WIDTH - 1)
		TRY(put_bundle(f, index / TILE_WIDTH, TILE_WIDTH));
	tree_push(&f->tree, f->hasher, leaf);
	return tile_rows_push(op, &f->rows, f->hasher, leaf, put_full, f);
}

static enum rc put_partial(struct folder *f)
{
	uint64_t size = f->rows.size;

	for (int level = 0; level < TILE_LEVELS; level++) {
		int width = tile_partial_width(size, level);

		if (width > 0)
			TRY(put_row(f, level, tile_full_count(size, level), width,
			            f->rows.row[level]));
	}
	if (tile_partial_width(size, 0) > 0)
		TRY(put_bundle(f, tile_full_count(size, 0), tile_partial_width(size, 0)));
	return RC_OK;
}

static enum rc put_keys(struct folder *f, struct str data, const struct note_key *vkey)
{
	struct arena *a = f->op->arena;
	struct str v = note_vkey_format(a, vkey), policy;

	TRY(cosign_policy(f->op, data, vkey, ARENA_NEW(a, struct policy), &policy));
	TRY(put_file(f, STR("vkey"), str_fmt(a, STR_FMT "\n", STR_ARG(v))));
	return put_file(f, STR("policy"), policy);
}

static enum rc flush_folder(struct op *op, struct str dir)
{
	int fd = open(dir.s, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = fd >= 0 && syncfs(fd) == 0;
	enum rc rc = ok ? RC_OK : io_failed(op, dir);

	if (fd >= 0)
		close(fd);
	return rc;
}

static enum rc export_to(struct folder *f, const struct ledger *l, const struct note_key *vkey,
                         const struct checkpoint *c)
{
	struct op *op = f->op;
	struct hash root;

	TRY(dir_make(op, f->dir, 0755));
	TRY(put_keys(f, l->store->dir, vkey));
	TRY(ledger_scan(op, l, 0, c->size, put_entry, f));
	TRY(put_partial(f));
	root = tree_root(&f->tree, f->hasher);
	if (!hash_eq(&root, &c->root))
		return fail(op, RC_BROKEN, "", "", "前 %llu 条记录与最新存证点不符",
		            "the first %llu entries do not give the root of the newest checkpoint",
		            (unsigned long long)c->size);
	return flush_folder(op, f->dir);
}

enum rc ledger_export(struct op *op, const struct ledger *l, struct str dir,
                      const struct note_key *vkey, uint64_t *ret_size, struct hash *ret_root)
{
	struct folder *f = ARENA_NEW(op->arena, struct folder);
	struct checkpoint c;
	struct str note;

	*f = (struct folder){.op = op, .dir = str_copy(op->arena, dir), .hasher = l->hasher};
	strbuf_init(&f->bundle, op->arena);
	TRY(ledger_note_newest(op, l, &note));
	if (checkpoint_open(op, note, vkey, &c) != RC_OK)
		return fail(op, RC_BROKEN, "", "", "最新存证点不是由此密钥签发",
		            "the newest checkpoint is not signed by this key");
	TRY(must_be_empty(op, f->dir));
	TRY(export_to(f, l, vkey, &c));
	TRY(file_write(op, str_fmt(op->arena, STR_FMT "/checkpoint", STR_ARG(f->dir)), note, 0644));
	*ret_size = c.size;
	*ret_root = c.root;
	return RC_OK;
}
