// The series of a block, one after the other.
#include <fmt/format.h>

#include <algorithm>

#include "base/bytes.h"
#include "base/hash.h"
#include "block_parts.h"
#include "chunk.h"
#include "format.h"

namespace narthex::promblock {
namespace {

Error At(Error error, const std::string& path) { return std::move(error).Under(path); }

}  // namespace

class PromSeriesSet final : public storage::SeriesSet {
 public:
  PromSeriesSet(const PromBlock::Parts& parts, std::string index_path, Selectors selectors,
                model::TimeRange range)
      : parts_(parts),
        index_path_(std::move(index_path)),
        selectors_(std::move(selectors)),
        range_(range),
        offset_(parts.index->begin()) {}

  bool Next() override {
    while (!error_) {
      const Result<bool> has_one = parts_.index->Next(offset_, next_);
      if (!has_one.ok()) {
        error_ = At(Error(has_one.error()), index_path_);
        break;
      }
      if (!*has_one) break;
      if (is_started_ && next_.labels <= series_.labels) {
        error_ = At({ErrorCode::kCorruption, fmt::format("series out of order before {}", offset_)},
                    index_path_);
        break;
      }
      is_started_ = true;
      std::swap(series_, next_);
      if (HasChunkInRange() && Accepts(selectors_, series_.labels)) return true;
    }
    return false;
  }

  const model::LabelSet& labels() const override { return series_.labels; }
  Status status() const override { return error_ ? Status(*error_) : Ok(); }

  Result<storage::SampleColumns> samples() override {
    samples_.Clear();
    for (const ChunkEntry& chunk : series_.chunks) {
      if (!range_.Overlaps({chunk.min_time, chunk.max_time})) continue;
      NARTHEX_TRY(ReadChunk(chunk.place));
    }
    samples_.Finish();
    LeaveOut();
    return samples_.Columns();
  }

 private:
  bool HasChunkInRange() const {
    return std::ranges::any_of(series_.chunks, [&](const ChunkEntry& chunk) {
      return range_.Overlaps({chunk.min_time, chunk.max_time});
    });
  }

  // Adds the samples of the chunk at `place`.
  Status ReadChunk(std::uint64_t place) {
    const std::uint64_t segment_index = place >> 32;
    const std::uint64_t offset = place & 0xffffffff;
    if (segment_index >= parts_.segments.size()) {
      return At({ErrorCode::kCorruption,
                 fmt::format("series {} has a chunk in segment {}, which is not there", series_.id,
                             segment_index + 1)},
                index_path_);
    }
    const PromBlock::Parts::Segment& segment = parts_.segments[segment_index];
    const std::size_t begin = samples_.times.size();
    Status status = DecodeAt(segment.map.bytes(), offset);
    if (status.ok() && !Ascends(begin)) {
      status = Error{ErrorCode::kCorruption, "samples out of order"};
    }
    if (status.ok()) return status;
    return At(std::move(status).error().Under(fmt::format("chunk at {}", offset)), segment.path);
  }

  Status DecodeAt(std::string_view segment, std::uint64_t offset) {
    if (offset < kChunksHeaderSize || offset >= segment.size()) {
      return Error{ErrorCode::kCorruption, "out of bounds"};
    }
    ByteReader reader(segment.substr(offset));
    const auto size = reader.ReadVarint();
    const auto bytes = size && *size < reader.remaining()
                           ? reader.ReadBytes(static_cast<std::size_t>(*size) + 1)
                           : std::nullopt;
    const auto checksum = bytes ? reader.ReadBigEndian32() : std::nullopt;
    if (!checksum) return Error{ErrorCode::kCorruption, "out of bounds"};
    if (*checksum != Crc32c(*bytes)) return Error{ErrorCode::kCorruption, "fails its checksum"};
    return DecodeChunk(static_cast<std::uint8_t>(bytes->front()), bytes->substr(1), samples_);
  }

  bool Ascends(std::size_t begin) const {
    for (std::size_t i = std::max<std::size_t>(begin, 1); i < samples_.times.size(); ++i) {
      if (samples_.times[i] <= samples_.times[i - 1]) return false;
    }
    return true;
  }

  // Removes what is out of range or deleted.
  void LeaveOut() {
    const std::vector<model::TimestampMs>& times = samples_.times;
    if (times.empty()) return;
    const auto found = parts_.tombstones.find(series_.id);
    const std::span<const model::TimeRange> deleted =
        found == parts_.tombstones.end() ? std::span<const model::TimeRange>() : found->second;
    if (deleted.empty() && range_.Contains(times.front()) && range_.Contains(times.back())) return;
    std::size_t kept_count = 0;
    std::size_t next = 0;             // of deleted ranges
    std::size_t expected = 0;         // the position behind the last one kept
    std::size_t histogram_count = 0;  // up to here
    for (std::size_t i = 0; i < times.size(); ++i) {
      const bool is_histogram =
          !samples_.histogram_at.empty() && samples_.histogram_at[i] != nullptr;
      if (is_histogram) ++histogram_count;
      while (next < deleted.size() && deleted[next].until < times[i]) ++next;
      const bool is_deleted = next < deleted.size() && deleted[next].Contains(times[i]);
      if (is_deleted || !range_.Contains(times[i])) continue;
      if (i != expected && is_histogram) ForgetReset(samples_.histograms[histogram_count - 1]);
      expected = i + 1;
      Move(i, kept_count++);
    }
    Resize(kept_count);
  }

  // Of a sample that is not the next one to what was kept before it.
  static void ForgetReset(model::FloatHistogram& histogram) {
    if (histogram.reset_hint == model::CounterResetHint::kGauge) return;
    histogram.reset_hint = model::CounterResetHint::kUnknown;
  }

  void Move(std::size_t from, std::size_t to) {
    samples_.times[to] = samples_.times[from];
    samples_.values[to] = samples_.values[from];
    if (!samples_.histogram_at.empty()) samples_.histogram_at[to] = samples_.histogram_at[from];
    if (!samples_.start_times.empty()) samples_.start_times[to] = samples_.start_times[from];
  }

  void Resize(std::size_t count) {
    samples_.times.resize(count);
    samples_.values.resize(count);
    if (!samples_.histogram_at.empty()) samples_.histogram_at.resize(count);
    if (!samples_.start_times.empty()) samples_.start_times.resize(count);
  }

  const PromBlock::Parts& parts_;
  const std::string index_path_;
  const Selectors selectors_;
  const model::TimeRange range_;
  std::uint64_t offset_;
  bool is_started_ = false;
  SeriesEntry series_;
  SeriesEntry next_;
  std::optional<Error> error_;
  DecodedSamples samples_;
};

std::unique_ptr<storage::SeriesSet> PromBlock::Select(Selectors selectors,
                                                      model::TimeRange range) const {
  return std::make_unique<PromSeriesSet>(*parts_, io::JoinPath(directory_, kIndexName),
                                         std::move(selectors), range);
}

}  // namespace narthex::promblock
