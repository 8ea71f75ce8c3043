#include "wal/record.h"

#include <fmt/format.h>

#include <bit>

#include "base/bytes.h"

namespace narthex::wal {
namespace {

// Values that are integers below this are written as such; they convert exactly.
constexpr std::int64_t kIntegerLimit = std::int64_t{1} << 51;

Error Malformed(std::string_view record, std::string_view what) {
  return {ErrorCode::kCorruption, fmt::format("{} record: {}", record, what)};
}

std::uint64_t ZigZag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}
std::int64_t UnZigZag(std::uint64_t value) {
  return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
}

// An integer as a varint with a 0 bit below; anything else as the count of its leading bytes that
// are not zero with a 1 bit below, and these bytes.
void PutValue(std::string& out, double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  if (value > -static_cast<double>(kIntegerLimit) && value < static_cast<double>(kIntegerLimit)) {
    const auto integer = static_cast<std::int64_t>(value);
    if (std::bit_cast<std::uint64_t>(static_cast<double>(integer)) == bits) {
      PutVarint(out, ZigZag(integer) << 1);
      return;
    }
  }
  const int size = bits == 0 ? 0 : 8 - std::countr_zero(bits) / 8;
  out.push_back(static_cast<char>(size << 1 | 1));
  for (int i = 0; i < size; ++i) out.push_back(static_cast<char>(bits >> (56 - 8 * i) & 0xff));
}

std::optional<double> ReadValue(ByteReader& reader) {
  const auto token = reader.ReadVarint();
  if (!token) return std::nullopt;
  if ((*token & 1) == 0) return static_cast<double>(UnZigZag(*token >> 1));
  const std::uint64_t size = *token >> 1;
  if (size > 8) return std::nullopt;
  const auto bytes = reader.ReadBytes(static_cast<std::size_t>(size));
  if (!bytes) return std::nullopt;
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    bits = bits << 8 | (i < bytes->size() ? static_cast<unsigned char>((*bytes)[i]) : 0u);
  }
  return std::bit_cast<double>(bits);
}

// Runs of consecutive references: the step from what was expected, and the length less one. A
// target's series are created together, so most scrapes are one run.
void PutRefs(std::string& out, std::span<const std::uint64_t> refs) {
  std::uint64_t expected = 0;
  for (std::size_t at = 0; at < refs.size();) {
    std::size_t end = at + 1;
    while (end < refs.size() && refs[end] == refs[end - 1] + 1) ++end;
    PutVarint(out, ZigZag(static_cast<std::int64_t>(refs[at] - expected)));
    PutVarint(out, end - at - 1);
    expected = refs[end - 1] + 1;
    at = end;
  }
}

bool ReadRefs(ByteReader& reader, std::size_t count, std::vector<std::uint64_t>& refs) {
  refs.clear();
  std::uint64_t expected = 0;
  while (refs.size() < count) {
    const auto step = reader.ReadVarint();
    const auto more = reader.ReadVarint();
    if (!step || !more || *more >= count - refs.size()) return false;
    const std::uint64_t first = expected + static_cast<std::uint64_t>(UnZigZag(*step));
    for (std::uint64_t i = 0; i <= *more; ++i) refs.push_back(first + i);
    expected = first + *more + 1;
  }
  return true;
}

void PutTimes(std::string& out, std::span<const model::TimestampMs> times) {
  std::uint64_t before = 0;
  for (const model::TimestampMs time : times) {
    // Unsigned: the step between the extremes wraps around and back.
    PutSignedVarint(out, static_cast<std::int64_t>(static_cast<std::uint64_t>(time) - before));
    before = static_cast<std::uint64_t>(time);
  }
}

bool ReadTimes(ByteReader& reader, std::size_t count, std::vector<model::TimestampMs>& times) {
  times.clear();
  std::uint64_t time = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const auto step = reader.ReadSignedVarint();
    if (!step) return false;
    time += static_cast<std::uint64_t>(*step);
    times.push_back(static_cast<model::TimestampMs>(time));
  }
  return true;
}

}  // namespace

void EncodeSeries(const SeriesRecord& record, std::string& out) {
  PutVarint(out, record.group);
  PutVarint(out, record.series.size());
  for (const SeriesRecord::Series& series : record.series) {
    PutVarint(out, series.ref);
    PutLengthPrefixed(out, series.labels.encoded());
  }
}

Result<SeriesRecord> DecodeSeries(std::string_view bytes) {
  ByteReader reader(bytes);
  const auto group = reader.ReadVarint();
  const auto count = reader.ReadVarint();
  // Two bytes are the least that a series takes.
  if (!group || !count || *count > reader.remaining() / 2) return Malformed("series", "bad count");
  SeriesRecord record;
  record.group = *group;
  record.series.reserve(static_cast<std::size_t>(*count));
  for (std::uint64_t i = 0; i < *count; ++i) {
    const auto ref = reader.ReadVarint();
    const auto encoded = reader.ReadLengthPrefixed();
    if (!ref || !encoded) return Malformed("series", "cut short");
    auto labels = model::LabelSet::Decode(*encoded);
    if (!labels) return Malformed("series", "malformed label set");
    record.series.push_back({*ref, std::move(*labels)});
  }
  if (!reader.empty()) return Malformed("series", "bytes behind its end");
  return record;
}

void EncodeBatch(const BatchRecord& record, std::string& out) {
  PutVarint(out, record.group);
  PutVarint(out, record.refs.size());
  out.push_back(record.timestamps.empty() ? '\0' : '\1');
  if (record.timestamps.empty()) {
    PutSignedVarint(out, record.timestamp);
  } else {
    PutTimes(out, record.timestamps);
  }
  PutRefs(out, record.refs);
  for (const double value : record.values) PutValue(out, value);
}

Result<BatchRecord> BatchDecoder::Decode(std::string_view bytes) {
  ByteReader reader(bytes);
  const auto group = reader.ReadVarint();
  const auto count = reader.ReadVarint();
  const auto has_times = reader.ReadByte();
  // A value takes a byte at least.
  if (!group || !count || !has_times || *count > reader.remaining() || *has_times > 1) {
    return Malformed("batch", "bad head");
  }
  BatchRecord record;
  record.group = *group;
  const auto size = static_cast<std::size_t>(*count);
  if (*has_times == 1) {
    if (!ReadTimes(reader, size, timestamps_)) return Malformed("batch", "timestamps cut short");
    record.timestamps = timestamps_;
  } else {
    const auto timestamp = reader.ReadSignedVarint();
    if (!timestamp) return Malformed("batch", "timestamp cut short");
    record.timestamp = *timestamp;
  }
  if (!ReadRefs(reader, size, refs_)) return Malformed("batch", "malformed references");
  values_.clear();
  for (std::size_t i = 0; i < size; ++i) {
    const auto value = ReadValue(reader);
    if (!value) return Malformed("batch", "malformed values");
    values_.push_back(*value);
  }
  if (!reader.empty()) return Malformed("batch", "bytes behind its end");
  record.refs = refs_;
  record.values = values_;
  return record;
}

void EncodeColumn(const ColumnRecord& record, std::string& out) {
  PutVarint(out, record.column);
  PutVarint(out, record.group);
  PutVarint(out, record.first_ordinal);
  PutVarint(out, record.times.size());
  PutTimes(out, record.times);
}

Result<ColumnRecord> DecodeColumn(std::string_view bytes) {
  ByteReader reader(bytes);
  const auto column = reader.ReadVarint();
  const auto group = reader.ReadVarint();
  const auto first = reader.ReadVarint();
  const auto count = reader.ReadVarint();
  if (!column || !group || !first || !count || *count > reader.remaining() ||
      *first > UINT32_MAX - *count) {
    return Malformed("column", "bad head");
  }
  ColumnRecord record{*column, *group, static_cast<std::uint32_t>(*first), {}};
  if (!ReadTimes(reader, static_cast<std::size_t>(*count), record.times) || !reader.empty()) {
    return Malformed("column", "malformed timestamps");
  }
  for (std::size_t i = 1; i < record.times.size(); ++i) {
    if (record.times[i] < record.times[i - 1]) return Malformed("column", "times are not in order");
  }
  return record;
}

void EncodePage(const PageRecord& record, std::string& out) {
  PutVarint(out, record.ref);
  PutVarint(out, record.column);
  PutVarint(out, record.first_ordinal);
  PutVarint(out, record.span);
  PutVarint(out, record.count);
  PutLengthPrefixed(out, record.presence);
  PutLengthPrefixed(out, record.page);
}

Result<PageRecord> DecodePage(std::string_view bytes) {
  ByteReader reader(bytes);
  const auto ref = reader.ReadVarint();
  const auto column = reader.ReadVarint();
  const auto first = reader.ReadVarint();
  const auto span = reader.ReadVarint();
  const auto count = reader.ReadVarint();
  const auto presence = reader.ReadLengthPrefixed();
  const auto page = reader.ReadLengthPrefixed();
  if (!ref || !column || !first || !span || !count || !presence || !page || !reader.empty()) {
    return Malformed("page", "cut short");
  }
  if (*span > UINT16_MAX || *count == 0 || *count > *span || *first > UINT32_MAX - *span) {
    return Malformed("page", "bad counts");
  }
  int present = 0;
  for (const char byte : *presence) present += std::popcount(static_cast<unsigned char>(byte));
  const bool is_dense = *count == *span;
  if (is_dense != presence->empty() ||
      (!is_dense && (presence->size() != (*span + 7) / 8 || present != static_cast<int>(*count)))) {
    return Malformed("page", "presence does not fit its counts");
  }
  return PageRecord{*ref,
                    *column,
                    static_cast<std::uint32_t>(*first),
                    static_cast<std::uint16_t>(*span),
                    static_cast<std::uint16_t>(*count),
                    *presence,
                    *page};
}

}  // namespace narthex::wal
