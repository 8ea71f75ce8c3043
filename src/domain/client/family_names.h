// The names that a family takes, and whether its options are any good.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "client/family.h"

namespace narthex::client {

// Names of samples that a family gives besides its own.
std::vector<std::string> SampleNames(std::string_view name, FamilyType type);

// Ends the program if the options are no good.
void CheckOptions(const FamilyOptions& options, FamilyType type);

}  // namespace narthex::client
