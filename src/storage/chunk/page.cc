#include "chunk/page.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "base/bytes.h"
#include "base/check.h"
#include "decimal.h"
#include "int_column.h"
#include "page_head.h"

namespace narthex::chunk {
namespace {

using Integers = std::array<std::int64_t, kPageSampleCountMax>;

Error Damaged(std::string_view what) { return {ErrorCode::kCorruption, std::string(what)}; }

bool IsConstant(std::span<const double> values) {
  return std::ranges::all_of(values, [&](double v) { return model::SameBits(v, values.front()); });
}

void EncodeConstant(double value, std::string& out) {
  if (const auto integer = ToDecimal(value, 0)) {
    PutHead(kConstantInteger, 0, out);
    PutSignedVarint(out, *integer);
    return;
  }
  PutHead(kConstantRaw, 0, out);
  PutLittleEndian64(out, std::bit_cast<std::uint64_t>(value));
}

void EncodeRaw(std::span<const double> values, std::string& out) {
  PutHead(kOrderedBits, kExponentMax, out);
  for (const double value : values) PutLittleEndian64(out, std::bit_cast<std::uint64_t>(value));
}

// The smallest exponent that serves every value that any exponent up to it serves; values that no
// exponent serves do not count. More of those than the share that makes a page raw end the search.
int FindExponent(std::span<const double> values, std::size_t exception_count_max) {
  int exponent = 0;
  std::size_t exception_count = 0;
  for (const double value : values) {
    if (ToDecimal(value, exponent)) continue;
    int larger = exponent + 1;
    while (larger <= kExponentMax && !ToDecimal(value, larger)) ++larger;
    if (larger <= kExponentMax) {
      exponent = larger;
    } else if (++exception_count > exception_count_max) {
      break;
    }
  }
  return exponent;
}

bool AllStale(std::span<const double> values, std::span<const std::uint16_t> positions) {
  return std::ranges::all_of(positions,
                             [&](std::uint16_t at) { return model::IsStaleNan(values[at]); });
}

}  // namespace

void EncodeValues(std::span<const double> values, std::string& out) {
  NARTHEX_CHECK(!values.empty() && values.size() <= kPageSampleCountMax,
                "pages have 1 to 1024 samples");
  if (IsConstant(values)) return EncodeConstant(values.front(), out);

  // Above this share 8 bytes each, without a detour, are smaller.
  const std::size_t exception_count_max = values.size() * 3 / 8;
  const int exponent = FindExponent(values, exception_count_max);
  Integers integers;
  std::array<std::uint16_t, kPageSampleCountMax> exceptions;
  std::size_t exception_count = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (const auto decimal = ToDecimal(values[i], exponent)) {
      integers[i] = *decimal;
      continue;
    }
    // Repeating the one before costs no residual.
    integers[i] = i > 0 ? integers[i - 1] : 0;
    exceptions[exception_count++] = static_cast<std::uint16_t>(i);
    if (exception_count > exception_count_max) return EncodeRaw(values, out);
  }

  const auto column = std::span<const std::int64_t>(integers).first(values.size());
  if (exception_count == 0) {
    PutHead(kDecimal, exponent, out);
    return EncodeIntegers(column, out);
  }
  const auto positions = std::span<const std::uint16_t>(exceptions).first(exception_count);
  const bool all_stale = AllStale(values, positions);
  PutHead(kDecimalExceptions, exponent, out);
  PutVarint(out, exception_count << 1 | (all_stale ? 1 : 0));
  for (const std::uint16_t at : positions) PutLittleEndian16(out, at);
  if (!all_stale) {
    for (const std::uint16_t at : positions) {
      PutLittleEndian64(out, std::bit_cast<std::uint64_t>(values[at]));
    }
  }
  EncodeIntegers(column, out);
}

bool IsConstant(std::string_view page) {
  if (page.empty()) return false;
  const auto map = static_cast<Map>(page.front() & 15);
  return map == kConstantRaw || map == kConstantInteger;
}

bool HasParent(std::string_view page) {
  return !page.empty() && (static_cast<unsigned char>(page[0]) & 15) == kParent;
}

bool EncodeDifference(std::span<const double> values, std::span<const double> parent,
                      std::size_t size_max, std::string& out) {
  NARTHEX_CHECK(
      !values.empty() && values.size() <= kPageSampleCountMax && values.size() == parent.size(),
      "a page and its parent have as many samples, 1 to 1024");
  Integers differences;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto value = ToDecimal(values[i], 0);
    const auto base = ToDecimal(parent[i], 0);
    if (!value || !base) return false;
    differences[i] = *value - *base;
  }
  const std::size_t start = out.size();
  PutHead(kParent, 0, out);
  EncodeIntegers(std::span<const std::int64_t>(differences).first(values.size()), out);
  if (out.size() - start < size_max) return true;
  out.resize(start);
  return false;
}

namespace {

Status DecodeConstant(ByteReader& reader, Map map, std::span<double> values) {
  double value = 0;
  if (map == kConstantRaw) {
    const auto bits = reader.ReadLittleEndian64();
    if (!bits) return Damaged("constant page is cut short");
    value = std::bit_cast<double>(*bits);
  } else {
    const auto integer = reader.ReadSignedVarint();
    if (!integer) return Damaged("constant page is cut short");
    value = static_cast<double>(*integer);
  }
  if (!reader.empty()) return Damaged("constant page has bytes behind its value");
  std::ranges::fill(values, value);
  return Ok();
}

Status DecodeDecimals(std::string_view bytes, const PageContext& context, int exponent,
                      std::span<double> values) {
  Integers integers;
  const auto column = std::span(integers).first(values.size());
  if (!DecodeIntegers(bytes, context.shared, column))
    return Damaged("integer column of a page is malformed");
  const double divisor = kPowersOfTen[static_cast<std::size_t>(exponent)];
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = static_cast<double>(column[i]) / divisor;
  }
  return Ok();
}

Status DecodeWithExceptions(ByteReader& reader, const PageContext& context, int exponent,
                            std::span<double> values) {
  const auto head = reader.ReadVarint();
  if (!head || *head >> 1 > values.size()) return Damaged("page has more exceptions than values");
  const auto count = static_cast<std::size_t>(*head >> 1);
  const auto positions = reader.ReadBytes(count * 2);
  const bool all_stale = (*head & 1) != 0;
  const auto raw = reader.ReadBytes(all_stale ? 0 : count * 8);
  if (!positions || !raw) return Damaged("exceptions of a page are cut short");
  NARTHEX_TRY(DecodeDecimals(reader.rest(), context, exponent, values));

  ByteReader position_reader(*positions);
  ByteReader raw_reader(*raw);
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint16_t at = *position_reader.ReadLittleEndian16();
    if (at >= values.size()) return Damaged("exception of a page is behind its end");
    values[at] =
        all_stale ? model::StaleNan() : std::bit_cast<double>(*raw_reader.ReadLittleEndian64());
  }
  return Ok();
}

Status DecodeDifference(std::string_view bytes, const PageContext& context,
                        std::span<double> values) {
  if (context.parent.size() != values.size()) return Damaged("page has no parent of its length");
  NARTHEX_TRY(DecodeDecimals(bytes, context, 0, values));
  for (std::size_t i = 0; i < values.size(); ++i) values[i] += context.parent[i];
  return Ok();
}

Status DecodeRaw(std::string_view bytes, std::span<double> values) {
  if (bytes.size() != values.size() * 8) return Damaged("raw page has another length");
  ByteReader reader(bytes);
  for (double& value : values) value = std::bit_cast<double>(*reader.ReadLittleEndian64());
  return Ok();
}

}  // namespace

Status DecodeValues(std::string_view page, std::span<double> values) {
  return DecodeValues(page, PageContext{}, values);
}

Status DecodeValues(std::string_view page, const PageContext& context, std::span<double> values) {
  if (values.empty() || values.size() > kPageSampleCountMax) {
    return Error{ErrorCode::kInvalidArgument, "pages have 1 to 1024 samples"};
  }
  ByteReader reader(page);
  const auto head = reader.ReadByte();
  if (!head) return Damaged("page is empty");
  const auto map = static_cast<Map>(*head & 15);
  const int exponent = *head >> 4;
  switch (map) {
    case kConstantRaw:
    case kConstantInteger:
      return DecodeConstant(reader, map, values);
    case kDecimal:
      return DecodeDecimals(reader.rest(), context, exponent, values);
    case kDecimalExceptions:
      return DecodeWithExceptions(reader, context, exponent, values);
    case kOrderedBits:
      return DecodeRaw(reader.rest(), values);
    case kParent:
      return DecodeDifference(reader.rest(), context, values);
    default:
      break;
  }
  return Damaged("page is of an unknown kind");
}

void EncodeTimes(std::span<const model::TimestampMs> times, std::string& out) {
  NARTHEX_CHECK(!times.empty() && times.size() <= kPageSampleCountMax,
                "time columns have 1 to 1024 timestamps");
  const bool fits = std::ranges::all_of(
      times, [](model::TimestampMs t) { return t > -kDecimalLimit && t < kDecimalLimit; });
  if (fits) {
    PutHead(kDecimal, 0, out);
    return EncodeIntegers(times, out);
  }
  PutHead(kOrderedBits, kExponentMax, out);
  for (const model::TimestampMs time : times) {
    PutLittleEndian64(out, static_cast<std::uint64_t>(time));
  }
}

Status DecodeTimes(std::string_view column, std::span<model::TimestampMs> times) {
  if (times.empty() || times.size() > kPageSampleCountMax) {
    return Error{ErrorCode::kInvalidArgument, "time columns have 1 to 1024 timestamps"};
  }
  ByteReader reader(column);
  const auto head = reader.ReadByte();
  if (!head) return Damaged("time column is empty");
  if (*head == kDecimal) {
    if (!DecodeIntegers(reader.rest(), {}, times)) return Damaged("time column is malformed");
    return Ok();
  }
  if (*head != (kOrderedBits | kExponentMax << 4))
    return Damaged("time column is of an unknown kind");
  if (reader.remaining() != times.size() * 8) return Damaged("time column has another length");
  for (model::TimestampMs& time : times) {
    time = static_cast<model::TimestampMs>(*reader.ReadLittleEndian64());
  }
  return Ok();
}

}  // namespace narthex::chunk
