/* SPDX-License-Identifier: Apache-2.0 */
/* source.h -- how many requests came from each address lately.  Private to src/net.
 *
 * Each address (IPv6: its /64, which one subscriber has to itself) may ask `rate` times a second,
 * and as often again at once after a second of silence.  The table has a fixed size; among those
 * that share a place the one that was silent longest goes, and comes back with nothing counted.
 */
#ifndef GY_NET_SOURCE_H
#define GY_NET_SOURCE_H

#include <sys/socket.h>

#include "base/macros.h"

struct sources;

struct sources *sources_new(unsigned rate);
void sources_free(struct sources *s); /* NULL is fine */
/* One more request at `second`; false: too many. */
bool sources_take(struct sources *s, const struct sockaddr *from, uint64_t second);

#endif
