#include "time_columns.h"

#include <algorithm>
#include <random>

#include "base/bytes.h"
#include "base/hash.h"

namespace narthex::block {
namespace {

// So many columns are remembered to find a series that has a part of the times: those of the
// targets that the series of one metric come from.
constexpr std::size_t kRecentColumnCount = 64;
constexpr std::size_t kRecentTimeCount = std::size_t{1} << 20;
constexpr std::size_t kSourceIdCountMax = 4096;

std::uint64_t RandomSeed() {
  std::random_device random;
  return std::uint64_t{random()} << 32 | random();
}

// Wraps where the times are further apart than an int64 can say; a reader's sum wraps back.
std::int64_t Difference(model::TimestampMs a, model::TimestampMs b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}

// What times cost as a column of their own: a byte each where they jitter.
std::size_t OwnColumnSize(std::size_t time_count) { return 16 + time_count * 3 / 4; }

}  // namespace

TimeColumnWriter::TimeColumnWriter(FrameWriter& frames, model::TimestampMs min_time)
    : items_(frames, FrameKind::kTimes, Compression::kNone),
      min_time_(min_time),
      seeds_(RandomSeed(), RandomSeed()) {}

Result<Ordinals> TimeColumnWriter::Place(Times times, std::uint64_t source_id) {
  if (source_id != 0) {
    const auto known = by_source_id_.find(source_id);
    if (known != by_source_id_.end()) return known->second;
  }
  NARTHEX_ASSIGN_OR_RETURN(Ordinals ordinals, Find(times));
  if (source_id != 0) {
    if (by_source_id_.size() >= kSourceIdCountMax) by_source_id_.clear();
    by_source_id_.emplace(source_id, ordinals);
  }
  return ordinals;
}

Result<Ordinals> TimeColumnWriter::Find(Times times) {
  const std::string_view bytes(reinterpret_cast<const char*>(times.data()), times.size_bytes());
  const Digest digest{Hash64(bytes, seeds_.first), Hash64(bytes, seeds_.second)};
  if (const auto same = by_digest_.find(digest); same != by_digest_.end()) {
    Ordinals ordinals;
    ordinals.column = same->second;
    ordinals.span = times.size();
    return ordinals;
  }
  for (auto column = recent_.begin(); column != recent_.end(); ++column) {
    Ordinals ordinals;
    if (!PlaceWithin(*column, times, ordinals)) continue;
    recent_.splice(recent_.begin(), recent_, column);
    return ordinals;
  }
  return Write(times, digest);
}

bool TimeColumnWriter::PlaceWithin(const Column& column, Times times, Ordinals& ordinals) {
  const auto begin = std::ranges::lower_bound(column.times, times.front());
  if (column.times.end() - begin < static_cast<std::ptrdiff_t>(times.size())) return false;
  ordinals.column = column.number;
  ordinals.is_whole = false;
  ordinals.first = static_cast<std::uint64_t>(begin - column.times.begin());
  std::uint64_t present_count = 0;
  std::uint64_t missing_count = 0;
  std::size_t next = 0;
  for (auto at = begin; next < times.size(); ++at) {
    if (at == column.times.end() || *at > times[next]) return false;
    if (*at == times[next]) {
      if (missing_count > 0) {
        PutVarint(ordinals.runs, present_count);
        PutVarint(ordinals.runs, missing_count);
        if (ordinals.runs.size() > OwnColumnSize(times.size())) return false;
        present_count = missing_count = 0;
      }
      ++present_count;
      ++next;
    } else {
      ++missing_count;
    }
    ++ordinals.span;
  }
  if (!ordinals.runs.empty()) PutVarint(ordinals.runs, present_count);
  return true;
}

Result<Ordinals> TimeColumnWriter::Write(Times times, const Digest& digest) {
  // The head, then the vectors, each an item.
  std::string head;
  std::vector<std::string> vectors;
  PutVarint(head, times.size());
  model::TimestampMs before = min_time_;
  for (std::size_t at = 0; at < times.size(); at += kVectorLength) {
    const auto part = times.subspan(at, std::min(kVectorLength, times.size() - at));
    chunk::EncodeTimes(part, vectors.emplace_back());
    PutSignedVarint(head, Difference(part.front(), before));
    PutVarint(head, static_cast<std::uint64_t>(Difference(part.back(), part.front())));
    PutVarint(head, vectors.back().size());
    before = part.back();
  }
  NARTHEX_ASSIGN_OR_RETURN(const ItemPlace place, items_.Put(head));
  for (const std::string& vector : vectors) NARTHEX_TRY(items_.Put(vector));
  PutLittleEndian32(places_, place.frame);
  PutLittleEndian32(places_, place.offset);

  Ordinals ordinals;
  ordinals.column = count_++;
  ordinals.span = times.size();
  by_digest_.emplace(digest, ordinals.column);
  Remember(ordinals.column, times);
  return ordinals;
}

void TimeColumnWriter::Remember(std::uint32_t number, Times times) {
  recent_.push_front({number, {times.begin(), times.end()}});
  recent_time_count_ += times.size();
  while (recent_.size() > 1 &&
         (recent_.size() > kRecentColumnCount || recent_time_count_ > kRecentTimeCount)) {
    recent_time_count_ -= recent_.back().times.size();
    recent_.pop_back();
  }
}

}  // namespace narthex::block
