/* SPDX-License-Identifier: Apache-2.0 */
/* contract.h -- every reply of the server against docs/openapi.json: is the path there, the
 * method, the status, the type of content, and does the body have the form that is promised.
 *
 * The keywords of JSON Schema that the document uses in replies are read here; another one fails
 * the test, so that nothing is promised that nobody checks.
 */
#ifndef GY_TEST_CONTRACT_H
#define GY_TEST_CONTRACT_H

#include "base/json.h"

/* A reply to one request.  A path outside the API (a page) has no contract.  False: *ret_why says
 * what is broken. */
bool contract_holds(const char *method, const char *path, int status, struct str head,
                    struct str body, struct str *ret_why);

/* Operations of the document that no reply has come from yet, with this beginning of their path; a
 * line each. */
size_t contract_unvisited(const char *prefix, struct strbuf *to);

/* One value against one schema of the document, by its name; for the kit's own test. */
bool contract_fits(const char *schema, struct str text, struct str *ret_why);

#endif
