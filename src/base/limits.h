/* SPDX-License-Identifier: Apache-2.0 */
/* limits.h -- a bound on everything that comes from outside, each with its reason.
 *
 * These are limits of the machine and the formats, not rules of an examination: minutes, ratios
 * and thresholds of rules are configuration (profiles/).
 */
#ifndef GY_LIMITS_H
#define GY_LIMITS_H

#define LIMIT_ENTRY 65535           /* bytes; C2SP tlog-tiles: a uint16 length prefix */
#define LIMIT_BODY (1 << 20)        /* bytes of one request: 16 largest entries */
#define LIMIT_ACT 49152             /* bytes of an act: leaves an entry room for its envelope */
#define LIMIT_JSON_DEPTH 16         /* our deepest document has 6 levels */
#define LIMIT_JSON_ITEMS 200000     /* members and elements of one document: a site's roster */
#define LIMIT_JSON_BYTES (64 << 20) /* a file read as JSON (profile, export, roster) */
#define LIMIT_INT 9007199254740991LL /* 2^53-1: the integers that every JSON reader keeps */
#define LIMIT_CSV_FIELD 65536       /* bytes of one cell */
#define LIMIT_CSV_COLUMNS 256       /* the widest office form seen has 60 */
#define LIMIT_CSV_ROWS 2000000      /* a province's candidates: 1.3 million in the largest */
#define LIMIT_CSV_BYTES (128 << 20) /* of one file: those candidates at 100 bytes a row */
#define LIMIT_CSV_FINDINGS 10000    /* told of one file: nobody reads more, all are counted */
#define LIMIT_SHEET_ROWS 1048576    /* of one sheet: what Excel itself has */
#define LIMIT_SHEET_PARTS 4096      /* files inside one XLSX: a workbook of 250 sheets has 1,000;
                                     * each costs memory before it is read */
#define LIMIT_SHEET_SHEETS 256      /* of one workbook: a county's rooms, one a sheet */
#define LIMIT_SHEET_XML (512 << 20) /* bytes of one part unpacked: a full sheet of Excel's, 10
                                     * columns of 48 bytes; streamed, so it costs time alone */
#define LIMIT_SHEET_RATIO 200       /* times a part may grow: sheets grow 8 to 40 times, DEFLATE at
                                     * its most 1,032 */
#define LIMIT_SHEET_FREE (1 << 20)  /* bytes of a part for which no ratio counts: an empty sheet's
                                     * formats */
#define LIMIT_SHEET_STRINGS 4194304 /* shared strings: three a row of a full sheet, and a third */
#define LIMIT_SHEET_DEPTH 32        /* of XML: a rich text in a cell has 8 levels */
#define LIMIT_SHEET_TOKEN (1 << 20) /* bytes of one tag, which must be held whole */
#define LIMIT_SHEET_STYLES 65536    /* formats of cells: Excel allows 65,490 */
#define LIMIT_IMPORT (6 << 20)      /* bytes of a file that is imported over HTTP: 60,000 candidates
                                     * as CSV, three times as many as XLSX */
#define LIMIT_EXPORT_ROWS 100000    /* of one export over HTTP: a large city's candidates; 20 MB */
#define LIMIT_SHEET_FILLS 200000    /* cells that stand under merged ones */
#define LIMIT_TEXT 2000             /* characters of one free text (a page of A4 holds 1,600) */
#define LIMIT_CODE 64               /* bytes of one code: numbers of bags, boxes, seals, staff */
#define LIMIT_PLACE 128             /* bytes of a place path: five parts */
#define LIMIT_PLACE_PART 24         /* bytes of one part of a place path */
#define LIMIT_LIST 512              /* items of a list in one act: boxes of one vehicle */
#define LIMIT_SLOTS 16              /* signatures of one act; the most that a form asks is 6 */
#define LIMIT_BATCH 1024            /* operations of one commit: 3 ms at the measured rates */
#define LIMIT_QUEUE 4096            /* operations waiting for the writer: under 100 ms of work */
#define LIMIT_HEAD_ACTS 64          /* acts of this host between two signed heads of its chain: one
                                     * Ed25519 signature costs as much as three acts */
#define LIMIT_REACT_DEPTH 8         /* events that follow events; a deeper chain is our bug */
#define LIMIT_OPENS 64              /* expectations that one event may open */
#define LIMIT_PERSONAL 32           /* personal values in one event (vault ids: index * 32 + k) */
#define LIMIT_NOTE_SIGS 64          /* signature lines of one note; C2SP asks for 16 at least */
#define LIMIT_NOTE_BYTES 65536      /* a checkpoint with all its cosignatures */
#define LIMIT_PROOF 63              /* hashes of one proof: a tree of 2^63 leaves */
#define LIMIT_ADD_CHECKPOINT (LIMIT_NOTE_BYTES + 4096) /* a witness's request: 63 lines of proof,
                                                        * then a note */
#define LIMIT_WITNESS_LOGS 1024     /* logs of one witness: a province's counties, ten times */
#define LIMIT_CONNECTIONS 256       /* of one listener at a time */
#define LIMIT_SERVER_CONNECTIONS 12000 /* of the server: a province, each terminal */
#define LIMIT_HEAD 16384            /* bytes of a request's head: browsers send 2 KB */
#define LIMIT_CONNECTION_BYTES 24576 /* of memory for each connection: a head and its fields; ten
                                      * thousand idle ones are 240 MB */
#define LIMIT_TARGET 2048           /* bytes of its target */
#define LIMIT_HELD (32 << 20)       /* bytes of all bodies and answers of the server that are on
                                     * their way; read as JSON a body takes ten times its size */
#define LIMIT_HELD_STRANGE (8 << 20) /* of those, answers to who has not shown who they are: sixteen
                                     * of the longest (a thousand acts, each refused) */
#define LIMIT_ANSWER_SMALL 8192     /* bytes of an answer that a socket takes at once: not held */
#define LIMIT_ASSETS 512            /* files of the web pages: three entries, each with some 60 */
#define LIMIT_ASSETS_BYTES (24 << 20) /* of them together, packed ones beside: all are in memory */
#define LIMIT_KEEP_S 75             /* the server's connections stay open so long between requests:
                                     * browsers and terminals ask again within a minute */
#define LIMIT_CROWDED_S 3           /* when few connections are left, only so long */
#define LIMIT_HEAD_S 10             /* from a head's first line to its last */
#define LIMIT_BODY_S 30             /* from there to the body's last byte: 1 MB over 280 kbit/s */
#define LIMIT_SEND_S 60             /* until an answer is read: 2,000 rows over the same */
#define LIMIT_SLOW_BYTES 20000      /* a second: what a body or an answer that is not through in its
                                     * time must have moved, to have as long again (160 kbit/s) */
#define LIMIT_LOST_MS 30000         /* what we sent and nobody acknowledged: the other side is
                                     * gone */
#define LIMIT_SOURCES 4096          /* addresses whose requests are counted: a city's offices, each
                                     * behind one */
#define LIMIT_RATE 2000             /* requests of one address a second, where none is given: 500
                                     * terminals behind one address that come back all at once */
#define LIMIT_HTTP_BATCH 1000       /* acts of one POST: what a terminal did in an hour offline */
#define LIMIT_LINK_SKEW_S 600       /* a terminal's clock may be off: an opening may be replayed no
                                     * longer, and nonces stop that within it */
#define LIMIT_PINS 50               /* of one request: a tenth of a second of hashing each */
#define LIMIT_STAFF_TOLD 1000       /* badges that a terminal knows: a large site has 400 people */
#define LIMIT_WRONG_S 86400         /* a wrong try of a login that no other followed is forgotten:
                                     * guesses at a million names do not fill the disk */
#define LIMIT_CHALLENGE_S 120       /* of a login by key: to take a card out and sign */
#define LIMIT_IDLE_S 15             /* a connection that says nothing is closed */
#define LIMIT_ASK_MS 20000          /* an outgoing request, from name look-up to the last byte */
#define LIMIT_UNSIGNED_S 60         /* from an acknowledgement to a signed checkpoint: where no
                                     * profile says, and always to the auditor, who believes none */
#define LIMIT_FETCH_S 21600         /* an audit over HTTP: a nation's ledger at 10 MB/s in 2 h */
#define LIMIT_FORMS 32              /* forms as PDF that wait to be drawn: a large one takes half a
                                     * second, and nobody waits longer than a quarter of a minute */
#define LIMIT_STRANGERS 32          /* public pages that a reader is asked for at a time: the rest
                                     * of its queue is for those who work here */
#define LIMIT_LOGINS_EACH 32        /* logins of one address that wait: half of the queue, so that
                                     * nobody's guesses keep all others out */
#define LIMIT_TOKEN 512             /* bytes of a login's token; ours have 64 */
#define LIMIT_CONNECT_MS 5000       /* of it, until the connection stands */
#define LIMIT_BLOB (64 << 20)       /* bytes of one blob */
#define LIMIT_SCAN (32 << 20)        /* bytes of a scanned sheet: A4 in colour at 300 dpi is 26 MB
                                     * before any compression */
#define LIMIT_SQL_BINDS 48          /* parameters of one statement: eight places of four, eight
                                     * cells, a key of four, two times, a page (db/narrow.h) */
#define LIMIT_SUMS 8192             /* counters that wait for a commit (db_add): under 1 MB */
#define LIMIT_DB_MS 10000           /* a database call that takes longer is given up (a frozen
                                     * server keeps its TCP connection alive) */
#define LIMIT_GONE_MS 3000          /* until PostgreSQL sees that a writer which ended is gone */

#endif
