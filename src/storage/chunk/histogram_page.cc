#include "chunk/histogram_page.h"

#include <algorithm>
#include <array>
#include <bit>

#include "base/bytes.h"
#include "base/check.h"
#include "chunk/page.h"
#include "model/sample.h"

namespace narthex::chunk {
namespace {

using model::FloatHistogram;
using Column = std::array<double, kPageSampleCountMax>;

constexpr std::uint8_t kResetHintMask = 3;
// The threshold is the default one, 2^-128, or 0, and not written.
constexpr std::uint8_t kDefaultThresholdBit = 1 << 2;
constexpr std::uint8_t kNoThresholdBit = 1 << 3;
constexpr double kDefaultThreshold = 0x1p-128;

Error Damaged(std::string_view what) { return {ErrorCode::kCorruption, std::string(what)}; }

bool SameDoubles(std::span<const double> a, std::span<const double> b) {
  return std::ranges::equal(a, b, model::SameBits);
}

// Whether two histograms differ in counts and sum only.
bool SameLayout(const FloatHistogram& a, const FloatHistogram& b) {
  return a.reset_hint == b.reset_hint && a.schema == b.schema &&
         model::SameBits(a.zero_threshold, b.zero_threshold) &&
         a.positive_spans == b.positive_spans && a.negative_spans == b.negative_spans &&
         a.positive_buckets.size() == b.positive_buckets.size() &&
         a.negative_buckets.size() == b.negative_buckets.size() &&
         SameDoubles(a.custom_values, b.custom_values);
}

void PutSpans(const std::vector<model::HistogramSpan>& spans, std::string& out) {
  PutVarint(out, spans.size());
  for (const model::HistogramSpan& span : spans) {
    PutSignedVarint(out, span.offset);
    PutVarint(out, span.length);
  }
}

void PutLayout(const FloatHistogram& histogram, std::string& out) {
  auto flags = static_cast<std::uint8_t>(histogram.reset_hint);
  const double threshold = histogram.zero_threshold;
  if (model::SameBits(threshold, kDefaultThreshold)) flags |= kDefaultThresholdBit;
  if (model::SameBits(threshold, 0)) flags |= kNoThresholdBit;
  out.push_back(static_cast<char>(flags));
  if ((flags & (kDefaultThresholdBit | kNoThresholdBit)) == 0) {
    PutLittleEndian64(out, std::bit_cast<std::uint64_t>(threshold));
  }
  PutSignedVarint(out, histogram.schema);
  PutSpans(histogram.positive_spans, out);
  PutVarint(out, histogram.positive_buckets.size());
  PutSpans(histogram.negative_spans, out);
  PutVarint(out, histogram.negative_buckets.size());
  PutVarint(out, histogram.custom_values.size());
  for (const double bound : histogram.custom_values) {
    PutLittleEndian64(out, std::bit_cast<std::uint64_t>(bound));
  }
}

// Appends the column of what `get` gives for each histogram.
template <typename Get>
void PutColumn(std::span<const FloatHistogram* const> run, Get get, std::string& out) {
  Column values;
  for (std::size_t i = 0; i < run.size(); ++i) values[i] = get(*run[i]);
  std::string page;
  EncodeValues(std::span<const double>(values).first(run.size()), page);
  PutLengthPrefixed(out, page);
}

void PutRun(std::span<const FloatHistogram* const> run, std::string& out) {
  PutVarint(out, run.size());
  PutLayout(*run[0], out);
  PutColumn(
      run, [](const FloatHistogram& h) { return h.count; }, out);
  PutColumn(
      run, [](const FloatHistogram& h) { return h.zero_count; }, out);
  PutColumn(
      run, [](const FloatHistogram& h) { return h.sum; }, out);
  for (std::size_t i = 0; i < run[0]->positive_buckets.size(); ++i) {
    PutColumn(
        run, [i](const FloatHistogram& h) { return h.positive_buckets[i]; }, out);
  }
  for (std::size_t i = 0; i < run[0]->negative_buckets.size(); ++i) {
    PutColumn(
        run, [i](const FloatHistogram& h) { return h.negative_buckets[i]; }, out);
  }
}

}  // namespace

void EncodeHistograms(std::span<const FloatHistogram* const> histograms, std::string& out) {
  NARTHEX_CHECK(!histograms.empty() && histograms.size() <= kPageSampleCountMax,
                "pages have 1 to 1024 samples");
  std::size_t from = 0;
  while (from < histograms.size()) {
    std::size_t until = from + 1;
    while (until < histograms.size() && SameLayout(*histograms[from], *histograms[until])) ++until;
    PutRun(histograms.subspan(from, until - from), out);
    from = until;
  }
}

namespace {

bool ReadSpans(ByteReader& reader, std::vector<model::HistogramSpan>& spans) {
  const auto count = reader.ReadVarint();
  // A span has two bytes at least.
  if (!count || *count > reader.remaining() / 2) return false;
  spans.clear();
  for (std::uint64_t i = 0; i < *count; ++i) {
    const auto offset = reader.ReadSignedVarint();
    const auto length = reader.ReadVarint();
    if (!offset || !length || *offset != static_cast<std::int32_t>(*offset) ||
        *length != static_cast<std::uint32_t>(*length)) {
      return false;
    }
    spans.push_back({static_cast<std::int32_t>(*offset), static_cast<std::uint32_t>(*length)});
  }
  return true;
}

bool ReadBucketCount(ByteReader& reader, std::vector<double>& buckets) {
  const auto count = reader.ReadVarint();
  // The column of a bucket has three bytes at least.
  if (!count || *count > reader.remaining() / 3) return false;
  buckets.assign(static_cast<std::size_t>(*count), 0);
  return true;
}

bool ReadThreshold(ByteReader& reader, std::uint8_t flags, double& threshold) {
  if ((flags & kNoThresholdBit) != 0) threshold = 0;
  if ((flags & kDefaultThresholdBit) != 0) threshold = kDefaultThreshold;
  if ((flags & (kDefaultThresholdBit | kNoThresholdBit)) != 0) return true;
  const auto bits = reader.ReadLittleEndian64();
  if (bits) threshold = std::bit_cast<double>(*bits);
  return bits.has_value();
}

bool ReadLayout(ByteReader& reader, FloatHistogram& histogram) {
  const auto flags = reader.ReadByte();
  if (!flags || *flags >= kNoThresholdBit << 1) return false;
  histogram.reset_hint = static_cast<model::CounterResetHint>(*flags & kResetHintMask);
  if (!ReadThreshold(reader, *flags, histogram.zero_threshold)) return false;
  const auto schema = reader.ReadSignedVarint();
  if (!schema || *schema != static_cast<std::int32_t>(*schema)) return false;
  histogram.schema = static_cast<std::int32_t>(*schema);
  if (!ReadSpans(reader, histogram.positive_spans) ||
      !ReadBucketCount(reader, histogram.positive_buckets) ||
      !ReadSpans(reader, histogram.negative_spans) ||
      !ReadBucketCount(reader, histogram.negative_buckets)) {
    return false;
  }
  const auto bound_count = reader.ReadVarint();
  if (!bound_count || *bound_count > reader.remaining() / 8) return false;
  histogram.custom_values.resize(static_cast<std::size_t>(*bound_count));
  for (double& bound : histogram.custom_values) {
    bound = std::bit_cast<double>(*reader.ReadLittleEndian64());
  }
  return true;
}

template <typename Set>
Status ReadColumn(ByteReader& reader, std::span<FloatHistogram> run, Set set) {
  const auto page = reader.ReadLengthPrefixed();
  if (!page) return Damaged("column of a histogram page is cut short");
  Column values;
  NARTHEX_TRY(DecodeValues(*page, std::span(values).first(run.size())));
  for (std::size_t i = 0; i < run.size(); ++i) set(run[i]) = values[i];
  return Ok();
}

Status ReadColumns(ByteReader& reader, std::span<FloatHistogram> run) {
  NARTHEX_TRY(ReadColumn(reader, run, [](FloatHistogram& h) -> double& { return h.count; }));
  NARTHEX_TRY(ReadColumn(reader, run, [](FloatHistogram& h) -> double& { return h.zero_count; }));
  NARTHEX_TRY(ReadColumn(reader, run, [](FloatHistogram& h) -> double& { return h.sum; }));
  for (std::size_t i = 0; i < run[0].positive_buckets.size(); ++i) {
    NARTHEX_TRY(ReadColumn(reader, run,
                           [i](FloatHistogram& h) -> double& { return h.positive_buckets[i]; }));
  }
  for (std::size_t i = 0; i < run[0].negative_buckets.size(); ++i) {
    NARTHEX_TRY(ReadColumn(reader, run,
                           [i](FloatHistogram& h) -> double& { return h.negative_buckets[i]; }));
  }
  return Ok();
}

}  // namespace

Status DecodeHistograms(std::string_view page, std::size_t count,
                        std::vector<FloatHistogram>& histograms) {
  if (count == 0 || count > kPageSampleCountMax) {
    return Error{ErrorCode::kInvalidArgument, "pages have 1 to 1024 samples"};
  }
  ByteReader reader(page);
  histograms.resize(count);
  std::size_t from = 0;
  while (from < count) {
    const auto run_length = reader.ReadVarint();
    if (!run_length || *run_length == 0 || *run_length > count - from) {
      return Damaged("run of a histogram page has a wrong length");
    }
    const auto run = std::span(histograms).subspan(from, static_cast<std::size_t>(*run_length));
    if (!ReadLayout(reader, run[0])) return Damaged("layout of a histogram page is malformed");
    for (FloatHistogram& histogram : run.subspan(1)) histogram = run[0];
    NARTHEX_TRY(ReadColumns(reader, run));
    from += run.size();
  }
  if (!reader.empty()) return Damaged("histogram page has bytes behind its end");
  return Ok();
}

}  // namespace narthex::chunk
