/* SPDX-License-Identifier: Apache-2.0 */
/* bodies.h -- one body for each command that is tried for every role (test_roles.c). */
#ifndef GY_TEST_BODIES_H
#define GY_TEST_BODIES_H

#include "domain/scene.h"

/* One body a command, in the order of a story, so that each can succeed once. */
struct body {
	const char *command, *place, *data, *slots;
	const char *id;  /* a query whose result stands for # in the data and slots */
	const char *at;  /* moves the clock there */
	void (*before)(struct scene *s);
	enum rc first;   /* of the first who may; OK when not said */
};
extern const struct body BODIES[];
extern const size_t NBODIES;

#define GRANTERS "granter=badge:902 approver=badge:901"

#endif
