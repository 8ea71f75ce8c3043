#include "checkpoint_extras.h"

#include <algorithm>

#include "wal/sample_record.h"

namespace narthex::head {
namespace {

// Exemplars of one record: far below what a record may have.
constexpr std::size_t kExemplarCount = 10'000;

}  // namespace

Status WriteExtras(std::uint64_t ref, const SeriesReader& reader, wal::CheckpointWriter& writer) {
  std::string buffer;
  if (!reader.starts().empty()) {
    wal::StartRecord record;
    for (const StartChange& change : reader.starts()) {
      record.changes.push_back({ref, change.from, change.start});
    }
    wal::EncodeStarts(record, buffer);
    NARTHEX_TRY(writer.Add(wal::RecordType::kStartTimes, buffer));
  }
  if (!reader.late().empty()) {
    wal::SampleRecord record;
    for (const LateSample& sample : reader.late()) {
      record.samples.push_back({ref, sample.time, sample.value, sample.histogram});
    }
    buffer.clear();
    wal::EncodeSamples(record, buffer);
    NARTHEX_TRY(writer.Add(wal::RecordType::kLate, buffer));
  }
  return Ok();
}

Status WriteExemplars(const wal::ExemplarRecord& exemplars, wal::CheckpointWriter& writer) {
  std::string buffer;
  const std::span<const wal::ExemplarRecord::Entry> entries = exemplars.entries;
  for (std::size_t at = 0; at < entries.size(); at += kExemplarCount) {
    const auto some = entries.subspan(at, std::min(kExemplarCount, entries.size() - at));
    buffer.clear();
    wal::EncodeExemplars({{some.begin(), some.end()}}, buffer);
    NARTHEX_TRY(writer.Add(wal::RecordType::kExemplars, buffer));
  }
  return Ok();
}

}  // namespace narthex::head
