// What it costs a program to measure itself.
#include <benchmark/benchmark.h>

#include "client/registry.h"
#include "exposition/writer.h"

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

void FamilyWith(benchmark::State& state) {
  Registry registry;
  auto& family = registry.NewCounter(
      {.name = "requests_total", .help = "help", .unit = "", .label_names = {"method", "code"}});
  for (auto _ : state) benchmark::DoNotOptimize(&family.With({"GET", "200"}));
}
BENCHMARK(FamilyWith);

void GatherAndWrite(benchmark::State& state) {
  Registry registry;
  auto& family = registry.NewCounter({.name = "requests_total",
                                      .help = "help",
                                      .unit = "",
                                      .label_names = {"path"},
                                      .child_count_max = 1'000'000});
  for (int i = 0; i < state.range(0); ++i) family.With({std::to_string(i)}).Increment();
  std::string out;
  for (auto _ : state) {
    out.clear();
    registry.Gather([&out](const auto& gathered) { exposition::WriteFamily(out, gathered, {}); });
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(GatherAndWrite)->Arg(1'000)->Arg(100'000);

}  // namespace
}  // namespace narthex::client
