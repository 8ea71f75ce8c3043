// Bytes of a document: what may stand in it, and what !!binary holds.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace narthex::yaml {

// Errors: kInvalidArgument  bytes that are not UTF-8, or control characters, with their line
Status CheckCharacters(std::string_view text);

// Padded, white space ignored; empty if malformed. Source: RFC 4648, section 4.
std::optional<std::string> DecodeBase64(std::string_view text);

}  // namespace narthex::yaml
