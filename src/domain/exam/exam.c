/* SPDX-License-Identifier: Apache-2.0 */
/* exam.c -- candidates; see exam.h.
 *
 * Registering asks leave: a candidate number must mean one person, and one person must have one
 * number, before any seat is given.  What is wrong with the form of a row (an identity number, a
 * combination that the profile does not offer) is a refusal here, so that an import can say it of
 * every row at once.
 */
#include "domain/exam/candidate.h"

#include "base/limits.h"
#include "domain/people/people.h"
#include "engine/run.h"

enum {
	Q_ADD, Q_BY_NUMBER, Q_BY_TICKET, Q_BY_PERSON, Q_SET, Q_LIST, Q_NUMBERED,
	Q_NUMBER_OF,
};
#define CANDIDATE_COLUMNS "id, number, ticket, place, school, combination, language, name, document"
#define CANDIDATE_ROW "SELECT id, number, ticket, place, school, combination, language" \
	" FROM exam_candidate"
static const struct sql SQL[] = {
	[Q_ADD] = {"INSERT INTO exam_candidate(id, number, ticket, place, school, combination,"
	           " language, person, name, document) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", 10},
	[Q_BY_NUMBER] = {"SELECT " CANDIDATE_COLUMNS " FROM exam_candidate WHERE number = ?", 1},
	[Q_BY_TICKET] = {"SELECT " CANDIDATE_COLUMNS " FROM exam_candidate WHERE ticket = ?"
	                 " ORDER BY id LIMIT 1", 1},
	[Q_BY_PERSON] = {"SELECT number FROM exam_candidate WHERE person = ? ORDER BY id LIMIT 1", 1},
	[Q_SET] = {"UPDATE exam_candidate SET ticket = ?, school = ?, combination = ?, language = ?"
	           " WHERE number = ?", 5},
	[Q_LIST] = {CANDIDATE_ROW " ORDER BY number", 0},
	[Q_NUMBERED] = {CANDIDATE_ROW " WHERE number = ?", 1},
	[Q_NUMBER_OF] = {"SELECT number FROM exam_candidate WHERE id = ?", 1},
};

static const struct table TABLES[] = {
	{"exam_candidate",
	 "CREATE TABLE exam_candidate(id {id} NOT NULL, number {text} NOT NULL, ticket {text} NOT NULL,"
	 " place {text} NOT NULL, school {text} NOT NULL, combination {text} NOT NULL,"
	 " language {text} NOT NULL, person {text} NOT NULL, name {int} NOT NULL,"
	 " document {int} NOT NULL, PRIMARY KEY(id));"
	 "CREATE UNIQUE INDEX exam_candidate_number ON exam_candidate(number);"
	 "CREATE INDEX exam_candidate_ticket ON exam_candidate(ticket);"
	 "CREATE INDEX exam_candidate_person ON exam_candidate(person);"
	 "CREATE INDEX exam_candidate_place ON exam_candidate(place, number)", "id"},
};

/* Fields. */
#define DOCUMENTS(X) X(IDENTITY_CARD, "identity_card") X(HK_MO_PERMIT, "hk_mo_permit") \
	X(TAIWAN_PERMIT, "taiwan_permit") X(RESIDENCE_PERMIT, "residence_permit") \
	X(PASSPORT, "passport")
#define X(id, text) DOCUMENT_##id,
enum document_kind { DOCUMENTS(X) DOCUMENT_MAX };
#undef X
#define X(id, text) text,
static const char *const DOCUMENT[] = {DOCUMENTS(X)};
#undef X
static const struct word DOCUMENT_WORDS[] = {
	{"居民身份证", "identity card"}, {"港澳居民来往内地通行证", "permit of Hong Kong and Macao residents"},
	{"台湾居民来往大陆通行证", "permit of Taiwan residents"}, {"居住证", "residence permit"}, {"护照", "passport"},
};

struct enrolment {
	struct str place, number, ticket, school, combination, language;
	int document_kind;
	struct text name, document;
	struct str person_digest; /* the document's number under the key of such digests */
};
static const struct field ENROLMENT[] = {
	FIELD(struct enrolment, place, F_PLACE, "报名县区", "county of registration"),
	FIELD(struct enrolment, number, F_CODE, "考生号", "candidate number"),
	FIELD(struct enrolment, ticket, F_CODE, "准考证号", "admission ticket", .optional = true),
	FIELD(struct enrolment, school, F_CODE, "学校代码", "school's code", .ref = "unit",
	      .optional = true),
	FIELD(struct enrolment, combination, F_KEY, "选科组合", "combination of subjects",
	      .ref = "combination", .optional = true),
	FIELD(struct enrolment, language, F_KEY, "外语语种", "foreign language", .ref = "language",
	      .optional = true),
	FIELD(struct enrolment, document_kind, F_ENUM, "证件类型", "kind of document",
	      ENUM_OF(DOCUMENT, DOCUMENT_WORDS), .optional = true),
	FIELD(struct enrolment, name, F_TEXT, "姓名", "name", .max = 60, .personal = true),
	FIELD(struct enrolment, document, F_TEXT, "证件号码", "number of the document", .max = 40,
	      .personal = true),
	FIELD(struct enrolment, person_digest, F_HASH, "查重校验值", "digest that finds duplicates"),
};

/* What is absent stays as it was. */
struct correction {
	struct str place, number, ticket, school, combination, language;
};
static const struct field CORRECTION[] = {
	FIELD(struct correction, place, F_PLACE, "报名县区", "county of registration"),
	FIELD(struct correction, number, F_CODE, "考生号", "candidate number"),
	FIELD(struct correction, ticket, F_CODE, "准考证号", "admission ticket", .optional = true),
	FIELD(struct correction, school, F_CODE, "学校代码", "school's code", .ref = "unit",
	      .optional = true),
	FIELD(struct correction, combination, F_KEY, "选科组合", "combination of subjects",
	      .ref = "combination", .optional = true),
	FIELD(struct correction, language, F_KEY, "外语语种", "foreign language", .ref = "language",
	      .optional = true),
};

/* Projection. */
static enum rc apply_registered(struct op *op, const struct event *ev)
{
	const struct enrolment *p = ev->data;

	return sql_exec(op, &SQL[Q_ADD],
	                ARGS(sql_int(ev->id), sql_text(p->number), sql_text(p->ticket),
	                     sql_text(p->place), sql_text(p->school), sql_text(p->combination),
	                     sql_text(p->language), sql_text(p->person_digest), sql_int(p->name.vault),
	                     sql_int(p->document.vault)));
}

/* The event holds every value as it is from then on. */
static enum rc apply_corrected(struct op *op, const struct event *ev)
{
	const struct correction *p = ev->data;

	return sql_exec(op, &SQL[Q_SET],
	                ARGS(sql_text(p->ticket), sql_text(p->school), sql_text(p->combination),
	                     sql_text(p->language), sql_text(p->number)));
}

enum { EV_REGISTERED, EV_CORRECTED };
static const char *const OFFICES[] = {"county_office", "city_office", "duty_officer", "site_chief",
	"deputy_chief", "site_clerk", "inspector", NULL};
static const struct event_type EVENTS[] = {
	[EV_REGISTERED] = EVENT("exam.candidate_registered", ENROLMENT, struct enrolment,
	                        apply_registered, "登记考生", "a candidate was registered",
	                        .visible_to = OFFICES),
	[EV_CORRECTED] = EVENT("exam.candidate_corrected", CORRECTION, struct correction,
	                       apply_corrected, "更正考生信息", "a candidate's entry was corrected",
	                       .visible_to = OFFICES),
};

/* Reading. */
static enum rc candidate_get(struct op *op, int q, struct str key, struct candidate *ret,
                             bool *ret_known)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[q], ARGS(sql_text(key)), &r));
	*ret_known = rows_next(&r);
	if (*ret_known)
		*ret = (struct candidate){
			.id = {rows_int(&r, 0)}, .number = rows_dup(op->arena, &r, 1),
			.ticket = rows_dup(op->arena, &r, 2), .place = rows_dup(op->arena, &r, 3),
			.school = rows_dup(op->arena, &r, 4), .combination = rows_dup(op->arena, &r, 5),
			.language = rows_dup(op->arena, &r, 6), .name_vault = rows_int(&r, 7),
			.document_vault = rows_int(&r, 8),
		};
	return RC_OK;
}

enum rc exam_candidate_of(struct op *op, struct str place, struct str number, const char *field,
                          struct candidate *ret)
{
	bool known;

	TRY(candidate_get(op, Q_BY_NUMBER, number, ret, &known));
	if (!known)
		TRY(candidate_get(op, Q_BY_TICKET, number, ret, &known));
	if (!known || !(place_covers(place, ret->place) || place_covers(ret->place, place)))
		return fail(op, RC_NOT_FOUND, field, "", "没有考生号或准考证号为 %s 的考生",
		            "nobody has the candidate number or ticket %s", number.s);
	return RC_OK;
}

enum rc exam_candidate(struct op *op, struct str number, const char *field, struct candidate *ret)
{
	return exam_candidate_of(op, (struct str){"", 0}, number, field, ret);
}

/* Rules. */
static enum rc check_combination(struct op *op, struct str combination)
{
	if (combination_valid(op_profile(op), combination))
		return RC_OK;
	if (!combination.n)
		return fail(op, RC_INVALID, "combination", CITE_REGISTRATION, "缺少选科组合",
		            "the combination of subjects is missing");
	return fail(op, RC_INVALID, "combination", CITE_REGISTRATION,
	            "方案中没有选科组合“%s”（应为选考科目，以点相连）",
	            "the profile offers no combination \"%s\" (elective subjects joined by points)",
	            combination.s);
}

static enum rc check_language(struct op *op, struct str language)
{
	if (!language.n || language_valid(op_profile(op), language))
		return RC_OK;
	return fail(op, RC_INVALID, "language", CITE_REGISTRATION, "方案中没有外语语种“%s”",
	            "the profile has no foreign language \"%s\"", language.s);
}

static enum rc check_school(struct op *op, struct str school)
{
	bool known = true;

	if (school.n)
		TRY(people_unit_known(op, school, &known));
	if (!known)
		return fail(op, RC_NOT_FOUND, "school", CITE_REGISTRATION, "学校代码 %s 未登记",
		            "no school has the code %s", school.s);
	return RC_OK;
}

static enum rc check_ticket(struct op *op, struct str ticket, struct str number)
{
	struct candidate other;
	bool known = false;

	if (ticket.n)
		TRY(candidate_get(op, Q_BY_TICKET, ticket, &other, &known));
	if (known && !str_eq(other.number, number))
		return fail(op, RC_CONFLICT, "ticket", CITE_REGISTRATION, "准考证号 %s 属于考生 %s",
		            "the ticket %s is that of candidate %s", ticket.s, other.number.s);
	return RC_OK;
}

/* Capital X, no blanks: equal numbers give equal digests. */
static struct str plain_number(struct arena *a, struct str s)
{
	struct strbuf b;

	strbuf_init(&b, a);
	for (size_t i = 0; i < s.n; i++)
		if (s.s[i] >= 'a' && s.s[i] <= 'z')
			strbuf_addc(&b, (char)(s.s[i] - 'a' + 'A'));
		else if (s.s[i] != ' ')
			strbuf_addc(&b, s.s[i]);
	return strbuf_str(&b);
}

/* The document's number itself is said to nobody, only what is wrong with it. */
static enum rc check_person(struct op *op, struct enrolment *p)
{
	struct str number = plain_number(op->arena, op_text(op, "document")), there = {0};
	struct identity_fault why;
	bool known;

	if (p->document_kind == DOCUMENT_IDENTITY_CARD &&
	    !identity_number_valid(number, op->now_ms, &why))
		return fail(op, RC_INVALID, "document", CITE_REGISTRATION, "证件号码有误：%s%.0s",
		            "the number of the document is wrong: %.0s%s", why.zh, why.en);
	TRY(op_blind(op, number, &p->person_digest, &known));
	if (known) {
		AUTO(rows) r = {0};

		TRY(sql_query(op, &SQL[Q_BY_PERSON], ARGS(sql_text(p->person_digest)), &r));
		if (rows_next(&r))
			there = rows_dup(op->arena, &r, 0);
	}
	if (there.n)
		return fail(op, RC_CONFLICT, "document", CITE_REGISTRATION,
		            "证件号码与考生 %s 相同：一人只能报名一次",
		            "the document is that of candidate %s: one person registers once", there.s);
	return RC_OK;
}

static enum rc run_register(struct op *op, const void *in)
{
	struct enrolment p = *(const struct enrolment *)in;
	struct candidate other;
	bool known;

	if (place_level(p.place) != LEVEL_COUNTY)
		return fail(op, RC_INVALID, "place", CITE_REGISTRATION, "%s 不是县区（省/市/县）",
		            "%s is not a county (province/city/county)", p.place.s);
	TRY(candidate_get(op, Q_BY_NUMBER, p.number, &other, &known));
	if (known)
		return fail(op, RC_CONFLICT, "number", CITE_REGISTRATION, "考生号 %s 已登记",
		            "candidate %s is registered already", p.number.s);
	TRY(op_also(op, check_ticket(op, p.ticket, p.number)));
	TRY(op_also(op, check_school(op, p.school)));
	TRY(op_also(op, check_combination(op, p.combination)));
	TRY(op_also(op, check_language(op, p.language)));
	TRY(op_also(op, check_person(op, &p)));
	return event_append(op, &EVENTS[EV_REGISTERED], &p, NULL);
}

static void keep(struct str *now, struct str before)
{
	if (!now->n)
		*now = before;
}

static enum rc run_correct(struct op *op, const void *in)
{
	struct correction p = *(const struct correction *)in;
	struct candidate c;
	bool known;

	TRY(candidate_get(op, Q_BY_NUMBER, p.number, &c, &known));
	if (!known || !place_covers(p.place, c.place))
		return fail(op, RC_NOT_FOUND, "number", CITE_REGISTRATION, "%s 没有考生 %s",
		            "%s has no candidate %s", p.place.s, p.number.s);
	TRY(check_ticket(op, p.ticket, p.number));
	TRY(check_school(op, p.school));
	keep(&p.ticket, c.ticket);
	keep(&p.school, c.school);
	keep(&p.combination, c.combination);
	keep(&p.language, c.language);
	TRY(check_combination(op, p.combination));
	TRY(check_language(op, p.language));
	return event_append(op, &EVENTS[EV_CORRECTED], &p, NULL);
}

/* Module. */
static const struct allow OFFICE[] = {{"county_office", LEVEL_COUNTY}, {"city_office", LEVEL_CITY}};
static const struct command COMMANDS[] = {
	{"exam.register_candidate", ORDER, ENROLMENT, COUNT(ENROLMENT) - 1, sizeof(struct enrolment),
	 ALLOW(OFFICE), .run = run_register, .cites = CITE_REGISTRATION,
	 .zh = "登记考生", .en = "register a candidate"},
	{"exam.correct_candidate", ORDER, FIELDS(CORRECTION), sizeof(struct correction),
	 ALLOW(OFFICE), .run = run_correct, .cites = CITE_REGISTRATION,
	 .zh = "更正考生信息", .en = "correct a candidate's entry"},
};

static const struct column CANDIDATE_NAMES[] = {
	COLUMN("id", F_ID, "编号", "id"),
	COLUMN("number", F_CODE, "考生号", "number"),
	COLUMN("ticket", F_CODE, "准考证号", "ticket"),
	COLUMN("place", F_PLACE, "考区", "place"),
	COLUMN("school", F_CODE, "学校", "school"),
	COLUMN_KEY("combination", "combination", "选科组合", "combination"),
	COLUMN_KEY("language", "language", "语种", "language"),
};
static const struct view VIEWS[] = {
	{"exam/candidates", "考生", "candidates", OFFICES, &SQL[Q_LIST], CANDIDATE_NAMES,
	 COUNT(CANDIDATE_NAMES), &SQL[Q_NUMBERED], .keys = {1}, .nkeys = 1},
};

static const char *const SETTINGS[] = {
	"exam.choose.*", "exam.elective.*", "exam.extra_time.*", "exam.extra_time.other",
	"exam.language.*",
};

static enum rc whose(struct op *op, int64_t subject, struct str *ret)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_NUMBER_OF], ARGS(sql_int(subject)), &r));
	if (rows_next(&r))
		*ret = rows_dup(op->arena, &r, 0);
	return RC_OK;
}

const struct module exam_module = {
	.name = "exam", .rev = 1, .whose = whose,
	TABLE_OF(tables, TABLES), .sql = SQL, .nsql = COUNT(SQL),
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS), TABLE_OF(views, VIEWS),
	TABLE_OF(settings, SETTINGS),
	.zh = "组考", .en = "examination",
};
