// Queries over many series in memory: samples read per second, on one thread.
//
//   engine_bench [SERIES [SAMPLES]]
#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <string>

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

void Measure(MemoryStore& store, const std::string& query, RangeSpec range) {
  narthex::engine::EngineOptions options;
  options.samples_max = 1'000'000'000;
  Engine engine(options);
  double best_seconds = 1e9;
  std::size_t sample_count = 0;
  for (int round = 0; round < 3; ++round) {
    const auto start = std::chrono::steady_clock::now();
    const auto result = engine.Range(store, query, range);
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start;
    if (!result.ok()) {
      fmt::print("{}: {}\n", query, result.error().message());
      return;
    }
    sample_count = result->stats.samples_read;
    best_seconds = std::min(best_seconds, passed.count());
  }
  fmt::print("{:60} {:9.1f} ms {:9.1f} M samples/s\n", query, best_seconds * 1e3,
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
  return 0;
}
