/* SPDX-License-Identifier: Apache-2.0 */
/* seeds_http.c -- seeds of requests: each route, each member of an act, and near misses; see
 * seeds.h.
 */
#include "fuzz.h"
#include "seeds.h"

#define ACT "{\"place\":\"sc/cd\",\"weight_mg\":12,\"sealed\":true,\"how\":\"eye\"," \
	"\"code\":\"C-1\",\"note\":\"x\"}"
#define HEX32 "abababababababababababababababab"
#define HEX64 HEX32 HEX32
#define KEY(first) "Idempotency-Key: " first "18f0000-0000-7000-8000-000000000001\n"
#define COMMAND "POST /api/v1/commands/lab.measure\n"
#define SLOT(how, person) "{\"slot\":\"giver\",\"how\":\"" how "\",\"person\":" person "}"

/* What stands beside the data of a good act. */
static const char *const BESIDE[] = {
	"", ",\"happened\":\"2025-06-07T08:58:00+08:00\",\"noted\":\"2025-06-07T08:59:00+08:00\"",
	",\"source\":\"paper\"", ",\"exception\":\"why\"",
	",\"slots\":[" SLOT("badge", "7") "," SLOT("paper", "\"W001\"") "]",
	",\"slots\":[{\"slot\":\"giver\",\"how\":\"key\",\"person\":7,\"signature\":\"" HEX64 HEX64
	"\"}]",
	/* near misses */
	",\"colour\":1", ",\"command\":\"x\"", ",\"happened\":7", ",\"noted\":\"x\"",
	",\"source\":\"system\"", ",\"slots\":7", ",\"slots\":[1]",
	",\"slots\":[" SLOT("shout", "1") "]",
	",\"slots\":[" SLOT("badge", "\"lower\"") "]", ",\"slots\":[" SLOT("badge", "\"W00001\"") "]",
	",\"slots\":[{\"slot\":\"a\",\"how\":\"badge\",\"person\":1,\"signature\":\"00\"}]",
	",\"slots\":[{\"slot\":\"a\",\"how\":\"key\",\"person\":1,\"signature\":\"zz\"}]",
	",\"exception\":7", ",\"exception\":\"a\\u0001\"",
};

/* Other requests, whole. */
static const char *const OTHERS[] = {
	COMMAND KEY("1") "\n{\"data\":" ACT "}", COMMAND KEY("2") "\n{\"data\":" ACT "}",
	COMMAND KEY("0") "Accept-Language: en\n\n{\"data\":7}", COMMAND KEY("0") "\n{}",
	COMMAND KEY("0") "\n[]", COMMAND KEY("0") "\n{", COMMAND "\n{}",
	"POST /api/v1/commands/people.add_unit?lang=en\n" KEY("0")
	"\n{\"data\":{\"place\":\"sc/cd\",\"code\":\"U1\",\"name\":\"示范\"}}",
	"POST /api/v1/commands/no.such\n" KEY("0") "\n{}",
	"POST /api/v1/batch\n\n[{\"command\":\"lab.measure\",\"key\":"
	"\"018f0000-0000-7000-8000-000000000001\",\"data\":" ACT "},{\"command\":\"lab.measure\","
	"\"key\":\"118f0000-0000-7000-8000-000000000002\",\"data\":" ACT "},{\"command\":"
	"\"lab.measure\",\"key\":\"218f0000-0000-7000-8000-000000000003\",\"data\":" ACT
	"},1,{\"command\":\"x\"}]",
	"POST /api/v1/batch\n\n[]", "POST /api/v1/batch\n\n{}", "POST /api/v1/batch\n\n[",
	"POST /api/v1/batch\nContent-Type: text/plain\n\n[]",
	"GET /api/v1/exam/candidates?limit=2&after=4&min_index=9\n\n",
	"GET /api/v1/exam/candidates?limit=0\n\n", "GET /api/v1/exam/candidates/C001\n\n",
	"GET /api/v1/no/view\nX-Nobody: 1\n\n", "GET /api/v1/no/view\n\n",
	"GET /api/v1/events?after=7\nLast-Event-ID: 12\n\n",
	"GET /api/v1/custody/trace/CHI-1?as_of=7\n\n", "GET /api/v1/custody/balance?place=sc\n\n",
	"GET /api/v1/ledger/entries?from=2&limit=3\n\n",
	"POST /api/v1/login\n\n{\"person\":\"W001\",\"password\":\"p\",\"code\":\"123456\"}",
	"POST /api/v1/login\n\n[1]", "DELETE /api/v1/login\n\n",
	"POST /login\n\nperson=W001&password=a%20b&code=123456", "POST /logout\n\n",
	"GET /\nAccept-Language: en\n\n", "GET /live\n\n", "GET /page.js\n\n", "HEAD /healthz\n\n",
	"OPTIONS /api/v1/login\n\n", "PUT /api/v1/login\n\n", "GET /metrics\n\n",
	"GET /api/v1/openapi.json\n\n", "GET /nowhere\n\n", "GET /tile/0/x001/234.p/5\n\n",
	"GET /tile/entries/000\n\n", "GET /policy\n\n", "GET /rules/" HEX64 ".json\n\n",
	"GET /rules/..json\n\n", "GET /vkey\n\n",
	"POST /api/v1/links\n\n{\"device\":3,\"time\":\"2025-06-07T08:58:00+08:00\",\"nonce\":\"n\","
	"\"signature\":\"" HEX64 HEX64 "\"}",
	"POST /api/v1/acts\n\n[{\"act\":\"{}\",\"mac\":\"" HEX64 "\"}]",
	"POST /api/v1/badges\n\n{\"person\":\"W001\",\"pin\":\"123456\"}",
	"POST /api/v1/pins\n\n{\"persons\":[\"W001\"]}",
};

void seeds_of_requests(struct op *op)
{
	int n = 0;

	for (size_t i = 0; i < COUNT(BESIDE); i++)
		putf(op, "http", n++, str_fmt(op->arena, COMMAND KEY("0") "\n{\"data\":" ACT "%s}",
		                              BESIDE[i]));
	for (size_t i = 0; i < COUNT(OTHERS); i++)
		putz(op, "http", n++, OTHERS[i]);
}
