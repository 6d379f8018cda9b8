/* SPDX-License-Identifier: Apache-2.0 */
/* replay.c -- a target over the files of a folder, in the order of their names; prints TAP.
 *
 *     fuzz_TARGET DIR
 *
 * The name of each file is printed before it is read, so that the last one is the culprit.
 */
#include <dirent.h>

#include "fuzz.h"

/* Memory of the whole file; the caller frees it. */
static unsigned char *file_read(const char *path, size_t *ret_n)
{
	FILE *f = fopen(path, "rb");
	unsigned char *bytes = NULL;
	size_t n = 0, got = 0;

	if (!f) {
		perror(path);
		exit(1);
	}
	do {
		n += got;
		bytes = realloc(bytes, n + 65536);
		if (!bytes)
			abort();
		got = fread(bytes + n, 1, 65536, f);
	} while (got > 0);
	if (ferror(f) || fclose(f) != 0)
		exit(1);
	*ret_n = n;
	return bytes;
}

static int is_file(const struct dirent *e)
{
	return e->d_name[0] != '.';
}

int main(int argc, char **argv)
{
	struct dirent **names;
	int n = argc == 2 ? scandir(argv[1], &names, is_file, alphasort) : -1;

	if (n < 0) {
		fprintf(stderr, "usage: %s FOLDER (%s)\n", argv[0], argc == 2 ? argv[1] : "none given");
		return 2;
	}
	puts("1..2");
	printf("%s 1 - the corpus is there (%d inputs)\n", n > 0 ? "ok" : "not ok", n);
	for (int i = 0; i < n; i++) {
		char path[4096];
		unsigned char *bytes;
		size_t size;

		snprintf(path, sizeof(path), "%s/%s", argv[1], names[i]->d_name);
		printf("# %s\n", names[i]->d_name);
		fflush(stdout);
		bytes = file_read(path, &size);
		LLVMFuzzerTestOneInput(bytes, size);
		free(bytes);
		free(names[i]);
	}
	free(names);
	puts("ok 2 - no input breaks a promise");
	return n > 0 ? 0 : 1;
}
