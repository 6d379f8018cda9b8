/* SPDX-License-Identifier: Apache-2.0 */
/* office.h -- opening an office: a data folder for reading or writing, with its keys, profile,
 * modules, clock, randomness and signer.
 *
 * Order at start-up, for writing: lock, keys, ledger, the newest checkpoint kept outside (before
 * anything is written), then the writer.  A store that is behind or forked is never written to.
 *
 *   DIR/keys/log.key     signs checkpoints
 *   DIR/keys/log.vkey    verifies them (public)
 *   DIR/keys/device.key  authenticates this host's acts
 *   DIR/keys/vault.key   seals the vault
 *   DIR/profile.json     the profile's bytes
 *   DIR.checkpoint       the newest note, outside
 */
#ifndef GY_APP_OFFICE_H
#define GY_APP_OFFICE_H

#include "cli/host.h"

/* See struct cli_host for open, found, sign and release.  In a drill the clock is virtual, the
 * randomness and the keys come from its seed, so that one seed gives one root. */
enum rc office_open(struct op *op, const struct office_options *how, struct office *o) MUST_CHECK;
enum rc office_found(struct op *op, const struct office_options *how, const struct office_new *n,
                     struct office *o) MUST_CHECK;
enum rc office_sign(struct op *op, struct office *o, struct str *ret_note) MUST_CHECK;
void office_release(struct office *o);

/* The newest checkpoint's default place outside: DIR.checkpoint, trailing slashes cut. */
struct str office_known_default(struct arena *a, struct str dir);

/* True when DIR holds an office already (its format line stands there). */
bool office_exists(struct arena *a, struct str dir);

#endif
