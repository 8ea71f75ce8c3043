// The open end of a series: values added one by one, compact at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace narthex::chunk {

// Values of one series, oldest first, as tokens: a run of repeats, a step of a decimal, or 8 raw
// bytes.
//
// Not thread-safe. Memory: 32 bytes and one allocation that grows in small steps; a constant series
// needs none beyond 9 bytes, a counter 1 to 3 bytes a value, a true double 9.
class ValueTail {
 public:
  ValueTail() = default;
  ~ValueTail() { Clear(); }
  ValueTail(const ValueTail&) = delete;
  ValueTail& operator=(const ValueTail&) = delete;

  void Append(double value);
  // Calls into the cache what Append() will write to.
  void Prefetch() const { __builtin_prefetch(bytes_ + size_, 1); }
  // What is there of the values but for the repeats of the last one. A view that the next Append()
  // may end.
  std::string_view tokens() const { return {bytes_, size_}; }
  // Forgets all values and gives the memory back.
  void Clear();

  std::size_t count() const { return count_; }
  std::size_t allocated_bytes() const { return capacity_; }

  // The first `count` values' tokens and what is needed to read them: a copy that may be decoded
  // after the tail has moved on.
  struct Snapshot {
    std::string tokens;
    std::uint32_t repeat_count = 0;  // of the last value, behind the tokens
    std::uint32_t count = 0;
  };
  // Copies into `snapshot`, reusing its memory.
  void CopyTo(Snapshot& snapshot) const;
  // As many of the first values as `values` has room for; no more than count() may be asked for.
  void Decode(std::span<double> values) const;

  // Errors: kCorruption  the tokens end early or are malformed
  static Status Decode(std::string_view tokens, std::uint32_t repeat_count,
                       std::span<double> values);

 private:
  void Put(std::uint64_t token);
  void PutRaw(std::uint64_t bits);
  void Reserve(std::size_t size);
  bool AppendDecimal(double value);

  char* bytes_ = nullptr;  // owned, by malloc: grows in place where the allocator can
  std::uint64_t last_bits_ = 0;
  std::int64_t last_decimal_ = 0;
  std::uint32_t size_ = 0;
  std::uint32_t capacity_ = 0;
  std::uint32_t repeat_count_ = 0;
  std::uint16_t count_ = 0;
  std::uint8_t exponent_ = 0;
  std::uint8_t raw_streak_ =
      0;  // raw values in a row: true doubles are not tried as decimals each time
};

}  // namespace narthex::chunk
