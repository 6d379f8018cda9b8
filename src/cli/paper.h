/* SPDX-License-Identifier: Apache-2.0 */
/* paper.h -- the flag --qr: what goes into a file goes onto paper as well. */
#ifndef GY_CLI_PAPER_H
#define GY_CLI_PAPER_H

#include "cli/cli.h"

#define CLI_QR_FLAG \
	{"qr", "PICTURE", "同时画成二维码（.svg 或 .pbm），供打印传递", \
	 "also as a QR code (.svg or .pbm), to be carried on paper", false}

/* Draws the line where --qr says; without the flag nothing.  Fails: INVALID, DENIED, BROKEN. */
enum rc cli_qr(struct cli *c, struct str line) MUST_CHECK;

#endif
