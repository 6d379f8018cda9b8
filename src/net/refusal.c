/* SPDX-License-Identifier: Apache-2.0 */
/* refusal.c -- see refusal.h. */
#include "net/refusal.h"

static const struct {
	int status;
	const char *zh, *en;
} TITLE[] = {
	{400, "请求有误", "Bad request"}, {401, "请先登录", "Not logged in"},
	{403, "无权办理", "Not allowed"}, {404, "没有此项", "Not found"},
	{405, "方法不支持", "Method not allowed"}, {409, "与现状冲突", "Conflict"},
	{411, "未写明内容长度", "Length required"}, {413, "内容过长", "Too long"},
	{414, "地址过长", "Address too long"}, {415, "内容类型不支持", "Unsupported type of content"},
	{417, "不支持的请求方式", "Expectation failed"}, {422, "内容不合要求", "Invalid content"},
	{429, "请求过于频繁", "Too many requests"}, {431, "请求头过长", "Head too long"},
	{500, "系统故障", "The system is broken"}, {501, "方法不支持", "Method not implemented"},
	{503, "系统繁忙，请稍后重试", "Busy; try again later"},
	{505, "协议版本不支持", "Version not supported"},
};

const char *status_title(int status, bool english)
{
	for (size_t i = 0; i < COUNT(TITLE); i++)
		if (TITLE[i].status == status)
			return english ? TITLE[i].en : TITLE[i].zh;
	return english ? "Error" : "出错";
}

static const struct {
	const char *en, *zh;
} WHY[] = {
	{"%00 in the target", "地址中不得有 %00"},
	{"%2F in the path", "路径中不得有 %2F"},
	{"HTTP/1.1 alone is spoken here", "只支持 HTTP/1.1"},
	{"Host is missing or odd", "请求头 Host 缺失或不合格式"},
	{"a body comes as it is, not compressed", "内容须原样发送，不得压缩"},
	{"a body comes with its length: Content-Length, no Transfer-Encoding",
	 "内容须写明长度：用 Content-Length，不用 Transfer-Encoding"},
	{"a character that no target may have", "地址中有不允许的字符"},
	{"a header that may stand once stands twice", "只能有一个的请求头出现了两次"},
	{"a header's name is no token", "请求头的名称不合格式"},
	{"a header's value has control characters", "请求头的值含控制字符"},
	{"a page of another site may not send this", "其他网站的页面不得提交此请求"},
	{"bad percent-encoding in the target", "地址中的百分号编码有误"},
	{"busy; try again later", "系统繁忙，请稍后重试"},
	{"busy; try again later with the same key", "系统繁忙，请稍后用同一幂等键重试"},
	{"lines end with CRLF and are not folded", "请求头各行须以 CRLF 结尾，不得折行"},
	{"only 100-continue can be expected", "Expect 只支持 100-continue"},
	{"the body is too long", "内容过长"},
	{"the body's Content-Type is not what this path reads", "此地址不接受这种 Content-Type"},
	{"the head is too long", "请求头过长"},
	{"the request line is not METHOD /path HTTP/1.1", "请求行不合格式：应为 方法 /路径 HTTP/1.1"},
	{"the target is not /path", "地址须以 / 开头"},
	{"the target is too long", "地址过长"},
	{"this method has no body", "此方法不带内容"},
	{"this method is unknown", "不支持此方法"},
	{"too many requests from this address", "来自此地址的请求过多，请稍后重试"},
};

const char *refusal_zh(const char *why)
{
	for (size_t i = 0; i < COUNT(WHY); i++)
		if (strcmp(WHY[i].en, why) == 0)
			return WHY[i].zh;
	return NULL;
}

/* None of these texts has a character that JSON would escape. */
struct str refusal_body(struct arena *a, int status, const char *why, bool english)
{
	const char *zh = refusal_zh(why);

	zh = zh ? zh : status_title(status, false);
	return str_fmt(a, "{\"article\":\"\",\"detail\":\"%s\",\"en\":\"%s\",\"errors\":[],"
	               "\"status\":%d,\"title\":\"%s\",\"type\":\"urn:gongyuan:problem:http\","
	               "\"zh\":\"%s\"}", english ? why : zh, why, status,
	               status_title(status, english), zh);
}
