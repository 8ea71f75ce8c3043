// Pages of values that are not decimals: four ways to store true doubles in less than eight bytes.
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
#include "int_column.h"

namespace narthex::chunk {

// The upper bits from a small dictionary, the lower ones packed: doubles of one magnitude.
// Source: A. Afroozeh et al., ALP: Adaptive Lossless floating-Point Compression, ALP-RD
class RealDoublesPlan {
 public:
  static constexpr std::size_t kDictionarySizeMax = 8;

  explicit RealDoublesPlan(std::span<const double> values);
  std::size_t size() const { return size_; }
  void Put(std::string& out) const;

 private:
  void ChooseCut();
  void FillDictionary();

  std::span<const double> values_;
  unsigned right_width_ = 0;
  std::size_t dictionary_size_ = 0;
  std::array<std::uint16_t, kDictionarySizeMax> dictionary_{};
  std::size_t size_ = 0;
};

// The distinct values, and for each sample its place among them.
class DictionaryPlan {
 public:
  // Only if there are few enough for less than `size_max` bytes.
  static std::optional<DictionaryPlan> Make(std::span<const double> values, std::size_t size_max);
  std::size_t size() const { return size_; }
  void Put(std::string& out) const;

 private:
  explicit DictionaryPlan(std::span<const double> values) : values_(values) {}

  std::span<const double> values_;
  std::array<std::uint64_t, kPageSampleCountMax / 2> distinct_;  // ascending
  std::size_t distinct_count_ = 0;
  std::size_t size_ = 0;
};

// The nearest decimal, and how many doubles lie between it and the value: sums of decimals, which
// each addition has rounded.
class CorrectedPlan {
 public:
  // Only if there is an exponent that may lead below `size_max` bytes.
  static std::optional<CorrectedPlan> Make(std::span<const double> values, std::size_t size_max);
  std::size_t size() const { return 1 + decimals_.size() + corrections_.size(); }
  void Put(std::string& out) const;

 private:
  CorrectedPlan(int exponent, std::span<const std::int64_t> decimals,
                std::span<const std::int64_t> corrections)
      : exponent_(exponent), decimals_(decimals), corrections_(corrections) {}

  int exponent_;
  IntColumnPlan decimals_;
  IntColumnPlan corrections_;
};

// The bits of the doubles as integers: neighbours that are near one another.
void PutOrderedBits(const IntColumnPlan& plan, std::string& out);
IntColumnPlan PlanOrderedBits(std::span<const double> values);

// Read the bodies of such pages. False if they are malformed.
[[nodiscard]] bool DecodeRealDoubles(ByteReader& reader, std::span<double> values);
[[nodiscard]] bool DecodeDictionary(ByteReader& reader, std::span<double> values);
[[nodiscard]] bool DecodeCorrected(ByteReader& reader, double divisor, std::span<double> values);
[[nodiscard]] bool DecodeOrderedBits(ByteReader& reader, std::string_view shared,
                                     std::span<double> values);

}  // namespace narthex::chunk
