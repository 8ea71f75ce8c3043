// The reading side of pages.
#include "chunk/page.h"

#include <algorithm>
#include <array>
#include <bit>

#include "base/bytes.h"
#include "decimal.h"
#include "double_page.h"
#include "int_column.h"
#include "kernels.h"
#include "page_head.h"

namespace narthex::chunk {
namespace {

Error Damaged(std::string_view what) { return {ErrorCode::kCorruption, std::string(what)}; }

bool DecodeConstant(ByteReader& reader, Map map, std::span<double> values) {
  double value = 0;
  if (map == kConstantRaw) {
    const auto bits = reader.ReadLittleEndian64();
    if (!bits) return false;
    value = std::bit_cast<double>(*bits);
  } else {
    const auto integer = reader.ReadSignedVarint();
    if (!integer) return false;
    value = static_cast<double>(*integer);
  }
  CurrentKernels().fill(value, values);
  return true;
}

bool DecodeWithExceptions(ByteReader& reader, std::string_view shared, double divisor,
                          std::span<double> values) {
  const auto head = reader.ReadVarint();
  if (!head || *head >> 1 > values.size()) return false;
  const auto count = static_cast<std::size_t>(*head >> 1);
  const auto positions = reader.ReadBytes(count * 2);
  const bool is_stale_only = (*head & 1) != 0;
  const auto raw = reader.ReadBytes(is_stale_only ? 0 : count * 8);
  if (!positions || !raw || !DecodeQuotients(reader, shared, divisor, values)) return false;

  ByteReader position_reader(*positions);
  ByteReader raw_reader(*raw);
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint16_t at = *position_reader.ReadLittleEndian16();
    if (at >= values.size()) return false;
    values[at] =
        is_stale_only ? model::StaleNan() : std::bit_cast<double>(*raw_reader.ReadLittleEndian64());
  }
  return true;
}

bool DecodeRaw(ByteReader& reader, std::span<double> values) {
  const auto bytes = reader.ReadBytes(values.size() * 8);
  if (!bytes) return false;
  ByteReader raw(*bytes);
  for (double& value : values) value = std::bit_cast<double>(*raw.ReadLittleEndian64());
  return true;
}

bool DecodeDifference(ByteReader& reader, const PageContext& context, std::span<double> values) {
  if (!DecodeQuotients(reader, context.shared, 1, values)) return false;
  CurrentKernels().add(context.parent, values.data());
  return true;
}

bool DecodeBody(ByteReader& reader, std::uint8_t head, const PageContext& context,
                std::span<double> values) {
  const auto map = static_cast<Map>(head & 15);
  const auto exponent = static_cast<std::size_t>(head >> 4);
  const double divisor = kPowersOfTen[exponent];
  switch (map) {
    case kConstantRaw:
    case kConstantInteger:
      return DecodeConstant(reader, map, values);
    case kDecimal:
      return DecodeQuotients(reader, context.shared, divisor, values);
    case kDecimalExceptions:
      return DecodeWithExceptions(reader, context.shared, divisor, values);
    case kOrderedBits:
      if (exponent == std::size_t{kRawExponent}) return DecodeRaw(reader, values);
      return DecodeOrderedBits(reader, context.shared, values);
    case kRealDoubles:
      return DecodeRealDoubles(reader, values);
    case kDecimalCorrected:
      return DecodeCorrected(reader, divisor, values);
    case kParent:
      return DecodeDifference(reader, context, values);
    case kDictionary:
      return DecodeDictionary(reader, values);
  }
  return false;
}

}  // namespace

bool IsConstant(std::string_view page) {
  if (page.empty()) return false;
  const auto map = static_cast<Map>(page.front() & 15);
  if (map == kConstantRaw || map == kConstantInteger) return true;
  return map == kDecimal && IsConstantColumn(page.substr(1));
}

bool HasParent(std::string_view page) {
  return !page.empty() && (static_cast<unsigned char>(page[0]) & 15) == kParent;
}

Status DecodeValues(std::string_view page, const PageContext& context, std::span<double> values) {
  if (values.empty() || values.size() > kPageSampleCountMax) {
    return Error{ErrorCode::kInvalidArgument, "pages have 1 to 1024 samples"};
  }
  ByteReader reader(page);
  const auto head = reader.ReadByte();
  if (!head) return Damaged("page is empty");
  if (HasParent(page) && context.parent.size() != values.size()) {
    return Damaged("page refers to a parent of its length, which is not there");
  }
  if (!DecodeBody(reader, *head, context, values)) {
    return Damaged("page is malformed, cut short or of an unknown kind");
  }
  if (!reader.empty()) return Damaged("page has bytes behind its end");
  return Ok();
}

Status DecodeValues(std::string_view page, std::span<double> values) {
  return DecodeValues(page, PageContext{}, values);
}

Status DecodeTimes(std::string_view column, std::span<model::TimestampMs> times) {
  if (times.empty() || times.size() > kPageSampleCountMax) {
    return Error{ErrorCode::kInvalidArgument, "time columns have 1 to 1024 timestamps"};
  }
  ByteReader reader(column);
  if (!DecodeIntegers(reader, {}, times)) return Damaged("time column is malformed or cut short");
  if (!reader.empty()) return Damaged("time column has bytes behind its end");
  return Ok();
}

}  // namespace narthex::chunk
