/* SPDX-License-Identifier: Apache-2.0 */
/* day_text.h -- the day's document (domain/duty/report.h) for people, and what its printed parts
 * share: values out of the document, tables, titles.
 */
#ifndef GY_CLI_DAY_TEXT_H
#define GY_CLI_DAY_TEXT_H

#include "cli/cli.h"
#include "cli/out.h"

/* The whole report. */
void day_print(struct cli *c, const struct json *doc);

/* A number of an object; 0 when it is not there. */
long long day_num(const struct json *o, const char *key);
/* "08:57" out of "2025-06-07T08:57:00.000+08:00"; "—" when there is none. */
struct str day_minute(struct cli *c, const struct json *o, const char *key);
/* "[12-340]": the entries of an object; "[—]". */
struct str day_entries(struct cli *c, const struct json *o);
/* "3分20秒" of so many seconds. */
struct str day_span(struct cli *c, long long s);
/* The text of a member, or these words when it is empty. */
struct str day_or(struct cli *c, const struct json *o, const char *key, const char *zh,
                  const char *en);
/* The words of a value of the document: colours, states, reasons. */
const char *day_word(const struct cli *c, struct str code);

void day_title(const struct cli *c, const char *zh, const char *en);
void day_head(struct grid *g, struct cli *c, const char *const (*names)[2], size_t n);
#define DAY_HEAD(g, c, ...) \
	day_head((g), (c), (const char *const[][2]){__VA_ARGS__}, \
	         COUNT(((const char *const[][2]){__VA_ARGS__})))

/* day_text_papers.c: where the papers are. */
void day_print_papers(struct cli *c, const struct json *doc);
/* day_text_alarms.c: those that still stand, with what to do; all of them; the desk. */
void day_print_open(struct cli *c, const struct json *doc);
void day_print_alarms(struct cli *c, const struct json *doc);
void day_print_desk(struct cli *c, const struct json *doc);

#endif
