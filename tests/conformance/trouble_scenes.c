#include "kit/check.h"
#include "conformance/scenario.h"
const struct scenario_set TROUBLE_SCENES = {NULL, 0};
