// Reading all of a block to see whether it is sound.
#include <fmt/format.h>

#include <algorithm>

#include "base/hash.h"
#include "series_reader.h"

namespace narthex::block {
namespace {

// Enough to see what kind of damage it is.
constexpr std::size_t kErrorCountMax = 20;

class Verification {
 public:
  VerifyReport report;

  void AddError(std::string message) {
    if (report.errors.size() < kErrorCountMax) report.errors.push_back(std::move(message));
  }

  // Checksums all frames, also those that passed before: the disk may have changed since.
  void VerifyFrames(const FrameTable& frames, std::string_view pages) {
    for (const FrameKind kind : {FrameKind::kPages, FrameKind::kTimes, FrameKind::kShared}) {
      for (std::uint32_t i = 0; i < frames.count(kind); ++i) {
        const FrameEntry entry = *frames.Entry(kind, i);
        ++report.frame_count;
        if (Crc32c(pages.substr(entry.offset, entry.stored_size)) == entry.checksum) continue;
        ++report.damaged_frame_count;
        AddError(fmt::format("pages: frame at {} of {} bytes fails its checksum", entry.offset,
                             entry.stored_size));
      }
    }
  }

  void VerifySeries(const index::IndexFile& index, index::SeriesId id, SeriesReader& reader) {
    ++report.series_count;
    const auto columns = reader.Read(id);
    std::string_view fault;
    if (columns.ok()) {
      report.sample_count += columns->timestamps.size();
      const auto& times = columns->timestamps;
      if (times.empty()) fault = "has no samples";
      if (std::ranges::adjacent_find(times, std::greater_equal<>()) != times.end()) {
        fault = "has times that do not ascend";
      }
      if (fault.empty()) return;
    }
    ++report.damaged_series_count;
    AddError(fmt::format("{}: {}", index.Labels(id).ToMetricString(),
                         columns.ok() ? fault : std::string_view(columns.error().message())));
  }
};

}  // namespace

VerifyReport Block::Verify() {
  Verification verification;
  verification.VerifyFrames(*parts_->frames, parts_->pages_map.bytes());
  const auto reader = std::make_shared<BlockReader>(shared_from_this(), model::TimeRange{},
                                                    std::shared_ptr<const Tombstones>());
  if (const Status status = reader->index().Verify(); !status.ok()) {
    verification.report.is_index_damaged = true;
    verification.AddError(status.error().message());
  }
  SeriesReader series(reader);
  for (const index::SeriesId id : reader->index().All()) {
    verification.VerifySeries(reader->index(), id, series);
  }
  VerifyReport& report = verification.report;
  if (report.damaged_series_count == 0 &&
      (report.series_count != meta_.series_count || report.sample_count != meta_.sample_count)) {
    ++report.damaged_series_count;
    verification.AddError(fmt::format("meta: says {} series and {} samples, there are {} and {}",
                                      meta_.series_count, meta_.sample_count, report.series_count,
                                      report.sample_count));
  }
  return std::move(report);
}

}  // namespace narthex::block
