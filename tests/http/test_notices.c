/* SPDX-License-Identifier: Apache-2.0 */
/* test_notices.c -- public notices from the office's form to a stranger's telephone: published,
 * corrected, withdrawn; what was typed is text and nothing else.
 */
#include "kit/check.h"

#include "http/office.h"

#define COUNTY "sc/cd/jn"
#define BY_P2 "'slots':[{'slot':'leader','how':'paper','person':'L1'}]"

static struct shell S;
static struct serving V;
static struct worker W[] = {
	{"O1", "county_office", COUNTY}, {"L1", "county_leader", COUNTY},
	{"C1", "site_clerk", COUNTY "/s01"}, {"M1", "medic", COUNTY "/s01"},
};

static int setup(void **state)
{
	(void)state;
	office_open(&S, W, COUNT(W));
	serving_start(&V, &S);
	log_in(&V, "O1");
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	office_close(&S, &V);
	return 0;
}

static int64_t publish(const char *data)
{
	struct heard h;

	command(&V, "service.publish_notice", str_fmt(&S.arena, "{'data':{%s}," BY_P2 "}", data).s, &h);
	assert_heard(&h, 200);
	return json_int(h.doc, "index", -1);
}

static void look(const char *path, int want, struct heard *ret)
{
	struct str token = V.token;

	V.token = STR("");
	ask(&V, "GET", path, NULL, ret);
	V.token = token;
	assert_heard(ret, want);
	assert_null(strstr(ret->all.s, "<script"));
	assert_non_null(strstr(ret->all.s, "default-src 'none'"));
}

/* The views have seen this entry, and with them the pages. */
static void seen(int64_t index)
{
	struct heard h;

	ask(&V, "GET", str_fmt(&S.arena, "/api/v1/service/notices?min_index=%lld",
	                       (long long)index).s, NULL, &h);
	assert_heard(&h, 200);
}

static const char *page_of(int64_t id)
{
	return str_fmt(&S.arena, "/public/notices/%lld", (long long)id).s;
}

static const char *zh(const char *path)
{
	return str_fmt(&S.arena, "%s?lang=zh", path).s;
}

static void a_notice_is_read_by_everybody_newest_first(void **state)
{
	int64_t first, second;
	struct heard h;
	const char *a, *b;

	(void)state;
	look("/public/notices?lang=zh", 200, &h);
	assert_non_null(strstr(h.all.s, "目前没有通知"));
	first = publish("'place':'" COUNTY "','kind':'traffic','audience':'public',"
	                "'title':'考点周边交通管制','text':'六月七日七时起\\n请绕行',"
	                "'title_en':'Roads closed around the sites','text_en':'Please go round'");
	second = publish("'place':'" COUNTY "','kind':'food','audience':'parents',"
	                 "'title':'午餐须知','text':'请带<b>水</b>&\\\"筷子\\\"'");
	seen(second);
	look("/public/notices?lang=zh", 200, &h);
	a = strstr(h.all.s, "午餐须知");
	b = strstr(h.all.s, "考点周边交通管制");
	assert_true(a && b && a < b);
	look("/public/?lang=zh", 200, &h);
	assert_non_null(strstr(h.all.s, "午餐须知"));
	look(zh(page_of(first)), 200, &h);
	assert_non_null(strstr(h.all.s, "六月七日七时起\n请绕行"));
	look(str_fmt(&S.arena, "%s?lang=en", page_of(first)).s, 200, &h);
	assert_non_null(strstr(h.all.s, "Roads closed around the sites"));
	assert_non_null(strstr(h.all.s, "Please go round"));
	look(zh(page_of(second)), 200, &h);
	assert_non_null(strstr(h.all.s, "请带&lt;b&gt;水&lt;/b&gt;&amp;&quot;筷子&quot;"));
	assert_null(strstr(h.all.s, "<b>水"));
}

static void what_was_said_wrongly_is_corrected_and_withdrawn(void **state)
{
	int64_t id = publish("'place':'" COUNTY "','kind':'noise','audience':'public',"
	                     "'title':'禁鸣通知','text':'全天禁鸣'");
	struct heard h;
	const struct json *row;

	(void)state;
	command(&V, "service.correct_notice",
	        str_fmt(&S.arena, "{'data':{'notice':%lld,'title':'禁鸣通知','text':'听力时段禁鸣',"
	                "'reason':'时段写错'}," BY_P2 "}", (long long)id).s, &h);
	assert_heard(&h, 200);
	seen(json_int(h.doc, "index", -1));
	look(zh(page_of(id)), 200, &h);
	assert_non_null(strstr(h.all.s, "听力时段禁鸣"));
	assert_non_null(strstr(h.all.s, "更正于"));
	command(&V, "service.withdraw_notice",
	        str_fmt(&S.arena, "{'data':{'notice':%lld,'reason':'不再管制'}," BY_P2 "}",
	                (long long)id).s, &h);
	assert_heard(&h, 200);
	seen(json_int(h.doc, "index", -1));
	look(zh(page_of(id)), 410, &h);
	assert_non_null(strstr(h.all.s, "本通知已撤回"));
	assert_null(strstr(h.all.s, "听力时段禁鸣"));
	look("/public/notices?lang=zh", 200, &h);
	assert_null(strstr(h.all.s, "禁鸣通知"));
	ask(&V, "GET", str_fmt(&S.arena, "/api/v1/service/notices?id=%lld", (long long)id).s, NULL, &h);
	row = json_get(h.doc, "items")->first;
	assert_str(json_str(row, "title"), "禁鸣通知");
	assert_str(json_str(row, "reason"), "不再管制");
	assert_true(json_int(row, "withdrawn_ms", 0) > 0);
}

static void what_is_not_there_is_said_so(void **state)
{
	int64_t later = publish("'place':'" COUNTY "','kind':'weather','audience':'candidates',"
	                        "'title':'以后生效','text':'以后','from':'2099-06-07T06:00:00+08:00'");
	struct heard h;

	(void)state;
	seen(later);
	look(page_of(later), 404, &h);
	look("/public/notices/999999?lang=zh", 404, &h);
	assert_non_null(strstr(h.all.s, "没有这条通知"));
	look("/public/notices/%22%3E%3Cscript%3E", 404, &h);
	look("/public/notices/-1", 404, &h);
}

static void a_notice_is_published_by_those_who_may(void **state)
{
	struct heard h;

	(void)state;
	log_in(&V, "C1");
	command(&V, "service.publish_notice", "{'data':{'place':'" COUNTY "/s01','kind':'food',"
	        "'audience':'parents','title':'午餐','text':'自带'}," BY_P2 "}", &h);
	assert_heard(&h, 403);
	log_in(&V, "M1"); /* reads none of them but those that everybody reads */
	ask(&V, "GET", "/api/v1/service/notices", NULL, &h);
	assert_heard(&h, 200);
	assert_int_equal(json_get(h.doc, "items")->count, 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_notice_is_read_by_everybody_newest_first),
		cmocka_unit_test(what_was_said_wrongly_is_corrected_and_withdrawn),
		cmocka_unit_test(what_is_not_there_is_said_so),
		cmocka_unit_test(a_notice_is_published_by_those_who_may),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
