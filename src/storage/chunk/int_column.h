// Columns of integers, bit-packed: the residuals of the values, their steps or the steps of these.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace narthex::chunk {

// Appends the column of 1 to kPageSampleCountMax integers, each of |x| < 2^51, to `out`.
// Source: docs/formats/chunk.md, "Integer column"
void EncodeIntegers(std::span<const std::int64_t> integers, std::string& out);

// False if `bytes` is not, from the first to the last, a column of so many integers.
[[nodiscard]] bool DecodeIntegers(std::string_view bytes, std::span<std::int64_t> integers);

}  // namespace narthex::chunk
