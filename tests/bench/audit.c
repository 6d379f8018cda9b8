/* SPDX-License-Identifier: Apache-2.0 */
/* audit.c -- makes a large ledger and has it audited, as `./bench audit` does.
 *
 *     audit --dir DIR --profile FILE [--scale N] [--rounds N] [--keep] [--json]
 *
 * Prints seconds, processor seconds, entries a second and the largest memory of each round.
 * Exit: 0 every audit found the ledger whole, 1 else, 2 usage.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "audit_world.h"
#include "base/json.h"
#include "db/store.h"

struct run {
	double seconds, cpu_s, mb;
};

static double now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double seconds_of(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static bool audit(const char *program, const char *dir, struct run *ret)
{
	double from = now_s();
	struct rusage use = {0};
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		dup2(STDERR_FILENO, STDOUT_FILENO);
		execl(program, program, "--lang", "en", dir, (char *)NULL);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, &use) != pid)
		return false;
	*ret = (struct run){.seconds = now_s() - from,
	                    .cpu_s = seconds_of(use.ru_utime) + seconds_of(use.ru_stime),
	                    .mb = (double)use.ru_maxrss / 1024};
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* In a process of its own: the kernel counts memory from before an exec to the audit's largest. */
static bool make(struct str file, struct str data, int64_t scale, struct audit_world *shared)
{
	struct arena arena = {0};
	struct op op = {.arena = &arena};
	struct str profile;
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		bool good = file_read(&op, file, 1 << 20, &profile) == RC_OK &&
		            audit_world_make(&op, data, profile, scale, shared) == RC_OK;

		if (!good)
			fprintf(stderr, "audit: %s\n", op.err.en);
		_exit(good ? 0 : 1);
	}
	return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

/* …/tests/bench/audit -> …/gongyuan-audit */
static struct str program(struct arena *a)
{
	char path[4096];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);
	char *slash;

	path[n < 0 ? 0 : n] = '\0';
	slash = strrchr(path, '/');
	if (slash)
		*slash = '\0';
	return str_fmt(a, "%s/../../gongyuan-audit", path);
}

static void print(const struct audit_world *w, const struct run *r, bool json)
{
	double n = (double)w->entries;

	printf(json
	           ? "{\"name\":\"audit\",\"entries\":%lld,\"mean_bytes\":%lld,\"least_bytes\":%lld,"
	             "\"signatures\":%lld,\"seconds\":%.2f,\"cpu_seconds\":%.2f,\"entries_per_s\":%.0f,"
	             "\"rss_mb\":%.0f,\"seconds_10m\":%.1f}\n"
	           : "full audit of %lld entries (mean %lld B, least %lld B, %lld signatures): %.2f s,"
	             " %.2f s of processor, %.0f entries/s, %.0f MB; in proportion, 10 million:"
	             " %.1f s\n",
	       (long long)w->entries, (long long)(w->bytes / w->entries), (long long)w->least,
	       (long long)w->signatures, r->seconds, r->cpu_s, n / r->seconds, r->mb,
	       r->seconds * 1e7 / n);
}

int main(int argc, char **argv)
{
	struct arena arena = {0};
	struct audit_world *w;
	struct str data, dir = STR(""), file = STR("");
	int64_t scale = 1000000, rounds = 1;
	bool json = false, good = true;
	struct run r;

	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--json"))
			json = true;
		else if (i + 1 < argc && !strcmp(argv[i], "--dir"))
			dir = str_of(argv[++i]);
		else if (i + 1 < argc && !strcmp(argv[i], "--profile"))
			file = str_of(argv[++i]);
		else if (i + 1 < argc && !strcmp(argv[i], "--scale"))
			scale = strtol(argv[++i], NULL, 10);
		else if (i + 1 < argc && !strcmp(argv[i], "--rounds"))
			rounds = strtol(argv[++i], NULL, 10);
		else
			scale = 0;
	}
	if (scale < 100 || rounds < 1 || dir.n == 0 || file.n == 0) {
		fputs("audit --dir DIR --profile FILE [--scale N] [--rounds N] [--json]\n", stderr);
		return 2;
	}
	data = str_fmt(&arena, "%s/data", dir.s);
	w = mmap(NULL, sizeof(*w), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (w == MAP_FAILED || !make(file, data, scale, w))
		return 1;
	for (int64_t i = 0; good && i < rounds; i++) {
		good = audit(program(&arena).s, data.s, &r);
		if (good)
			print(w, &r, json);
	}
	arena_release(&arena);
	return good ? 0 : 1;
}
