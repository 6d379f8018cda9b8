/* SPDX-License-Identifier: Apache-2.0 */
/* form.c -- the forms that there are, and how one is made and found again; see form.h. */
#include "http/form_private.h"

#include "base/clock.h"
#include "domain/duty/duty.h"
#include "domain/filing/filing.h"
#include "domain/sitting/sheet.h"
#include "engine/run.h"

static const char *const PAPERS[] = {"custody/boxes", "custody/bags", NULL};
static const char *const ISSUE[] = {"arrange/rooms", NULL}; /* bags: form_issue */
static const char *const ROOM[] = {"arrange/rooms", "arrange/seats", NULL};
static const char *const DOOR[] = {"arrange/rooms", "arrange/seats", "exam/candidates", NULL};
static const char *const LOG[] = {"custody/rooms", "custody/guards", "custody/entries", NULL};
static const char *const KEYS[] = {"custody/rooms", "custody/key_bags", NULL};
static const char *const CHECK[] = {"custody/rooms", "custody/boxes", NULL};
static const char *const REPLAY[] = {"custody/rooms", "custody/replays", NULL};
static const char *const SPARE[] = {"custody/bags", NULL};
static const char *const VIOLATION[] = {"sitting/violations", NULL};
static const char *const DAY[] = {NULL};
static const char *const ZERO[] = {"duty/zeros", NULL};

const struct form_kind FORM_KINDS[] = {
	{"handover", "01", "试卷交接单", "Hand-over of papers", FORM_OF_SESSION, LEVEL_ANY, PAPERS,
	 form_handover},
	{"issue-sheet", "02", "领卷签收表", "Issue of papers, signed for by room", FORM_OF_SESSION,
	 LEVEL_SITE, ISSUE, form_issue},
	{"store-log", "03", "保密室值班日志", "Log of a secrecy room, with who entered", FORM_OF_DAY,
	 LEVEL_SITE, LOG, form_store_log},
	{"keys", "04", "保密室钥匙交接登记表", "Keys and codes handed over", FORM_OF_DAY, LEVEL_SITE,
	 KEYS, form_keys},
	{"joint-check", "05", "保密室半日联检表", "Half-day joint check", FORM_OF_DAY, LEVEL_SITE,
	 CHECK, form_joint_check},
	{"replay", "06", "保密室录像回放记录表", "Recordings replayed", FORM_OF_DAY, LEVEL_SITE,
	 REPLAY, form_replay},
	{"room-record", "07", "考场情况记录单", "Record of an examination room", FORM_OF_SESSION,
	 LEVEL_SITE, ROOM, form_room_record},
	{"spare", "08", "备用卷启用登记表", "Spare papers put to use", FORM_OF_SESSION, LEVEL_SITE,
	 SPARE, form_spare},
	{"violation", "09", "考生违规情况记录表", "Suspected violation, with receipt for items",
	 FORM_OF_SESSION, LEVEL_SITE, VIOLATION, form_violation},
	{"zero-report", "10", "零报告（考情报告）", "Zero-report", FORM_OF_SESSION, LEVEL_ANY, ZERO,
	 form_zero},
	{"box-labels", "11", "试卷箱标签", "Labels of boxes", FORM_OF_SESSION, LEVEL_ANY, PAPERS,
	 form_labels},
	{"door-sheet", "12", "考场门贴", "Door sheet of a room", FORM_OF_SESSION, LEVEL_SITE, DOOR,
	 form_door},
	{"seat-map", "13", "考场座位表", "Seat map of a room", FORM_OF_SESSION, LEVEL_SITE, DOOR,
	 form_seat_map},
	{"day-report", "14", "值班日报", "Report of the day", FORM_OF_DAY, LEVEL_ANY, DAY, form_day,
	 DUTY_REPORT},
};
const size_t FORM_NKINDS = COUNT(FORM_KINDS);

const struct form_kind *form_kind(struct str id)
{
	for (size_t i = 0; i < FORM_NKINDS; i++)
		if (str_is(id, FORM_KINDS[i].id))
			return &FORM_KINDS[i];
	return NULL;
}

const struct form_kind *form_kind_number(struct str number)
{
	for (size_t i = 0; i < FORM_NKINDS; i++)
		if (str_is(number, FORM_KINDS[i].number))
			return &FORM_KINDS[i];
	return NULL;
}

static struct str root_of(struct form_list *l)
{
	struct hasher *h = hasher_new(HASH_SHA256);
	struct hash root = tree_root(&l->desk->ledger->tree, h);

	hasher_free(h);
	return hash_hex(l->op->arena, &root);
}

/* 0, not said, where the profile has no number. */
static int copies_of(struct form_list *l)
{
	struct str id = str_fmt(l->op->arena, "print.copies.%s", l->kind->id);

	return (int)profile_setting(l->desk->profile, id.s, 0);
}

void form_add(struct form_list *l, struct str place, void (*draw)(struct page *, const void *),
              const void *data)
{
	const struct form_id id = {
		.kind = str_of(l->kind->number), .place = place,
		.session = l->kind->of == FORM_OF_SESSION ? l->ask->session : l->ask->day,
		.size = (int64_t)l->desk->ledger->tree.size,
	};
	const struct form_subject at = form_subject(l, place);

	l->forms = arena_room(l->op->arena, l->forms, l->n, &l->cap, sizeof(*l->forms));
	l->forms[l->n++] = (struct form){
		.head = {
			.zh = str_of(l->kind->zh), .en = str_of(l->kind->en),
			.id = form_id_text(l->op->arena, &id), .exam = l->desk->profile->zh,
			.office = at.place, .about = l->kind->of == FORM_OF_DAY ? at.day
			    : str_fmt(l->op->arena, STR_FMT "　" STR_FMT, STR_ARG(at.session), STR_ARG(at.when)),
			.size = id.size, .root = root_of(l),
			.printed = form_minute(l, l->op->now_ms), .drill = l->desk->drill,
			.copies = l->ask->copies ? l->ask->copies : copies_of(l),
		},
		.draw = draw, .data = data,
	};
}

static enum rc check_session(struct op *op, const struct form_desk *desk, struct str session)
{
	if (!session.n)
		return fail(op, RC_INVALID, "session", "", "此表按科次打印：请写明科次",
		            "this form is of a session: say which");
	if (!profile_session(desk->profile, session))
		return fail(op, RC_INVALID, "session", "", "方案中没有科次 " STR_FMT,
		            "the profile has no session " STR_FMT, STR_ARG(session));
	return RC_OK;
}

static enum rc check_day(struct op *op, struct str day)
{
	int64_t ms;

	if (day.n != 10 || !clock_parse(str_fmt(op->arena, STR_FMT "T00:00:00Z", STR_ARG(day)), &ms))
		return fail(op, RC_INVALID, "day", "", "日期写作 2025-06-07，不是 " STR_FMT,
		            "a day is written 2025-06-07, not " STR_FMT, STR_ARG(day));
	return RC_OK;
}

static enum rc check(struct op *op, const struct form_desk *desk, const struct form_kind *kind,
                     const struct form_ask *ask)
{
	if (!place_path_valid(ask->place) ||
	    (kind->level != LEVEL_ANY && place_level(ask->place) < (int)kind->level))
		return fail(op, RC_INVALID, "place", "", "请写明地点（路径 省/市/县/考点），不是 " STR_FMT,
		            "say the place as a path province/city/county/site, not " STR_FMT,
		            STR_ARG(ask->place));
	return kind->of == FORM_OF_SESSION ? check_session(op, desk, ask->session)
	                                   : check_day(op, ask->day);
}

enum rc form_make(struct op *op, const struct form_desk *desk, const struct form_kind *kind,
                  const struct form_ask *ask, struct form_list *ret)
{
	struct form_list l = {.op = op, .desk = desk, .kind = kind, .ask = ask};

	TRY(check(op, desk, kind, ask));
	TRY(kind->gather(&l));
	if (!l.n)
		return fail(op, RC_NOT_FOUND, "place", "", "此处没有可打印的内容",
		            "there is nothing here to be printed");
	TRY(print_pdf(op, l.forms, l.n, &l.pdf));
	*ret = l;
	return RC_OK;
}

/* The root of an earlier size, against the digits on paper. */
static enum rc compare(struct op *op, const struct form_desk *desk, struct form_found *f)
{
	struct tree_reader reader = ledger_reader(desk->ledger);
	struct hasher *h;
	struct tree t;
	struct hash root;

	if (!tree_load(&reader, (uint64_t)f->id.size, &t))
		return fail(op, RC_BROKEN, "", "", "台账前 %lld 条的校验值读不出，请运行 gongyuan db doctor",
		            "the hashes of the first %lld entries cannot be read: run gongyuan db doctor",
		            (long long)f->id.size);
	h = hasher_new(HASH_SHA256);
	root = tree_root(&t, h);
	hasher_free(h);
	f->has_root = true;
	f->sound = str_starts(hash_hex(op->arena, &root), f->id.root);
	return RC_OK;
}

enum rc form_find(struct op *op, const struct form_desk *desk, struct str text,
                  struct form_found *ret)
{
	struct form_found f = {.filed = -1};

	if (!form_id_read(op->arena, text, &f.id) || !(f.kind = form_kind_number(f.id.kind)))
		return fail(op, RC_INVALID, "id", "", "不是表单的编号或二维码内容：" STR_FMT,
		            "no form's id or QR text: " STR_FMT, STR_ARG(text));
	if ((uint64_t)f.id.size > desk->ledger->tree.size)
		return fail(op, RC_NOT_FOUND, "id", "",
		            "此表依据台账前 %lld 条，本台账只有 %llu 条：不是本台账的表，或台账被截短",
		            "this form rests on %lld entries, the ledger has %llu: it is another ledger's, "
		            "or the ledger was cut short",
		            (long long)f.id.size, (unsigned long long)desk->ledger->tree.size);
	if (f.id.root.n) {
		TRY(compare(op, desk, &f));
		TRY(filing_of(op, f.id.check, &f.filed));
	}
	*ret = f;
	return RC_OK;
}
