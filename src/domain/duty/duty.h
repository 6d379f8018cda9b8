/* SPDX-License-Identifier: Apache-2.0 */
/* duty.h -- who is on duty, what is ordered and answered, what is reported upward (值班指挥).
 *
 * Every area (考区: a county, a city) has two on duty at any moment: a duty officer (值班员) and a
 * leader on duty (带班领导), each with a deputy (A/B 角).  The roster knows who sits there now, and
 * alarms ask it before they ask the grants; it gives nobody a right.
 *
 * Facts are recorded however they are: a hand-over that comes late, a zero-report that contradicts
 * the ledger, a tip about the officer who takes it.  What is wrong with them is an alarm.
 *
 * The files are modules of one group, "duty": they share their tables.
 *   roster.c   shifts, sign-in, hand-over                roster, change_shift, sign_in, …
 *   order.c    orders (调度指令): issued, signed, answered  issue_order, sign_order, answer_order
 *   call.c     decisions by telephone, countersigned      phone_decision, countersign
 *   zero.c     zero-reports: site, county, city           zero_site, zero_county, zero_city
 *   day.c      the store's evening report, 日清             report_store, close_day
 *   tip.c      tips, sealed to discipline inspection      take_tip, accept_tip, triage_tip, …
 * report.h gathers the day's report out of them and the others' facts.
 */
#ifndef GY_DOMAIN_DUTY_H
#define GY_DOMAIN_DUTY_H

#include "engine/module.h"

#define DUTY_POSTS(X) X(DUTY_OFFICER, "duty_officer") X(COUNTY_LEADER, "county_leader") \
	X(CITY_DUTY, "city_duty") X(CITY_LEADER, "city_leader")
#define X(id, text) POST_##id,
enum duty_post { DUTY_POSTS(X) POST_MAX };
#undef X

/* One shift of the roster.  Lists are in the op's arena. */
struct duty_shift {
	struct str code, place;
	enum duty_post post;
	struct person_id person, deputy; /* A and B */
	int64_t from_ms, until_ms;
	struct person_id present;        /* who signed in last and has not left; 0: nobody */
	int64_t signed_in, handed;       /* indices; -1: not */
};

/* Shifts of a place and below that touch [from, to), by start. */
enum rc duty_shifts(struct op *op, struct str place, int64_t from_ms, int64_t to_ms,
                    struct duty_shift **ret, size_t *ret_n) MUST_CHECK;

/* A zero-report as it stands, the newest of its place and session. */
#define ZERO_CATEGORIES(X) X(expected) X(present) X(absent) X(violations) X(incidents) X(spares) \
	X(listening_faults) X(store_findings) X(exceptions)
struct duty_zero {
	struct str session, place;
#define X(member) int64_t member;
	ZERO_CATEGORIES(X)
#undef X
	int64_t index, at_ms, version; /* the entry; when reported; 1, 2, … with corrections */
	struct person_id signer;
};

/* The numbers of a report: ZERO_violations, … */
#define X(member) ZERO_##member,
enum zero_category { ZERO_CATEGORIES(X) ZERO_CATEGORY_MAX };
#undef X

/* Reports of a session at and under a place ("" all), by place. */
enum rc duty_zeros(struct op *op, struct str session, struct str place, struct duty_zero **ret,
                   size_t *ret_n) MUST_CHECK;

/* One place of an order.  Indices and times: -1 and 0 when not (yet).  Orders, calls and tips are
 * asked for by the place that they concern (and below; "": all) and from <= t < to. */
#define ORDER_URGENCIES(X) X(FLASH, "flash") X(URGENT, "urgent") X(ROUTINE, "routine")
#define X(id, text) URGENCY_##id,
enum order_urgency { ORDER_URGENCIES(X) URGENCY_MAX };
#undef X
struct duty_order_line {
	struct str order, place, issuer;
	enum order_urgency urgency;
	int64_t issued_ms, issued, signed_ms, signed_for, answered_ms, answered;
	bool done, withdrawn;
};
enum rc duty_orders(struct op *op, struct str place, int64_t from_ms, int64_t to_ms,
                    struct duty_order_line **ret, size_t *ret_n) MUST_CHECK;

/* A decision by telephone; signed_at: index of the countersignature, -1. */
struct call_id {
	int64_t v;
};
struct duty_call {
	struct call_id id;
	int64_t index;
	struct str place, decision;
	struct person_id decider;
	bool approved;
	int64_t minute_ms;
	struct person_id taker, signed_by;
	int64_t signed_at;
};
enum rc duty_calls(struct op *op, struct str place, int64_t from_ms, int64_t to_ms,
                   struct duty_call **ret, size_t *ret_n) MUST_CHECK;

/* A tip as others may know it: a number and its clocks, never what it says or of whom. */
struct tip_id {
	int64_t v;
};
struct duty_tip {
	struct tip_id id;
	struct str place;
	struct person_id owner;
	int64_t received_ms, accepted_ms, triaged_ms, handed_ms, closed_ms; /* 0: not yet */
	int kind, result; /* -1: not said */
};
enum rc duty_tips(struct op *op, struct str place, int64_t from_ms, int64_t to_ms,
                  struct duty_tip **ret, size_t *ret_n) MUST_CHECK;

/* A day ("2025-06-07") of an area: when its evening began, and the entries that settled it. */
struct duty_day {
	struct str place, day;
	int64_t evening_ms, store, closed, closed_ms; /* indices -1 when not */
};
enum rc duty_day(struct op *op, struct str place, struct str day, struct duty_day *ret,
                 bool *ret_known) MUST_CHECK;
/* That day at a place and below, by place. */
enum rc duty_days(struct op *op, struct str day, struct str place, struct duty_day **ret,
                  size_t *ret_n) MUST_CHECK;

/* The right to the day's report (report.h) of a place. */
#define DUTY_REPORT "duty.report"

extern const struct module duty_module; /* roster.c */
extern const struct module duty_order_module;
extern const struct module duty_call_module;
extern const struct module duty_zero_module;
extern const struct module duty_day_module;
extern const struct module duty_tip_module;

#endif
