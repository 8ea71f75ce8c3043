#include "reader.h"

#include <algorithm>

#include "base/bytes.h"

namespace narthex::block {
namespace {

// Series with times of their own would else fill the memory when all are read.
constexpr std::size_t kTimeCountMax = std::size_t{8} << 20;

Error Malformed() { return {ErrorCode::kCorruption, "pages: a time column is malformed"}; }

}  // namespace

const std::vector<model::TimeRange>* BlockReader::DeletedOf(index::SeriesId id) const {
  return tombstones_ == nullptr ? nullptr : tombstones_->Of(id);
}

bool BlockReader::IsGone(index::SeriesId id) const {
  const auto* deleted = DeletedOf(id);
  if (deleted == nullptr) return false;
  const BlockMeta& meta = block_->meta();
  const model::TimeRange asked{std::max(range_.from, meta.min_time),
                               std::min(range_.until, meta.max_time - 1)};
  return std::ranges::any_of(*deleted, [&](model::TimeRange range) {
    return range.from <= asked.from && range.until >= asked.until;
  });
}

Error BlockReader::Damaged(Error error) const {
  block_->damaged_page_count_.fetch_add(1, std::memory_order_relaxed);
  return std::move(error).Under("block " + block_->directory());
}

Status BlockReader::IndexStatus() const {
  Status status = index().status();
  if (!status.ok()) return Damaged(std::move(status).error());
  return status;
}

Result<std::shared_ptr<const TimeWindow>> BlockReader::Window(std::uint32_t column) {
  {
    MutexLock lock(mutex_);
    const auto known = windows_.find(column);
    if (known != windows_.end()) return known->second;
  }
  // Two cursors may both make it; that costs less than one waiting for the other's columns.
  NARTHEX_ASSIGN_OR_RETURN(TimeWindow made, MakeWindow(column));
  auto window = std::make_shared<const TimeWindow>(std::move(made));
  MutexLock lock(mutex_);
  if (time_count_ > kTimeCountMax) {
    windows_.clear();
    time_count_ = 0;
  }
  const auto [at, is_new] = windows_.try_emplace(column, std::move(window));
  if (is_new) time_count_ += at->second->times.size() + sizeof(TimeWindow) / sizeof(std::int64_t);
  return at->second;
}

Result<TimeWindow> BlockReader::MakeWindow(std::uint32_t column) const {
  const auto place = frames().Column(column);
  if (!place) return Malformed();
  NARTHEX_ASSIGN_OR_RETURN(const std::string_view frame,
                           frames().Stored(FrameKind::kTimes, place->frame));
  if (place->offset > frame.size()) return Malformed();
  ByteReader reader(frame.substr(place->offset));
  const auto count = reader.ReadVarint();
  // A vector takes three bytes at least.
  if (!count || *count == 0 || *count > UINT32_MAX ||
      *count / kVectorLength > reader.remaining() / 3) {
    return Malformed();
  }
  struct Vector {
    model::TimeRange range;
    std::uint32_t size;
  };
  std::vector<Vector> vectors;
  auto before = static_cast<std::uint64_t>(block_->meta().min_time);
  for (std::uint64_t at = 0; at < *count; at += kVectorLength) {
    const auto step = reader.ReadSignedVarint();
    const auto length = reader.ReadVarint();
    const auto size = reader.ReadVarint();
    if (!step || !length || !size || *size == 0 || *size > UINT32_MAX) return Malformed();
    const std::uint64_t from = before + static_cast<std::uint64_t>(*step);
    before = from + *length;
    vectors.push_back(
        {{static_cast<model::TimestampMs>(from), static_cast<model::TimestampMs>(before)},
         static_cast<std::uint32_t>(*size)});
  }

  TimeWindow window;
  window.column_length = *count;
  ItemPlace next{place->frame, place->offset + static_cast<std::uint32_t>(reader.offset())};
  std::uint64_t ordinal = 0;
  for (const Vector& vector : vectors) {
    NARTHEX_ASSIGN_OR_RETURN(const ItemPlace item,
                             frames().Fit(FrameKind::kTimes, next, vector.size));
    next = {item.frame, item.offset + vector.size};
    const auto length = std::min<std::uint64_t>(kVectorLength, *count - ordinal);
    if (range_.Overlaps(vector.range)) {
      NARTHEX_ASSIGN_OR_RETURN(const std::string_view bytes,
                               frames().Stored(FrameKind::kTimes, item.frame));
      NARTHEX_TRY(AddVector(bytes.substr(item.offset, vector.size), length, ordinal, window));
    }
    ordinal += length;
  }
  return window;
}

Status BlockReader::AddVector(std::string_view bytes, std::size_t length, std::uint64_t ordinal,
                              TimeWindow& window) const {
  std::vector<model::TimestampMs> times(length);
  NARTHEX_TRY(chunk::DecodeTimes(bytes, times));
  const auto begin = std::ranges::lower_bound(times, range_.from);
  const auto end = std::ranges::upper_bound(times, range_.until);
  if (begin >= end) return Ok();
  const std::uint64_t first = ordinal + static_cast<std::uint64_t>(begin - times.begin());
  if (window.times.empty()) {
    window.first = first;
  } else if (window.end() != first || window.times.back() >= *begin) {
    return Malformed();
  }
  window.times.insert(window.times.end(), begin, end);
  return Ok();
}

}  // namespace narthex::block
