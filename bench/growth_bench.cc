// Queries over a store that grows: in series, then in time. What counts is the time per sample
// touched, which must not rise.
//
//   growth_bench FOLDER [SHAPES]   (empty or not there yet; holds up to 400 MB)
//
// SHAPES: only so many of the first of the stores, which grow in series.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <span>
#include <string>
#include <vector>

#include "base/log.h"
#include "cpu_seconds.h"
#include "engine/engine.h"
#include "io/file_system.h"
#include "tsdb/tsdb.h"

namespace narthex {
namespace {

constexpr std::int64_t kIntervalMs = 15'000;
constexpr std::size_t kTargetSeriesCount = 1000;

struct Shape {
  std::size_t series_count;
  std::int64_t hours;

  TimestampMs end() const { return hours * 3'600'000; }
};

Status Fill(tsdb::Tsdb& store, const Shape& shape) {
  std::vector<std::vector<storage::SeriesRef>> refs;
  for (std::size_t target = 0; target * kTargetSeriesCount < shape.series_count; ++target) {
    std::vector<model::LabelSet> labels;
    const std::string instance = fmt::format("host-{}:9100", target);
    for (std::size_t i = 0; i < kTargetSeriesCount; ++i) {
      const std::string path = fmt::format("/api/v1/resource{:02}", i / 10);
      const std::string code = fmt::format("{}", 200 + i % 10);
      labels.push_back({{"__name__", "requests_total"},
                        {"code", code},
                        {"instance", instance},
                        {"job", "app"},
                        {"path", path}});
    }
    NARTHEX_ASSIGN_OR_RETURN(auto some, store.appender().Resolve(target + 1, labels));
    refs.push_back(std::move(some));
  }
  std::vector<double> values(kTargetSeriesCount);
  const auto scrape_count = shape.end() / kIntervalMs;
  for (std::int64_t scrape = 1; scrape <= scrape_count; ++scrape) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] += static_cast<double>((static_cast<std::size_t>(scrape) * 7 + i) % 13);
    }
    for (std::size_t target = 0; target < refs.size(); ++target) {
      const storage::Batch batch{.group = target + 1,
                                 .timestamp = scrape * kIntervalMs,
                                 .series = refs[target],
                                 .values = values};
      NARTHEX_TRY(store.appender().Append(batch));
    }
    // Cuts blocks as a server does, every two hours.
    if (scrape % 480 == 0) NARTHEX_TRY(store.Maintain());
  }
  return store.Maintain();
}

Status Measure(tsdb::Tsdb& store, const Shape& shape) {
  engine::EngineOptions options;
  options.samples_max = 2'000'000'000;
  engine::Engine engine(options);
  const auto step = std::chrono::seconds(std::max<std::int64_t>(60, shape.hours * 3600 / 1440));
  const engine::RangeSpec range = {kIntervalMs, shape.end(), step};
  for (const char* query :
       {"sum(rate(requests_total[5m]))", "sum by (instance) (rate(requests_total[5m]))",
        "max(max_over_time(requests_total[1h]))", "sum by (code) (requests_total)"}) {
    double best = 1e9;
    std::size_t sample_count = 0;
    for (int round = 0; round < 3; ++round) {
      const double start = CpuSeconds();
      NARTHEX_ASSIGN_OR_RETURN(const auto result, engine.Range(store, query, range));
      best = std::min(best, CpuSeconds() - start);
      sample_count = result.stats.samples_read;
    }
    const auto touched =
        static_cast<double>(shape.series_count) * static_cast<double>(shape.end() / kIntervalMs);
    fmt::print("{:>7} series {:>4} h  {:46} {:8.1f} ms {:7.2f} ns a sample {:8.1f} M/s {:>12}\n",
               shape.series_count, shape.hours, query, best * 1e3, best / touched * 1e9,
               touched / best / 1e6, sample_count);
  }
  return Ok();
}

Status MeasureInstant(tsdb::Tsdb& store, const Shape& shape) {
  engine::Engine engine({});
  double best = 1e9;
  for (int round = 0; round < 5; ++round) {
    const double start = CpuSeconds();
    NARTHEX_TRY(engine.Instant(store, "count(requests_total)", shape.end()));
    best = std::min(best, CpuSeconds() - start);
  }
  fmt::print("{:>7} series {:>4} h  {:46} {:8.2f} ms {:7.2f} ns a series\n", shape.series_count,
             shape.hours, "count(requests_total), at one instant", best * 1e3,
             best / static_cast<double>(shape.series_count) * 1e9);
  return Ok();
}

Status Run(const std::string& folder, std::size_t shape_count) {
  const std::vector<Shape> shapes = {{1000, 1},  {10'000, 1},  {100'000, 1},
                                     {1000, 24}, {10'000, 24}, {1000, 720}};
  for (const Shape& shape : std::span(shapes).first(std::min(shape_count, shapes.size()))) {
    const std::string directory =
        io::JoinPath(folder, fmt::format("{}-{}", shape.series_count, shape.hours));
    tsdb::TsdbOptions options;
    options.directory = directory;
    options.upkeep_interval = std::chrono::milliseconds(0);
    options.retention.time = std::chrono::milliseconds(0);
    NARTHEX_ASSIGN_OR_RETURN(
        const auto store, tsdb::Tsdb::Open(io::SystemFiles(), SystemClock(), std::move(options)));
    NARTHEX_TRY(Fill(*store, shape));
    NARTHEX_TRY(Measure(*store, shape));
    NARTHEX_TRY(MeasureInstant(*store, shape));
  }
  return Ok();
}

}  // namespace
}  // namespace narthex

int main(int argc, char** argv) {
  narthex::ConfigureLog({.level = narthex::LogLevel::kError});
  if (argc != 2 && argc != 3) {
    fmt::print(stderr, "usage: growth_bench FOLDER [SHAPES]\n");
    return 2;
  }
  const narthex::Status status =
      narthex::Run(argv[1], argc == 3 ? static_cast<std::size_t>(std::atoi(argv[2])) : 6);
  if (status.ok()) return 0;
  fmt::print(stderr, "{}\n", status.error().message());
  return 1;
}
