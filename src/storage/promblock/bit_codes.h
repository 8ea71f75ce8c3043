// Numbers of variable width that the chunk kinds share.
// Source: docs/formats/prometheus-block.md, "Numbers in bits".
#pragma once

#include <cstdint>

#include "bits.h"

namespace narthex::promblock {

// What was known of the last value that did not equal the one before it.
struct XorWindow {
  unsigned leading = 0;
  unsigned trailing = 0;
};

// Times of floats: differences of differences in milliseconds.
std::int64_t ReadTimeCode(BitReader& bits);
void WriteTimeCode(BitWriter& bits, std::int64_t value);

// Numbers that are mostly near 0.
std::int64_t ReadSignedCode(BitReader& bits);
std::uint64_t ReadUnsignedCode(BitReader& bits);
void WriteSignedCode(BitWriter& bits, std::int64_t value);
void WriteUnsignedCode(BitWriter& bits, std::uint64_t value);

// Changes `value`, the bits of a double, to the next one.
inline void ReadNewWindow(BitReader& bits, XorWindow& window, std::uint64_t& value) {
  const std::uint64_t head = bits.Read(11);
  const auto leading = static_cast<unsigned>(head >> 6);
  const auto width = static_cast<unsigned>(head & 63);
  const unsigned count = width == 0 ? 64 : width;
  if (leading + count > 64) return bits.Fail();
  window = {leading, 64 - leading - count};
  value ^= bits.Read(count) << window.trailing;
}
inline void ReadInWindow(BitReader& bits, const XorWindow& window, std::uint64_t& value) {
  value ^= bits.Read(64 - window.leading - window.trailing) << window.trailing;
}
inline void ReadXorCode(BitReader& bits, XorWindow& window, std::uint64_t& value) {
  switch (bits.ReadPrefix(2)) {
    case 0:
      return;
    case 1:
      return ReadInWindow(bits, window, value);
    default:
      return ReadNewWindow(bits, window, value);
  }
}

// Codes a stream of doubles, each against the one before it.
class XorWriter {
 public:
  // In full; what follows is coded against it.
  void WriteFirst(BitWriter& bits, double value);
  void Write(BitWriter& bits, double value);

 private:
  std::uint64_t last_ = 0;
  XorWindow window_;
  bool has_window_ = false;
};

}  // namespace narthex::promblock
