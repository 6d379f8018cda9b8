/* SPDX-License-Identifier: Apache-2.0 */
/* source_export.c -- an export folder: one checkpoint, tiles, bundles of entries.
 *
 * The folder is walked once; every file under tile/ must be a tile or a bundle that the tree has.
 * A narrower one beside a wider one (left by an earlier export) must be its beginning.
 */
#include "audit/source_kinds.h"

#include <dirent.h>
#include <sys/stat.h>

#define FILES_MAX (1 << 23)   /* 2^31 entries make 8.4 million bundles */
#define DEPTH_MAX 10          /* tile/entries/ + seven groups + NNN.p */

struct walk {
	struct op *op;
	struct source *s;
	size_t cap;
};

static bool walk_add(struct walk *w, const struct source_file *f)
{
	struct source *s = w->s;

	if (s->nfiles == FILES_MAX)
		return false;
	if (s->nfiles == w->cap) {
		size_t cap = w->cap == 0 ? 1024 : w->cap * 2;
		struct source_file *files = arena_array(w->op->arena, cap, sizeof(*files));

		if (s->nfiles > 0)
			memcpy(files, s->files, s->nfiles * sizeof(*files));
		s->files = files;
		w->cap = cap;
	}
	s->files[s->nfiles++] = *f;
	return true;
}

static void unknown(struct walk *w, struct str name)
{
	struct str shown = report_clip(name);

	report_add(w->s->report, FINDING_TILE, NO_INDEX, "导出目录中有多余的文件 " STR_FMT,
	           "the export has a file that does not belong: " STR_FMT, STR_ARG(shown));
}

static void walk_dir(struct walk *w, struct str rel, int depth);

/* One name below tile/: a directory to enter, a tile, or something that does not belong. */
static void walk_name(struct walk *w, struct str rel, int depth)
{
	struct str full = str_fmt(w->op->arena, "%s/%s", w->s->path.s, rel.s);
	struct source_file f = {0};
	struct stat st = {0};

	if (lstat(full.s, &st) == 0 && S_ISDIR(st.st_mode) && depth < DEPTH_MAX) {
		walk_dir(w, rel, depth + 1);
		return;
	}
	/* The tree has at most 8 levels of tiles: 2^64 leaves. */
	if (!S_ISREG(st.st_mode) || !tile_path_parse(rel, &f.level, &f.n, &f.width) ||
	    f.level > 7 || f.n > (uint64_t)LIMIT_INT >> 8 || !walk_add(w, &f))
		unknown(w, rel);
}

static void walk_dir(struct walk *w, struct str rel, int depth)
{
	DIR *dir = opendir(str_fmt(w->op->arena, "%s/%s", w->s->path.s, rel.s).s);
	const struct dirent *d;

	if (dir == NULL) {
		unknown(w, rel);
		return;
	}
	while ((d = readdir(dir)) != NULL) {
		if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
			continue;
		walk_name(w, str_fmt(w->op->arena, "%s/%s", rel.s, d->d_name), depth);
	}
	closedir(dir);
}

static int compare(const struct source_file *a, const struct source_file *b)
{
	if (a->level != b->level)
		return a->level < b->level ? -1 : 1;
	if (a->n != b->n)
		return a->n < b->n ? -1 : 1;
	return a->width - b->width;
}

static int compare_void(const void *a, const void *b)
{
	return compare(a, b);
}

enum rc source_export_open(struct op *keep, struct source *s)
{
	struct arena scratch = {0};
	struct op op = *keep;
	struct walk w = {.op = &op, .s = s};
	struct source_file *files;

	/* Paths of a walk are many; only the list of files is kept. */
	op.arena = &scratch;
	walk_dir(&w, STR("tile"), 0);
	if (s->nfiles > 0)
		qsort(s->files, s->nfiles, sizeof(*s->files), compare_void);
	files = arena_array(keep->arena, s->nfiles + 1, sizeof(*files));
	if (s->nfiles > 0)
		memcpy(files, s->files, s->nfiles * sizeof(*files));
	s->files = files;
	arena_release(&scratch);
	return RC_OK;
}

/* The first file of (level, n) or after it. */
static size_t lower(const struct source *s, int level, uint64_t n)
{
	struct source_file key = {.level = level, .n = n};
	size_t from = 0, to = s->nfiles;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (compare(&s->files[middle], &key) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

static bool same_tile(const struct source *s, size_t i, int level, uint64_t n)
{
	return i < s->nfiles && s->files[i].level == level && s->files[i].n == n;
}

static enum rc file_of(struct op *op, const struct source *s, const struct source_file *f,
                       size_t max, struct str *ret)
{
	struct str path = tile_path(op->arena, f->level, f->n, f->width);

	return source_file_read(op, str_fmt(op->arena, "%s/%s", s->path.s, path.s), max, ret);
}

size_t source_bundle_split(struct source *s, const struct source_file *f, struct str bytes,
                           struct source_row *ret)
{
	int64_t first = (int64_t)(f->n * TILE_WIDTH);
	const unsigned char *p = (const unsigned char *)bytes.s;
	size_t n = 0, at = 0;

	while (n < (size_t)f->width && bytes.n - at >= 2) {
		size_t len = (size_t)p[at] << 8 | p[at + 1];

		if (len > bytes.n - at - 2)
			break;
		ret[n] = (struct source_row){.index = first + (int64_t)n,
		                             .bytes = {bytes.s + at + 2, len}};
		at += 2 + len;
		n++;
	}
	if (n != (size_t)f->width || at != bytes.n)
		report_add(s->report, FINDING_TILE, first + (int64_t)n,
		           "记录分片第 %llu 片应有 %d 条，读出 %zu 条，或其后有多余内容",
		           "bundle %llu should hold %d entries; %zu could be read, or something "
		           "follows them", (unsigned long long)f->n, f->width, n);
	return n;
}

/* Narrower bundles of the same number must be the beginning of the widest. */
static void check_narrower(struct op *op, struct source *s, size_t from, size_t widest,
                           struct str bytes)
{
	for (size_t i = from; i < widest; i++) {
		struct str part;

		s->files[i].seen = true;
		if (file_of(op, s, &s->files[i], BUNDLE_BYTES, &part) == RC_OK &&
		    str_starts(bytes, part))
			continue;
		report_add(s->report, FINDING_TILE, (int64_t)(s->files[i].n * TILE_WIDTH),
		           "较短的记录分片（第 %llu 片，%d 条）与同号分片不符",
		           "a shorter bundle (number %llu, %d entries) differs from the longer one",
		           (unsigned long long)s->files[i].n, s->files[i].width);
	}
}

enum rc source_export_rows(struct op *op, struct source *s, int64_t from, struct source_row *ret,
                           size_t *ret_n)
{
	size_t n = 0;

	/* A bundle that gave nothing or only entries before `from` is passed over. */
	for (size_t i = lower(s, -1, (uint64_t)from / TILE_WIDTH); n == 0; i++) {
		struct str bytes;
		size_t first = i, got, skip = 0;

		if (i >= s->nfiles || s->files[i].level != -1)
			break;
		while (same_tile(s, i + 1, -1, s->files[i].n))
			i++;
		if (s->files[i].seen)
			continue;
		s->files[i].seen = true;
		if (file_of(op, s, &s->files[i], BUNDLE_BYTES, &bytes) != RC_OK) {
			report_add(s->report, FINDING_TILE, (int64_t)(s->files[i].n * TILE_WIDTH),
			           "记录分片第 %llu 片无法读取", "bundle %llu cannot be read",
			           (unsigned long long)s->files[i].n);
			continue;
		}
		check_narrower(op, s, first, i, bytes);
		got = source_bundle_split(s, &s->files[i], bytes, ret);
		while (skip < got && ret[skip].index < from)
			skip++;
		n = got - skip;
		memmove(ret, ret + skip, n * sizeof(*ret));
	}
	*ret_n = n;
	return RC_OK;
}

enum rc source_export_note_next(struct op *op, struct source *s, struct source_note *ret)
{
	struct str bytes;

	if (s->notes_done)
		return fail(op, RC_NOT_FOUND, "", "", "没有更多存证点", "no more checkpoints");
	s->notes_done = true;
	TRY(source_file_read(op, str_fmt(op->arena, "%s/checkpoint", s->path.s), LIMIT_NOTE_BYTES,
	                     &bytes));
	*ret = (struct source_note){.size = NO_INDEX, .bytes = bytes};
	return RC_OK;
}

void source_export_tile(struct op *op, struct source *s, int level, uint64_t n,
                        const struct hash *h, int width)
{
	bool whole = false;

	for (size_t i = lower(s, level, n); same_tile(s, i, level, n); i++) {
		struct source_file *f = &s->files[i];
		struct str stored;

		if (f->width > width)
			continue; /* stays unseen: source_export_extra names it */
		f->seen = true;
		whole = whole || f->width == width;
		if (file_of(op, s, f, TILE_WIDTH * sizeof(h->b), &stored) != RC_OK)
			stored = STR("");
		source_tile_compare(s, level, n, h, f->width, stored);
	}
	if (!whole)
		report_add(s->report, FINDING_TILE, (int64_t)(n * TILE_WIDTH << (8 * level)),
		           "缺少校验分片（第 %d 层第 %llu 片，宽 %d）",
		           "a tile is missing (level %d, number %llu, width %d)", level,
		           (unsigned long long)n, width);
}

void source_export_extra(struct op *op, struct source *s, uint64_t size)
{
	for (size_t i = 0; i < s->nfiles; i++) {
		const struct source_file *f = &s->files[i];
		uint64_t full = tile_full_count(size, f->level);
		bool belongs = f->n < full ||
		               (f->n == full && f->width <= tile_partial_width(size, f->level));

		if (f->seen && belongs)
			continue;
		struct str path = tile_path(op->arena, f->level, f->n, f->width);

		report_add(s->report, FINDING_TILE, NO_INDEX, "多出分片 %s：台账只有 %llu 条记录",
		           "the tile %s is too many: the ledger has %llu entries", path.s,
		           (unsigned long long)size);
	}
}
