// What a relabelling rule must be like to be accepted.
#pragma once

#include "base/result.h"
#include "model/relabel.h"

namespace narthex::model {

// All but the syntax of the regular expression.
// Errors: kInvalidArgument  in Prometheus' words. Conformance: relabel/validate,
// target_label_legacy.
Status CheckRelabelConfig(const RelabelConfig& config, NameValidation validation);

}  // namespace narthex::model
