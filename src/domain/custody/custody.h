/* SPDX-License-Identifier: Apache-2.0 */
/* custody.h -- the papers on their way (试卷安全): consignments, boxes, bags, holders, books.
 *
 * A consignment (批次) holds boxes (试卷箱) for one session and one site, a box holds bags (试卷袋)
 * known by the printed number of the province, a bag holds copies of one asset.  Every copy is in
 * the book of exactly one holder: a place ("sc/cd/jn/store", a site, a room) or a vehicle by its
 * code ("V3"), or in one of the accounts printed, used, spoiled, destroyed, missing.  For each bag
 *     copies = held + used + spoiled + missing + destroyed.
 *
 * What happened is a fact and is recorded however it happened: an unknown number becomes a found
 * object, unequal counts a disputed hand-over in which the giver still holds, and what is wrong is
 * an alarm.  What asks leave (release, issue, activation, closing, destruction) is refused with its
 * article when the rules do not allow it.
 *
 * The files are modules of one group, "custody": they share their tables.
 *   paper.c        boxes, bags, their lives; unknown numbers     found_object
 *   consignment.c  what was sent, in what                        register_*
 *   store.c        the secrecy room: keys, activation            assign_keys, activate_store, …
 *   room.c         who answers for it, locks, spare key  staff_store, change_locks, …
 *   watch.c        cameras, sensors, doors, strangers    report_device, report_door, …
 *   visit.c        openings, entries, cabinets, checks   open_store, enter_room, inspect, …
 *   inside.c       who is in, by day and night          leave_room
 *   keybag.c       its keys out of season                seal_key_bag, open_key_bag
 *   acceptance.c   rooms and sites' stores accepted      accept_store
 *   replay.c       recordings replayed                   replay, replay_issue
 *   seal.c         damaged seals, who saw the papers     report_seal, mend_seal, isolate, …
 *   transport.c    trips approved, crews                 plan_trip, check_crew, reroute_trip, …
 *   trip.c         trips on their way                    depart, report_point, arrive, …
 *   guard.c        guards on post, patrols, joint checks         guard_on, guard_off, patrol, …
 *   handover.c     two give and two receive                      hand_over
 *   issue.c        out of the secrecy room, to the exam room     release_boxes, issue_bag, open_bag
 *   count.c        a room's sheet and the law that closes it     count_bag
 *   return.c       back by number and new seal, half day, end    return_bags, close_half_day, …
 *   sheet.c        a signed issue sheet; cards and scratch paper  issue_sheet, issue_materials, …
 *   spare.c        spare papers, changed cards, second papers     use_spare, change_card, …
 *   print.c        the printing house: sheets, waste, packing     order_print, hand_process, …
 *   collect.c      sorting, letters of those who collect          sort_boxes, name_collectors
 *   site.c         the site's store, bags seen, a site's law      seal_site_store, close_site, …
 *   script.c       scripts after the session                      pack_scripts, hand_scripts, …
 *   stop.c         a paper is stopped and sealed (停用封存)          stop_paper, acknowledge_stop, …
 *   localise.c     where a difference arose: place and interval (localise.h)
 *   secrecy.c      how secret an object is at a moment (secrecy.h)
 *   reconcile.c    a session's bags side by side
 *   custody_view.c  one bag's whole life; the holdings of a place
 */
#ifndef GY_DOMAIN_CUSTODY_H
#define GY_DOMAIN_CUSTODY_H

#include "engine/module.h"

/* What a bag holds.  备用卷 (spare) is never mixed with the papers it may stand in for, and 副题
 * (second) is another paper altogether. */
#define PAPER_KINDS(X) X(PAPER, "paper") X(SPARE, "spare") X(CARD, "card") X(SCRATCH, "scratch") \
	X(BARCODE, "barcode") X(LISTENING, "listening") X(SECOND, "second")
#define X(id, text) PAPER_##id,
enum paper_kind { PAPER_KINDS(X) PAPER_KIND_MAX };
#undef X

#define BAG_STATES(X) X(PACKED, "packed") X(ISSUED, "issued") X(OPENED, "opened") \
	X(COUNTED, "counted") X(RETURNED, "returned") X(LOST, "lost") X(DESTROYED, "destroyed")
#define X(id, text) BAG_##id,
enum bag_state { BAG_STATES(X) BAG_STATE_MAX };
#undef X

#define CUSTODY_READ "custody.read" /* the right to the two below, at a place */
/* One step of a bag's or box's life: the entry in the ledger that says so. */
struct custody_step {
	int64_t index, at_ms;
	struct str event, place, holder; /* event type; where; who holds it afterwards */
};

/* The whole life of a printed number or box label, in ledger order, in the op's arena.  `until`:
 * only entries before this index; < 0: all.  Unknown numbers that were found have a life too.
 * Fails: NOT_FOUND (never seen). */
enum rc custody_trace(struct op *op, struct str code, int64_t until, struct custody_step **ret,
                      size_t *ret_n) MUST_CHECK;

/* What a holder holds, by state. */
struct custody_holding {
	struct str holder;
	enum bag_state state;
	int64_t bags, copies; /* copies: still held, not those used, spoiled, missing, destroyed */
};

/* Holdings at and under a place ("": all, vehicles too), by holder then state. */
enum rc custody_holdings(struct op *op, struct str place, struct custody_holding **ret,
                         size_t *ret_n) MUST_CHECK;
/* On vehicles of that place and below; `holder` is the place that registered the vehicle. */
enum rc custody_in_transit(struct op *op, struct str place, struct custody_holding **ret,
                           size_t *ret_n) MUST_CHECK;

/* What a room's own bag of papers was counted as; *ret_counted false: not yet, the rest untouched.
 * Spares that the room used are among the used. */
enum rc custody_room_used(struct op *op, struct str session, struct str room, bool *ret_counted,
                          int64_t *ret_used, int64_t *ret_absent) MUST_CHECK;

const char *bag_state_text(enum bag_state s);
/* One bag of a session beside the others: what it held and what became of it.  Balanced:
 *   copies + spare + moved = (used + spare) + absent + left over + replaced;
 * `moved` is moved in less moved out; first and last: the entries of its life. */
struct custody_line {
	struct str bag, session, asset, room, site, holder; /* room "": issued to none */
	enum paper_kind kind;
	enum bag_state state;
	int64_t copies, spare, moved, used, absent, left_over, replaced, missing, destroyed;
	int64_t first, last;
};
/* Bags of a session destined for sites at and under a place ("": all), by site, room, kind. */
enum rc custody_session_lines(struct op *op, struct str session, struct str place,
                              struct custody_line **ret, size_t *ret_n) MUST_CHECK;
/* By how much it does not balance: copies short; negative: too many.  Before its count: what was
 * posted to missing. */
int64_t custody_line_gap(const struct custody_line *l);
/* Copies of spare bags that the sites used. */
enum rc custody_spares(struct op *op, struct str session, struct str place,
                       int64_t *ret_copies) MUST_CHECK;
/* What was found wrong with a site's own store for a session: alarms, those closed as false not. */
enum rc custody_site_findings(struct op *op, struct str session, struct str site,
                              int64_t *ret) MUST_CHECK;
extern const struct module custody_module;          /* paper.c */
extern const struct module custody_consignment_module;
extern const struct module custody_store_module;
extern const struct module custody_guard_module;
extern const struct module custody_handover_module;
extern const struct module custody_issue_module;
extern const struct module custody_count_module;
extern const struct module custody_return_module;
extern const struct module custody_sheet_module;
extern const struct module custody_spare_module;
extern const struct module custody_stop_module;
extern const struct module custody_reconcile_module;
extern const struct module custody_print_module;
extern const struct module custody_collect_module;
extern const struct module custody_site_module;
extern const struct module custody_script_module;
extern const struct module custody_localise_module;
extern const struct module custody_secrecy_module;
extern const struct module custody_view_module;
extern const struct module custody_room_module;
extern const struct module custody_seal_module;
extern const struct module custody_watch_module;
extern const struct module custody_visit_module;
extern const struct module custody_inside_module;
extern const struct module custody_keybag_module;
extern const struct module custody_acceptance_module;
extern const struct module custody_replay_module;
extern const struct module custody_transport_module;
extern const struct module custody_trip_module;

#endif
