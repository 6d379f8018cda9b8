/* SPDX-License-Identifier: Apache-2.0 */
/* source_kinds.h -- what each kind of source does for source.h; for src/audit/source*.c alone. */
#ifndef GY_AUDIT_SOURCE_KINDS_H
#define GY_AUDIT_SOURCE_KINDS_H

#include "audit/source.h"

/* source_db.c */
enum rc source_db_open(struct op *keep, struct str url, struct source *s) MUST_CHECK;
void source_db_release(struct source *s);
enum rc source_db_rows(struct op *op, struct source *s, int64_t from, struct source_row *ret,
                       size_t *ret_n) MUST_CHECK;
enum rc source_db_note_next(struct op *op, struct source *s, struct source_note *ret) MUST_CHECK;
void source_db_tile(struct op *op, struct source *s, int level, uint64_t n, const struct hash *h,
                    int width);
void source_db_extra(struct op *op, struct source *s, uint64_t size);

/* source_export.c */
enum rc source_export_open(struct op *keep, struct source *s) MUST_CHECK;
enum rc source_export_rows(struct op *op, struct source *s, int64_t from, struct source_row *ret,
                           size_t *ret_n) MUST_CHECK;
enum rc source_export_note_next(struct op *op, struct source *s,
                                struct source_note *ret) MUST_CHECK;
void source_export_tile(struct op *op, struct source *s, int level, uint64_t n,
                        const struct hash *h, int width);
void source_export_extra(struct op *op, struct source *s, uint64_t size);

/* source_http.c */
enum rc source_http_open(struct op *keep, const struct source_where *where,
                         struct source *s) MUST_CHECK;
void source_http_release(struct source *s);
enum rc source_http_failed(struct op *op, const struct source *s) MUST_CHECK;
enum rc source_http_rows(struct op *op, struct source *s, int64_t from, struct source_row *ret,
                         size_t *ret_n) MUST_CHECK;
enum rc source_http_note_next(struct op *op, struct source *s, struct source_note *ret) MUST_CHECK;
void source_http_tile(struct op *op, struct source *s, int level, uint64_t n, const struct hash *h,
                      int width);
void source_http_extra(struct source *s);
/* "vkey", "rules/HASH.json".  Fails as source_blob; BUSY. */
enum rc source_http_file(struct op *op, const struct source *s, struct str name, size_t max,
                         struct str *ret) MUST_CHECK;

#define BUNDLE_BYTES (TILE_WIDTH * (LIMIT_ENTRY + 2))
/* Entries of a bundle; a damaged one gives those before the damage, and is reported. */
size_t source_bundle_split(struct source *s, const struct source_file *f, struct str bytes,
                           struct source_row *ret);

/* The first hash of the stored bytes that differs, as an entry's index; reports it. */
void source_tile_compare(struct source *s, int level, uint64_t n, const struct hash *h, int width,
                         struct str stored);

#endif
