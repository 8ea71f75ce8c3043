// What it costs over hours that the log is replaced by snapshots, and what a start after a kill at
// the worst moment costs in return.
// Usage: snapshot_bench [targets] [series per target] [hours] [seconds between scrapes]
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <string>

#include "base/log.h"
#include "cpu_seconds.h"
#include "numbers_and_folder.h"
#include "scrape_load.h"
#include "tsdb/tsdb.h"

namespace narthex {
namespace {

struct Shape {
  std::size_t target_count = 100;
  std::size_t series_count = 1000;  // of each target
  std::size_t hours = 4;
  std::size_t interval_seconds = 15;

  std::size_t total() const { return target_count * series_count; }
};

// What went through write(2), to files and to what else there is.
std::uint64_t WrittenBytes() {
  std::ifstream file("/proc/self/io");
  std::string name;
  std::uint64_t value = 0;
  while (file >> name >> value) {
    if (name == "wchar:") return value;
  }
  return 0;
}

// Upkeep of the store after each round of scrapes, and what it did.
class Rounds {
 public:
  explicit Rounds(tsdb::Tsdb& store) : store_(store) {}

  Status Run() {
    const tsdb::TsdbStats before = store_.stats();
    const std::uint64_t logged = LoggedIn(before);
    const double start = CpuSeconds();
    NARTHEX_TRY(store_.Maintain());
    const double cpu = CpuSeconds() - start;
    const tsdb::TsdbStats after = store_.stats();
    log_bytes_ = after.head.wal.written_bytes;
    if (after.compaction_count != before.compaction_count) {
      block_cpu_ += cpu;
    } else if (after.head.checkpoint_count != before.head.checkpoint_count) {
      snapshot_cpu_ += cpu;
      snapshot_bytes_ += after.head.wal.checkpoint_size_bytes;
      snapshot_bytes_last_ = after.head.wal.checkpoint_size_bytes;
      ++snapshot_count_;
      logged_max_ = logged;
    }
    return Ok();
  }
  // Whether the next samples will be those that make a snapshot due.
  bool IsLogFull() const {
    return logged_max_ > 0 && LoggedIn(store_.stats()) >= logged_max_ - logged_max_ / 10;
  }

  void Report(double cpu, std::uint64_t written) const {
    const double samples = static_cast<double>(store_.stats().head.appended_count);
    const auto per_sample = [&](std::string_view what, std::uint64_t bytes) {
      fmt::print("{:<36} {:>8.3f} bytes a sample\n", what, static_cast<double>(bytes) / samples);
    };
    const auto per_million = [&](std::string_view what, double seconds) {
      fmt::print("{:<36} {:>8.4f} CPU s per million\n", what, seconds / samples * 1e6);
    };
    fmt::print("{:<36} {:>8.1f} million\n", "samples", samples / 1e6);
    fmt::print("{:<36} {:>8} of {:.1f} MiB at last, each for {:.1f} M samples\n", "snapshots",
               snapshot_count_, static_cast<double>(snapshot_bytes_last_) / (1 << 20),
               samples / 1e6 / static_cast<double>(std::max<std::size_t>(snapshot_count_, 1)));
    per_sample("log", log_bytes_);
    per_sample("snapshots", snapshot_bytes_);
    per_sample("all that was written", written);
    per_million("snapshots", snapshot_cpu_);
    per_million("blocks", block_cpu_);
    per_million("all", cpu);
  }

 private:
  static std::uint64_t LoggedIn(const tsdb::TsdbStats& stats) {
    return stats.head.wal.size_bytes - stats.head.wal.checkpoint_size_bytes;
  }

  tsdb::Tsdb& store_;
  std::size_t snapshot_count_ = 0;
  std::uint64_t snapshot_bytes_ = 0;
  std::uint64_t snapshot_bytes_last_ = 0;
  std::uint64_t log_bytes_ = 0;
  std::uint64_t logged_max_ = 0;  // when the last snapshot became due
  double snapshot_cpu_ = 0;
  double block_cpu_ = 0;
};

Status Feed(tsdb::Tsdb& store, const Shape& shape) {
  std::vector<std::vector<storage::SeriesRef>> refs;
  for (std::size_t target = 0; target < shape.target_count; ++target) {
    NARTHEX_ASSIGN_OR_RETURN(
        auto some, store.appender().Resolve(target + 1, LabelsOf(target, shape.series_count)));
    refs.push_back(std::move(some));
  }
  Rounds rounds(store);
  std::vector<double> values(shape.series_count);
  const double start = CpuSeconds();
  const std::uint64_t written = WrittenBytes();
  const std::size_t scrape_count = shape.hours * 3600 / shape.interval_seconds;
  for (std::size_t scrape = 0; scrape < scrape_count || !rounds.IsLogFull(); ++scrape) {
    FillValues(scrape, values);
    for (std::size_t target = 0; target < shape.target_count; ++target) {
      const auto time = static_cast<TimestampMs>(scrape * shape.interval_seconds * 1000 + target);
      NARTHEX_ASSIGN_OR_RETURN(
          const auto outcome,
          store.appender().Append(
              {.group = target + 1, .timestamp = time, .series = refs[target], .values = values}));
      if (outcome.appended_count != values.size()) return Error{ErrorCode::kInternal, "refused"};
    }
    if (scrape < scrape_count || !rounds.IsLogFull()) NARTHEX_TRY(rounds.Run());
  }
  rounds.Report(CpuSeconds() - start, WrittenBytes() - written);
  return Ok();
}

Result<std::unique_ptr<tsdb::Tsdb>> OpenStore(const std::string& folder) {
  tsdb::TsdbOptions options;
  options.directory = folder;
  options.upkeep_interval = std::chrono::milliseconds(0);
  return tsdb::Tsdb::Open(io::SystemFiles(), SystemClock(), options);
}

// In a process of its own, which ends as if it were killed.
Status FeedAndDie(const Shape& shape, const std::string& folder) {
  const pid_t pid = fork();
  if (pid < 0) return Error{ErrorCode::kInternal, "no process"};
  if (pid == 0) {
    auto store = OpenStore(folder);
    const Status fed = store.ok() ? Feed(**store, shape) : Status(store.error());
    if (!fed.ok()) fmt::print(stderr, "{}\n", fed.error().message());
    std::fflush(stdout);
    _exit(fed.ok() ? 0 : 1);
  }
  int status = 0;
  waitpid(pid, &status, 0);
  return status == 0 ? Ok() : Status(Error{ErrorCode::kInternal, "feeding failed"});
}

Status Run(const Shape& shape, const std::string& folder) {
  ConfigureLog({.level = LogLevel::kError});
  NARTHEX_TRY(FeedAndDie(shape, folder));
  const double start = CpuSeconds();
  const std::chrono::nanoseconds wall_start = SystemClock().Monotonic();
  NARTHEX_ASSIGN_OR_RETURN(const auto store, OpenStore(folder));
  const std::chrono::duration<double> wall = SystemClock().Monotonic() - wall_start;
  const head::HeadStats stats = store->stats().head;
  fmt::print(
      "{:<36} {:>8.3f} s, {:.3f} CPU s; {} series, log {:.1f} MiB, snapshot {:.1f} MiB\n",
      "start after it", wall.count(), CpuSeconds() - start, stats.series_count,
      static_cast<double>(stats.wal.size_bytes - stats.wal.checkpoint_size_bytes) / (1 << 20),
      static_cast<double>(stats.wal.checkpoint_size_bytes) / (1 << 20));
  return Ok();
}

}  // namespace
}  // namespace narthex

int main(int argc, char** argv) {
  narthex::Shape shape;
  return narthex::RunBench(
      argc, argv, {&shape.target_count, &shape.series_count, &shape.hours, &shape.interval_seconds},
      [&](const std::string& folder) { return narthex::Run(shape, folder + "/store"); });
}
