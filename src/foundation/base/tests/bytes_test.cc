#include "base/bytes.h"

#include <gtest/gtest.h>

#include <limits>

namespace narthex {
namespace {

TEST(Bytes, FixedWidthReadsBackInBothOrders) {
  std::string out;
  PutBigEndian16(out, 0x0102);
  PutBigEndian32(out, 0x03040506);
  PutBigEndian64(out, 0x0708090a0b0c0d0e);
  EXPECT_EQ(out, std::string("\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e"));
  PutLittleEndian16(out, 0x0102);
  PutLittleEndian32(out, 0x03040506);
  PutLittleEndian64(out, 0x0708090a0b0c0d0e);
  EXPECT_EQ(out.substr(14, 2), "\x02\x01");

  ByteReader reader(out);
  EXPECT_EQ(reader.ReadBigEndian16(), 0x0102);
  EXPECT_EQ(reader.ReadBigEndian32(), 0x03040506U);
  EXPECT_EQ(reader.ReadBigEndian64(), 0x0708090a0b0c0d0eU);
  EXPECT_EQ(reader.ReadLittleEndian16(), 0x0102);
  EXPECT_EQ(reader.ReadLittleEndian32(), 0x03040506U);
  EXPECT_EQ(reader.ReadLittleEndian64(), 0x0708090a0b0c0d0eU);
  EXPECT_TRUE(reader.empty());
}

TEST(Bytes, VarintReadsBackAtEveryWidth) {
  for (int bit = 0; bit < 64; ++bit) {
    for (const std::uint64_t near : {0u, 1u, 2u}) {
      const std::uint64_t value = (std::uint64_t{1} << bit) + near - 1;
      std::string out;
      PutVarint(out, value);
      PutSignedVarint(out, static_cast<std::int64_t>(value));
      PutSignedVarint(out, -static_cast<std::int64_t>(value >> 1));
      ByteReader reader(out);
      EXPECT_EQ(reader.ReadVarint(), value);
      EXPECT_EQ(reader.ReadSignedVarint(), static_cast<std::int64_t>(value));
      EXPECT_EQ(reader.ReadSignedVarint(), -static_cast<std::int64_t>(value >> 1));
      EXPECT_TRUE(reader.empty());
    }
  }
}

TEST(Bytes, TruncationAtEveryByteGivesNothingAndStays) {
  std::string out;
  PutVarint(out, std::numeric_limits<std::uint64_t>::max());
  for (std::size_t size = 0; size < out.size(); ++size) {
    ByteReader reader(std::string_view(out).substr(0, size));
    EXPECT_FALSE(reader.ReadVarint().has_value()) << size;
    EXPECT_EQ(reader.offset(), 0U);
    EXPECT_FALSE(size < 8 && reader.ReadBigEndian64().has_value());
  }
  std::string text;
  PutLengthPrefixed(text, "narthex");
  for (std::size_t size = 0; size < text.size(); ++size) {
    ByteReader reader(std::string_view(text).substr(0, size));
    EXPECT_FALSE(reader.ReadLengthPrefixed().has_value()) << size;
    EXPECT_EQ(reader.offset(), 0U);
  }
}

TEST(Bytes, VarintBeyond64BitsIsRefused) {
  ByteReader too_long("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01");
  EXPECT_FALSE(too_long.ReadVarint().has_value());
  ByteReader too_big("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02");
  EXPECT_FALSE(too_big.ReadVarint().has_value());
}

}  // namespace
}  // namespace narthex
