// The naming rules that readers of metrics count on.
#pragma once

#include <string>
#include <vector>

#include "client/family.h"

namespace narthex::client {

// What a family breaks; empty: nothing. Source: Prometheus, "Metric and label naming"; promlint.
std::vector<std::string> Lint(const FamilyOptions& options, FamilyType type);

}  // namespace narthex::client
