#include "promblock/import.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/hash.h"
#include "block/meta.h"
#include "block/writer.h"
#include "io/lock_file.h"

namespace narthex::promblock {
namespace {

constexpr std::string_view kRecordName = "imported";
constexpr std::string_view kRecordHeader = "narthex-imported 1\n";
constexpr std::string_view kLockName = "lock";
constexpr std::string_view kBlocksName = "blocks";

// Which series; the same for the same selectors.
std::uint64_t HashOf(const Selectors& selectors) {
  std::string text;
  for (const auto& matchers : selectors) {
    for (const model::Matcher& matcher : matchers) text += matcher.ToString() + ",";
    text += ";";
  }
  return Hash64(text);
}

// What is imported, one line each: ULID, first and last time, hash of the selectors.
class Record {
 public:
  Record(io::FileSystem& files, std::string path) : files_(files), path_(std::move(path)) {}

  Status Read() {
    if (!io::Exists(files_, path_)) return Ok();
    NARTHEX_ASSIGN_OR_RETURN(const std::string text, io::ReadFile(files_, path_));
    std::string_view rest = text;
    if (!rest.starts_with(kRecordHeader)) {
      return Error{ErrorCode::kCorruption, path_ + ": not a list of imported blocks"};
    }
    rest.remove_prefix(kRecordHeader.size());
    for (std::size_t end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
      lines_.emplace(rest.substr(0, end));
      rest.remove_prefix(end + 1);
    }
    return Ok();
  }
  bool Has(const std::string& line) const { return lines_.contains(line); }
  Status Add(const std::string& line) {
    lines_.insert(line);
    std::string text(kRecordHeader);
    for (const std::string& one : lines_) text += one + "\n";
    return io::WriteFileAtomically(files_, path_, text);
  }

 private:
  io::FileSystem& files_;
  const std::string path_;
  std::set<std::string> lines_;
};

// Longer than any block of Prometheus lasts; times far off would only be walked through day by day.
constexpr model::TimestampMs kRangeMax = model::TimestampMs{100} * 365 * 86'400'000;
constexpr model::TimestampMs kTimeMax = model::TimestampMs{1} << 53;

model::TimestampMs AlignDown(model::TimestampMs time, model::TimestampMs range) {
  const model::TimestampMs rest = time % range;
  return time - (rest < 0 ? rest + range : rest);
}

// The same for the same samples: a block that was written before the record said so is then seen.
std::string BlockIdOf(std::string_view ulid, std::string_view line) {
  constexpr std::string_view kBase32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  std::string id(ulid.substr(0, 10));  // the time of writing
  for (const std::uint64_t seed : {std::uint64_t{1}, std::uint64_t{2}}) {
    std::uint64_t hash = Hash64(line, seed);
    for (int i = 0; i < 8; ++i, hash >>= 5) id.push_back(kBase32[hash & 31]);
  }
  return id;
}

class Import {
 public:
  Import(io::FileSystem& files, const ImportOptions& options)
      : files_(files),
        options_(options),
        blocks_directory_(io::JoinPath(options.data_directory, kBlocksName)),
        record_(files, io::JoinPath(options.data_directory, kRecordName)),
        selectors_hash_(HashOf(options.selectors)) {}

  Result<ImportReport> Run() {
    NARTHEX_ASSIGN_OR_RETURN(const auto directories, FindBlocks(files_, options_.source));
    NARTHEX_TRY(RefuseForeignFolder());
    NARTHEX_TRY(files_.CreateDirectories(blocks_directory_));
    NARTHEX_ASSIGN_OR_RETURN(
        const auto lock, io::LockFile::Acquire(io::JoinPath(options_.data_directory, kLockName)));
    NARTHEX_TRY(record_.Read());
    for (const std::string& directory : directories) {
      NARTHEX_ASSIGN_OR_RETURN(const auto block, PromBlock::Open(files_, directory));
      NARTHEX_TRY(ImportBlock(*block));
      if (options_.on_block) options_.on_block(block->meta(), report_);
    }
    return report_;
  }

 private:
  // Its files and ours would get into each other's way.
  Status RefuseForeignFolder() {
    const std::string& directory = options_.data_directory;
    if (!io::Exists(files_, io::JoinPath(directory, "chunks_head")) &&
        (!io::Exists(files_, directory) || !FindBlocks(files_, directory).ok())) {
      return Ok();
    }
    return Error{ErrorCode::kFailedPrecondition,
                 directory + ": holds samples of Prometheus; import into another folder"};
  }

  Status ImportBlock(const PromBlock& block) {
    NARTHEX_ASSIGN_OR_RETURN(const model::TimeRange range, block.SampleRange());
    if (!range.empty() && (range.from < -kTimeMax || range.until > kTimeMax ||
                           range.until - range.from > kRangeMax)) {
      return Error{ErrorCode::kOutOfRange,
                   block.directory() + ": spans more than a hundred years, or lies too far off"};
    }
    const model::TimestampMs step = options_.block_range.count();
    for (model::TimestampMs from = range.from; from <= range.until;) {
      const model::TimestampMs next = AlignDown(from, step) + step;
      NARTHEX_TRY(ImportPart(block, {from, std::min(range.until, next - 1)}));
      from = next;
    }
    return Ok();
  }

  Status ImportPart(const PromBlock& block, model::TimeRange part) {
    const std::string& ulid = block.meta().ulid;
    const std::string line =
        fmt::format("{} {} {} {:016x}", ulid, part.from, part.until, selectors_hash_);
    const std::string id = BlockIdOf(ulid, line);
    if (record_.Has(line) || io::Exists(files_, io::JoinPath(blocks_directory_, id))) {
      ++report_.skipped_block_count;
      return record_.Has(line) ? Ok() : record_.Add(line);
    }
    // Of a run that was ended in the middle.
    NARTHEX_TRY(io::RemoveAll(files_, io::JoinPath(blocks_directory_, id + ".tmp")));
    block::BlockMeta meta;
    meta.id = id;
    meta.min_time = part.from;
    meta.max_time = part.until + 1;
    NARTHEX_ASSIGN_OR_RETURN(const auto writer,
                             block::BlockWriter::Create(files_, blocks_directory_, meta));
    const auto set = block.Select(options_.selectors, part);
    while (set->Next()) {
      NARTHEX_ASSIGN_OR_RETURN(const storage::SampleColumns columns, set->samples());
      NARTHEX_TRY(writer->Add(set->labels(), columns));
    }
    NARTHEX_TRY(set->status());
    NARTHEX_ASSIGN_OR_RETURN(meta, writer->Finish());
    NARTHEX_TRY(record_.Add(line));
    if (meta.series_count > 0) ++report_.block_count;
    report_.series_count += meta.series_count;
    report_.sample_count += meta.sample_count;
    return Ok();
  }

  io::FileSystem& files_;
  const ImportOptions& options_;
  const std::string blocks_directory_;
  Record record_;
  const std::uint64_t selectors_hash_;
  ImportReport report_;
};

}  // namespace

Result<ImportReport> ImportBlocks(io::FileSystem& files, const ImportOptions& options) {
  if (options.block_range.count() <= 0) {
    return Error{ErrorCode::kInvalidArgument, "the range of a block must be above 0"};
  }
  return Import(files, options).Run();
}

}  // namespace narthex::promblock
