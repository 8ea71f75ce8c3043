// Writing a block of real samples and reading it back: bytes and time per sample.
// Usage: block_bench <file> [hours]   samples as ../shared/bench/data/README.md has them,
// decompressed;
//                                     hours: what the block says it spans, from 24 on it is
//                                     compressed
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <map>

#include "base/bytes.h"
#include "block/block.h"
#include "block/writer.h"
#include "io/file_system.h"

namespace narthex {
namespace {

double CpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](timeval t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

struct Series {
  std::vector<model::TimestampMs> times;
  std::vector<double> values;
};
using Content = std::map<model::LabelSet, Series>;

// `name{a="b",...}` as exposed; values without escapes, as the captured ones are.
model::LabelSet ParseKey(std::string_view key, std::string_view job) {
  std::vector<std::pair<std::string, std::string>> labels = {{"job", std::string(job)}};
  const std::size_t brace = key.find('{');
  labels.emplace_back("__name__", key.substr(0, brace));
  std::string_view rest = brace == std::string_view::npos ? "" : key.substr(brace + 1);
  while (rest.find('=') != std::string_view::npos) {
    const std::size_t equal = rest.find("=\"");
    std::size_t end = equal + 2;
    while (end < rest.size() && (rest[end] != '"' || rest[end - 1] == '\\')) ++end;
    labels.emplace_back(rest.substr(0, equal), rest.substr(equal + 2, end - equal - 2));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (rest.starts_with(',')) rest.remove_prefix(1);
  }
  return model::LabelSet::From(std::move(labels));
}

Content Load(const std::string& path) {
  const std::string bytes = io::ReadFile(io::SystemFiles(), path, std::uint64_t{8} << 30).value();
  ByteReader reader(bytes);
  Content content;
  const std::uint32_t count = reader.ReadLittleEndian32().value();
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint32_t key_size = reader.ReadLittleEndian32().value();
    const std::uint32_t job_size = reader.ReadLittleEndian32().value();
    const std::uint32_t sample_count = reader.ReadLittleEndian32().value();
    const auto key = reader.ReadBytes(key_size).value();
    const auto job = reader.ReadBytes(job_size).value();
    const auto times = reader.ReadBytes(std::size_t{8} * sample_count).value();
    const auto values = reader.ReadBytes(std::size_t{8} * sample_count).value();
    Series& series = content[ParseKey(key, job)];
    if (!series.times.empty()) continue;
    series.times.resize(sample_count);
    series.values.resize(sample_count);
    std::memcpy(series.times.data(), times.data(), times.size());
    std::memcpy(series.values.data(), values.data(), values.size());
  }
  return content;
}

// Gives the cached bytes of a file back, so that the next reader finds the disk.
void Evict(const std::string& path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return;
  (void)posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED);
  (void)close(descriptor);
}

double WallSeconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

void ReadAll(block::Block& opened, model::TimeRange range, std::string_view what) {
  for (int round = 0; round < 3; ++round) {
    const double start = CpuSeconds();
    const double wall_start = WallSeconds();
    std::uint64_t sample_count = 0;
    std::uint64_t series_count = 0;
    double sum = 0;
    const auto querier = opened.OpenQuerier(range).value();
    const auto set = querier->Select({}, {}).value();
    while (set->Next()) {
      const auto columns = set->samples().value();
      sample_count += columns.values.size();
      ++series_count;
      if (!columns.values.empty()) sum += columns.values.back();
    }
    const double seconds = CpuSeconds() - start;
    const double wall = WallSeconds() - wall_start;
    fmt::print("{} {}: {} series, {} samples, {:.2f} ms CPU, {:.2f} ms wall, {:.0f} M samples/s\n",
               what, round == 0 ? "first" : "again", series_count, sample_count, seconds * 1e3,
               wall * 1e3, static_cast<double>(sample_count) / seconds / 1e6);
    if (sum == 0.123) fmt::print("\n");
  }
}

int Run(const std::string& path, int hours) {
  const Content content = Load(path);
  block::BlockMeta meta;
  meta.id = block::NewBlockId(0);
  meta.min_time = content.begin()->second.times.front();
  for (const auto& [labels, series] : content) {
    meta.min_time = std::min(meta.min_time, series.times.front());
    meta.max_time = std::max(meta.max_time, series.times.back() + 1);
  }
  const model::TimestampMs last = meta.max_time - 1;
  meta.max_time = std::max<model::TimestampMs>(meta.max_time, meta.min_time + hours * 3'600'000);
  const std::string directory = fmt::format("/tmp/block_bench.{}", getpid());
  io::FileSystem& files = io::SystemFiles();
  if (!files.CreateDirectories(directory).ok()) return 1;

  const double start = CpuSeconds();
  const auto writer = block::BlockWriter::Create(files, directory, meta).value();
  for (const auto& [labels, series] : content) {
    if (!writer->Add(labels, {series.times, series.values, 0}).ok()) return 1;
  }
  meta = writer->Finish().value();
  const double seconds = CpuSeconds() - start;
  const auto samples = static_cast<double>(meta.sample_count);
  const std::string folder = io::JoinPath(directory, meta.id);
  const auto size = [&](std::string_view name) {
    return static_cast<double>(files.FileSize(io::JoinPath(folder, name)).value());
  };
  fmt::print("{} series, {} samples, {} pages; written at {:.1f} M samples per CPU second\n",
             meta.series_count, meta.sample_count, meta.page_count, samples / seconds / 1e6);
  fmt::print("bytes per sample: pages {:.4f}, index {:.4f}, both {:.4f}\n", size("pages") / samples,
             size("index") / samples, (size("pages") + size("index")) / samples);
  Evict(io::JoinPath(folder, "pages"));
  Evict(io::JoinPath(folder, "index"));
  const double opening = WallSeconds();
  const auto opened = block::Block::Open(files, folder).value();
  fmt::print("opened from the disk in {:.2f} ms\n", (WallSeconds() - opening) * 1e3);
  ReadAll(*opened, {last - 300'000, last}, "last 5 minutes");
  ReadAll(*opened, {}, "everything");
  const auto report = opened->Verify();
  fmt::print("sound: {}, {} frames\n", report.is_sound(), report.frame_count);
  return io::RemoveAll(files, directory).ok() ? 0 : 1;
}

}  // namespace
}  // namespace narthex

int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print("usage: block_bench <file> [hours]\n");
    return 2;
  }
  return narthex::Run(argv[1], argc > 2 ? std::atoi(argv[2]) : 0);
}
