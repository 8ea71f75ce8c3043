// Reading of pages of true doubles.
#include <algorithm>
#include <bit>
#include <cstring>

#include "bits.h"
#include "decimal.h"
#include "double_page.h"
#include "kernels.h"
#include "residual_reader.h"

namespace narthex::chunk {
namespace {

using Codes = std::array<std::uint64_t, kPageSampleCountMax>;
using Integers = std::array<std::int64_t, kPageSampleCountMax>;

unsigned WidthOf(std::uint64_t code) { return static_cast<unsigned>(std::bit_width(code)); }

struct RealDoublesHead {
  unsigned right_width = 0;
  unsigned code_width = 0;
  // One for each code, also where the dictionary has less.
  std::array<std::uint64_t, RealDoublesPlan::kDictionarySizeMax> lefts{};
  std::string_view exceptions;
};

bool ReadHead(ByteReader& reader, std::size_t count, RealDoublesHead& head) {
  const auto right_width = reader.ReadByte();
  const auto dictionary_size = reader.ReadByte();
  if (!right_width || *right_width < 48 || *right_width > 63 || !dictionary_size ||
      *dictionary_size == 0 || *dictionary_size > head.lefts.size()) {
    return false;
  }
  head.right_width = *right_width;
  head.code_width = WidthOf(*dictionary_size - 1u);
  for (std::size_t i = 0; i < *dictionary_size; ++i) {
    const auto left = reader.ReadLittleEndian16();
    if (!left) return false;
    head.lefts[i] = std::uint64_t{*left} << head.right_width;
  }
  const auto exception_count = reader.ReadVarint();
  if (!exception_count || *exception_count > count) return false;
  const auto exceptions = reader.ReadBytes(static_cast<std::size_t>(*exception_count) * 4);
  if (exceptions) head.exceptions = *exceptions;
  return exceptions.has_value();
}

}  // namespace

bool DecodeRealDoubles(ByteReader& reader, std::span<double> values) {
  RealDoublesHead head;
  if (!ReadHead(reader, values.size(), head)) return false;
  const auto codes_run = ReadRun(reader, values.size(), head.code_width);
  const auto rights_run = ReadRun(reader, values.size(), head.right_width);
  if (!codes_run || !rights_run) return false;
  Codes rights;
  CurrentKernels().unpack(*rights_run, rights.data());
  if (head.code_width == 0) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] = std::bit_cast<double>(head.lefts[0] | rights[i]);
    }
  } else {
    std::array<std::uint32_t, kPageSampleCountMax> codes;
    CurrentKernels().unpack_narrow(*codes_run, codes.data());
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] = std::bit_cast<double>(head.lefts[codes[i]] | rights[i]);
    }
  }
  ByteReader exceptions(head.exceptions);
  while (!exceptions.empty()) {
    const std::size_t at = *exceptions.ReadLittleEndian16();
    const std::uint64_t left = *exceptions.ReadLittleEndian16();
    if (at >= values.size()) return false;
    values[at] = std::bit_cast<double>(left << head.right_width | rights[at]);
  }
  return true;
}

bool DecodeDictionary(ByteReader& reader, std::span<double> values) {
  const auto distinct_count = reader.ReadVarint();
  if (!distinct_count || *distinct_count == 0 || *distinct_count > kPageSampleCountMax) {
    return false;
  }
  const auto distinct = reader.ReadBytes(static_cast<std::size_t>(*distinct_count) * 8);
  if (!distinct) return false;
  const auto run = ReadRun(reader, values.size(), WidthOf(*distinct_count - 1));
  if (!run) return false;
  std::array<std::uint32_t, kPageSampleCountMax> codes;
  CurrentKernels().unpack_narrow(*run, codes.data());
  const auto* const bytes = reinterpret_cast<const unsigned char*>(distinct->data());
  std::uint32_t largest = 0;
  for (std::size_t i = 0; i < values.size(); ++i) largest = std::max(largest, codes[i]);
  if (largest >= *distinct_count) return false;
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = std::bit_cast<double>(LoadLittleEndian64(bytes + std::size_t{codes[i]} * 8));
  }
  return true;
}

bool DecodeCorrected(ByteReader& reader, double divisor, std::span<double> values) {
  // Small integers are read faster as doubles.
  std::array<double, kPageSampleCountMax> corrections;
  const auto used = std::span(corrections).first(values.size());
  if (!DecodeQuotients(reader, {}, divisor, values) || !DecodeQuotients(reader, {}, 1, used)) {
    return false;
  }
  CurrentKernels().correct(used, values.data());
  return true;
}

bool DecodeOrderedBits(ByteReader& reader, std::string_view shared, std::span<double> values) {
  Integers bits;
  const auto used = std::span(bits).first(values.size());
  if (!DecodeIntegers(reader, shared, used)) return false;
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = FromOrderedBits(used[i]);
  return true;
}

}  // namespace narthex::chunk
