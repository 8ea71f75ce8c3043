// Encoding chunks of native histograms.
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "base/bytes.h"
#include "bit_codes.h"
#include "chunk.h"

namespace narthex::promblock {
namespace {

using model::CounterResetHint;
using model::FloatHistogram;
using model::HistogramSpan;

constexpr double kIntegerMax = 9007199254740992.0;  // 2^53: below it, every integer is a double

bool IsInteger(double count) {
  return count >= 0 && count < kIntegerMax && count == std::floor(count) && !std::signbit(count);
}

bool HasIntegers(const FloatHistogram& histogram) {
  return IsInteger(histogram.count) && IsInteger(histogram.zero_count) &&
         std::ranges::all_of(histogram.positive_buckets, IsInteger) &&
         std::ranges::all_of(histogram.negative_buckets, IsInteger);
}

// The buckets of one side, by index; of all samples of a chunk in the end.
class BucketIndices {
 public:
  static std::vector<std::int64_t> Of(std::span<const HistogramSpan> spans) {
    std::vector<std::int64_t> indices;
    std::int64_t index = 0;
    for (const HistogramSpan& span : spans) {
      index += span.offset;
      for (std::uint32_t i = 0; i < span.length; ++i) indices.push_back(index++);
    }
    return indices;
  }

  // False, and nothing changes, where the offsets of spans could not say it.
  bool Add(std::span<const HistogramSpan> spans) {
    if (std::ranges::equal(spans, last_spans_)) return true;
    const std::vector<std::int64_t> added = Of(spans);
    std::vector<std::int64_t> merged;
    std::ranges::set_union(indices_, added, std::back_inserter(merged));
    if (!merged.empty() &&
        merged.back() - merged.front() > std::numeric_limits<std::int32_t>::max()) {
      return false;
    }
    indices_ = std::move(merged);
    last_spans_.assign(spans.begin(), spans.end());
    return true;
  }

  std::size_t size() const { return indices_.size(); }

  std::vector<HistogramSpan> Spans() const {
    std::vector<HistogramSpan> spans;
    std::int64_t next = 0;
    for (const std::int64_t index : indices_) {
      if (spans.empty() || index != next) {
        spans.push_back({static_cast<std::int32_t>(index - next), 0});
      }
      ++spans.back().length;
      next = index + 1;
    }
    return spans;
  }

  // The buckets of one histogram in these places, 0 where it has none.
  std::vector<double> Spread(std::span<const HistogramSpan> spans,
                             std::span<const double> buckets) const {
    if (buckets.size() == indices_.size()) return {buckets.begin(), buckets.end()};
    std::vector<double> spread(indices_.size(), 0.0);
    std::size_t place = 0;
    std::size_t bucket = 0;
    for (const std::int64_t index : Of(spans)) {
      while (indices_[place] != index) ++place;
      spread[place] = buckets[bucket++];
    }
    return spread;
  }

 private:
  std::vector<std::int64_t> indices_;
  std::vector<HistogramSpan> last_spans_;
};

// Whether a bucket of one side has less than before.
bool HasFallen(std::span<const HistogramSpan> spans_before, std::span<const double> before,
               std::span<const HistogramSpan> spans_after, std::span<const double> after) {
  if (std::ranges::equal(spans_before, spans_after)) {
    for (std::size_t i = 0; i < before.size(); ++i) {
      if (after[i] < before[i]) return true;
    }
    return false;
  }
  BucketIndices all;
  // Where they are too far apart for one layout the older ones are gone.
  if (!all.Add(spans_before) || !all.Add(spans_after)) return true;
  const std::vector<double> old_counts = all.Spread(spans_before, before);
  const std::vector<double> new_counts = all.Spread(spans_after, after);
  for (std::size_t i = 0; i < old_counts.size(); ++i) {
    if (new_counts[i] < old_counts[i]) return true;
  }
  return false;
}

bool IsGauge(const FloatHistogram& histogram) {
  return histogram.reset_hint == CounterResetHint::kGauge;
}

bool IsStale(const FloatHistogram& histogram) { return model::IsStaleNan(histogram.sum); }

bool HaveSameBuckets(const FloatHistogram& a, const FloatHistogram& b) {
  return a.schema == b.schema && model::SameBits(a.zero_threshold, b.zero_threshold) &&
         a.custom_values == b.custom_values;
}

// Between two histograms with the same buckets, neither of them stale.
bool IsReset(const FloatHistogram& before, const FloatHistogram& after) {
  return after.reset_hint == CounterResetHint::kReset || after.count < before.count ||
         after.zero_count < before.zero_count ||
         HasFallen(before.positive_spans, before.positive_buckets, after.positive_spans,
                   after.positive_buckets) ||
         HasFallen(before.negative_spans, before.negative_buckets, after.negative_spans,
                   after.negative_buckets);
}

// Samples that go into one chunk together.
class Run {
 public:
  Run(const storage::SampleColumns& columns, std::size_t begin)
      : columns_(columns), begin_(begin), end_(begin + 1) {
    const FloatHistogram& first = At(begin);
    is_stale_ = IsStale(first);
    if (!is_stale_) {
      is_integer_ = HasIntegers(first);
      positive_.Add(first.positive_spans);
      negative_.Add(first.negative_spans);
    }
    while (end_ - begin_ < kChunkSampleCountMax && Takes(end_)) ++end_;
  }

  std::size_t begin() const { return begin_; }
  std::size_t end() const { return end_; }
  bool is_integer() const { return is_integer_; }
  const FloatHistogram& At(std::size_t position) const { return *columns_.histograms[position]; }
  const BucketIndices& positive() const { return positive_; }
  const BucketIndices& negative() const { return negative_; }

  ResetHeader Header() const {
    const FloatHistogram& first = At(begin_);
    if (is_stale_) return ResetHeader::kUnknown;
    if (IsGauge(first)) return ResetHeader::kGauge;
    if (first.reset_hint == CounterResetHint::kReset) return ResetHeader::kReset;
    const FloatHistogram* const before = begin_ == 0 ? nullptr : columns_.histograms[begin_ - 1];
    if (before == nullptr || IsStale(*before) || IsGauge(*before) ||
        !HaveSameBuckets(*before, first)) {
      return ResetHeader::kUnknown;
    }
    return IsReset(*before, first) ? ResetHeader::kReset : ResetHeader::kNotReset;
  }

 private:
  // Whether the sample at `position`, behind the last one, fits; its buckets are then added.
  bool Takes(std::size_t position) {
    if (position >= columns_.histograms.size() || columns_.histograms[position] == nullptr) {
      return false;
    }
    const FloatHistogram& before = At(position - 1);
    const FloatHistogram& sample = At(position);
    // Behind a staleness marker only more of them may come: their buckets are not written.
    if (IsStale(sample)) return true;
    if (IsStale(before)) return false;
    if (HasIntegers(sample) != is_integer_ || IsGauge(sample) != IsGauge(before) ||
        !HaveSameBuckets(before, sample) || (!IsGauge(sample) && IsReset(before, sample))) {
      return false;
    }
    return positive_.Add(sample.positive_spans) && negative_.Add(sample.negative_spans);
  }

  const storage::SampleColumns& columns_;
  const std::size_t begin_;
  std::size_t end_;
  bool is_stale_ = false;
  bool is_integer_ = true;
  BucketIndices positive_;
  BucketIndices negative_;
};

void WriteThreshold(BitWriter& bits, double threshold) {
  if (threshold == 0) return bits.Write(0, 8);
  int exponent = 0;
  const double fraction = std::frexp(threshold, &exponent);
  if (fraction == 0.5 && exponent >= -242 && exponent <= 11) {
    return bits.Write(static_cast<std::uint64_t>(exponent + 243), 8);
  }
  bits.Write(255, 8);
  bits.WriteDouble(threshold);
}

void WriteSpans(BitWriter& bits, const std::vector<HistogramSpan>& spans) {
  WriteUnsignedCode(bits, spans.size());
  for (const HistogramSpan& span : spans) {
    WriteUnsignedCode(bits, span.length);
    WriteSignedCode(bits, span.offset);
  }
}

void WriteCustomValues(BitWriter& bits, std::span<const double> bounds) {
  constexpr double kThousandthsMax = 33554430;  // the code then takes four bytes at most
  WriteUnsignedCode(bits, bounds.size());
  for (const double bound : bounds) {
    const double thousandths = std::round(bound * 1000);
    if (thousandths >= 0 && thousandths <= kThousandthsMax &&
        model::SameBits(thousandths / 1000, bound)) {
      WriteUnsignedCode(bits, static_cast<std::uint64_t>(thousandths) + 1);
    } else {
      WriteUnsignedCode(bits, 0);
      bits.WriteDouble(bound);
    }
  }
}

// A whole number, coded by its growth.
class CounterWriter {
 public:
  void Write(BitWriter& bits, std::size_t index, std::uint64_t value) {
    const std::uint64_t difference = value - value_;
    if (index == 0) {
      WriteSignedCode(bits, static_cast<std::int64_t>(value));
    } else {
      WriteSignedCode(
          bits, static_cast<std::int64_t>(index == 1 ? difference : difference - difference_));
      difference_ = difference;
    }
    value_ = value;
  }
  // Counts begin as a number without a sign.
  void WriteCount(BitWriter& bits, std::size_t index, double count) {
    const auto value = static_cast<std::uint64_t>(count);
    if (index > 0) return Write(bits, index, value);
    WriteUnsignedCode(bits, value);
    value_ = value;
  }

 private:
  std::uint64_t value_ = 0;
  std::uint64_t difference_ = 0;
};

class IntegerWriter {
 public:
  explicit IntegerWriter(const Run& run)
      : positive_(run.positive().size()), negative_(run.negative().size()) {}

  void Write(BitWriter& bits, std::size_t index, const FloatHistogram& histogram,
             std::span<const double> positive, std::span<const double> negative) {
    const bool is_stale = IsStale(histogram);
    if (is_stale) {
      // Not grown since the last one, or none at all.
      bits.Write(0, 2);
    } else {
      count_.WriteCount(bits, index, histogram.count);
      zero_count_.WriteCount(bits, index, histogram.zero_count);
    }
    index == 0 ? sum_.WriteFirst(bits, histogram.sum) : sum_.Write(bits, histogram.sum);
    if (is_stale) return;
    WriteBuckets(bits, index, positive, positive_);
    WriteBuckets(bits, index, negative, negative_);
  }

 private:
  static void WriteBuckets(BitWriter& bits, std::size_t index, std::span<const double> buckets,
                           std::vector<CounterWriter>& counters) {
    std::uint64_t previous = 0;
    for (std::size_t i = 0; i < buckets.size(); ++i) {
      const auto count = static_cast<std::uint64_t>(buckets[i]);
      counters[i].Write(bits, index, count - previous);
      previous = count;
    }
  }

  CounterWriter count_;
  CounterWriter zero_count_;
  XorWriter sum_;
  std::vector<CounterWriter> positive_;
  std::vector<CounterWriter> negative_;
};

class FloatWriter {
 public:
  explicit FloatWriter(const Run& run)
      : positive_(run.positive().size()), negative_(run.negative().size()) {}

  void Write(BitWriter& bits, std::size_t index, const FloatHistogram& histogram,
             std::span<const double> positive, std::span<const double> negative) {
    const bool is_stale = IsStale(histogram);
    WriteValue(bits, index, is_stale ? 0 : histogram.count, count_);
    WriteValue(bits, index, is_stale ? 0 : histogram.zero_count, zero_count_);
    WriteValue(bits, index, histogram.sum, sum_);
    if (is_stale) return;
    for (std::size_t i = 0; i < positive.size(); ++i) {
      WriteValue(bits, index, positive[i], positive_[i]);
    }
    for (std::size_t i = 0; i < negative.size(); ++i) {
      WriteValue(bits, index, negative[i], negative_[i]);
    }
  }

 private:
  static void WriteValue(BitWriter& bits, std::size_t index, double value, XorWriter& writer) {
    index == 0 ? writer.WriteFirst(bits, value) : writer.Write(bits, value);
  }

  XorWriter count_;
  XorWriter zero_count_;
  XorWriter sum_;
  std::vector<XorWriter> positive_;
  std::vector<XorWriter> negative_;
};

template <typename Writer>
void WriteSamples(BitWriter& bits, const Run& run, std::span<const model::TimestampMs> times) {
  Writer writer(run);
  CounterWriter time;
  for (std::size_t i = run.begin(); i < run.end(); ++i) {
    const FloatHistogram& histogram = run.At(i);
    const std::size_t index = i - run.begin();
    time.Write(bits, index, static_cast<std::uint64_t>(times[i]));
    if (IsStale(histogram)) {
      writer.Write(bits, index, histogram, {}, {});
      continue;
    }
    writer.Write(bits, index, histogram,
                 run.positive().Spread(histogram.positive_spans, histogram.positive_buckets),
                 run.negative().Spread(histogram.negative_spans, histogram.negative_buckets));
  }
}

}  // namespace

EncodedChunk EncodeHistogramChunk(const storage::SampleColumns& columns, std::size_t begin) {
  const Run run(columns, begin);
  const FloatHistogram& first = run.At(begin);
  const bool is_stale = IsStale(first);
  EncodedChunk chunk;
  chunk.kind = run.is_integer() ? ChunkKind::kHistogram : ChunkKind::kFloatHistogram;
  chunk.min_time = columns.timestamps[begin];
  chunk.max_time = columns.timestamps[run.end() - 1];
  chunk.sample_count = run.end() - begin;
  PutBigEndian16(chunk.bytes, static_cast<std::uint16_t>(chunk.sample_count));
  chunk.bytes.push_back(static_cast<char>(static_cast<unsigned>(run.Header()) << 6));
  BitWriter bits(chunk.bytes);
  WriteThreshold(bits, is_stale ? 0 : first.zero_threshold);
  WriteSignedCode(bits, is_stale ? 0 : first.schema);
  WriteSpans(bits, run.positive().Spans());
  WriteSpans(bits, run.negative().Spans());
  if (!is_stale && first.schema == model::kCustomBucketsSchema) {
    WriteCustomValues(bits, first.custom_values);
  }
  if (run.is_integer()) {
    WriteSamples<IntegerWriter>(bits, run, columns.timestamps);
  } else {
    WriteSamples<FloatWriter>(bits, run, columns.timestamps);
  }
  bits.Finish();
  return chunk;
}

}  // namespace narthex::promblock
