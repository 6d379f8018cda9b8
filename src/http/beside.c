/* SPDX-License-Identifier: Apache-2.0 */
/* beside.c -- the texts that travel beside an act, out of JSON; see api_private.h. */
#include "http/api_private.h"

#include "base/hash.h"
#include "base/limits.h"

static enum rc read_text(struct op *op, const struct json *o, struct beside *ret)
{
	struct hash mac;

	*ret = (struct beside){.field = json_str(o, "field"), .text = json_str(o, "text")};
	if (o->type != JSON_OBJECT || !ret->field.n || !ret->text.s ||
	    !hex_decode(json_str(o, "salt"), ret->salt, sizeof(ret->salt)))
		return fail(op, RC_INVALID, "beside", "", "随附文本应写 field、text 和 salt（32 位十六进制）",
		            "a text beside has field, text and salt (32 hex digits)");
	mac = hash_hmac_sha256(ret->salt, sizeof(ret->salt), ret->text.s, ret->text.n);
	ret->mac = hash_hex(op->arena, &mac);
	return RC_OK;
}

enum rc api_beside(struct op *op, const struct json *list, struct beside *ret, size_t *ret_n)
{
	*ret_n = 0;
	if (!list)
		return RC_OK;
	if (list->type != JSON_ARRAY || list->count > LIMIT_PERSONAL + 1)
		return fail(op, RC_INVALID, "beside", "", "随附文本应为列表", "texts beside are a list");
	for (const struct json *v = list->first; v; v = v->next)
		TRY(read_text(op, v, &ret[(*ret_n)++]));
	return RC_OK;
}
