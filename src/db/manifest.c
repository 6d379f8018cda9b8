/* SPDX-License-Identifier: Apache-2.0 */
/* manifest.c -- see manifest.h. */
#include "db/manifest.h"

#define HEAD "gongyuan-backup "
enum { FORMAT = 1 };

void manifest_add(struct arena *a, struct manifest *m, struct str path,
                  const struct file_print *print)
{
	if (m->nfiles == m->cap) {
		size_t cap = m->cap * 2 + 16;
		struct manifest_file *more = arena_array(a, cap, sizeof(*more));

		if (m->nfiles)
			memcpy(more, m->files, m->nfiles * sizeof(*more));
		m->files = more;
		m->cap = cap;
	}
	m->files[m->nfiles++] = (struct manifest_file){str_copy(a, path), *print};
}

static int by_path(const void *a, const void *b)
{
	return str_cmp(((const struct manifest_file *)a)->path,
	               ((const struct manifest_file *)b)->path);
}

struct str manifest_format(struct arena *a, const struct manifest *m)
{
	struct strbuf b;
	struct hash end;

	if (m->nfiles)
		qsort(m->files, m->nfiles, sizeof(*m->files), by_path);
	strbuf_init(&b, a);
	strbuf_addf(&b, HEAD "%d\norigin " STR_FMT "\nsize %llu\nroot %s\ntaken " STR_FMT "\n", FORMAT,
	            STR_ARG(m->origin), (unsigned long long)m->size, hash_hex(a, &m->root).s,
	            STR_ARG(m->taken));
	for (size_t i = 0; i < m->nfiles; i++)
		strbuf_addf(&b, "file %s %lld " STR_FMT "\n", hash_hex(a, &m->files[i].print.sha256).s,
		            (long long)m->files[i].print.bytes, STR_ARG(m->files[i].path));
	end = hash_sha256(b.s, b.n);
	strbuf_addf(&b, "end %s\n", hash_hex(a, &end).s);
	return strbuf_str(&b);
}

static enum rc damaged(struct op *op)
{
	return fail(op, RC_BROKEN, "backup", "", "备份的 MANIFEST 已损坏，请换用另一份备份",
	            "the MANIFEST of this backup is damaged: use another backup");
}

/* Nothing but what a backup is made of: a name from outside never leads out of its folder. */
static bool path_known(struct str path)
{
	static const char *const NAMES[] = {"ledger.db", "profile.json", "checkpoint", "keys/log.vkey",
	                                    SEALED};
	struct hash h;

	for (size_t i = 0; i < COUNT(NAMES); i++)
		if (str_is(path, NAMES[i]))
			return true;
	return str_starts(path, STR("blobs/")) &&
	       hex_decode((struct str){path.s + 6, path.n - 6}, h.b, sizeof(h.b));
}

/* The rest of a line that begins with this word. */
static bool line_take(struct str *rest, const char *word, struct str *ret)
{
	struct str line, tail, head = str_of(word);

	if (!str_cut(*rest, '\n', &line, &tail) || !str_starts(line, head) || line.n <= head.n + 1 ||
	    line.s[head.n] != ' ')
		return false;
	*ret = (struct str){line.s + head.n + 1, line.n - head.n - 1};
	*rest = tail;
	return true;
}

static enum rc head_read(struct op *op, struct str *rest, struct manifest *ret)
{
	struct str format, size, root;
	int64_t n;

	if (!line_take(rest, "gongyuan-backup", &format) || !str_to_i64(format, &n))
		return fail(op, RC_INVALID, "backup", "", "这不是本系统的备份：MANIFEST 的开头不对",
		            "this is not a backup of Gongyuan: its MANIFEST begins otherwise");
	if (n > FORMAT)
		return fail(op, RC_INVALID, "backup", "", "备份由较新版本的程序所做，请换用新版程序恢复",
		            "the backup was made by a newer program: restore it with that");
	if (n != FORMAT || !line_take(rest, "origin", &ret->origin) ||
	    !line_take(rest, "size", &size) || !str_to_i64(size, &n) || n < 0 ||
	    !line_take(rest, "root", &root) || !hex_decode(root, ret->root.b, sizeof(ret->root.b)) ||
	    !line_take(rest, "taken", &ret->taken))
		return damaged(op);
	ret->size = (uint64_t)n;
	return RC_OK;
}

static bool file_read_line(struct op *op, struct str line, struct manifest *m)
{
	struct file_print print;
	struct str hash, bytes, path;

	if (!str_cut(line, ' ', &hash, &path) || !str_cut(path, ' ', &bytes, &path) ||
	    !hex_decode(hash, print.sha256.b, sizeof(print.sha256.b)) ||
	    !str_to_i64(bytes, &print.bytes) || print.bytes < 0 || !path_known(path))
		return false;
	manifest_add(op->arena, m, path, &print);
	return true;
}

enum rc manifest_read(struct op *op, struct str bytes, struct manifest *ret)
{
	struct manifest m = {0};
	struct str rest = bytes, line, end;
	struct hash is, said;

	TRY(head_read(op, &rest, &m));
	while (line_take(&rest, "file", &line))
		if (!file_read_line(op, line, &m))
			return damaged(op);
	is = hash_sha256(bytes.s, bytes.n - rest.n);
	if (!line_take(&rest, "end", &end) || rest.n || !hex_decode(end, said.b, sizeof(said.b)) ||
	    !hash_eq(&is, &said) || !manifest_has(&m, "ledger.db") || !manifest_has(&m,
	                                                                            "profile.json") ||
	    !manifest_has(&m, "keys/log.vkey"))
		return damaged(op);
	m.origin = str_copy(op->arena, m.origin);
	m.taken = str_copy(op->arena, m.taken);
	*ret = m;
	return RC_OK;
}

bool manifest_has(const struct manifest *m, const char *path)
{
	for (size_t i = 0; i < m->nfiles; i++)
		if (str_is(m->files[i].path, path))
			return true;
	return false;
}

enum rc manifest_check(struct op *op, const struct manifest *m, struct str dir)
{
	for (size_t i = 0; i < m->nfiles; i++) {
		const struct manifest_file *f = &m->files[i];
		struct file_print is;
		enum rc rc = file_print(op, str_fmt(op->arena, STR_FMT "/%s", STR_ARG(dir), f->path.s),
		                        &is);

		if (rc == RC_NOT_FOUND)
			return fail(op, RC_BROKEN, "backup", "", "备份不完整，缺少 %s：请换用另一份备份",
			            "%s is missing from the backup: use another one", f->path.s);
		TRY(rc);
		if (is.bytes != f->print.bytes || !hash_eq(&is.sha256, &f->print.sha256))
			return fail(op, RC_BROKEN, "backup", "", "备份里的 %s 与 MANIFEST 不符，已损坏：请换用另一份",
			            "%s of the backup is damaged, it is not what MANIFEST says: use another "
			            "one",
			            f->path.s);
	}
	return RC_OK;
}
