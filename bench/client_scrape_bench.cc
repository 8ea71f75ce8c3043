// A scrape of a million series: the memory it takes, and what a writer feels of it.
//
//   client_scrape_bench [series, in thousands]
#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <fstream>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "client/registry.h"
#include "client/serve.h"

namespace {

namespace client = narthex::client;

constexpr int kFamilySize = 10'000;

// In kibibytes, as the kernel tells it: VmRSS, or VmHWM, the most since ResetPeak().
long StatusKib(std::string_view name) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (!line.starts_with(name)) continue;
    const std::size_t digits = line.find_first_of("0123456789");
    long value = 0;
    std::from_chars(line.data() + digits, line.data() + line.size(), value);
    return value;
  }
  return 0;
}
void ResetPeak() { std::ofstream("/proc/self/clear_refs") << "5"; }

std::int64_t NowNs() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

double ProcessSeconds() {
  timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

struct Latencies {
  std::vector<std::int64_t> write_ns;
  std::vector<std::int64_t> lookup_ns;  // a known label set, and a write

  static std::int64_t At(std::vector<std::int64_t>& values, double rank) {
    if (values.empty()) return 0;
    const auto place =
        values.begin() + static_cast<std::ptrdiff_t>(rank * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), place, values.end());
    return *place;
  }
  void Print(std::string_view when) {
    for (auto* values : {&write_ns, &lookup_ns}) {
      fmt::print("{:<18} {:<22} p50 {:>6} p99 {:>6} p999 {:>7} max {:>9} ns  ({} writes)\n", when,
                 values == &write_ns ? "increment" : "look-up and increment", At(*values, 0.5),
                 At(*values, 0.99), At(*values, 0.999), At(*values, 1), values->size());
    }
  }
};

enum class Phase { kBegin, kMeasured, kEnd };

// Writes until the end, each write measured with the clock's own time in it.
Latencies WriteUntilEnd(std::atomic<Phase>& phase, const std::vector<client::Counter*>& counters,
                        client::Family<client::Counter>& family) {
  Latencies latencies;
  latencies.write_ns.reserve(20'000'000);
  latencies.lookup_ns.reserve(20'000'000);
  // A thread's first write of a counter may need memory of its own; that is not what is measured.
  for (client::Counter* counter : counters) counter->Increment();
  phase = Phase::kMeasured;
  phase.notify_one();
  std::size_t next = 0;
  std::string value;
  while (phase.load(std::memory_order_relaxed) != Phase::kEnd &&
         latencies.write_ns.size() < 20'000'000) {
    next = (next + 7919) % counters.size();
    const std::int64_t start = NowNs();
    counters[next]->Increment();
    const std::int64_t middle = NowNs();
    latencies.write_ns.push_back(middle - start);
    value = std::to_string(next % kFamilySize);
    const std::int64_t before = NowNs();
    family.With({value}).Increment();
    latencies.lookup_ns.push_back(NowNs() - before);
  }
  return latencies;
}

Latencies WriteDuring(const std::vector<client::Counter*>& counters,
                      client::Family<client::Counter>& family, const std::function<void()>& what) {
  std::atomic<Phase> phase{Phase::kBegin};
  Latencies latencies;
  {
    std::jthread writer([&] { latencies = WriteUntilEnd(phase, counters, family); });
    phase.wait(Phase::kBegin);
    what();
    phase = Phase::kEnd;
  }
  return latencies;
}

}  // namespace

int main(int argc, char** argv) {
  int family_count = 100;
  if (argc > 1) {
    std::from_chars(argv[1], argv[1] + std::string_view(argv[1]).size(), family_count);
    family_count = std::max(family_count / 10, 1);
  }
  client::Registry registry;
  std::vector<client::Counter*> counters;
  client::Family<client::Counter>* last = nullptr;
  for (int f = 0; f < family_count; ++f) {
    last = &registry.NewCounter(
        {.name = fmt::format("bench_{}_total", f), .help = "One of many.", .label_names = {"id"}});
    for (int i = 0; i < kFamilySize; ++i) {
      counters.push_back(&last->With({std::to_string(i)}));
      counters.back()->Increment();
    }
  }
  const long filled_kib = StatusKib("VmRSS");
  fmt::print("{} series: {} MiB resident\n", counters.size(), filled_kib / 1024);

  std::size_t size_bytes = 0;
  std::size_t piece_bytes_max = 0;
  const auto scrape = [&] {
    size_bytes = 0;
    client::StreamedAnswer(registry, "").Write([&](std::string_view piece) {
      size_bytes += piece.size();
      piece_bytes_max = std::max(piece_bytes_max, piece.size());
      return true;
    });
  };
  scrape();  // children are put in order by the first one
  ResetPeak();
  const long before_kib = StatusKib("VmRSS");
  const double start = ProcessSeconds();
  scrape();
  fmt::print(
      "scrape: {:.0f} ms of CPU, {:.1f} MB, in pieces of up to {} bytes; peak {} KiB above\n",
      (ProcessSeconds() - start) * 1e3, static_cast<double>(size_bytes) / 1e6, piece_bytes_max,
      StatusKib("VmHWM") - before_kib);

  constexpr int kScrapeCount = 5;
  std::int64_t scrapes_ns = 0;
  auto during = WriteDuring(counters, *last, [&] {
    const std::int64_t begin = NowNs();
    for (int i = 0; i < kScrapeCount; ++i) scrape();
    scrapes_ns = NowNs() - begin;
  });
  // As much work beside the writer, but none of a scrape.
  auto without = WriteDuring(counters, *last, [scrapes_ns] {
    const std::int64_t end = NowNs() + scrapes_ns;
    while (NowNs() < end) {
    }
  });
  without.Print("beside a busy loop");
  during.Print("beside scrapes");
  return 0;
}
