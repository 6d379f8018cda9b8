/* SPDX-License-Identifier: Apache-2.0 */
/* flags.c -- see flags.h.  Flags take their value as the next word or after "=". */
#include "audit/flags.h"

#include <unistd.h>

#include "audit/pool.h"
#include "audit/source.h"

enum flag { FLAG_CACERT, FLAG_DATA, FLAG_DB, FLAG_HELP, FLAG_JSON, FLAG_KNOWN, FLAG_LANG,
           FLAG_POLICY, FLAG_REPORT, FLAG_THREADS, FLAG_TOKEN, FLAG_MAX };
static const struct {
	const char *name;
	bool valued;
} FLAGS[FLAG_MAX] = {
	[FLAG_CACERT] = {"--cacert", true}, [FLAG_TOKEN] = {"--token-file", true},
	[FLAG_DATA] = {"--data", true},   [FLAG_DB] = {"--db", true},
	[FLAG_HELP] = {"--help", false},  [FLAG_JSON] = {"--json", false},
	[FLAG_KNOWN] = {"--known", true}, [FLAG_LANG] = {"--lang", true},
	[FLAG_POLICY] = {"--policy", true}, [FLAG_REPORT] = {"--report", true},
	[FLAG_THREADS] = {"--threads", true},
};

static size_t min3(size_t a, size_t b, size_t c)
{
	a = a < b ? a : b;
	return a < c ? a : c;
}

/* Levenshtein, of words up to 31 bytes. */
static size_t distance(struct str a, struct str b)
{
	size_t row[32];

	if (a.n >= COUNT(row) || b.n >= COUNT(row))
		return COUNT(row);
	for (size_t j = 0; j <= b.n; j++)
		row[j] = j;
	for (size_t i = 1; i <= a.n; i++) {
		size_t corner = row[0];

		row[0] = i;
		for (size_t j = 1; j <= b.n; j++) {
			size_t above = row[j];

			row[j] = min3(above + 1, row[j - 1] + 1,
			              corner + (a.s[i - 1] != b.s[j - 1]));
			corner = above;
		}
	}
	return row[b.n];
}

static enum rc unknown(struct op *op, struct str word)
{
	size_t best = 0, least = SIZE_MAX;

	for (size_t i = 0; i < FLAG_MAX; i++) {
		size_t d = distance(word, str_of(FLAGS[i].name));

		if (d < least) {
			least = d;
			best = i;
		}
	}
	if (least <= 3)
		return fail(op, RC_INVALID, "flag", "", "没有选项 " STR_FMT "，是否想用 %s？",
		            "there is no flag " STR_FMT "; did you mean %s?", STR_ARG(word),
		            FLAGS[best].name);
	return fail(op, RC_INVALID, "flag", "", "没有选项 " STR_FMT "，用 --help 查看说明",
	            "there is no flag " STR_FMT "; see --help", STR_ARG(word));
}

static enum rc add_known(struct op *op, struct audit_options *o, struct str value)
{
	if (o->nknown == (int)COUNT(o->known))
		return fail(op, RC_INVALID, "known", "", "--known 最多 %zu 个", "at most %zu --known",
		            COUNT(o->known));
	o->known[o->nknown++] = value;
	return RC_OK;
}

static enum rc set_source(struct op *op, struct audit_options *o, struct str value)
{
	if (o->source.n > 0)
		return fail(op, RC_INVALID, "source", "", "只能给出一个来源：%s 之外又有 %s",
		            "there can be one source: %s and also %s", o->source.s, value.s);
	o->source = value;
	return RC_OK;
}

static enum rc set(struct op *op, struct flags *f, enum flag flag, struct str value)
{
	int64_t n = 0;

	if (FLAGS[flag].valued && value.n == 0)
		return fail(op, RC_INVALID, "flag", "", "%s 之后应有内容", "%s needs a value",
		            FLAGS[flag].name);
	switch (flag) {
	case FLAG_CACERT:
		f->options.cacert = value;
		return RC_OK;
	case FLAG_TOKEN:
		f->token_file = value;
		return RC_OK;
	case FLAG_DATA:
		return set_source(op, &f->options, value);
	case FLAG_DB:
		f->options.db = value;
		return RC_OK;
	case FLAG_HELP:
		f->help = true;
		return RC_OK;
	case FLAG_JSON:
		f->json = true;
		return RC_OK;
	case FLAG_KNOWN:
		return add_known(op, &f->options, value);
	case FLAG_LANG:
		if (!str_is(value, "zh") && !str_is(value, "en"))
			return fail(op, RC_INVALID, "lang", "", "--lang 应为 zh 或 en，不是 %s",
			            "--lang is zh or en, not %s", value.s);
		f->english = str_is(value, "en");
		return RC_OK;
	case FLAG_POLICY:
		f->options.policy = value;
		return RC_OK;
	case FLAG_REPORT:
		f->options.report = value;
		return RC_OK;
	case FLAG_THREADS:
		if (!str_to_i64(value, &n) || n < 1 || n > POOL_THREADS)
			return fail(op, RC_INVALID, "threads", "", "--threads 应为 1 至 %d，不是 %s",
			            "--threads is 1 to %d, not %s", POOL_THREADS, value.s);
		f->options.threads = (int)n - 1;
		return RC_OK;
	case FLAG_MAX:
		break;
	}
	return RC_OK;
}

static bool find(struct str word, enum flag *ret)
{
	for (size_t i = 0; i < FLAG_MAX; i++)
		if (str_is(word, FLAGS[i].name)) {
			*ret = (enum flag)i;
			return true;
		}
	return false;
}

/* The language first, so that a complaint about any other word is in it. */
static void language(int argc, char **argv, struct flags *f)
{
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], "--lang=en") == 0 ||
		    (strcmp(argv[i], "--lang") == 0 && i + 1 < argc &&
		     strcmp(argv[i + 1], "en") == 0))
			f->english = true;
}

static enum rc read_words(struct op *op, int argc, char **argv, struct flags *f)
{
	bool only_names = false; /* after "--" */

	for (int i = 1; i < argc; i++) {
		struct str word = str_of(argv[i]), name = word, value = STR("");
		enum flag flag;
		bool joined;

		if (!only_names && str_is(word, "--")) {
			only_names = true;
			continue;
		}
		if (only_names || word.n == 0 || word.s[0] != '-') {
			TRY(set_source(op, &f->options, word));
			continue;
		}
		joined = str_cut(word, '=', &name, &value);
		if (str_is(name, "-h"))
			name = STR("--help");
		if (!find(name, &flag))
			return unknown(op, name);
		if (joined && !FLAGS[flag].valued)
			return fail(op, RC_INVALID, "flag", "", "%s 之后不应有内容",
			            "%s takes no value", FLAGS[flag].name);
		if (!joined && FLAGS[flag].valued && i + 1 < argc)
			value = str_of(argv[++i]);
		TRY(set(op, f, flag, value));
	}
	return RC_OK;
}

static int processors(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	return n < 1 ? 1 : n > POOL_THREADS ? POOL_THREADS : (int)n;
}

/* From the file, else from the environment: a command line is seen by everybody on a machine. */
static enum rc read_token(struct op *op, struct flags *f)
{
	struct str t = str_of(getenv("GONGYUAN_TOKEN"));

	if (f->token_file.n > 0)
		TRY(source_file_read(op, f->token_file, LIMIT_TOKEN, &t));
	while (t.n > 0 && strchr(" \t\r\n", t.s[t.n - 1]))
		t.n--;
	f->options.token = str_copy(op->arena, t);
	return RC_OK;
}

enum rc flags_read(struct op *op, int argc, char **argv, struct flags *ret)
{
	struct audit_options *o = &ret->options;

	*ret = (struct flags){.options.threads = processors() - 1};
	language(argc, argv, ret);
	TRY(read_words(op, argc, argv, ret));
	if (ret->help)
		return RC_OK;
	TRY(read_token(op, ret));
	if (o->source.n == 0) {
		o->source = o->db;
		o->db = STR("");
	}
	if (o->source.n == 0)
		return fail(op, RC_INVALID, "source", "", "请给出要核验的来源（数据目录、导出目录、数据库或服务器地址）%s",
		            "name a source: a data folder, an export folder, a database or server URL%s",
		            "");
	return RC_OK;
}
