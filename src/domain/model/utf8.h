// Code points of UTF-8 text, one at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace narthex::model {

struct CodePoint {
  std::uint32_t value = 0;
  std::size_t size = 0;  // in bytes; 0: the bytes at the front are not UTF-8
};

// Of the non-empty `text`. Overlong forms, surrogates and values above U+10FFFF are not UTF-8.
CodePoint FirstCodePoint(std::string_view text);

void AppendCodePoint(std::string& out, std::uint32_t value);

}  // namespace narthex::model
