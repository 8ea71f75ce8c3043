// Decoding chunks of native histograms.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/bytes.h"
#include "bit_codes.h"
#include "chunk.h"

namespace narthex::promblock {
namespace {

Error Damaged(std::string_view what) {
  return {ErrorCode::kCorruption, fmt::format("chunk of histograms: {}", what)};
}

// What all samples of a chunk have alike.
struct Layout {
  std::size_t sample_count = 0;
  ResetHeader reset = ResetHeader::kUnknown;
  std::uint8_t start_header = 0;
  model::FloatHistogram shape;  // schema, threshold, spans and bounds
  std::size_t positive_count = 0;
  std::size_t negative_count = 0;

  std::size_t bucket_count() const { return positive_count + negative_count; }
};

double ReadThreshold(BitReader& bits) {
  // 1 to 254 are powers of two, of which 1 is 2^-243.
  constexpr int kExponentBias = 244;
  const std::uint64_t code = bits.Read(8);
  if (code == 0) return 0;
  if (code == 255) return bits.ReadDouble();
  return std::ldexp(1.0, static_cast<int>(code) - kExponentBias);
}

// Spans without buckets are folded into the offset of the one behind them. Gives how many buckets
// the spans have.
Result<std::size_t> ReadSpans(BitReader& bits, std::vector<model::HistogramSpan>& spans) {
  const std::uint64_t count = ReadUnsignedCode(bits);
  std::uint64_t bucket_count = 0;
  std::int64_t offset = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t length = ReadUnsignedCode(bits);
    const std::int64_t gap = ReadSignedCode(bits);
    // A bucket takes a bit of the first sample at least.
    if (!bits.ok() || length > bits.bit_count() || gap < std::numeric_limits<std::int32_t>::min() ||
        gap > std::numeric_limits<std::int32_t>::max()) {
      return Damaged("spans are out of bounds");
    }
    offset += gap;
    if (offset < std::numeric_limits<std::int32_t>::min() ||
        offset > std::numeric_limits<std::int32_t>::max()) {
      return Damaged("spans are out of bounds");
    }
    if (length == 0) continue;
    spans.push_back({static_cast<std::int32_t>(offset), static_cast<std::uint32_t>(length)});
    offset = 0;
    bucket_count += length;
    if (bucket_count > bits.bit_count()) return Damaged("spans are out of bounds");
  }
  return static_cast<std::size_t>(bucket_count);
}

Status ReadCustomValues(BitReader& bits, std::vector<double>& bounds) {
  const std::uint64_t count = ReadUnsignedCode(bits);
  if (count > bits.bit_count()) return Damaged("bounds are out of bounds");
  for (std::uint64_t i = 0; i < count && bits.ok(); ++i) {
    const std::uint64_t code = ReadUnsignedCode(bits);
    // Thousandths, or any double behind a 0.
    bounds.push_back(code == 0 ? bits.ReadDouble() : static_cast<double>(code - 1) / 1000.0);
  }
  return Ok();
}

// Reads up to the samples.
Result<Layout> ReadLayout(BitReader& bits, bool has_starts) {
  Layout layout;
  const std::uint64_t count = bits.Read(16);
  const std::uint64_t third = bits.Read(8);
  if (has_starts) {
    layout.sample_count = count & 0x3fff;
    layout.reset = static_cast<ResetHeader>(count >> 14);
    layout.start_header = static_cast<std::uint8_t>(third);
  } else {
    layout.sample_count = count;
    layout.reset = static_cast<ResetHeader>(third >> 6);
  }
  layout.shape.zero_threshold = ReadThreshold(bits);
  const std::int64_t schema = ReadSignedCode(bits);
  if (schema < -128 || schema > 127) return Damaged("schema is out of bounds");
  layout.shape.schema = static_cast<std::int32_t>(schema);
  NARTHEX_ASSIGN_OR_RETURN(layout.positive_count, ReadSpans(bits, layout.shape.positive_spans));
  NARTHEX_ASSIGN_OR_RETURN(layout.negative_count, ReadSpans(bits, layout.shape.negative_spans));
  if (layout.shape.schema == model::kCustomBucketsSchema) {
    NARTHEX_TRY(ReadCustomValues(bits, layout.shape.custom_values));
  }
  if (!bits.ok()) return Damaged("is cut short");
  const std::uint64_t sample_size =
      sizeof(model::FloatHistogram) +
      8 * (layout.bucket_count() + layout.shape.positive_spans.size() +
           layout.shape.negative_spans.size() + layout.shape.custom_values.size());
  if (sample_size * std::max<std::size_t>(layout.sample_count, 1) > kDecodedChunkSizeMax) {
    return Error{
        ErrorCode::kResourceExhausted,
        fmt::format("chunk of histograms would take more than {} MiB", kDecodedChunkSizeMax >> 20)};
  }
  return layout;
}

// A whole number and its growth; wraps around on nonsense.
struct Counter {
  std::uint64_t value = 0;
  std::uint64_t difference = 0;

  // `index` is the place of the sample in its chunk.
  void Advance(std::size_t index, std::int64_t code) {
    const auto bits = static_cast<std::uint64_t>(code);
    if (index == 0) {
      value = bits;
      return;
    }
    difference = index == 1 ? bits : difference + bits;
    value += difference;
  }
};

// A double and what its coding remembers.
struct XorValue {
  std::uint64_t value = 0;
  XorWindow window = {};

  double Read(BitReader& bits, std::size_t index) {
    if (index == 0) {
      value = bits.Read(64);
    } else {
      ReadXorCode(bits, window, value);
    }
    return std::bit_cast<double>(value);
  }
};

// Counts as whole numbers; buckets as differences from the one before, but for the first.
class IntegerSamples {
 public:
  explicit IntegerSamples(const Layout& layout)
      : positive_(layout.positive_count), negative_(layout.negative_count) {}

  void Read(BitReader& bits, std::size_t index, model::FloatHistogram& histogram) {
    ReadCount(bits, index, count_);
    ReadCount(bits, index, zero_count_);
    histogram.sum = sum_.Read(bits, index);
    if (model::IsStaleNan(histogram.sum)) return;
    histogram.count = static_cast<double>(count_.value);
    histogram.zero_count = static_cast<double>(zero_count_.value);
    ReadBuckets(bits, index, positive_, histogram.positive_buckets);
    ReadBuckets(bits, index, negative_, histogram.negative_buckets);
  }

 private:
  static void ReadCount(BitReader& bits, std::size_t index, Counter& counter) {
    counter.Advance(index, index == 0 ? static_cast<std::int64_t>(ReadUnsignedCode(bits))
                                      : ReadSignedCode(bits));
  }
  static void ReadBuckets(BitReader& bits, std::size_t index, std::vector<Counter>& counters,
                          std::vector<double>& buckets) {
    buckets.reserve(counters.size());
    std::uint64_t count = 0;
    for (Counter& counter : counters) {
      counter.Advance(index, ReadSignedCode(bits));
      count += counter.value;
      buckets.push_back(static_cast<double>(static_cast<std::int64_t>(count)));
    }
  }

  Counter count_;
  Counter zero_count_;
  XorValue sum_;
  std::vector<Counter> positive_;
  std::vector<Counter> negative_;
};

class FloatSamples {
 public:
  explicit FloatSamples(const Layout& layout)
      : positive_(layout.positive_count), negative_(layout.negative_count) {}

  void Read(BitReader& bits, std::size_t index, model::FloatHistogram& histogram) {
    const double count = count_.Read(bits, index);
    const double zero_count = zero_count_.Read(bits, index);
    histogram.sum = sum_.Read(bits, index);
    if (model::IsStaleNan(histogram.sum)) return;
    histogram.count = count;
    histogram.zero_count = zero_count;
    ReadBuckets(bits, index, positive_, histogram.positive_buckets);
    ReadBuckets(bits, index, negative_, histogram.negative_buckets);
  }

 private:
  static void ReadBuckets(BitReader& bits, std::size_t index, std::vector<XorValue>& values,
                          std::vector<double>& buckets) {
    buckets.reserve(values.size());
    for (XorValue& value : values) buckets.push_back(value.Read(bits, index));
  }

  XorValue count_;
  XorValue zero_count_;
  XorValue sum_;
  std::vector<XorValue> positive_;
  std::vector<XorValue> negative_;
};

model::CounterResetHint HintOf(ResetHeader header, std::size_t index) {
  if (header == ResetHeader::kGauge) return model::CounterResetHint::kGauge;
  // What the header says of the first sample holds against the chunk before it, which may have been
  // deleted or lie in another block; within a chunk there is no reset.
  return index == 0 ? model::CounterResetHint::kUnknown : model::CounterResetHint::kNotReset;
}

template <typename Samples>
Status ReadSamples(BitReader& bits, const Layout& layout, bool has_starts, DecodedSamples& out) {
  Samples samples(layout);
  StartTimeReader starts(layout.start_header);
  Counter time;
  for (std::size_t i = 0; i < layout.sample_count; ++i) {
    const auto previous = static_cast<std::int64_t>(time.value);
    time.Advance(i, ReadSignedCode(bits));
    const auto now = static_cast<std::int64_t>(time.value);
    model::FloatHistogram histogram;
    samples.Read(bits, i, histogram);
    const model::TimestampMs start = has_starts ? starts.Read(bits, i, now, previous) : 0;
    if (!bits.ok()) return Damaged("is cut short");
    if (!model::IsStaleNan(histogram.sum)) {
      histogram.reset_hint = HintOf(layout.reset, i);
      histogram.schema = layout.shape.schema;
      histogram.zero_threshold = layout.shape.zero_threshold;
      histogram.positive_spans = layout.shape.positive_spans;
      histogram.negative_spans = layout.shape.negative_spans;
      histogram.custom_values = layout.shape.custom_values;
      if (const Status valid = model::Validate(histogram); !valid.ok()) {
        return Damaged(valid.error().message());
      }
    }
    out.AddHistogram(now, std::move(histogram));
    if (has_starts) out.SetStartTime(start);
  }
  return Ok();
}

}  // namespace

Status DecodeHistogramChunk(ChunkKind kind, std::string_view bytes, DecodedSamples& out) {
  const bool has_starts =
      kind == ChunkKind::kHistogramStart || kind == ChunkKind::kFloatHistogramStart;
  BitReader bits(bytes);
  NARTHEX_ASSIGN_OR_RETURN(const Layout layout, ReadLayout(bits, has_starts));
  const bool is_integer = kind == ChunkKind::kHistogram || kind == ChunkKind::kHistogramStart;
  return is_integer ? ReadSamples<IntegerSamples>(bits, layout, has_starts, out)
                    : ReadSamples<FloatSamples>(bits, layout, has_starts, out);
}

}  // namespace narthex::promblock
