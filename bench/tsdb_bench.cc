// Appending scrape-like batches to a head with its log, reading them back, memory per series.
// Usage: tsdb_bench [targets] [series per target] [scrapes]
#include <fmt/format.h>
#include <malloc.h>

#include "base/log.h"
#include "block/writer.h"
#include "cpu_seconds.h"
#include "head/head.h"
#include "io/file_system.h"
#include "numbers_and_folder.h"
#include "scrape_load.h"

namespace narthex {
namespace {

std::size_t AllocatedBytes() {
  const struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

struct Shape {
  std::size_t target_count = 10;
  std::size_t series_count = 1000;  // of each target
  std::size_t scrape_count = 240;

  std::size_t total() const { return target_count * series_count; }
  double sample_count() const { return static_cast<double>(total() * scrape_count); }
};

void Report(std::string_view what, double samples, double cpu) {
  fmt::print("{:<28} {:>8.2f} M samples/s of CPU, {:.3f} CPU s per million\n", what,
             samples / cpu / 1e6, cpu / samples * 1e6);
}

Status AppendAll(head::Head& head, const Shape& shape) {
  std::vector<std::vector<storage::SeriesRef>> refs;
  const double resolve_start = CpuSeconds();
  for (std::size_t target = 0; target < shape.target_count; ++target) {
    NARTHEX_ASSIGN_OR_RETURN(auto some,
                             head.Resolve(target + 1, LabelsOf(target, shape.series_count)));
    refs.push_back(std::move(some));
  }
  fmt::print("{:<28} {:>8.2f} us of CPU each\n", "new series",
             (CpuSeconds() - resolve_start) / static_cast<double>(shape.total()) * 1e6);
  std::vector<double> values(shape.series_count);
  double cpu = 0;
  for (std::size_t scrape = 0; scrape < shape.scrape_count; ++scrape) {
    FillValues(scrape, values);
    const double start = CpuSeconds();
    for (std::size_t target = 0; target < shape.target_count; ++target) {
      NARTHEX_ASSIGN_OR_RETURN(
          const auto outcome,
          head.Append({.group = target + 1,
                       .timestamp = static_cast<TimestampMs>(scrape * 15'000 + target),
                       .series = refs[target],
                       .values = values}));
      if (outcome.appended_count != values.size()) return Error{ErrorCode::kInternal, "refused"};
    }
    cpu += CpuSeconds() - start;
  }
  Report("append with log", shape.sample_count(), cpu);
  return Ok();
}

Status ReadAll(head::Head& head, const Shape& shape) {
  const double start = CpuSeconds();
  NARTHEX_ASSIGN_OR_RETURN(const auto querier, head.OpenQuerier({}));
  storage::SelectHints hints;
  hints.is_sorted = false;
  NARTHEX_ASSIGN_OR_RETURN(const auto set, querier->Select({}, hints));
  std::size_t count = 0;
  while (set->Next()) {
    NARTHEX_ASSIGN_OR_RETURN(const auto columns, set->samples());
    count += columns.values.size();
  }
  Report("read all series", static_cast<double>(count), CpuSeconds() - start);
  return count == shape.total() * shape.scrape_count ? Ok()
                                                     : Status(Error{ErrorCode::kInternal, "lost"});
}

enum class Cut { kByPages, kBySamples };

// Writes what the head holds to a block.
Status WriteBlock(head::Head& head, const std::string& directory, Cut cut) {
  const std::size_t before = AllocatedBytes();
  const double start = CpuSeconds();
  block::BlockMeta meta;
  meta.id = block::NewBlockId(SystemClock().Now());
  meta.min_time = head.range().from;
  meta.max_time = head.range().until + 1;
  NARTHEX_TRY(io::SystemFiles().CreateDirectories(directory));
  NARTHEX_ASSIGN_OR_RETURN(auto writer,
                           block::BlockWriter::Create(io::SystemFiles(), directory, meta));
  NARTHEX_ASSIGN_OR_RETURN(const auto querier, head.OpenQuerier({}));
  NARTHEX_ASSIGN_OR_RETURN(const auto set, querier->Select({}, {}));
  std::size_t peak = before;
  for (std::size_t count = 0; set->Next(); ++count) {
    if (cut == Cut::kByPages) {
      NARTHEX_TRY(writer->Add(*set));
    } else {
      NARTHEX_ASSIGN_OR_RETURN(const auto columns, set->samples());
      NARTHEX_TRY(writer->Add(set->labels(), columns));
    }
    if (count % 100 == 0) peak = std::max(peak, AllocatedBytes());
  }
  NARTHEX_ASSIGN_OR_RETURN(meta, writer->Finish());
  const std::string_view what = cut == Cut::kByPages ? "block by copying pages" : "block by coding";
  Report(what, static_cast<double>(meta.sample_count), CpuSeconds() - start);
  NARTHEX_ASSIGN_OR_RETURN(const std::uint64_t size,
                           io::DirectorySize(io::SystemFiles(), io::JoinPath(directory, meta.id)));
  fmt::print("{:<28} {:>8.3f} bytes a sample, {:.1f} MiB of memory for it\n", "",
             static_cast<double>(size) / static_cast<double>(meta.sample_count),
             static_cast<double>(peak - before) / (1 << 20));
  return Ok();
}

Result<std::unique_ptr<head::Head>> Reopen(std::string_view what, const Shape& shape,
                                           const head::HeadOptions& options) {
  const double start = CpuSeconds();
  const std::chrono::nanoseconds wall_start = SystemClock().Monotonic();
  NARTHEX_ASSIGN_OR_RETURN(auto head, head::Head::Open(io::SystemFiles(), SystemClock(), options));
  Report(what, shape.sample_count(), CpuSeconds() - start);
  const std::chrono::duration<double> wall = SystemClock().Monotonic() - wall_start;
  fmt::print("{:<28} {:>8.3f} seconds\n", "  wall time", wall.count());
  return head;
}

Status Run(const Shape& shape, const std::string& directory) {
  head::HeadOptions options;
  options.wal_directory = directory;
  const std::size_t before = AllocatedBytes();
  {
    NARTHEX_ASSIGN_OR_RETURN(const auto head,
                             head::Head::Open(io::SystemFiles(), SystemClock(), options));
    NARTHEX_TRY(AppendAll(*head, shape));
    const double size = static_cast<double>(head->stats().wal.written_bytes);
    fmt::print("{:<28} {:>8.2f} bytes a sample\n", "written to the log",
               size / shape.sample_count());
    fmt::print("{:<28} {:>8.0f} bytes a series with {} samples\n", "memory",
               static_cast<double>(AllocatedBytes() - before) / static_cast<double>(shape.total()),
               shape.scrape_count);
    NARTHEX_TRY(ReadAll(*head, shape));
    NARTHEX_TRY(WriteBlock(*head, directory + "/../blocks", Cut::kBySamples));
    NARTHEX_TRY(WriteBlock(*head, directory + "/../blocks", Cut::kByPages));
  }
  NARTHEX_ASSIGN_OR_RETURN(auto head, Reopen("replay of the log", shape, options));
  const double checkpoint_start = CpuSeconds();
  NARTHEX_TRY(head->Checkpoint());
  Report("checkpoint", shape.sample_count(), CpuSeconds() - checkpoint_start);
  fmt::print("{:<28} {:>8.2f} bytes a sample\n", "log after it",
             static_cast<double>(head->stats().wal.size_bytes) / shape.sample_count());
  head.reset();
  NARTHEX_ASSIGN_OR_RETURN(head, Reopen("replay of the checkpoint", shape, options));
  return Ok();
}

}  // namespace
}  // namespace narthex

int main(int argc, char** argv) {
  narthex::Shape shape;
  return narthex::RunBench(
      argc, argv, {&shape.target_count, &shape.series_count, &shape.scrape_count},
      [&](const std::string& folder) { return narthex::Run(shape, folder + "/wal"); });
}
