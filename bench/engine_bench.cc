// Queries over many series in memory: samples read per second, on one thread.
//
//   engine_bench [SERIES [SAMPLES]]
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <string>
#include <utility>

#include "../src/query/engine/tests/memory_store.h"
#include "engine/engine.h"

namespace {

using narthex::engine::Engine;
using narthex::engine::MemoryStore;
using narthex::engine::RangeSpec;

constexpr std::int64_t kIntervalMs = 15'000;

void Fill(MemoryStore& store, int series_count, int sample_count) {
  for (int n = 0; n < series_count; ++n) {
    const std::string instance = fmt::format("host-{}:9100", n / 8);
    const std::string cpu = std::to_string(n % 8);
    const narthex::model::LabelSet labels = {{"__name__", "node_cpu_seconds_total"},
                                             {"cpu", cpu},
                                             {"instance", instance},
                                             {"job", "node"},
                                             {"mode", "user"}};
    double value = n;
    for (int i = 0; i < sample_count; ++i) {
      value += (i * 7 + n) % 13;
      store.Append(labels, i * kIntervalMs, value);
    }
  }
  store.ShareTimeColumn();
}

double CpuSeconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

void Measure(MemoryStore& store, const std::string& query, RangeSpec range) {
  narthex::engine::EngineOptions options;
  options.samples_max = 1'000'000'000;
  Engine engine(options);
  double best_seconds = 1e9;
  std::size_t sample_count = 0;
  for (int round = 0; round < 3; ++round) {
    const double start = CpuSeconds();
    const auto result = engine.Range(store, query, range);
    const double passed = CpuSeconds() - start;
    if (!result.ok()) {
      fmt::print("{}: {}\n", query, result.error().message());
      return;
    }
    sample_count = result->stats.samples_read;
    best_seconds = std::min(best_seconds, passed);
  }
  fmt::print("{:90} {:9.1f} ms {:9.1f} M samples/s\n", query, best_seconds * 1e3,
             static_cast<double>(sample_count) / best_seconds / 1e6);
}

}  // namespace

int main(int argc, char** argv) {
  const int series_count = argc > 1 ? std::atoi(argv[1]) : 4000;
  const int sample_count = argc > 2 ? std::atoi(argv[2]) : 5760;  // a day
  MemoryStore store;
  Fill(store, series_count, sample_count);
  const RangeSpec day = {0, (sample_count - 1) * kIntervalMs, std::chrono::seconds(60)};
  fmt::print("{} series, {} samples each, steps of 60 s\n", series_count, sample_count);
  for (const char* query :
       {"sum(rate(node_cpu_seconds_total[5m]))",
        "sum by (instance) (rate(node_cpu_seconds_total[5m]))",
        "sum(rate(node_cpu_seconds_total[1h]))", "sum(sum_over_time(node_cpu_seconds_total[1h]))",
        "max(max_over_time(node_cpu_seconds_total[1h]))", "sum(node_cpu_seconds_total)",
        "topk(5, rate(node_cpu_seconds_total[5m]))",
        "sum(rate(node_cpu_seconds_total[5m])) / count(node_cpu_seconds_total)"}) {
    Measure(store, query, day);
  }
  // The same selector twice, and two that choose the same series but are not alike.
  const std::string one = "node_cpu_seconds_total";
  const std::string other = "node_cpu_seconds_total{job=\"node\"}";
  const RangeSpec hour = {day.end - 3'600'000, day.end, std::chrono::seconds(60)};
  const RangeSpec instant = {day.end, day.end, std::chrono::seconds(60)};
  for (const auto& [name, range] :
       {std::pair("a day", day), {"an hour", hour}, {"one step", instant}}) {
    fmt::print("{}\n", name);
    for (const char* query :
         {"sum(rate({}[5m])) / sum(rate({}[5m]))",
          "sum by (instance) (rate({}[5m])) / on () group_left sum(rate({}[5m]))",
          "rate({}[5m]) > 0 and rate({}[5m]) < 10", "{} / {}", "sum({}) / count({})"}) {
      Measure(store, fmt::format(fmt::runtime(query), one, one), range);
      Measure(store, fmt::format(fmt::runtime(query), one, other), range);
    }
  }
  return 0;
}
