/* SPDX-License-Identifier: Apache-2.0 */
/* serve_web.c -- see serve_web.h. */
#include "app/serve_web.h"

#include <unistd.h>

#include "cli/out.h"

static struct str program_folder(struct arena *a)
{
	char path[4096];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path));

	while (n > 0 && path[n - 1] != '/')
		n--;
	return n > 0 ? str_dup(a, path, (size_t)n) : STR("/usr/bin/");
}

struct str serve_web_folder(struct cli *c)
{
	struct str at = program_folder(&c->arena), built, installed;

	if (cli_has(c, "web"))
		return cli_value(c, "web");
	built = str_fmt(&c->arena, STR_FMT "../web/dist", STR_ARG(at));
	installed = str_fmt(&c->arena, STR_FMT "../share/gongyuan/web", STR_ARG(at));
	return access(built.s, R_OK | X_OK) == 0 ? built : installed;
}
