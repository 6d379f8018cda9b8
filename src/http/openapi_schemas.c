/* SPDX-License-Identifier: Apache-2.0 */
/* openapi_schemas.c -- schemas of what no module has a table for: classes of values, envelopes,
 * receipts, problems.  ' stands for ".
 */
#include "http/openapi_parts.h"

#include "base/json.h"

static const struct schema_text SCHEMAS[] = {
	{"code", "{'type':'string','maxLength':64,'pattern':'^[0-9A-Z._/-]*[0-9][0-9A-Z._/-]*$'}"},
	{"key", "{'type':'string','maxLength':64,'pattern':'^[a-z][a-z0-9._-]*$'}"},
	{"place", "{'type':'string','maxLength':128,"
	 "'pattern':'^[a-z0-9-]{1,24}(/[a-z0-9-]{1,24}){0,4}$'}"},
	{"hash", "{'type':'string','pattern':'^[0-9a-f]{64}$'}"},
	{"time", "{'type':'string','format':'date-time'}"},
	{"time_utc", "{'type':'string','format':'date-time',"
	 "'pattern':'^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{12}Z$'}"},
	{"subject", "{'type':'string'}"},
	{"uuid", "{'type':'string','format':'uuid'}"},
	{"index", "{'type':'integer','minimum':0,'maximum':9007199254740991}"},
	{"limit", "{'type':'integer','minimum':1,'maximum':2000,'default':200}"},
	{"cursor", "{'type':'string'}"},
	{"person", "{'description':'编号（整数）或工号 (a number, or the staff code)',"
	 "'type':['integer','string']}"},
	{"vault_text", "{'description':'文本在保密库，台账只有加盐校验值 (the text lies in the vault; the "
	 "ledger has its salted HMAC)','type':'object','additionalProperties':false,'required':['mac',"
	 "'vault'],'properties':{'mac':{'$ref':'#/components/schemas/hash'},'vault':{'$ref':"
	 "'#/components/schemas/index'}}}"},
	{"slot", "{'description':'一处签名 (one signature)','type':'object','additionalProperties':"
	 "false,'required':['slot','how','person'],'properties':{'slot':{'type':'string'},'how':{"
	 "'enum':['key','badge','paper','phone']},'person':{'$ref':'#/components/schemas/person'},"
	 "'signature':{'type':'string','pattern':'^[0-9a-fA-F]{128}$'},'note':{'type':'string'}}}"},
	{"envelope", "{'description':'命令内容之外的各项 (what stands beside the data of an act)',"
	 "'type':'object','properties':{'happened':{'$ref':'#/components/schemas/time'},'noted':{"
	 "'$ref':'#/components/schemas/time'},'source':{'enum':['terminal','office','paper','video',"
	 "'feed','telephone']},'slots':{'type':'array','maxItems':16,'items':{'$ref':"
	 "'#/components/schemas/slot'}},'exception':{'description':'特批理由 (why an order is asked for "
	 "against a rule)','type':'string','maxLength':2000}}}"},
	{"batch", "{'type':'array','minItems':1,'maxItems':1000,'items':{'allOf':[{'$ref':"
	 "'#/components/schemas/envelope'}],'type':'object','required':['command','key'],'properties':{"
	 "'command':{'type':'string'},'key':{'$ref':'#/components/schemas/uuid'},'data':{'type':"
	 "'object'}},'unevaluatedProperties':false}}"},
	{"stage_acts", "{'type':'array','minItems':1,'maxItems':1000,'items':{'type':'object',"
	 "'required':['act','actor','clock'],'properties':{'act':{'type':'object','required':["
	 "'command','data','key'],'properties':{'command':{'type':'string'},'data':{'type':'object'},"
	 "'key':{'$ref':'#/components/schemas/uuid'}}},'actor':{'$ref':'#/components/schemas/index'},"
	 "'beside':{'type':'array'},'clock':{'$ref':'#/components/schemas/time'}}}}"},
	{"stage_clock", "{'type':'object','required':['to'],'properties':{'after':{'$ref':"
	 "'#/components/schemas/index'},'to':{'$ref':'#/components/schemas/time'}}}"},
	{"stage_alarms", "{'type':'object','additionalProperties':false,'required':['alarms'],"
	 "'properties':{'alarms':{'$ref':'#/components/schemas/stage_list'}}}"},
	{"stage_moved", "{'type':'object','additionalProperties':false,'required':['alarms','size'],"
	 "'properties':{'alarms':{'$ref':'#/components/schemas/stage_list'},'due':{'$ref':"
	 "'#/components/schemas/time_utc'},'size':{'$ref':'#/components/schemas/index'}}}"},
	{"stage_list", "{'type':'array','items':{'type':'object','additionalProperties':false,"
	 "'required':['at','colour','id','place','rule','subject'],'properties':{'at':{'$ref':"
	 "'#/components/schemas/time_utc'},'colour':{'type':'string'},'id':{'$ref':"
	 "'#/components/schemas/index'},'place':{'type':'string'},'rule':{'type':'string'},'subject':{"
	 "'type':'string'}}}}"},
	{"login", "{'type':'object','properties':{'person':{'$ref':'#/components/schemas/code'},"
	 "'password':{'type':'string'},'code':{'type':'string','pattern':'^[0-9]{6}$'},'challenge':{"
	 "'type':'string'},'signature':{'type':'string','pattern':'^[0-9a-f]{128}$'}},'oneOf':[{"
	 "'required':['person','password','code']},{'required':['person','challenge','signature']}]}"},
	{"badge", "{'type':'object','required':['badge'],'properties':{'badge':{'$ref':"
	 "'#/components/schemas/person'},'pin':{'type':'string','pattern':'^[0-9]{6}$'},'leave':{"
	 "'const':true},'at':{'$ref':'#/components/schemas/time'}}}"},
	{"badge_came", "{'type':'object','additionalProperties':false,'properties':{'person':{'$ref':"
	 "'#/components/schemas/index'},'until':{'$ref':'#/components/schemas/time_utc'}}}"},
	{"pins_ask", "{'type':'object','required':['place','persons'],'properties':{'place':{'$ref':"
	 "'#/components/schemas/place'},'persons':{'type':'array','minItems':1,'maxItems':50,'items':{"
	 "'$ref':'#/components/schemas/person'}},'day':{'type':'string','format':'date'}}}"},
	{"pins", "{'type':'object','additionalProperties':false,'required':['day','pins'],"
	 "'properties':{'day':{'type':'string'},'pins':{'type':'array','items':{'type':'object',"
	 "'additionalProperties':false,'required':['person','pin'],'properties':{'person':{'$ref':"
	 "'#/components/schemas/index'},'pin':{'type':'string','pattern':'^[0-9]{6}$'}}}}}}"},
	{"challenge", "{'type':'object','additionalProperties':false,'required':['challenge','origin'],"
	 "'properties':{'challenge':{'type':'string'},'origin':{'type':'string'}}}"},
	{"token", "{'type':'object','additionalProperties':false,'required':['token'],'properties':{"
	 "'token':{'type':'string','pattern':'^[0-9a-f]{64}$'}}}"},
	{"trace", "{'type':'object','additionalProperties':false,'required':['code','size','steps',"
	 "'withheld'],'properties':{'code':{'type':'string'},'size':{'$ref':"
	 "'#/components/schemas/index'},'steps':{'type':'array','items':{'type':'object',"
	 "'additionalProperties':false,'required':['event','holder','index','place','time'],"
	 "'properties':{'event':{'type':'string'},'holder':{'type':'string'},'index':{'$ref':"
	 "'#/components/schemas/index'},'place':{'type':'string'},'time':{'$ref':"
	 "'#/components/schemas/time_utc'}}}},'withheld':{'description':'不在授权范围内的步数 (steps at "
	 "places that the grants do not cover)','type':'integer','minimum':0}}}"},
	{"balance", "{'type':'object','additionalProperties':false,'required':['balances','holdings',"
	 "'place','size'],'properties':{'balances':{'type':'array','items':{'type':'object',"
	 "'additionalProperties':false,'required':['asset','holder','qty'],'properties':{'asset':{"
	 "'type':'string'},'holder':{'type':'string'},'qty':{'type':'integer'}}}},'holdings':{"
	 "'description':'现在各处试卷袋；as_of 时为 null (bags now; null with as_of)','type':['array',"
	 "'null'],'items':{'type':'object','additionalProperties':false,'required':['bags','copies',"
	 "'holder','state'],'properties':{'bags':{'type':'integer'},'copies':{'type':'integer'},"
	 "'holder':{'type':'string'},'state':{'type':'string'}}}},'place':{'type':'string'},'size':{"
	 "'$ref':'#/components/schemas/index'}}}"},
	{"entries", "{'type':'object','additionalProperties':false,'required':['items','next','size'],"
	 "'properties':{'items':{'type':'array','items':{'type':'object','additionalProperties':false,"
	 "'required':['index','leaf','place','time','type'],'properties':{'index':{'$ref':"
	 "'#/components/schemas/index'},'leaf':{'$ref':'#/components/schemas/hash'},'place':{'type':"
	 "'string'},'time':{'$ref':'#/components/schemas/time_utc'},'type':{'type':'string'}}}},"
	 "'next':{'type':['string','null']},'size':{'$ref':'#/components/schemas/index'}}}"},
	{"health", "{'type':'object','additionalProperties':false,'required':['ok','origin','size'],"
	 "'properties':{'ok':{'type':'boolean'},'origin':{'type':'string'},'size':{'$ref':"
	 "'#/components/schemas/index'}}}"},
	{"document", "{'type':'object','required':['openapi','info','paths'],'properties':{'openapi':"
	 "{'const':'3.1.0'},'info':{'type':'object'},'paths':{'type':'object'}}}"},
	{"refusal", "{'description':'RFC 9457','type':'object','additionalProperties':false,"
	 "'required':['type','title','status','detail','article','errors','en','zh'],'properties':{"
	 "'type':{'const':'urn:gongyuan:problem:http'},'status':{'type':'integer','minimum':400,"
	 "'maximum':599},'title':{'type':'string','minLength':1},'detail':{'type':'string','minLength':"
	 "1},'article':{'const':''},'errors':{'type':'array','maxItems':0},'en':{'type':'string',"
	 "'minLength':1},'zh':{'type':'string','minLength':1}}}"},
	{"link_ask", "{'type':'object','required':['device','time','nonce','signature'],'properties':{"
	 "'device':{'$ref':'#/components/schemas/index'},'time':{'$ref':'#/components/schemas/time'},"
	 "'nonce':{'type':'string'},'signature':{'type':'string','pattern':'^[0-9a-f]{128}$'}}}"},
	{"link", "{'type':'object','additionalProperties':false,'required':['exam','head','key','link',"
	 "'origin','seq'],'properties':{'exam':{'type':'string'},'head':{'$ref':"
	 "'#/components/schemas/hash'},'key':{'$ref':'#/components/schemas/hash'},'link':{'$ref':"
	 "'#/components/schemas/index'},'origin':{'type':'string'},'seq':{'$ref':"
	 "'#/components/schemas/index'}}}"},
	{"acts", "{'description':'命令原文与链路校验码 (acts as written, each with the MAC of its link)','type':"
	 "'array','minItems':1,'maxItems':1000,'items':{'type':'object','required':['act','mac'],"
	 "'properties':{'act':{'type':'string','maxLength':49152},'mac':{'$ref':"
	 "'#/components/schemas/hash'},'head':{'type':'string','pattern':'^[0-9a-f]{128}$'},'slots':{"
	 "'type':'array','maxItems':16,'items':{'$ref':'#/components/schemas/slot'}},'beside':{'type':"
	 "'array','maxItems':33,'items':{'type':'object','additionalProperties':false,'required':["
	 "'field','text','salt'],'properties':{'field':{'type':'string'},'text':{'type':'string'},"
	 "'salt':{'type':'string','pattern':'^[0-9a-f]{32}$'}}}}}}}"},
	{"rules", "{'type':'object'}"},
	{"receipt", "{'description':'回执 (receipt)','type':'object','additionalProperties':false,"
	 "'required':['checkpoint','index','leaf'],'properties':{'checkpoint':{'type':'string'},"
	 "'index':{'$ref':'#/components/schemas/index'},'leaf':{'$ref':'#/components/schemas/hash'},"
	 "'repeated':{'const':true},'waiting':{'const':true}}}"},
	{"answers", "{'type':'object','additionalProperties':false,'required':['answers'],"
	 "'properties':{'answers':{'type':'array','minItems':1,'maxItems':1000,'items':{'oneOf':[{"
	 "'$ref':'#/components/schemas/receipt'},{'$ref':'#/components/schemas/problem'}]}}}}"},
	{"problem", "{'description':'RFC 9457','type':'object','additionalProperties':false,"
	 "'required':['type','title','status','detail','article','errors','zh','en'],'properties':{"
	 "'type':{'type':'string','pattern':'^urn:gongyuan:problem:(invalid|not_found|conflict|denied|"
	 "busy|broken)$'},'title':{'type':'string','minLength':1},'status':{'type':'integer','minimum':"
	 "400,'maximum':599},'detail':{'type':'string','minLength':1},'article':{'type':'string'},'zh':"
	 "{'type':'string','minLength':1},'en':{'type':'string','minLength':1},'expected':{'$ref':"
	 "'#/components/schemas/index'},'head':{'$ref':'#/components/schemas/hash'},'index':{'$ref':"
	 "'#/components/schemas/index'},'errors':{'type':'array','items':{'type':'object',"
	 "'additionalProperties':false,'required':['field','pointer','zh','en'],'properties':{'field':{"
	 "'type':'string','minLength':1},'pointer':{'type':'string','pattern':'^(/.*)?$'},'zh':{'type':"
	 "'string'},'en':{'type':'string'}}}}}}"},
};

static void add(struct arena *a, struct json *to, const struct schema_text *s)
{
	struct op op = {.arena = a};
	struct str text = str_dup(a, s->text, strlen(s->text));
	struct json *o = NULL;

	for (char *c = (char *)(uintptr_t)text.s; *c; c++)
		*c = *c == '\'' ? '"' : *c;
	if (json_read(&op, text, &o) != RC_OK)
		abort(); /* our own constant; a test reads the document */
	json_put(to, s->name, o);
}

void schemas_common(struct arena *a, struct json *to)
{
	for (size_t i = 0; i < COUNT(SCHEMAS); i++)
		add(a, to, &SCHEMAS[i]);
	for (size_t i = 0; i < CONSOLE_NSCHEMAS; i++)
		add(a, to, &CONSOLE_SCHEMAS[i]);
	for (size_t i = 0; i < SYSTEM_NSCHEMAS; i++)
		add(a, to, &SYSTEM_SCHEMAS[i]);
}
