/* SPDX-License-Identifier: Apache-2.0 */
/* write_digests.c -- prints what the digests.txt of a golden folder must be: tools/golden-new keeps
 * it, people look at its difference.
 *
 *     write_digests FOLDER county|hall EMPTY-FOLDER
 */
#include "golden/golden.h"

int main(int argc, char **argv)
{
	struct arena arena = {0};
	struct op op = {.arena = &arena};
	struct golden g = {0};
	struct str text;
	enum rc rc;

	if (argc != 4) {
		fputs("write_digests FOLDER county|hall EMPTY-FOLDER\n", stderr);
		return 2;
	}
	rc = golden_open(&op, str_of(argv[1]), str_of(argv[2]), str_of(argv[3]), STR(""), UINT64_MAX,
	                 &g);
	if (rc == RC_OK)
		rc = golden_digests(&g, &text);
	if (rc == RC_OK)
		printf("world %s\n" STR_FMT, argv[2], STR_ARG(text));
	else
		fprintf(stderr, "write_digests: %s\n", g.op.err.en);
	golden_release(&g);
	arena_release(&arena);
	return rc == RC_OK ? 0 : 1;
}
