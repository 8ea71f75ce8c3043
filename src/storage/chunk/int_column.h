// Columns of integers, bit-packed: the residuals of the values, their steps or the steps of these.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace narthex::chunk {

// Appends the column of 1 to kPageSampleCountMax integers, each of |x| < 2^51, to `out`.
// Source: docs/formats/chunk.md, "Integer column"
void EncodeIntegers(std::span<const std::int64_t> integers, std::string& out);

// In the head byte: the payload stands in the heap of shared payloads, its place here.
inline constexpr std::uint8_t kSharedBit = 1 << 6;

// Where the residual payload of a column begins; empty if it is malformed or shared already.
std::optional<std::size_t> PayloadOffset(std::string_view column);

// False if `bytes` is not, from the first to the last, a column of so many integers. `shared` is
// the heap that the column may refer to.
[[nodiscard]] bool DecodeIntegers(std::string_view bytes, std::string_view shared,
                                  std::span<std::int64_t> integers);

}  // namespace narthex::chunk
