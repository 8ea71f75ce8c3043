// What it costs a program to measure itself.
#include <benchmark/benchmark.h>

#include "client/registry.h"
#include "client/serve.h"

namespace narthex::client {
namespace {

void CounterIncrement(benchmark::State& state) {
  static Counter counter;
  for (auto _ : state) counter.Increment();
}
BENCHMARK(CounterIncrement)->ThreadRange(1, 8)->UseRealTime();

void HistogramObserve(benchmark::State& state) {
  static Histogram histogram(DefaultBuckets());
  double value = 0.001;
  for (auto _ : state) {
    histogram.Observe(value);
    value = value < 10 ? value * 1.7 : 0.001;
  }
}
BENCHMARK(HistogramObserve)->ThreadRange(1, 8)->UseRealTime();

void NativeHistogramObserve(benchmark::State& state) {
  static Histogram histogram([] {
    HistogramOptions options;
    options.bounds = {};
    options.native.emplace();
    return options;
  }());
  double value = 0.001;
  for (auto _ : state) {
    histogram.Observe(value);
    value = value < 10 ? value * 1.7 : 0.001;
  }
}
BENCHMARK(NativeHistogramObserve)->ThreadRange(1, 8)->UseRealTime();

void FamilyWith(benchmark::State& state) {
  Registry registry;
  auto& family = registry.NewCounter(
      {.name = "requests_total", .help = "help", .unit = "", .label_names = {"method", "code"}});
  for (auto _ : state) benchmark::DoNotOptimize(&family.With({"GET", "200"}));
}
BENCHMARK(FamilyWith);

// 100 families of 1,000 gauges with three labels, as bench/client_peer_bench.cc has them.
void FillLikePeer(Registry& registry) {
  for (int f = 0; f < 100; ++f) {
    auto& family = registry.NewGauge({.name = "bench_family_" + std::to_string(f) + "_bytes",
                                      .help = "One of many.",
                                      .label_names = {"code", "instance", "path"}});
    for (int i = 0; i < 1000; ++i) {
      const std::string instance = "host-" + std::to_string(i % 10);
      const std::string path = "/api/v1/resource" + std::to_string(i);
      family.With({"200", instance, path}).Set(i * 1234.5678);
    }
  }
}

void GatherAndWrite(benchmark::State& state, std::string_view accept) {
  Registry registry;
  FillLikePeer(registry);
  std::size_t size = 0;
  for (auto _ : state) size = Expose(registry, accept).body.size();
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(size));
  state.SetItemsProcessed(state.iterations() * 100'000);
}
BENCHMARK_CAPTURE(GatherAndWrite, text, "");
BENCHMARK_CAPTURE(GatherAndWrite, openmetrics, "application/openmetrics-text;version=1.0.0");
BENCHMARK_CAPTURE(GatherAndWrite, protobuf,
                  "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;"
                  "encoding=delimited");

}  // namespace
}  // namespace narthex::client
