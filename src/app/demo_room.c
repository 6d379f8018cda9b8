/* SPDX-License-Identifier: Apache-2.0 */
/* demo_room.c -- the secrecy room of the demo: keys, guards in three shifts, patrols, joint checks.
 *
 * One patrol, in the second night, is late: an expectation lapses, somebody signs for the alarm,
 * the patrol is made, and two close it.
 */
#include "app/demo_story.h"

static const char *const SHIFT[2][4] = {
	{"P0024", "P0025", "P0026", "P0032"},
	{"P0027", "P0028", "P0029", "P0033"},
};
enum { POLICE_OF_SHIFT = 3 };

static void guard_on(struct demo_story *s, int64_t at_ms, const char *code, bool police)
{
	struct demo_step *st =
		demo_add(s, at_ms, "custody.guard_on", "P0020", demo_sign(s, "guard", code),
	             "{'place':'" DEMO_STORE "','duty':'%s'}", police ? "police" : "guard");

	demo_say(s, st, false, "%s 上岗", "%s comes on post", code);
}

static void guard_off(struct demo_story *s, int64_t at_ms, const char *code)
{
	struct demo_step *st = demo_add(s, at_ms, "custody.guard_off", "P0020",
	                                demo_sign(s, "guard", code), "{'place':'" DEMO_STORE "'}");

	demo_say(s, st, false, "%s 离岗", "%s leaves the post", code);
}

static void shift_on(struct demo_story *s, int64_t at_ms, int shift)
{
	for (int i = 0; i < 4; i++)
		guard_on(s, at_ms + i * 20000, SHIFT[shift][i], i == POLICE_OF_SHIFT);
}

/* The relief comes before the others go, so that the post is never short. */
static void shifts(struct demo_story *s, int64_t from_ms, int64_t to_ms)
{
	int shift = 0;

	shift_on(s, from_ms, shift);
	for (int64_t at = from_ms + 7 * DEMO_HOUR; at < to_ms; at += 8 * DEMO_HOUR) {
		int next = 1 - shift;

		shift_on(s, at, next);
		for (int i = 0; i < 4; i++)
			guard_off(s, at + 3 * DEMO_MINUTE + i * 15000, SHIFT[shift][i]);
		shift = next;
	}
}

void demo_answer_alarm(struct demo_story *s, const char *rule, int64_t ack_ms, int64_t close_ms,
	                   const char *zh, const char *en)
{
	struct demo_step *st = demo_add(s, ack_ms, "alarm.acknowledge", "P0013", "", "{}");

	st->alarm = rule;
	demo_say(s, st, true, "值班员签收告警：%s%.0s", "the duty officer signs for the alarm: %.0s%s", zh,
	         en);
	st = demo_add(s, close_ms, "alarm.close", "P0013", "second=badge:P0012",
	              "{'reason':'handled','note':'%s'}", zh);
	st->alarm = rule;
	demo_say(s, st, true, "两人办结告警：%s%.0s", "two close the alarm: %.0s%s", zh, en);
}

/* Two of those on post: the shifts change seven hours after the first came, then each eight. */
static const char *patrollers(struct demo_story *s, int64_t since_ms)
{
	const char *const *shift = SHIFT[since_ms < 7 * DEMO_HOUR ? 0 :
	                                 (since_ms / DEMO_HOUR - 7) / 8 % 2 ? 0 : 1];

	return demo_fmt(s, "%s%s", demo_sign(s, "patroller", shift[0]),
	                demo_sign(s, "patroller", shift[1]));
}

static void patrols(struct demo_story *s, int64_t from_ms, int64_t to_ms)
{
	int64_t late_after = from_ms + 36 * DEMO_HOUR + demo_between(s, 0, 90) * DEMO_MINUTE;
	int64_t at = from_ms;
	bool late_done = false;

	while (at < to_ms) {
		bool late = !late_done && at >= late_after;
		int64_t gap_ms =
			(late ? demo_between(s, 38 * 60, 44 * 60) : demo_between(s, 24 * 60, 29 * 60)) * 1000;
		struct demo_step *st = demo_add(s, at + gap_ms, "custody.patrol", "P0020",
		                                patrollers(s, at + gap_ms - from_ms),
		                                "{'place':'" DEMO_STORE "','sound':true}");

		demo_say(s, st, late, late ? "保密室巡查（迟到：距上次 %lld 分钟）" : "保密室巡查（距上次 %lld 分钟）",
		         late ? "patrol of the secrecy room, late: %lld minutes after the last"
		              : "patrol of the secrecy room, %lld minutes after the last",
		         (long long)(gap_ms / DEMO_MINUTE));
		if (late)
			demo_answer_alarm(s, "custody.patrol_missing", at + 34 * DEMO_MINUTE,
			                  at + gap_ms + 20 * DEMO_MINUTE, "保密室巡查超时未报", "a patrol is overdue");
		late_done = late_done || late;
		at += gap_ms;
	}
}

/* Just under twelve hours apart. */
static void joint_checks(struct demo_story *s, int64_t from_ms, int64_t to_ms)
{
	for (int64_t at = from_ms + 150 * DEMO_MINUTE; at < to_ms; at += 710 * DEMO_MINUTE) {
		const char *slots =
			demo_fmt(s, "%s%s%s", demo_sign(s, "education", "P0011"),
		             demo_sign(s, "police", "P0033"), demo_sign(s, "secrecy", "P0034"));
		struct demo_step *st = demo_add(s, at, "custody.joint_check", "P0010", slots,
		                                "{'place':'" DEMO_STORE "','sound':true}");

		demo_say(s, st, true, "教育、公安、保密三部门半日联合检查：正常",
		         "joint check by education, police and secrecy bureau: in order");
	}
}

/* Two responsible, six guards; locks and codes are new. */
static void made_ready(struct demo_story *s, int64_t at_ms)
{
	struct demo_step *st;

	st = demo_add(s, at_ms, "custody.staff_store", "P0010", "leader=badge:P0012 keeper=badge:P0020",
	              "{'place':'" DEMO_STORE "','guards':[{'person':'P0024'},{'person':'P0025'},"
	              "{'person':'P0026'},{'person':'P0027'},{'person':'P0028'},{'person':'P0029'}]}");
	demo_say(s, st, false, "保密室两名负责人、六名值守人员到位",
	         "two answer for the secrecy room, six are on the roster of its guards");
	st = demo_add(s, at_ms + DEMO_MINUTE, "custody.change_locks", "P0020",
	              "keeper=badge:P0020 keeper=badge:P0021",
	              "{'place':'" DEMO_STORE "','locks':true,'codes':true}");
	demo_say(s, st, false, "保密室换锁换密码", "the room's locks and codes are new");
}

/* Each block soon after its end; the first that ends after the room is active. */
static void replays(struct demo_story *s, int64_t from_ms, int64_t to_ms)
{
	const int64_t block = 6 * DEMO_HOUR, east = 8 * DEMO_HOUR;
	int64_t begin = from_ms - (from_ms + east) % block;

	for (; begin + block + DEMO_HOUR < to_ms; begin += block) {
		int64_t at = begin + block + 12 * DEMO_MINUTE;
		struct demo_step *st =
			demo_add(s, at, "custody.replay", "P0010", "reviewer=badge:P0017 head=badge:P0012",
		             "{'place':'" DEMO_STORE "','block':'%s','suspects':0}",
		             clock_format_utc(s->arena, begin).s);

		demo_say(s, st, false, "保密室录像按时段回放：未见异常",
		         "a block of the room's recordings is replayed: nothing suspicious");
	}
}

/* Education, police and secrecy bureau have looked at each site's store. */
static void accept_sites(struct demo_story *s, int64_t at_ms)
{
	const char *slots = demo_fmt(s, "%s%s%s", demo_sign(s, "education", "P0011"),
	                             demo_sign(s, "police", "P0033"), demo_sign(s, "secrecy", "P0034"));

	for (int site = 1; site <= DEMO_SITES; site++) {
		struct demo_step *st =
			demo_add(s, at_ms + site * DEMO_MINUTE / 4, "custody.accept_store", "P0010", slots,
		             "{'place':'" DEMO_COUNTY "/s%02d','certificate':'YS-2025-07-%02d'}",
		             site, site);

		demo_say(s, st, false, "考点试卷临时保管室验收合格", "a site's store of papers is accepted");
	}
}

void demo_room(struct demo_story *s, int64_t from_ms, int64_t to_ms)
{
	const char *leaders = "leader=badge:P0012 leader=badge:P0034";
	struct demo_step *st;

	st = demo_add(s, from_ms, "custody.assign_keys", "P0010", leaders,
	              "{'place':'" DEMO_STORE "','door_a':'P0020','door_b':'P0021','cabinet':'P0022',"
	              "'code':'P0023'}");
	demo_say(s, st, true, "保密室钥匙三人、密码一人，分人保管",
	         "the room's three keys and its code are with four different persons");
	made_ready(s, from_ms + 2 * DEMO_MINUTE);
	accept_sites(s, from_ms + 4 * DEMO_MINUTE);
	shifts(s, from_ms + 10 * DEMO_MINUTE, to_ms);
	st = demo_add(s, from_ms + 30 * DEMO_MINUTE, "custody.activate_store", "P0010", leaders,
	              "{'place':'" DEMO_STORE "','certificate':'YS-2025-07'}");
	demo_say(s, st, true, "保密室启用，开始每半小时巡查、每半日联检",
	         "the secrecy room is active: a patrol each half hour, a joint check each half day");
	patrols(s, from_ms + 30 * DEMO_MINUTE, to_ms);
	joint_checks(s, from_ms + 30 * DEMO_MINUTE, to_ms);
	replays(s, from_ms + 30 * DEMO_MINUTE, to_ms);
}
