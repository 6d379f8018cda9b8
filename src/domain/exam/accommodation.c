/* SPDX-License-Identifier: Apache-2.0 */
/* accommodation.c -- reasonable accommodations (合理便利): what was approved for whom.
 *
 * An approval asks leave: how much time, which devices and by which paper are decided before the
 * day and stand on the lists at both gates.  What falls ill or breaks a leg on the day is approved
 * by the chief of the site, within the kinds that ask no extra time; the county learns of it.
 */
#include "domain/exam/candidate.h"

#include "base/limits.h"
#include "engine/run.h"

enum { Q_ADD, Q_END, Q_ONE, Q_OF, Q_ALL, Q_LIST };
#define COLUMNS "id, candidate, place, kind, extra, own_bell, own_bag, device, approval"
static const struct sql SQL[] = {
	[Q_ADD] = {"INSERT INTO exam_accommodation(id, candidate, place, kind, extra, own_bell,"
	           " own_bag, device, approval, note, ended) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)",
	           10},
	[Q_END] = {"UPDATE exam_accommodation SET ended = 1 WHERE candidate = ? AND kind = ?"
	           " AND ended = 0", 2},
	[Q_ONE] = {"SELECT id FROM exam_accommodation WHERE candidate = ? AND kind = ? AND ended = 0"
	           " ORDER BY id LIMIT 1", 2},
	[Q_OF] = {"SELECT " COLUMNS " FROM exam_accommodation WHERE candidate = ? AND ended = 0"
	          " ORDER BY candidate, id", 1},
	[Q_ALL] = {"SELECT " COLUMNS " FROM exam_accommodation WHERE ended = 0"
	           " ORDER BY candidate, id", 0},
	[Q_LIST] = {"SELECT " COLUMNS ", ended FROM exam_accommodation ORDER BY candidate, id", 0},
};

static const struct table TABLES[] = {
	{"exam_accommodation",
	 "CREATE TABLE exam_accommodation(id {id} NOT NULL, candidate {text} NOT NULL,"
	 " place {text} NOT NULL, kind {text} NOT NULL, extra {int} NOT NULL, own_bell {int} NOT NULL,"
	 " own_bag {int} NOT NULL, device {text} NOT NULL, approval {text} NOT NULL,"
	 " note {int} NOT NULL, ended {int} NOT NULL, PRIMARY KEY(id));"
	 "CREATE INDEX exam_accommodation_of ON exam_accommodation(candidate, ended)", "id"},
};

#define X(id, text) text,
static const char *const KIND[] = {ACCOMMODATIONS(X)};
#undef X
static const struct word KIND_WORDS[] = {
	{"盲文试卷", "braille paper"}, {"大字试卷", "large print"}, {"延长时间", "extra time"},
	{"免听力", "no listening"}, {"助听器", "hearing aid"}, {"人工耳蜗", "cochlear implant"},
	{"胰岛素泵", "insulin pump"}, {"动态血糖仪", "glucose monitor"}, {"起搏器", "pacemaker"},
	{"拐杖", "crutches"}, {"石膏", "plaster cast"}, {"轮椅", "wheelchair"}, {"手语", "sign language"},
	{"引导", "guide"}, {"伤病", "injury"}, {"孕期", "pregnancy"}, {"羁押", "detention"}, {"借考", "guest"},
	{"小语种", "minor language"}, {"民族文字", "ethnic script"}, {"药品", "medicine"},
	{"单独考场", "room of one's own"}, {"其他", "other"},
};

const char *accommodation_text(enum accommodation_kind k)
{
	return k < ACCOMMODATION_MAX ? KIND[k] : "?";
}

/* Devices that pass both gates with their bearer and with nobody else. */
#define DEVICES(X) X(NONE, "none") X(HEARING_AID, "hearing_aid") \
	X(COCHLEAR, "cochlear_implant") X(INSULIN_PUMP, "insulin_pump") \
	X(GLUCOSE_MONITOR, "glucose_monitor") X(PACEMAKER, "pacemaker") X(CRUTCHES, "crutches") \
	X(WHEELCHAIR, "wheelchair") X(BRAILLE_WRITER, "braille_writer") X(MAGNIFIER, "magnifier") \
	X(MEDICINE, "medicine") X(METAL_IMPLANT, "metal_implant") X(OTHER, "other")
#define X(id, text) DEVICE_##id,
enum device_kind { DEVICES(X) DEVICE_MAX };
#undef X
#define X(id, text) text,
static const char *const DEVICE[] = {DEVICES(X)};
#undef X
static const struct word DEVICE_WORDS[] = {
	{"无", "none"}, {"助听器", "hearing aid"}, {"人工耳蜗", "cochlear implant"},
	{"胰岛素泵", "insulin pump"}, {"动态血糖仪", "glucose monitor"}, {"起搏器", "pacemaker"},
	{"拐杖", "crutches"}, {"轮椅", "wheelchair"}, {"盲文书写器", "braille writer"}, {"放大镜", "magnifier"},
	{"药品", "medicine"}, {"体内金属", "metal implant"}, {"其他", "other"},
};

/* The note may say what illness it is. */
struct approval {
	struct str place, candidate;
	int kind;
	int64_t extra_percent;
	bool own_bell, own_bag;
	int device;
	struct str approval;
	struct text note;
	struct person_id person; /* the candidate, as the vault's subject of the note */
};
static const struct field APPROVAL[] = {
	FIELD(struct approval, place, F_PLACE, "批准单位所在地", "where it is approved"),
	FIELD(struct approval, candidate, F_CODE, "考生号", "candidate number", .ref = "candidate"),
	FIELD(struct approval, kind, F_ENUM, "便利类别", "kind of accommodation",
	      ENUM_OF(KIND, KIND_WORDS)),
	FIELD(struct approval, extra_percent, F_INT, "延长时间（百分比）", "extra time in percent",
	      .max = 100, .optional = true),
	FIELD(struct approval, own_bell, F_BOOL, "单独信号", "own bell", .optional = true),
	FIELD(struct approval, own_bag, F_BOOL, "单独试卷袋", "own bag of papers", .optional = true),
	FIELD(struct approval, device, F_ENUM, "准许携带器具", "device allowed",
	      ENUM_OF(DEVICE, DEVICE_WORDS), .optional = true),
	FIELD(struct approval, approval, F_CODE, "批准文号", "number of the approval"),
	FIELD(struct approval, note, F_TEXT, "说明", "note", .optional = true, .personal = true),
	FIELD(struct approval, person, F_PERSON, "考生内部编号", "the candidate's own number"),
};

struct ending {
	struct str place, candidate;
	int kind;
};
static const struct field ENDING[] = {
	FIELD(struct ending, place, F_PLACE, "批准单位所在地", "where it is approved"),
	FIELD(struct ending, candidate, F_CODE, "考生号", "candidate number", .ref = "candidate"),
	FIELD(struct ending, kind, F_ENUM, "便利类别", "kind of accommodation", ENUM_OF(KIND, KIND_WORDS)),
};

/* Projection. */
static enum rc apply_approved(struct op *op, const struct event *ev)
{
	const struct approval *p = ev->data;

	return sql_exec(op, &SQL[Q_ADD],
	                ARGS(sql_int(ev->id), sql_text(p->candidate), sql_text(ev->place),
	                     sql_text(str_of(KIND[p->kind])), sql_int(p->extra_percent),
	                     sql_int(p->own_bell), sql_int(p->own_bag),
	                     sql_text(p->device ? str_of(DEVICE[p->device]) : STR("")),
	                     sql_text(p->approval), sql_int(p->note.vault)));
}

static enum rc apply_ended(struct op *op, const struct event *ev)
{
	const struct ending *p = ev->data;

	return sql_exec(op, &SQL[Q_END],
	                ARGS(sql_text(p->candidate), sql_text(str_of(KIND[p->kind]))));
}

enum { EV_APPROVED, EV_ENDED };
static const char *const GATES[] = {"county_office", "city_office", "duty_officer", "site_chief",
	"deputy_chief", "site_clerk", "gate_checker", "identity_checker", "medic", NULL};
static const struct event_type EVENTS[] = {
	[EV_APPROVED] = EVENT("exam.accommodation_approved", APPROVAL, struct approval, apply_approved,
	                      "批准合理便利", "an accommodation was approved", .visible_to = GATES),
	[EV_ENDED] = EVENT("exam.accommodation_ended", ENDING, struct ending, apply_ended,
	                   "取消合理便利", "an accommodation was ended", .visible_to = GATES),
};

/* Reading. */
static enum accommodation_kind kind_of(struct str text)
{
	int k = 0;

	while (k < ACCOMMODATION_OTHER && !str_is(text, KIND[k]))
		k++;
	return (enum accommodation_kind)k;
}

static void read_row(struct op *op, const struct rows *r, struct accommodation *ret)
{
	*ret = (struct accommodation){
		.id = rows_int(r, 0), .candidate = rows_dup(op->arena, r, 1),
		.place = rows_dup(op->arena, r, 2), .kind = kind_of(rows_dup(op->arena, r, 3)),
		.extra_percent = rows_int(r, 4), .own_bell = rows_int(r, 5) != 0,
		.own_bag = rows_int(r, 6) != 0, .device = rows_dup(op->arena, r, 7),
		.approval = rows_dup(op->arena, r, 8),
	};
}

enum rc exam_accommodations(struct op *op, struct str candidate, struct accommodation **ret,
                            size_t *ret_n)
{
	AUTO(rows) r = {0};
	struct accommodation *list = NULL;
	size_t n = 0, cap = 0;

	if (candidate.n)
		TRY(sql_query(op, &SQL[Q_OF], ARGS(sql_text(candidate)), &r));
	else
		TRY(sql_query(op, &SQL[Q_ALL], NO_ARGS, &r));
	while (rows_next(&r)) {
		list = arena_room(op->arena, list, n, &cap, sizeof(*list));
		read_row(op, &r, &list[n++]);
	}
	*ret = list;
	*ret_n = n;
	return RC_OK;
}

/* Rules. */
static enum rc in_force(struct op *op, struct str candidate, int kind, bool *ret)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_ONE], ARGS(sql_text(candidate), sql_text(str_of(KIND[kind]))), &r));
	*ret = rows_next(&r);
	return RC_OK;
}

/* A site's chief decides what cannot wait, and no more. */
static bool for_the_site(const struct approval *p)
{
	switch ((enum accommodation_kind)p->kind) {
	case ACCOMMODATION_CRUTCHES:
	case ACCOMMODATION_PLASTER:
	case ACCOMMODATION_WHEELCHAIR:
	case ACCOMMODATION_INJURY:
	case ACCOMMODATION_PREGNANCY:
	case ACCOMMODATION_MEDICINE:
		return p->extra_percent == 0 && !p->own_bag;
	case ACCOMMODATION_BRAILLE:
	case ACCOMMODATION_LARGE_PRINT:
	case ACCOMMODATION_EXTRA_TIME:
	case ACCOMMODATION_NO_LISTENING:
	case ACCOMMODATION_HEARING_AID:
	case ACCOMMODATION_COCHLEAR:
	case ACCOMMODATION_INSULIN_PUMP:
	case ACCOMMODATION_GLUCOSE_MONITOR:
	case ACCOMMODATION_PACEMAKER:
	case ACCOMMODATION_SIGN_LANGUAGE:
	case ACCOMMODATION_GUIDE:
	case ACCOMMODATION_DETENTION:
	case ACCOMMODATION_GUEST:
	case ACCOMMODATION_MINOR_LANGUAGE:
	case ACCOMMODATION_ETHNIC_SCRIPT:
	case ACCOMMODATION_OWN_ROOM:
	case ACCOMMODATION_OTHER:
	case ACCOMMODATION_MAX:
		break;
	}
	return false;
}

static enum rc run_approve(struct op *op, const void *in)
{
	struct approval p = *(const struct approval *)in;
	int64_t most = extra_time_most(op_profile(op), (enum accommodation_kind)p.kind);
	struct candidate c;
	bool there;

	TRY(exam_candidate_of(op, p.place, p.candidate, "candidate", &c));
	p.candidate = c.number;
	p.person = (struct person_id){c.id.v};
	if (p.extra_percent > most)
		return forbid(op, RC_CONFLICT, "extra_percent", CITE_ACCOMMODATION,
		              "此类便利最多延长 %lld%%", "this kind has at most %lld%% of extra time",
		              (long long)most);
	if (place_level(p.place) >= LEVEL_SITE && !for_the_site(&p))
		return forbid(op, RC_CONFLICT, "kind", CITE_ACCOMMODATION,
		              "此类便利由县(区)以上考务办批准",
		              "this kind is approved by the county's office or above");
	TRY(in_force(op, p.candidate, p.kind, &there));
	if (there)
		return fail(op, RC_CONFLICT, "kind", CITE_ACCOMMODATION, "考生 %s 已有此项便利",
		            "candidate %s has that already", p.candidate.s);
	return event_append(op, &EVENTS[EV_APPROVED], &p, NULL);
}

static enum rc run_end(struct op *op, const void *in)
{
	struct ending p = *(const struct ending *)in;
	struct candidate c;
	bool there;

	TRY(exam_candidate_of(op, p.place, p.candidate, "candidate", &c));
	p.candidate = c.number;
	TRY(in_force(op, p.candidate, p.kind, &there));
	if (!there)
		return fail(op, RC_NOT_FOUND, "kind", CITE_ACCOMMODATION, "考生 %s 没有此项便利",
		            "candidate %s has no such accommodation", p.candidate.s);
	return event_append(op, &EVENTS[EV_ENDED], &p, NULL);
}

/* Module. */
static const struct allow APPROVERS[] = {{"county_office", LEVEL_COUNTY},
	{"city_office", LEVEL_CITY}, {"site_chief", LEVEL_SITE}};
static const struct allow OFFICE[] = {{"county_office", LEVEL_COUNTY}, {"city_office", LEVEL_CITY}};
static const struct command COMMANDS[] = {
	{"exam.approve_accommodation", ORDER, APPROVAL, COUNT(APPROVAL) - 1, sizeof(struct approval),
	 ALLOW(APPROVERS), .run = run_approve, .cites = CITE_ACCOMMODATION,
	 .zh = "批准合理便利", .en = "approve an accommodation"},
	{"exam.end_accommodation", ORDER, FIELDS(ENDING), sizeof(struct ending),
	 ALLOW(OFFICE), .run = run_end, .cites = CITE_ACCOMMODATION,
	 .zh = "取消合理便利", .en = "end an accommodation"},
};

static const struct column NAMES[] = {
	COLUMN("id", F_ID, "编号", "id"),
	COLUMN("candidate", F_CODE, "考生编号", "candidate"),
	COLUMN("place", F_PLACE, "地点", "place"),
	COLUMN_CODED("kind", KIND, KIND_WORDS, "便利", "kind"),
	COLUMN("extra_percent", F_INT, "加时百分比", "extra time %"),
	COLUMN("own_bell", F_BOOL, "单独铃声", "own bell"),
	COLUMN("own_bag", F_BOOL, "单独试卷袋", "own bag"),
	COLUMN_CODED("device", DEVICE, DEVICE_WORDS, "器具", "device"),
	COLUMN("approval", F_CODE, "批准文号", "approval"),
	COLUMN("ended", F_BOOL, "已止", "ended"),
};
static const struct view VIEWS[] = {
	{"exam/accommodations", "合理便利", "accommodations", GATES, &SQL[Q_LIST], NAMES, COUNT(NAMES)},
};

const struct module exam_accommodation_module = {
	.name = "exam_accommodation", .group = "exam", .rev = 1,
	TABLE_OF(tables, TABLES), .sql = SQL, .nsql = COUNT(SQL),
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS), TABLE_OF(views, VIEWS),
	.zh = "合理便利", .en = "accommodations",
};
