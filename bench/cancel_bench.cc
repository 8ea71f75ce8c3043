// How long a query keeps its place after it was canceled: processor time, at worst.
//
//   cancel_bench [SERIES]
#include <fmt/format.h>
#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <string>
#include <thread>

#include "../src/query/engine/tests/memory_store.h"
#include "engine/engine.h"

namespace {

using narthex::engine::Engine;
using narthex::engine::MemoryStore;
using narthex::engine::QueryOptions;

// Places in the life of a query at which it is canceled.
constexpr int kPlaceCount = 12;
constexpr std::chrono::microseconds kGlance(200);

void Fill(MemoryStore& store, int series_count) {
  for (int n = 0; n < series_count; ++n) {
    const std::string pod = fmt::format("pod-{:06}-7c9d8b", n);
    const std::string space = fmt::format("namespace-{}", n % 100);
    for (const char* name : {"a", "b"}) {
      store.Append({{"__name__", name}, {"namespace", space}, {"pod", pod}}, 0, n % 1000);
    }
  }
}

double SecondsOf(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

double OwnSeconds() { return SecondsOf(CLOCK_THREAD_CPUTIME_ID); }

// Cancels `query` once it took `cancel_after` seconds; for how many more it keeps its place.
double Cancel(Engine& engine, MemoryStore& store, const std::string& query, double cancel_after) {
  std::stop_source stop;
  std::atomic<bool> is_done = false;
  std::thread asker([&] {
    QueryOptions options;
    options.stop = stop.get_token();
    (void)engine.Instant(store, query, 1000, options);
    is_done = true;
  });
  clockid_t clock{};
  pthread_getcpuclockid(asker.native_handle(), &clock);
  while (!is_done && SecondsOf(clock) < cancel_after) std::this_thread::sleep_for(kGlance);
  stop.request_stop();
  const double canceled_at = SecondsOf(clock);
  double left_at = canceled_at;
  while (engine.active_query_count() > 0) {
    left_at = SecondsOf(clock);
    std::this_thread::sleep_for(kGlance);
  }
  asker.join();
  return left_at - canceled_at;
}

void Measure(MemoryStore& store, const std::string& query) {
  narthex::engine::EngineOptions options;
  options.parse.allows_fill_modifiers = true;
  Engine engine(options);
  const double started_at = OwnSeconds();
  const auto result = engine.Instant(store, query, 1000);
  const double whole = OwnSeconds() - started_at;
  if (!result.ok()) {
    fmt::print("{}: {}\n", query, result.error().message());
    return;
  }
  double longest = 0;
  int longest_place = 0;
  for (int place = 0; place < kPlaceCount; ++place) {
    const double kept = Cancel(engine, store, query, whole * place / kPlaceCount);
    if (kept > longest) longest_place = place;
    longest = std::max(longest, kept);
  }
  fmt::print("{:58} {:8.0f} ms {:8.1f} ms at {:2} %\n", query, whole * 1e3, longest * 1e3,
             100 * longest_place / kPlaceCount);
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  const int series_count = argc > 1 ? std::atoi(argv[1]) : 300'000;
  MemoryStore store;
  Fill(store, series_count);
  fmt::print("{:58} {:>11} {:>11}\n", fmt::format("{} series", series_count), "in all", "kept");
  for (const char* query : {"sort(a)",
                            "sort_desc(a)",
                            "label_replace(a, \"x\", \"$1\", \"pod\", \"(.*)-.*\")",
                            "sum by (pod) (a)",
                            "sum(label_replace(a, \"x\", \"$1\", \"pod\", \"(.*)-.*\"))",
                            "a + on (pod) b",
                            "a and on (pod) b",
                            "a unless on (namespace) b",
                            "a or on (pod) b",
                            "topk(5, a)",
                            "count_values(\"x\", a)",
                            "quantile by (pod) (0.5, a)",
                            "absent(a)",
                            "count(sum by (pod) (a) + sum by (pod) (b))",
                            "a",
                            "-a",
                            "a + a",
                            "topk(300000, a)",
                            "count(missing + on (pod) fill_left (0) a)",
                            "count(missing + on (pod) a)"}) {
    Measure(store, query);
  }
  return 0;
}
