/* SPDX-License-Identifier: Apache-2.0 */
/* reading.h -- what a reader of the projections sees, for scenarios that are played on a scene. */
#ifndef GY_TEST_READING_H
#define GY_TEST_READING_H

#include "domain/scene.h"

/* Rows of a view of the modules' tables; it must give the columns that it declares. */
int64_t view_rows(struct scene *s, const char *path);
int64_t view_walked(struct scene *s, const char *path); /* from key to key */
/* The same of the row with this key: 0 or 1. */
int64_t view_one(struct scene *s, const char *path, const char *key);

/* The same of any kit; and one cell of its n-th row, from 0: "none" when there is no such row. */
int64_t view_count(struct kit *k, const char *path);
struct str view_at(struct kit *k, const char *path, int64_t row, const char *column);

/* The profile's setting, from now on. */
void set_setting(struct scene *s, const char *id, int64_t value);

/* One cell, as text. */
struct str view_cell(struct scene *s, const char *query);

#endif
