// Durations as Go writes them.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace narthex::webconfig {

// "1.5s", "1m30s", "100ms", "0"; not negative. Empty if it is malformed or above 292 years.
std::optional<std::chrono::nanoseconds> ParseGoDuration(std::string_view text);

}  // namespace narthex::webconfig
