/* SPDX-License-Identifier: Apache-2.0 */
/* devices.c -- see devices.h.
 *
 * Hashes of acts are kept until a signed head covers them, at most UNSIGNED_MAX a device: a head
 * that comes later than that cannot be compared, which is said.
 */
#include "audit/devices.h"

#include "audit/members.h"
#include "base/key.h"

#define UNSIGNED_MAX 65536 /* 2 MiB a device; a device signs after seconds or some hundred acts */

struct device {
	int64_t id;
	struct ed25519_public pub;
	bool revoked;
	int64_t seq;         /* of the newest act */
	struct hash head;    /* of the newest act; zeros before the first */
	struct hash *unsigned_acts;
	size_t n, cap;       /* those after seq - n */
	int64_t after;       /* acts that no signed head covers */
	struct device *older;
};

void devices_init(struct devices *d, struct report *r, struct arena *keep, struct hints *hints)
{
	*d = (struct devices){.report = r, .keep = keep, .hints = hints};
	map_init(&d->by_id, keep);
}

static void remember(struct devices *d, struct device *x, const struct hash *h)
{
	if (x->n == UNSIGNED_MAX) {
		memmove(x->unsigned_acts, x->unsigned_acts + x->n / 2, x->n / 2 * sizeof(*h));
		x->n /= 2;
	}
	if (x->n == x->cap) {
		size_t cap = x->cap == 0 ? 16 : x->cap * 2;
		struct hash *more = arena_array(d->keep, cap, sizeof(*more));

		if (x->n > 0)
			memcpy(more, x->unsigned_acts, x->n * sizeof(*more));
		x->unsigned_acts = more;
		x->cap = cap;
	}
	x->unsigned_acts[x->n++] = *h;
}

void devices_act(struct devices *d, int64_t position, const struct act *act)
{
	struct device *x = map_get_i(&d->by_id, act->device);

	d->acts++;
	if (x == NULL || x->revoked) {
		report_add(d->report, FINDING_KEY, position, "发出该操作的终端 %lld 未登记或已注销",
		           "device %lld, which sent the act, is not enrolled or was revoked",
		           (long long)act->device);
		if (x == NULL)
			return;
	}
	if (act->seq != x->seq + 1 || !hash_eq(&act->prev, &x->head)) {
		report_add(d->report, FINDING_SIGNATURE, position,
		           "终端 %lld 的操作链断裂：序号 %lld 应为 %lld，或前一操作的校验值不符",
		           "the chain of device %lld is broken: act %lld where %lld is next, or "
		           "the hash of the act before it differs",
		           (long long)x->id, (long long)act->seq, (long long)(x->seq + 1));
		x->n = 0; /* what came before is no longer in one chain with what follows */
	}
	x->seq = act->seq;
	x->head = act->hash;
	x->after++;
	remember(d, x, &act->hash);
}

static void enrolled(struct devices *d, struct members *m, int64_t id)
{
	struct device *x = ARENA_NEW(d->keep, struct device);

	member_hex(m, "key", x->pub.b, sizeof(x->pub.b));
	if (m->bad != NULL)
		return;
	x->id = id;
	x->older = d->newest;
	d->newest = x;
	map_set_i(&d->by_id, id, x);
	hints_set_device(d->hints, id, &x->pub);
}

static void revoked(struct devices *d, struct members *m, int64_t position)
{
	int64_t id = member_int(m, "device", 0, LIMIT_INT);
	struct device *x = m->bad ? NULL : map_get_i(&d->by_id, id);

	if (x != NULL && !x->revoked)
		x->revoked = true;
	else if (m->bad == NULL)
		report_add(d->report, FINDING_KEY, position, "注销的终端 %lld 不存在或已注销",
		           "it revokes device %lld, which is not there or was revoked",
		           (long long)id);
}

/* Acts up to seq are covered by a head that verifies. */
static void cover(struct device *x, int64_t seq)
{
	int64_t left = x->seq - seq;
	size_t keep = (uint64_t)left < x->n ? (size_t)left : x->n;

	memmove(x->unsigned_acts, x->unsigned_acts + (x->n - keep), keep * sizeof(struct hash));
	x->n = keep;
	x->after = left < x->after ? left : x->after;
}

/* The hash of act seq.  *ret_known false: too old to compare. */
static bool head_is(const struct device *x, int64_t seq, const struct hash *head, bool *ret_known)
{
	int64_t back = x->seq - seq; /* acts after it */

	*ret_known = true;
	if (seq < 1 || back < 0)
		return false;
	if (back == 0)
		return hash_eq(head, &x->head);
	*ret_known = (uint64_t)back < x->n;
	return *ret_known && hash_eq(head, &x->unsigned_acts[x->n - 1 - (size_t)back]);
}

struct str devices_head_text(struct arena *a, struct str origin, int64_t device, int64_t seq,
                             struct str head_hex)
{
	return str_fmt(a, "gongyuan/device/v1\n" STR_FMT "\n%lld\n%lld\n" STR_FMT "\n",
	               STR_ARG(origin), (long long)device, (long long)seq, STR_ARG(head_hex));
}

void devices_ahead(struct arena *a, struct hints *hints, struct entry *e)
{
	int64_t id = json_int(e->data, "device", NO_INDEX), seq = json_int(e->data, "seq", 0);
	struct str hex = json_str(e->data, "head");
	struct ed25519_public key;
	struct signature sig;

	if (hex.n == 64 && hex_decode(json_str(e->data, "sig"), sig.b, sizeof(sig.b)) &&
	    hints_device(hints, id, &key))
		tried_ask(&e->head, &key, devices_head_text(a, hints_origin(hints), id, seq, hex),
		          &sig);
}

static void head_signed(struct devices *d, struct members *m, int64_t position, struct str origin,
                        const struct tried *tried)
{
	int64_t id = member_int(m, "device", 0, LIMIT_INT);
	int64_t seq = member_int(m, "seq", 1, LIMIT_INT);
	struct str hex = member_str(m, "head"), text;
	struct device *x = m->bad ? NULL : map_get_i(&d->by_id, id);
	struct signature sig;
	struct hash head;
	bool known = true;

	member_hex(m, "head", head.b, sizeof(head.b));
	member_hex(m, "sig", sig.b, sizeof(sig.b));
	if (m->bad != NULL)
		return;
	if (x == NULL || x->revoked) {
		report_add(d->report, FINDING_KEY, position, "签名的终端 %lld 未登记或已注销",
		           "device %lld, which signed, is not enrolled or was revoked",
		           (long long)id);
		return;
	}
	text = devices_head_text(m->op->arena, origin, id, seq, hex);
	if (!tried_verify(tried, &x->pub, text, &sig))
		report_add(d->report, FINDING_SIGNATURE, position, "终端 %lld 的链头签名不符",
		           "the signature of device %lld under the head of its chain does not "
		           "verify",
		           (long long)id);
	else if (head_is(x, seq, &head, &known))
		cover(x, seq);
	else if (known)
		report_add(d->report, FINDING_SIGNATURE, position,
		           "终端 %lld 所签的链头与台账中第 %lld 个操作不符",
		           "the head that device %lld signed is not the hash of its act %lld",
		           (long long)id, (long long)seq);
}

void devices_apply(struct devices *d, struct op *op, int64_t position, int64_t id,
                   struct str origin, const struct entry *e)
{
	struct members m = {.op = op, .o = e->data};

	if (str_is(e->type, "authority.device_enrolled"))
		enrolled(d, &m, id);
	else if (str_is(e->type, "authority.device_revoked"))
		revoked(d, &m, position);
	else if (str_is(e->type, "device.head_signed"))
		head_signed(d, &m, position, origin, &e->head);
	if (m.bad != NULL)
		report_add(d->report, FINDING_KEY, position, "终端记录的成员 %s 不合格式，未予采信",
		           "member %s of the device's event is malformed; it has no effect", m.bad);
}

void devices_end(struct devices *d)
{
	int64_t after = 0, devices = 0;

	for (const struct device *x = d->newest; x != NULL; x = x->older) {
		after += x->after;
		devices += x->after > 0;
	}
	if (after > 0)
		report_unchecked(d->report, FINDING_SIGNATURE,
		                 "%lld 个操作（共 %lld 个，涉及 %lld 台终端）尚无终端签名的链头，"
		                 "其来源只凭主机记载",
		                 "%lld acts (of %lld, from %lld devices) are not under a head "
		                 "signed by their device: only the host says where they came from",
		                 (long long)after, (long long)d->acts, (long long)devices);
}
