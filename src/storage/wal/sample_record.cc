#include "wal/sample_record.h"

#include <bit>

#include "base/bytes.h"
#include "columns.h"

namespace narthex::wal {
namespace {

// Counts are integers mostly: those below this are written as such.
constexpr std::int64_t kIntegerLimit = std::int64_t{1} << 51;

// An integer as a varint with a 0 bit below, anything else as a byte 1 and the eight bytes.
void PutDouble(std::string& out, double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  if (value >= 0 && value < static_cast<double>(kIntegerLimit)) {
    const auto integer = static_cast<std::uint64_t>(value);
    if (std::bit_cast<std::uint64_t>(static_cast<double>(integer)) == bits) {
      PutVarint(out, integer << 1);
      return;
    }
  }
  PutVarint(out, 1);
  PutLittleEndian64(out, bits);
}

std::optional<double> ReadDouble(ByteReader& reader) {
  const auto token = reader.ReadVarint();
  if (!token) return std::nullopt;
  if ((*token & 1) == 0) return static_cast<double>(*token >> 1);
  const auto bits = reader.ReadLittleEndian64();
  if (!bits) return std::nullopt;
  return std::bit_cast<double>(*bits);
}

void PutSpans(std::string& out, const std::vector<model::HistogramSpan>& spans) {
  PutVarint(out, spans.size());
  for (const model::HistogramSpan& span : spans) {
    PutSignedVarint(out, span.offset);
    PutVarint(out, span.length);
  }
}

bool ReadSpans(ByteReader& reader, std::vector<model::HistogramSpan>& spans) {
  const auto count = reader.ReadVarint();
  // Two bytes are the least that a span takes.
  if (!count || *count > reader.remaining() / 2) return false;
  spans.reserve(static_cast<std::size_t>(*count));
  for (std::uint64_t i = 0; i < *count; ++i) {
    const auto offset = reader.ReadSignedVarint();
    const auto length = reader.ReadVarint();
    if (!offset || !length || *length > UINT32_MAX || *offset < INT32_MIN || *offset > INT32_MAX) {
      return false;
    }
    spans.push_back({static_cast<std::int32_t>(*offset), static_cast<std::uint32_t>(*length)});
  }
  return true;
}

void PutDoubles(std::string& out, const std::vector<double>& values) {
  PutVarint(out, values.size());
  for (const double value : values) PutDouble(out, value);
}

bool ReadDoubles(ByteReader& reader, std::vector<double>& values) {
  const auto count = reader.ReadVarint();
  if (!count || *count > reader.remaining()) return false;
  values.reserve(static_cast<std::size_t>(*count));
  for (std::uint64_t i = 0; i < *count; ++i) {
    const auto value = ReadDouble(reader);
    if (!value) return false;
    values.push_back(*value);
  }
  return true;
}

void PutHistogram(std::string& out, const model::FloatHistogram& histogram) {
  out.push_back(static_cast<char>(histogram.reset_hint));
  PutSignedVarint(out, histogram.schema);
  PutDouble(out, histogram.zero_threshold);
  PutDouble(out, histogram.zero_count);
  PutDouble(out, histogram.count);
  PutDouble(out, histogram.sum);
  PutSpans(out, histogram.positive_spans);
  PutSpans(out, histogram.negative_spans);
  PutDoubles(out, histogram.positive_buckets);
  PutDoubles(out, histogram.negative_buckets);
  PutDoubles(out, histogram.custom_values);
}

std::shared_ptr<const model::FloatHistogram> ReadHistogram(ByteReader& reader) {
  auto histogram = std::make_shared<model::FloatHistogram>();
  const auto hint = reader.ReadByte();
  const auto schema = reader.ReadSignedVarint();
  if (!hint || *hint > static_cast<std::uint8_t>(model::CounterResetHint::kGauge) || !schema ||
      *schema < INT32_MIN || *schema > INT32_MAX) {
    return nullptr;
  }
  histogram->reset_hint = static_cast<model::CounterResetHint>(*hint);
  histogram->schema = static_cast<std::int32_t>(*schema);
  const auto zero_threshold = ReadDouble(reader);
  const auto zero_count = ReadDouble(reader);
  const auto count = ReadDouble(reader);
  const auto sum = ReadDouble(reader);
  if (!zero_threshold || !zero_count || !count || !sum) return nullptr;
  histogram->zero_threshold = *zero_threshold;
  histogram->zero_count = *zero_count;
  histogram->count = *count;
  histogram->sum = *sum;
  const bool is_whole = ReadSpans(reader, histogram->positive_spans) &&
                        ReadSpans(reader, histogram->negative_spans) &&
                        ReadDoubles(reader, histogram->positive_buckets) &&
                        ReadDoubles(reader, histogram->negative_buckets) &&
                        ReadDoubles(reader, histogram->custom_values);
  return is_whole ? histogram : nullptr;
}

}  // namespace

void EncodeSamples(const SampleRecord& record, std::string& out) {
  PutVarint(out, record.group);
  PutVarint(out, record.samples.size());
  std::uint64_t ref = 0;
  std::uint64_t time = 0;
  for (const SampleRecord::Sample& sample : record.samples) {
    // Unsigned: the step between the extremes wraps around and back.
    PutSignedVarint(out, static_cast<std::int64_t>(sample.ref - ref));
    PutSignedVarint(out,
                    static_cast<std::int64_t>(static_cast<std::uint64_t>(sample.timestamp) - time));
    ref = sample.ref;
    time = static_cast<std::uint64_t>(sample.timestamp);
    out.push_back(sample.histogram == nullptr ? '\0' : '\1');
    if (sample.histogram == nullptr) {
      PutLittleEndian64(out, std::bit_cast<std::uint64_t>(sample.value));
    } else {
      PutHistogram(out, *sample.histogram);
    }
  }
}

Result<SampleRecord> DecodeSamples(std::string_view bytes) {
  ByteReader reader(bytes);
  const auto group = reader.ReadVarint();
  const auto count = reader.ReadVarint();
  // Eleven bytes are the least that a sample takes.
  if (!group || !count || *count > reader.remaining() / 11) return Malformed("sample", "bad count");
  SampleRecord record;
  record.group = *group;
  record.samples.reserve(static_cast<std::size_t>(*count));
  std::uint64_t ref = 0;
  std::uint64_t time = 0;
  for (std::uint64_t i = 0; i < *count; ++i) {
    const auto ref_step = reader.ReadSignedVarint();
    const auto time_step = reader.ReadSignedVarint();
    const auto kind = reader.ReadByte();
    if (!ref_step || !time_step || !kind || *kind > 1) return Malformed("sample", "cut short");
    ref += static_cast<std::uint64_t>(*ref_step);
    time += static_cast<std::uint64_t>(*time_step);
    SampleRecord::Sample sample{ref, static_cast<model::TimestampMs>(time), 0, nullptr};
    if (*kind == 0) {
      const auto bits = reader.ReadLittleEndian64();
      if (!bits) return Malformed("sample", "value cut short");
      sample.value = std::bit_cast<double>(*bits);
    } else {
      sample.histogram = ReadHistogram(reader);
      if (sample.histogram == nullptr) return Malformed("sample", "malformed histogram");
      if (!model::Validate(*sample.histogram).ok())
        return Malformed("sample", "histogram is not valid");
      sample.value = sample.histogram->sum;
    }
    record.samples.push_back(std::move(sample));
  }
  if (!reader.empty()) return Malformed("sample", "bytes behind its end");
  return record;
}

}  // namespace narthex::wal
