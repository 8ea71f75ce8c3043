// Base64 for URLs, as tokens and keys are written.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace narthex::jwt {

// Without padding; empty for anything that no encoder writes, set bits behind the last byte too.
// Source: RFC 4648, section 5; RFC 7515, section 2.
std::optional<std::string> DecodeBase64Url(std::string_view text);

}  // namespace narthex::jwt
