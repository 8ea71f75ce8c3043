#include "tombstones.h"

#include <algorithm>
#include <limits>

#include "base/bytes.h"
#include "base/hash.h"

namespace narthex::block {
namespace {

// The last byte is the version.
constexpr std::string_view kMagic{"NXTOMB\0\1", 8};

Error Damaged(std::string_view what) {
  return {ErrorCode::kCorruption, std::string("tombstones: ").append(what)};
}

// Whether `next` begins no later than right behind the end of `range`.
bool Touches(model::TimeRange range, model::TimeRange next) {
  return range.until == std::numeric_limits<model::TimestampMs>::max() ||
         next.from <= range.until + 1;
}

}  // namespace

void Tombstones::Add(std::uint32_t series, model::TimeRange range) {
  if (range.empty()) return;
  std::vector<model::TimeRange>& ranges = ranges_[series];
  ranges.push_back(range);
  std::ranges::sort(ranges, {}, &model::TimeRange::from);
  std::size_t last = 0;
  for (std::size_t i = 1; i < ranges.size(); ++i) {
    if (Touches(ranges[last], ranges[i])) {
      ranges[last].until = std::max(ranges[last].until, ranges[i].until);
    } else {
      ranges[++last] = ranges[i];
    }
  }
  ranges.resize(last + 1);
}

const std::vector<model::TimeRange>* Tombstones::Of(std::uint32_t series) const {
  const auto found = ranges_.find(series);
  return found == ranges_.end() ? nullptr : &found->second;
}

std::size_t Tombstones::range_count() const {
  std::size_t count = 0;
  for (const auto& [series, ranges] : ranges_) count += ranges.size();
  return count;
}

std::string Tombstones::Encode() const {
  std::string out(kMagic);
  PutVarint(out, ranges_.size());
  std::uint32_t before = 0;
  for (const auto& [series, ranges] : ranges_) {
    PutVarint(out, series - before);
    before = series;
    PutVarint(out, ranges.size());
    for (const model::TimeRange range : ranges) {
      PutSignedVarint(out, range.from);
      PutVarint(out,
                static_cast<std::uint64_t>(range.until) - static_cast<std::uint64_t>(range.from));
    }
  }
  PutLittleEndian32(out, Crc32c(out));
  return out;
}

Result<Tombstones> Tombstones::Decode(std::string_view bytes, std::uint64_t series_count) {
  if (bytes.size() < kMagic.size() + 4) return Damaged("file is cut short");
  if (!bytes.starts_with(kMagic)) return Damaged("file is not of a known version");
  const std::string_view body = bytes.substr(0, bytes.size() - 4);
  if (*ByteReader(bytes.substr(body.size())).ReadLittleEndian32() != Crc32c(body)) {
    return Damaged("file fails its checksum");
  }
  const Error malformed = Damaged("malformed");
  ByteReader reader(body.substr(kMagic.size()));
  const auto count = reader.ReadVarint();
  if (!count || *count > series_count) return malformed;
  Tombstones tombstones;
  std::uint64_t series = 0;
  for (std::uint64_t i = 0; i < *count; ++i) {
    const auto step = reader.ReadVarint();
    const auto range_count = reader.ReadVarint();
    if (!step || !range_count || *step >= series_count - series) return malformed;
    if (i > 0 && *step == 0) return malformed;
    series += *step;
    if (*range_count == 0 || *range_count > reader.remaining()) return malformed;
    auto& ranges = tombstones.ranges_[static_cast<std::uint32_t>(series)];
    for (std::uint64_t r = 0; r < *range_count; ++r) {
      const auto from = reader.ReadSignedVarint();
      const auto length = reader.ReadVarint();
      if (!from || !length) return malformed;
      const auto until =
          static_cast<model::TimestampMs>(static_cast<std::uint64_t>(*from) + *length);
      const model::TimeRange range{*from, until};
      if (range.empty() || (r > 0 && Touches(ranges.back(), range))) return malformed;
      ranges.push_back(range);
    }
  }
  if (!reader.empty()) return malformed;
  return tombstones;
}

}  // namespace narthex::block
