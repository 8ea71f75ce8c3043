// Targets as a discovery finds them.
#pragma once

#include <string>
#include <vector>

#include "model/labels.h"

namespace narthex::discovery {

// Targets that were found together and share labels. A source that gives a new group replaces its
// old one.
struct TargetGroup {
  std::string source;                    // unique within a job
  std::vector<model::LabelSet> targets;  // each with __address__; they win over `labels`
  model::LabelSet labels;

  friend bool operator==(const TargetGroup&, const TargetGroup&) = default;
};

}  // namespace narthex::discovery
