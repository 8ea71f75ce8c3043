// Columns of integers: a first value, a transform and the residuals it leaves.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "chunk/page.h"
#include "residuals.h"

namespace narthex::chunk {

enum Transform : std::uint8_t {
  kPlain = 0,   // difference to the first integer
  kDelta = 1,   // difference to the one before
  kDelta2 = 2,  // difference of that to the difference before
};

// The head byte of a column: transform in bits 0 and 1, kind in bits 2 to 4, and these.
inline constexpr std::uint8_t kDivisorBit = 1 << 5;
// The residuals stand in the heap of shared payloads, their place here.
inline constexpr std::uint8_t kSharedBit = 1 << 6;
inline constexpr std::uint8_t kUnsignedBit = 1 << 7;

// How a column of 1 to kPageSampleCountMax integers is best stored. Any integers: sums and
// differences wrap around.
class IntColumnPlan {
 public:
  explicit IntColumnPlan(std::span<const std::int64_t> integers);

  // Bytes, about.
  std::size_t size() const { return size_; }
  // Appends the column to `out`.
  // Source: docs/formats/chunk.md, "Integer column"
  void Put(std::string& out) const;

 private:
  using Residuals = std::array<std::int64_t, kPageSampleCountMax>;

  void Consider(Transform transform);
  std::span<const std::int64_t> ResidualsOf(Transform transform) const;

  std::size_t step_count_;
  std::int64_t first_;
  std::uint64_t divisor_ = 1;  // of all steps
  Transform transform_ = kDelta;
  ResidualPlan residual_plan_;
  std::size_t size_ = 0;
  Residuals steps_;    // delta
  Residuals offsets_;  // plain
  Residuals bends_;    // delta2, behind the first step
};

inline void EncodeIntegers(std::span<const std::int64_t> integers, std::string& out) {
  IntColumnPlan(integers).Put(out);
}

// Where the residual payload of a column begins; empty if it is malformed or shared already.
std::optional<std::size_t> PayloadOffset(std::string_view column);

// Whether the column is a constant, whatever its length.
bool IsConstantColumn(std::string_view column);

// Read a column of so many integers, 1 to kPageSampleCountMax, from `reader`; `shared` is the heap
// that it may refer to. False if there is none.
[[nodiscard]] bool DecodeIntegers(ByteReader& reader, std::string_view shared,
                                  std::span<std::int64_t> integers);
// Gives each integer / divisor; the integers are below 2^51.
[[nodiscard]] bool DecodeQuotients(ByteReader& reader, std::string_view shared, double divisor,
                                   std::span<double> values);

}  // namespace narthex::chunk
