#include "chunk.h"

#include <fmt/format.h>

#include "bit_codes.h"

namespace narthex::promblock {

void DecodedSamples::Clear() {
  times.clear();
  values.clear();
  histogram_at.clear();
  start_times.clear();
  histograms.clear();
}

void DecodedSamples::AddHistogram(model::TimestampMs time, model::FloatHistogram histogram) {
  times.push_back(time);
  values.push_back(histogram.sum);
  histogram_at.resize(times.size(), nullptr);
  histogram_at.back() = &histograms.emplace_back(std::move(histogram));
}

void DecodedSamples::SetStartTime(model::TimestampMs start) {
  if (start == 0 && start_times.empty()) return;
  start_times.resize(times.size(), 0);
  start_times.back() = start;
}

void DecodedSamples::Finish() {
  if (!histogram_at.empty()) histogram_at.resize(times.size(), nullptr);
  if (!start_times.empty()) start_times.resize(times.size(), 0);
}

storage::SampleColumns DecodedSamples::Columns() const {
  storage::SampleColumns columns;
  columns.timestamps = times;
  columns.values = values;
  columns.histograms = histogram_at;
  columns.start_timestamps = start_times;
  return columns;
}

model::TimestampMs StartTimeReader::Read(BitReader& bits, std::size_t index,
                                         model::TimestampMs time, model::TimestampMs previous) {
  // Differences, since the time from start to sample grows evenly where the start does not move.
  if (index == 0) {
    if (!is_first_known_) return 0;
    difference_ = static_cast<std::uint64_t>(bits.ReadSignedVarint());
    start_ = static_cast<std::int64_t>(static_cast<std::uint64_t>(time) - difference_);
  } else if (changed_on_ > 0 && index >= changed_on_) {
    const auto code = static_cast<std::uint64_t>(ReadSignedCode(bits));
    difference_ = index == changed_on_ ? code : difference_ + code;
    start_ = static_cast<std::int64_t>(static_cast<std::uint64_t>(previous) - difference_);
  }
  return start_;
}

Status DecodeChunk(std::uint8_t kind, std::string_view bytes, DecodedSamples& out) {
  switch (static_cast<ChunkKind>(kind)) {
    case ChunkKind::kXor:
      return DecodeXorChunk(bytes, out);
    case ChunkKind::kXor2:
      return DecodeXor2Chunk(bytes, out);
    case ChunkKind::kHistogram:
    case ChunkKind::kFloatHistogram:
    case ChunkKind::kHistogramStart:
    case ChunkKind::kFloatHistogramStart:
      return DecodeHistogramChunk(static_cast<ChunkKind>(kind), bytes, out);
  }
  return Error{ErrorCode::kUnsupported, fmt::format("chunk of unknown kind {}", kind)};
}

EncodedChunk EncodeChunk(const storage::SampleColumns& columns, std::size_t begin) {
  const bool is_histogram = !columns.histograms.empty() && columns.histograms[begin] != nullptr;
  return is_histogram ? EncodeHistogramChunk(columns, begin) : EncodeXorChunk(columns, begin);
}

}  // namespace narthex::promblock
