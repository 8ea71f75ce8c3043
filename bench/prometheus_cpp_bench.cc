// What prometheus-cpp costs for what client_bench measures of ours: the same cases, the same names.
#include <benchmark/benchmark.h>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace {

using prometheus::Histogram;

void CounterIncrement(benchmark::State& state) {
  static prometheus::Counter counter;
  for (auto _ : state) counter.Increment();
}
BENCHMARK(CounterIncrement)->ThreadRange(1, 8)->UseRealTime();

void HistogramObserve(benchmark::State& state) {
  static Histogram histogram(
      Histogram::BucketBoundaries{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10});
  double value = 0.001;
  for (auto _ : state) {
    histogram.Observe(value);
    value = value < 10 ? value * 1.7 : 0.001;
  }
}
BENCHMARK(HistogramObserve)->ThreadRange(1, 8)->UseRealTime();

void FamilyWith(benchmark::State& state) {
  prometheus::Registry registry;
  auto& family = prometheus::BuildCounter().Name("requests_total").Help("help").Register(registry);
  const prometheus::Labels labels = {{"method", "GET"}, {"code", "200"}};
  for (auto _ : state) benchmark::DoNotOptimize(&family.Add(labels));
}
BENCHMARK(FamilyWith);

// 100 families of 1,000 gauges with three labels.
void GatherAndWrite(benchmark::State& state) {
  prometheus::Registry registry;
  for (int f = 0; f < 100; ++f) {
    auto& family = prometheus::BuildGauge()
                       .Name("bench_family_" + std::to_string(f) + "_bytes")
                       .Help("One of many.")
                       .Register(registry);
    for (int i = 0; i < 1000; ++i) {
      family
          .Add({{"code", "200"},
                {"instance", "host-" + std::to_string(i % 10)},
                {"path", "/api/v1/resource" + std::to_string(i)}})
          .Set(i * 1234.5678);
    }
  }
  const prometheus::TextSerializer serializer;
  std::size_t size = 0;
  for (auto _ : state) size = serializer.Serialize(registry.Collect()).size();
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(size));
  state.SetItemsProcessed(state.iterations() * 100'000);
}
BENCHMARK(GatherAndWrite);

}  // namespace
