// A whole block: whatever its pages, its entries in the index and its tombstones say, they are read
// or refused. The checksums are put right first, since else nothing behind them would be reached.
// Input: varint count of series, payload of each (varint size, bytes), tombstones (the same),
// pages.
#include <sys/mman.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/hash.h"
#include "block/block.h"
#include "index/index_file.h"
#include "io/file_system.h"

namespace narthex {
namespace {

constexpr std::size_t kSeriesCountMax = 64;

class MemoryFile final : public io::File {
 public:
  MemoryFile(std::string path, std::string bytes)
      : path_(std::move(path)), bytes_(std::move(bytes)) {}
  const std::string& path() const override { return path_; }
  Result<std::size_t> ReadAt(std::uint64_t offset, std::span<char> buffer) const override {
    if (offset >= bytes_.size()) return std::size_t{0};
    return bytes_.copy(buffer.data(), buffer.size(), offset);
  }
  Status Append(std::span<const std::string_view>) override { return Refused(); }
  Status Sync() override { return Ok(); }
  Status Truncate(std::uint64_t) override { return Refused(); }
  Status Preallocate(std::uint64_t) override { return Refused(); }
  Result<std::uint64_t> Size() const override { return bytes_.size(); }

 private:
  static Error Refused() { return {ErrorCode::kUnsupported, "read only"}; }
  const std::string path_;
  const std::string bytes_;
};

class MemoryFiles final : public io::FileSystem {
 public:
  std::map<std::string, std::string, std::less<>> files;

  Result<std::unique_ptr<io::File>> Open(std::string_view path, io::OpenMode) override {
    const auto found = files.find(path);
    if (found == files.end()) return Missing();
    return std::make_unique<MemoryFile>(std::string(path), found->second);
  }
  Result<io::Mapping> Map(std::string_view path) override {
    const auto found = files.find(path);
    if (found == files.end()) return Missing();
    const std::string& bytes = found->second;
    if (bytes.empty()) return io::Mapping();
    void* address =
        mmap(nullptr, bytes.size(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (address == MAP_FAILED) return Missing();
    std::memcpy(address, bytes.data(), bytes.size());
    return io::Mapping(address, bytes.size());
  }
  Result<std::vector<io::DirectoryEntry>> List(std::string_view) override { return Missing(); }
  Status CreateDirectories(std::string_view) override { return Missing(); }
  Status Rename(std::string_view, std::string_view) override { return Missing(); }
  Status Remove(std::string_view) override { return Missing(); }
  Status SyncDirectory(std::string_view) override { return Missing(); }
  Result<std::uint64_t> FileSize(std::string_view path) override {
    const auto found = files.find(path);
    if (found == files.end()) return Missing();
    return found->second.size();
  }
  Result<std::uint64_t> FreeBytes(std::string_view) override { return Missing(); }

 private:
  static Error Missing() { return {ErrorCode::kNotFound, "not there"}; }
};

void PutChecksum(std::string& bytes, std::size_t at, std::string_view of) {
  std::string checksum;
  PutLittleEndian32(checksum, Crc32c(of));
  bytes.replace(at, checksum.size(), checksum);
}

// Source: docs/formats/block.md, "pages".
void Reseal(std::string& pages) {
  constexpr std::size_t kTrailerSize = 24;
  constexpr std::size_t kDirectoryHeadSize = 20;
  constexpr std::size_t kFrameEntrySize = 24;
  if (pages.size() < kTrailerSize) return;
  const std::size_t trailer = pages.size() - kTrailerSize;
  const std::uint64_t offset =
      *ByteReader(std::string_view(pages).substr(trailer)).ReadLittleEndian64();
  if (offset > trailer || trailer - offset < kDirectoryHeadSize) return;
  std::string size;
  PutLittleEndian64(size, trailer - offset);
  pages.replace(trailer + 8, 8, size);

  ByteReader reader(std::string_view(pages).substr(offset));
  std::uint64_t frame_count = 0;
  for (int kind = 0; kind < 3; ++kind) frame_count += *reader.ReadLittleEndian32();
  for (std::uint64_t i = 0; i < frame_count; ++i) {
    const std::size_t entry = offset + kDirectoryHeadSize + i * kFrameEntrySize;
    if (entry + kFrameEntrySize > trailer) break;
    ByteReader fields(std::string_view(pages).substr(entry, kFrameEntrySize));
    const std::uint64_t at = *fields.ReadLittleEndian64();
    const std::uint32_t stored = *fields.ReadLittleEndian32();
    if (at > offset || stored > offset - at) continue;
    PutChecksum(pages, entry + 16, std::string_view(pages).substr(at, stored));
  }
  PutChecksum(pages, trailer + 16, std::string_view(pages).substr(offset, trailer - offset));
  PutChecksum(pages, trailer + 20, std::string_view(pages).substr(trailer, 20));
}

void ReadAll(block::Block& opened, model::TimeRange range) {
  const auto querier = opened.OpenQuerier(range);
  const auto set = (*querier)->Select({}, {});
  while ((*set)->Next()) (void)(*set)->samples();
}

void Run(std::string_view input) {
  ByteReader reader(input);
  const auto count = reader.ReadVarint();
  if (!count || *count > kSeriesCountMax) return;
  index::IndexWriter index;
  for (std::uint64_t i = 0; i < *count; ++i) {
    const auto payload = reader.ReadLengthPrefixed();
    if (!payload) return;
    const std::string name(1, static_cast<char>('0' + i));
    index.Add({{"s", name}}, *payload);
  }
  const auto tombstones = reader.ReadLengthPrefixed();
  if (!tombstones) return;
  MemoryFiles files;
  block::BlockMeta meta{.id = "x", .min_time = 0, .max_time = 86'400'000, .series_count = *count};
  files.files["b/meta"] = block::FormatMeta(meta);
  auto index_bytes = index.Finish();
  if (!index_bytes.ok()) return;
  files.files["b/index"] = std::move(index_bytes).value();
  if (!tombstones->empty()) {
    std::string bytes(*tombstones);
    PutLittleEndian32(bytes, Crc32c(bytes));
    files.files["b/tombstones"] = bytes;
  }
  std::string pages(reader.rest());
  Reseal(pages);
  files.files["b/pages"] = std::move(pages);

  const auto opened = block::Block::Open(files, "b");
  if (!opened.ok()) return;
  ReadAll(**opened, {});
  ReadAll(**opened, {100'000, 1'000'000});
  (void)(*opened)->Verify();
}

}  // namespace
}  // namespace narthex

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  narthex::Run({reinterpret_cast<const char*>(bytes), size});
  return 0;
}
