/* SPDX-License-Identifier: Apache-2.0 */
/* paper.c -- see paper.h. */
#include "cli/paper.h"

#include "cli/out.h"
#include "db/store.h"
#include "print/qr.h"

enum rc cli_qr(struct cli *c, struct str line)
{
	struct str name = cli_value(c, "qr"), picture;

	if (!name.n)
		return RC_OK;
	TRY(qr_picture(&c->op, line, name, &picture));
	TRY(file_write(&c->op, name, picture, 0644));
	cli_note(c, "二维码已写入 %s，可打印；扫描所得的一行文字存为文件，与请求、答复文件一样使用",
	         "the QR code is in %s, to be printed; the line that a scanner reads of it, saved as a "
	         "file, does what the file does", name.s);
	return RC_OK;
}
