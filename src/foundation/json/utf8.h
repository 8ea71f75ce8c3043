// The grammar of UTF-8, shared by reader and writer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace narthex::json {

// U+FFFD, what stands for bytes that are no UTF-8.
inline constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// Length in bytes (1 to 4) of the valid sequence at the front of `bytes`, 0 if there is none.
// Overlong forms, surrogates and values above U+10FFFF are not valid. Source: RFC 3629.
std::size_t SequenceSize(std::string_view bytes);

void AppendCodePoint(std::string& out, std::uint32_t code_point);

}  // namespace narthex::json
