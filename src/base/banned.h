/* SPDX-License-Identifier: Apache-2.0 */
/* banned.h -- functions that do not compile here, each with what to use instead.
 *
 * Included by base/macros.h, and so by every file of ours, after the system's headers.
 */
#ifndef GY_BANNED_H
#define GY_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BANNED(f) use_of_##f##_is_banned_see_base_banned_h

#undef strcpy
#define strcpy(...) BANNED(strcpy) /* str_dup, memcpy */
#undef strcat
#define strcat(...) BANNED(strcat) /* strbuf */
#undef strncpy
#define strncpy(...) BANNED(strncpy) /* memcpy with the length you know */
#undef strncat
#define strncat(...) BANNED(strncat)
#undef sprintf
#define sprintf(...) BANNED(sprintf) /* snprintf, strbuf_addf */
#undef vsprintf
#define vsprintf(...) BANNED(vsprintf)
#undef gets
#define gets(...) BANNED(gets)
#undef strtok
#define strtok(...) BANNED(strtok) /* str_cut */
#undef atoi
#define atoi(...) BANNED(atoi) /* str_to_i64 */
#undef atol
#define atol(...) BANNED(atol)
#undef atoll
#define atoll(...) BANNED(atoll)
#undef localtime
#define localtime(...) BANNED(localtime) /* clock_format: zones are data, not the host's */
#undef gmtime
#define gmtime(...) BANNED(gmtime)
#undef ctime
#define ctime(...) BANNED(ctime)
#undef rand
#define rand(...) BANNED(rand) /* random_bytes */
#undef srand
#define srand(...) BANNED(srand)

#endif
