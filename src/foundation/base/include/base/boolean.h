// Truth values as text.
#pragma once

#include <optional>
#include <string_view>

namespace narthex {

// "1", "t", "T", "true", "True", "TRUE" and their opposites; empty for anything else.
// Source: Go's strconv.ParseBool.
std::optional<bool> ParseBoolean(std::string_view text);

}  // namespace narthex
