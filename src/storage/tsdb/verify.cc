// Whether a store is sound.
#include <fmt/format.h>

#include "block/block.h"
#include "foreign_folder.h"
#include "head/head.h"
#include "io/lock_file.h"
#include "read_only_files.h"
#include "tsdb/inspector.h"

namespace narthex::tsdb {
namespace {

class Verification {
 public:
  Verification(io::FileSystem& files, std::string directory, const WriteText& write)
      : files_(files), directory_(std::move(directory)), write_(write) {}

  Result<VerifyReport> Run() {
    NARTHEX_TRY(CheckBlocks());
    NARTHEX_TRY(CheckLog());
    return report_;
  }

 private:
  Status Tell(const Error& error) {
    ++report_.damage_count;
    return write_(fmt::format("{}\n", error.message()));
  }

  Status CheckBlocks() {
    const std::string blocks = io::JoinPath(directory_, "blocks");
    NARTHEX_ASSIGN_OR_RETURN(const auto entries, files_.List(blocks));
    for (const io::DirectoryEntry& entry : entries) {
      // What a crash left half written is no damage: the next start removes it.
      if (!entry.is_directory || entry.name.ends_with(".tmp")) continue;
      ++report_.block_count;
      const auto block = block::Block::Open(files_, io::JoinPath(blocks, entry.name));
      NARTHEX_TRY(block.ok() ? CheckBlock(**block) : Tell(block.error()));
    }
    return Ok();
  }

  Status CheckBlock(block::Block& block) {
    const block::VerifyReport found = block.Verify();
    report_.series_count += found.series_count;
    report_.sample_count += found.sample_count;
    if (found.is_sound()) return Ok();
    report_.damage_count += found.damaged_frame_count + found.damaged_series_count;
    std::string text = fmt::format("block {}: {} of {} frames and {} of {} series are damaged\n",
                                   block.directory(), found.damaged_frame_count, found.frame_count,
                                   found.damaged_series_count, found.series_count);
    for (const std::string& error : found.errors) text += fmt::format("  {}\n", error);
    return write_(text);
  }

  Status CheckLog() {
    const std::string log = io::JoinPath(directory_, "wal");
    if (!io::Exists(files_, log)) return Ok();
    // Where the damage is stands in the log lines that the replay writes.
    head::HeadOptions options;
    options.wal_directory = log;
    const auto head = head::Head::Open(files_, SystemClock(), std::move(options));
    if (!head.ok()) return Tell(Error(head.error()).Under(log));
    const auto& found = (*head)->replay_report();
    report_.log_record_count = found.record_count;
    if (found.damage_count == 0) return Ok();
    report_.damage_count += found.damage_count;
    return write_(fmt::format("log {}: {} damaged places, {} bytes that are no sound record\n", log,
                              found.damage_count, found.damaged_bytes));
  }

  io::FileSystem& files_;
  const std::string directory_;
  const WriteText& write_;
  VerifyReport report_;
};

}  // namespace

Result<VerifyReport> Verify(io::FileSystem& files, const std::string& directory,
                            const WriteText& write) {
  NARTHEX_ASSIGN_OR_RETURN(const auto lock, LockForReading(files, directory));
  ReadOnlyFiles unchanged(files);
  return Verification(unchanged, directory, write).Run();
}

}  // namespace narthex::tsdb
