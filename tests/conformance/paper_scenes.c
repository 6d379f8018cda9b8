#include "kit/check.h"
#include "conformance/scenario.h"
const struct scenario_set PAPER_SCENES = {NULL, 0};
