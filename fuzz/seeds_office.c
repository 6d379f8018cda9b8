/* SPDX-License-Identifier: Apache-2.0 */
/* seeds_office.c -- seeds of what an office writes: entries, acts, profiles; see seeds.h. */
#include "fuzz.h"
#include "seeds.h"

#define ENVELOPE \
	"\"exam\":\"demo\",\"idx\":9,\"nonce\":\"00112233445566778899aabbccddeeff\"," \
	"\"place\":\"sc/cd\",\"source\":\"office\",\"time\":\"2025-06-07T00:58:00.000Z\"," \
	"\"type\":\"lab.measured\""
#define HEX64 "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define MAC "\"" HEX64 "\""
#define LINES \
	"\"lines\":[{\"asset\":\"paper\",\"code\":\"B1\",\"copies\":3}," \
	"{\"asset\":\"paper\",\"code\":\"B2\",\"copies\":4,\"spare\":true}]"

static void lab_events(struct op *op)
{
	static const char HEAD[] = "{\"actor\":1,\"auth\":3,\"clock\":\"system\",\"data\":{";
	static const char TAIL[] = "," ENVELOPE ",\"v\":";
	static const char *const DATA[] = {
		"\"code\":\"C-1\",\"how\":\"eye\"," LINES ",\"note\":{\"mac\":" MAC ",\"vault\":288},"
		"\"place\":\"sc/cd\",\"sealed\":true,\"weight_g\":12}",
		"\"code\":\"C-2\",\"how\":\"scale\",\"id\":5,\"note\":{\"mac\":" MAC ",\"vault\":288},"
		"\"person\":7,\"place\":\"sc/cd\",\"sealed\":false,\"weight_mg\":12}",
		"\"at_ms\":\"2025-06-07T00:58:00.000Z\",\"bytes\":\"c0ffee\",\"code\":\"C-3\",\"hash\":" MAC
		",\"hint\":{\"mac\":" MAC ",\"vault\":289},\"how\":\"eye\",\"key\":\"k\"," LINES
		",\"note\":{\"mac\":" MAC ",\"vault\":288},\"place\":\"sc/cd\",\"sealed\":true,"
		"\"subject\":\"vehicle:V3\",\"weight_mg\":-12}",
	};

	for (int v = 1; v <= 4; v++)
		putf(op, "event", v,
		     str_fmt(op->arena, "%s%s%s%d}", HEAD, DATA[v > 3 ? 2 : v - 1], TAIL, v));
}

/* Every member that an envelope can have. */
static void envelopes(struct op *op)
{
	static const char FORM[] =
		"{%s\"actor\":1,\"auth\":3,%s\"clock\":\"%s\",\"data\":{},\"exam\":\"demo\","
		"%s\"idx\":9,\"nonce\":\"00112233445566778899aabbccddeeff\",%s\"place\":\"sc\",%s"
		"\"source\":\"%s\",\"time\":\"2025-06-07T00:58:00.000Z\",\"type\":\"no.such\",\"v\":1}";
	static const char HAPPENED[] = "\"happened\":\"2025-06-07T00:57:00.000Z\",";
	static const char NOTED[] = "\"noted\":\"2025-06-07T00:57:30.000Z\",";
	static const char SLOTS[] =
		"\"slots\":[{\"how\":\"phone\",\"note\":\"1/2/3\",\"person\":4,\"slot\":\"giver\"},"
		"{\"how\":\"key\",\"person\":5,\"sig\":\"" HEX64 HEX64 "\",\"slot\":\"giver\"}],";
	static const char AT[] = "\"act_at\":7,", CAUSE[] = "\"cause\":6,";
	static const char *const ALL[][7] = {
		{AT, CAUSE, "virtual", HAPPENED, NOTED, SLOTS, "paper"},
		{"", CAUSE, "doubtful", HAPPENED, "", "", "telephone"},
		{"", "", "system", "", NOTED, "", "feed"},
		{AT, "", "system", "", "", SLOTS, "video"},
		{"", "", "system", "", "", SLOTS, "video"}, /* slots of no act */
		{AT, "", "none", "", "", "", "nobody"},
	};

	for (size_t i = 0; i < COUNT(ALL); i++)
		putf(op, "event", 20 + (int)i, str_fmt(op->arena, FORM, ALL[i][0], ALL[i][1], ALL[i][2],
		                                       ALL[i][3], ALL[i][4], ALL[i][5], ALL[i][6]));
}

static void lab_acts(struct op *op)
{
	putz(op, "act", 0,
	     "lab.measure\n{\"place\":\"sc/cd\",\"id\":4,\"at_ms\":\"2025-06-07T00:58:00.000Z\","
	     "\"weight_mg\":-3,\"sealed\":true,\"how\":\"eye\",\"code\":\"C-1\",\"key\":\"k\","
	     "\"hash\":" MAC ",\"bytes\":\"c0ffee\",\"person\":7,\"note\":" MAC ",\"hint\":" MAC
	     "," LINES "}");
	putz(op, "act", 1,
	     "lab.measure\n{\"place\":\"sc/cd\",\"at_ms\":\"2025-06-07T08:58:00+08:00\","
	     "\"weight_mg\":\"3\",\"sealed\":\"是\",\"how\":\"scale\",\"code\":\"C-1\",\"hash\":"
	     "\"\",\"bytes\":\"C0FFEE\",\"person\":\"1001\",\"note\":\"箱体有压痕\",\"id\":null,"
	     "\"again\":\"scale\","
	     "\"lines\":\"[{\\\"asset\\\":\\\"paper\\\",\\\"code\\\":\\\"B1\\\",\\\"copies\\\":"
	     "\\\"3\\\"}]\"}");
	putz(op, "act", 2,
	     "lab.measure\n{\"place\":\"sc/"
	     "cd\",\"weight_mg\":3,\"sealed\":false,\"how\":\"\xe2\x98\x83\","
	     "\"code\":\"\xe2\x98\x83\",\"\xe2\x98\x83\":1}");
	putz(op, "act", 3, "lab.measure\n{\"place\":\"sc/cd\",\"wieght_mg\":3}");
	putz(op, "act", 4,
	     "lab.measure\n{\"place\":\"sc/cd\",\"weight_mg\":3,\"sealed\":true,\"how\":\"eye\","
	     "\"code\":\"C-1\",\"note\":" MAC
	     ",\"lines\":[{\"asset\":\"paper\",\"code\":\"B1\",\"copies\":3},"
	     "{\"asset\":\"paper\",\"code\":\"B2\",\"copies\":3},{\"asset\":\"paper\",\"code\":"
	     "\"LONGER-3\","
	     "\"copies\":3}]}");
	/* Short ones: a change then more often meets what matters. */
	putz(op, "act", 20,
	     "lab.measure\n{\"place\":\"sc\",\"weight_mg\":\"3\",\"sealed\":\"true\",\"how\":\"eye\","
	     "\"code\":\"1\",\"note\":\"x\"}");
	putz(op, "act", 21,
	     "lab.measure\n{\"place\":\"sc\",\"weight_mg\":0,\"sealed\":false,\"how\":\"scale\","
	     "\"code\":\"1\",\"note\":\"x\",\"hint\":\"y\",\"at_ms\":\"1970-01-01T00:00:01Z\","
	     "\"person\":\"1001\",\"key\":\"k\",\"bytes\":\"00ff\"}");
	putz(op, "act", 22,
	     "lab.measure\n{\"place\":\"sc\",\"weight_mg\":1,\"sealed\":true,\"how\":\"eye\","
	     "\"code\":\"1\",\"note\":\"x\",\"person\":7,\"lines\":[{\"code\":\"1\",\"asset\":\"a\","
	     "\"copies\":1}]}");
}

static void places(struct op *op)
{
	static const char *const PATHS[] = {
		"sc", "sc/cd/jn/s01/r-1", "a/b/c/d/e/f", "a//b", "/a", "a/", "0123456789abcdef012345678"};

	for (size_t i = 0; i < COUNT(PATHS); i++)
		putf(op, "act", 10 + (int)i, str_fmt(op->arena, "%s\n{}", PATHS[i]));
}

/* Small, and with one of everything. */
#define WORDS "\"zh\":\"甲\",\"en\":\"a\""
#define SURE "\"source\":\"s\",\"article\":\"1\",\"sure\":\"probable\""
#define RUNG "\"rungs\":[{\"after_s\":0,\"role\":\"r\"}]}"
static const char PROFILE[] =
	"{\"format\":1,\"id\":\"p\",\"exam\":\"e\"," WORDS ",\"utc_offset\":\"+08:00\","
	"\"subjects\":[{\"id\":\"s\"," WORDS "},{\"id\":\"m\"," WORDS "}],"
	"\"sessions\":[{\"id\":\"d1\",\"subject\":\"s\",\"half_day\":\"2025-06-07/am\","
	"\"start\":\"2025-06-07T09:00:00+08:00\",\"end\":\"2025-06-07T11:00:00+08:00\"},"
	"{\"id\":\"d2-longer\",\"subject\":\"m\",\"half_day\":\"2025-06-07/pm\","
	"\"start\":\"2025-06-07T15:00:00+08:00\",\"end\":\"2025-06-07T17:00:00+08:00\"," WORDS "}],"
	"\"steps\":[{\"id\":\"t\",\"anchor\":\"T\",\"from\":-60,\"to\":0,\"every\":60," WORDS "," SURE
	"}],\"settings\":[{\"id\":\"x\",\"value\":3," WORDS "," SURE ",\"approver\":\"b\"}],"
	"\"ladders\":[{\"colour\":\"blue\",\"ack_s\":6,\"close_by\":1," RUNG
	",{\"colour\":\"yellow\",\"ack_s\":6,\"close_by\":1," RUNG
	",{\"colour\":\"orange\",\"ack_s\":6,\"close_by\":2," RUNG
	",{\"colour\":\"red\",\"ack_s\":7,\"close_by\":2,\"rungs\":[{\"after_s\":0,\"role\":\"r\","
	"\"level\":3},{\"after_s\":9,\"role\":\"q\"}]}],"
	"\"slots\":[{\"slot\":\"*\",\"how\":[\"key\",\"paper\"]},"
	"{\"slot\":\"a.b/c\",\"how\":[\"badge\"]}]}";

/* What a profile may leave out, well and ill. */
#define LISTS "\"rule_set\":{\"id\":\"o\"," WORDS "," SURE "}," \
	"\"offices\":[{\"id\":\"moe\"," WORDS "}]," \
	"\"languages\":[{\"id\":\"l\",\"listening\":true," WORDS "," SURE "}]," \
	"\"combinations\":[{\"id\":\"c\",\"subjects\":[\"s\"]," WORDS "," SURE "}]," \
	"\"items\":[{\"id\":\"i\",\"class\":\"allowed\"," WORDS "," SURE "}]," \
	"\"decisions\":[{\"id\":\"d\",\"deciders\":[\"moe\"],\"form\":\"f\",\"phone\":true," WORDS \
	"," SURE "}],\"alarms\":[{\"rule\":\"a.b\",\"colour\":\"red\"," SURE "}]," \
	"\"off\":[{\"module\":\"m\"," SURE "}],"
#define WORSE "\"rule_set\":[],\"offices\":{},\"languages\":[{\"listening\":1}]," \
	"\"combinations\":[{\"id\":\"c\",\"subjects\":[\"q\"]}],\"items\":[{\"class\":\"x\"}]," \
	"\"decisions\":[{\"id\":\"d\",\"deciders\":[7]}],\"alarms\":[{\"rule\":\"A\"}]," \
	"\"off\":[{\"module\":\"m\"," SURE "},{\"module\":\"m\"," SURE "}],"

static void profiles(struct op *op)
{
	/* What stands there, and what makes it wrong (or right in another way). */
	static const char *const CHANGES[][2] = {
		{"\"format\":1", "\"format\":2"}, {"+08:00\",\"sub", "+8:00\",\"sub"},
		{"+08:00\",\"sub", "+14:01\",\"sub"}, {"+08:00\",\"sub", "-14:00\",\"sub"},
		{"{\"id\":\"m\"", "{\"id\":\"s\""}, {"\"subject\":\"m\"", "\"subject\":\"z\""},
		{"\"id\":\"d2-longer\"", "\"id\":\"d1\""}, {"T17:00", "T15:00"}, {"T17:00", "T14:00"},
		{"2025-06-07T15:00", "2025-06-06T15:00"}, {"07/pm", "07/am"}, {"T09:00:00+08:00", "T09:00"},
		{"\"from\":-60", "\"from\":1"}, {"\"from\":-60", "\"from\":-99999999"},
		{"\"every\":60", "\"every\":0"}, {"\"anchor\":\"T\"", "\"anchor\":\"X\""},
		{"\"value\":3", "\"value\":\"3\""}, {"probable", "certain"}, {"\"source\":\"s\",", ""},
		{"\"close_by\":2", "\"close_by\":1"}, {"\"close_by\":2,\"rungs\":[{\"after_s\":0,\"role\":"
		 "\"r\",\"level\"", "\"close_by\":1,\"rungs\":[{\"after_s\":0,\"role\":\"r\",\"level\""},
		{"\"after_s\":9", "\"after_s\":0"}, {"\"role\":\"q\"", "\"role\":\"Q\""},
		{"\"level\":3", "\"level\":6"}, {"\"colour\":\"red\"", "\"colour\":\"blue\""},
		{"[\"key\",\"paper\"]", "[]"}, {"[\"key\",\"paper\"]", "[\"key\",\"key\"]"},
		{"\"slot\":\"*\"", "\"slot\":\"a.b/d\""}, {"a.b/c", "*"}, {"a.b/c", "a.b"},
		{"\"exam\":\"e\"", "\"exam\":\"E\""}, {"\"exam\":\"e\",", ""}, {"甲", ""}, {"甲", "甲\\n"},
		{"\"steps\":", "\"stepz\":"}, {"[{\"id\":\"s\"", "[3,{\"id\":\"s\""},
		{"\"every\":60", "\"colours\":{\"late\":\"red\"},\"tolerance\":{\"late\":60}"},
		{"\"every\":60", "\"colours\":{\"late\":\"pink\"},\"tolerance\":{\"late\":-1}"},
		{"\"end\":", "\"listening\":true,\"late_entry\":\"room\",\"entry_closes\":-9,\"end\":"},
		{"\"steps\":", LISTS "\"steps\":"}, {"\"steps\":", WORSE "\"steps\":"},
	};
	struct str whole = str_of(PROFILE);

	putf(op, "profile", 0, whole);
	for (size_t i = 0; i < COUNT(CHANGES); i++) {
		const char *at = strstr(PROFILE, CHANGES[i][0]);

		FUZZ_CHECK(at != NULL);
		putf(op, "profile", 1 + (int)i,
		     str_fmt(op->arena, "%.*s%s%s", (int)(at - PROFILE), PROFILE, CHANGES[i][1],
		             at + strlen(CHANGES[i][0])));
	}
}

void seeds_of_offices(struct op *op)
{
	lab_events(op);
	envelopes(op);
	lab_acts(op);
	places(op);
	profiles(op);
}
