#include "kit/check.h"
#include "conformance/scenario.h"
const struct scenario_set PEOPLE_SCENES = {NULL, 0};
