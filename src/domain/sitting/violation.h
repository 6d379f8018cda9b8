/* SPDX-License-Identifier: Apache-2.0 */
/* violation.h -- the articles and items of Order 33 (教育部令第33号 Art.5-8) by which a suspected
 * violation is recorded on the spot.  A profile says whether the order itself is the basis or is
 * taken by reference (参照), as a city does for its 中考.
 */
#ifndef GY_DOMAIN_SITTING_VIOLATION_H
#define GY_DOMAIN_SITTING_VIOLATION_H

#include "domain/sitting/room.h"

/* BREACH 违纪: that subject.  CHEATING 作弊: all subjects.  DISTURBANCE 扰乱: all subjects.  What
 * follows is decided elsewhere. */
enum violation_class { CLASS_BREACH, CLASS_CHEATING, CLASS_DISTURBANCE };

#define VIOLATIONS(X) \
	X(5_1, "5-1", BREACH, "携带规定以外的物品或未放在指定位置", "an item not allowed, or not in its place") \
	X(5_2, "5-2", BREACH, "未在规定的座位参加考试", "not in the assigned seat") \
	X(5_3, "5-3", BREACH, "开考前答题或结束后继续答题", "wrote before the start or after the end") \
	X(5_4, "5-4", BREACH, "旁窥、交头接耳、打手势", "peeped, whispered, made signs") \
	X(5_5, "5-5", BREACH, "喧哗、吸烟或影响考场秩序", "noise, smoking, disorder") \
	X(5_6, "5-6", BREACH, "未经同意擅自离开考场", "left the room without leave") \
	X(5_7, "5-7", BREACH, "将试卷、答卷、草稿纸带出考场", "took paper, script or scratch paper out") \
	X(5_8, "5-8", BREACH, "用规定以外的笔纸或在规定以外处作标记", "another pen or paper, a mark elsewhere") \
	X(5_9, "5-9", BREACH, "其他尚未构成作弊的违规", "another breach") \
	X(6_1, "6-1", CHEATING, "携带与考试内容相关的材料或存储设备", "related material or a device storing it") \
	X(6_2, "6-2", CHEATING, "抄袭或协助抄袭", "copied or helped to copy") \
	X(6_3, "6-3", CHEATING, "抢夺、窃取试卷答卷或胁迫他人", "snatched or stole papers, forced others") \
	X(6_4, "6-4", CHEATING, "携带具有发送或接收信息功能的设备", "a device that can send or receive") \
	X(6_5, "6-5", CHEATING, "由他人冒名代替参加考试", "somebody else sat") \
	X(6_6, "6-6", CHEATING, "故意销毁试卷、答卷或考试材料", "destroyed papers on purpose") \
	X(6_7, "6-7", CHEATING, "答卷上填写不是本人的身份信息", "wrote another's name or number") \
	X(6_8, "6-8", CHEATING, "传接物品或交换试卷、答卷、草稿纸", "passed items, exchanged papers") \
	X(6_9, "6-9", CHEATING, "其他以不正当手段获得成绩的行为", "another unfair gain") \
	X(7_1, "7-1", CHEATING, "以伪造证件、证明等取得资格或加分", "forged documents") \
	X(7_2, "7-2", CHEATING, "评卷认定答案雷同", "answers judged identical at marking") \
	X(7_3, "7-3", CHEATING, "考场纪律混乱、出现大面积作弊", "a room out of control") \
	X(7_4, "7-4", CHEATING, "工作人员协助，事后查实", "staff helped, proven later") \
	X(7_5, "7-5", CHEATING, "其他应认定为作弊的行为", "another act of cheating") \
	X(8_1, "8-1", DISTURBANCE, "故意扰乱考点、考场秩序", "disturbed order on purpose") \
	X(8_2, "8-2", DISTURBANCE, "拒绝、妨碍工作人员履行职责", "obstructed staff") \
	X(8_3, "8-3", DISTURBANCE, "威胁、侮辱、诽谤、诬陷他人", "threatened or insulted") \
	X(8_4, "8-4", DISTURBANCE, "故意损坏考场设施设备", "damaged facilities") \
	X(8_5, "8-5", DISTURBANCE, "其他扰乱考试管理秩序的行为", "another disturbance")
#define X(id, text, class, zh, en) VIOLATION_##id,
enum violation_id { VIOLATIONS(X) VIOLATION_MAX };
#undef X

struct violation_code {
	const char *code;
	enum violation_class class;
	const char *zh, *en;
};

/* NULL: no such code. */
const struct violation_code *violation_code(int code);

#endif
