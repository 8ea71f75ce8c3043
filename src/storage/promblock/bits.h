// Bits of a chunk, the highest of each byte first.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace narthex::promblock {

// Reads a chunk front to back. A read past the end gives 0 and makes ok() false for good, so that a
// caller may check once for a whole sample.
//
// Does not own the bytes.
class BitReader {
 public:
  explicit BitReader(std::string_view bytes) : next_(bytes.data()), left_(bytes.size()) {}

  bool ok() const { return ok_; }
  // What is not read yet.
  std::uint64_t bit_count() const { return available_ + std::uint64_t{left_} * 8; }
  void Fail() { ok_ = false; }

  // The next `count` bits, 0 to 64 of them, the last one lowest.
  std::uint64_t Read(unsigned count) {
    if (count > 32) {
      const std::uint64_t high = ReadFew(count - 32);
      return high << 32 | ReadFew(32);
    }
    return ReadFew(count);
  }

  // How many ones come before the first zero, which is read too; at most `max`, up to 32, behind
  // which no zero stands.
  unsigned ReadPrefix(unsigned max) {
    if (available_ < max) Refill();
    const auto ones = static_cast<unsigned>(std::countl_one(buffer_));
    const unsigned prefix = ones < max ? ones : max;
    Drop(prefix < max ? prefix + 1 : max);
    return ok_ ? prefix : 0;
  }

  double ReadDouble() { return std::bit_cast<double>(Read(64)); }

  // LEB128, as Go's encoding/binary writes it.
  std::uint64_t ReadVarint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const std::uint64_t byte = ReadFew(8);
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    ok_ = false;
    return 0;
  }
  std::int64_t ReadSignedVarint() {
    const std::uint64_t zigzag = ReadVarint();
    return static_cast<std::int64_t>(zigzag >> 1 ^ (0 - (zigzag & 1)));
  }

 private:
  // Up to 32 bits.
  std::uint64_t ReadFew(unsigned count) {
    if (count == 0) return 0;
    if (available_ < count) Refill();
    const std::uint64_t value = buffer_ >> (64 - count);
    Drop(count);
    return ok_ ? value : 0;
  }

  // Up to 33 bits.
  void Drop(unsigned count) {
    if (available_ < count) {
      ok_ = false;
      available_ = 0;
      left_ = 0;
      buffer_ = 0;
      return;
    }
    buffer_ <<= count;
    available_ -= count;
  }

  // Afterwards there are more than 56 bits, or all that are left.
  void Refill() {
    if (left_ >= 8) {
      std::uint64_t word = 0;
      std::memcpy(&word, next_, sizeof(word));
      if constexpr (std::endian::native == std::endian::little) word = __builtin_bswap64(word);
      // Bits behind the counted ones are there already; the next turn puts the same over them.
      buffer_ |= word >> available_;
      const unsigned byte_count = (63 - available_) >> 3;
      next_ += byte_count;
      left_ -= byte_count;
      available_ += byte_count * 8;
      return;
    }
    for (; available_ <= 56 && left_ > 0; --left_, available_ += 8) {
      buffer_ |= std::uint64_t{static_cast<unsigned char>(*next_++)} << (56 - available_);
    }
  }

  const char* next_;
  std::size_t left_;
  std::uint64_t buffer_ = 0;  // the next bit is the highest
  unsigned available_ = 0;    // bits of buffer_ that count
  bool ok_ = true;
};

// Appends bits to a string.
class BitWriter {
 public:
  // `out` must outlive the writer.
  explicit BitWriter(std::string& out) : out_(out) {}

  // The lowest `count` bits of `value`, 0 to 64 of them.
  void Write(std::uint64_t value, unsigned count) {
    if (count > 32) {
      Write(value >> 32, count - 32);
      count = 32;
    }
    pending_ = pending_ << count | (value & ((std::uint64_t{1} << count) - 1));
    pending_count_ += count;
    while (pending_count_ >= 8) {
      pending_count_ -= 8;
      out_.push_back(static_cast<char>(pending_ >> pending_count_));
    }
  }
  void WriteDouble(double value) { Write(std::bit_cast<std::uint64_t>(value), 64); }
  void WriteVarint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) Write(value | 0x80, 8);
    Write(value, 8);
  }
  void WriteSignedVarint(std::int64_t value) {
    const auto bits = static_cast<std::uint64_t>(value);
    WriteVarint(bits << 1 ^ (0 - (bits >> 63)));
  }
  // Fills the last byte with zeros.
  void Finish() {
    if (pending_count_ > 0) Write(0, 8 - pending_count_);
  }

 private:
  std::string& out_;
  std::uint64_t pending_ = 0;
  unsigned pending_count_ = 0;  // below 8 between calls
};

}  // namespace narthex::promblock
