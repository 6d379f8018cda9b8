/* SPDX-License-Identifier: Apache-2.0 */
/* notify.h -- tells a service manager how far the server is (systemd's sd_notify protocol: a line
 * in a
 * datagram to the socket that NOTIFY_SOCKET names).  Twenty lines in place of a library.
 */
#ifndef GY_APP_NOTIFY_H
#define GY_APP_NOTIFY_H

/* "READY=1", "STOPPING=1".  No effect where nobody asked to be told. */
void notify_manager(const char *state);

#endif
