// For the tests of programs that measure themselves.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "client/registry.h"

namespace narthex::client {

// The value of the sample `name` (`x_total`, `x_count`, `x_bucket`) with exactly these labels, in
// any order; empty if there is none.
std::optional<double> SampleValue(const Registry& registry, std::string_view name,
                                  Labels labels = {});

// The text format of the families whose names begin with `prefix`.
std::string ExposedText(const Registry& registry, std::string_view prefix = {});

}  // namespace narthex::client
