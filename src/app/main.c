/* SPDX-License-Identifier: Apache-2.0 */
/* main.c -- the program: the list of modules, the way to open an office, the command line. */
#include "app/modules.h"
#include "app/office.h"
#include "app/play.h"
#include "cli/cli.h"
#include "print/page.h"

int main(int argc, char **argv)
{
	const struct cli_host host = {
		.modules = app_modules,
		.nmodules = app_nmodules,
		.verbs = play_verbs,
		.nverbs = play_nverbs,
		.version = GY_VERSION,
		.clock = clock_system,
		.random = random_system,
		.open = office_open,
		.found = office_found,
		.sign = office_sign,
		.release = office_release,
	};

	int status = cli_main(argc, argv, &host);

	print_end();
	return status;
}
