// What the client library costs beside prometheus-cpp: both in one run, by turns, fastest of all
// rounds, so that other work on the machine falls on both alike.
//
//   client_peer_bench [rounds] [word in the name of a case]
#include <fmt/format.h>
#include <malloc.h>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>
#include <time.h>
#include <zlib.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "client/registry.h"
#include "client/serve.h"

namespace {

namespace client = narthex::client;

constexpr double kNone = std::numeric_limits<double>::infinity();
const std::vector<double> kBounds = {.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10};

double Seconds(clockid_t clock) {
  timespec time;
  clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

using Loop = std::function<void(std::uint64_t count)>;

struct Nanoseconds {
  double wall = kNone;  // by all operations of all threads
  double cpu = kNone;
};

Nanoseconds Measure(int thread_count, std::uint64_t count, const Loop& loop) {
  std::atomic<int> ready{0};
  std::atomic<bool> go{false};
  std::vector<std::jthread> threads;
  for (int i = 0; i < thread_count; ++i) {
    threads.emplace_back([&] {
      ++ready;
      while (!go) std::this_thread::yield();
      loop(count);
    });
  }
  while (ready < thread_count) std::this_thread::yield();
  const double wall = Seconds(CLOCK_MONOTONIC);
  const double cpu = Seconds(CLOCK_PROCESS_CPUTIME_ID);
  go = true;
  threads.clear();
  const double operations = static_cast<double>(count) * thread_count;
  return {(Seconds(CLOCK_MONOTONIC) - wall) / operations * 1e9,
          (Seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu) / operations * 1e9};
}

void KeepLess(Nanoseconds& best, const Nanoseconds& other) {
  best.wall = std::min(best.wall, other.wall);
  best.cpu = std::min(best.cpu, other.cpu);
}

struct Case {
  std::string name;
  std::uint64_t count;
  Loop ours;
  Loop theirs;  // none: they have no such thing
};

struct Run {
  int round_count = 9;
  std::string_view word;  // of the cases wanted

  bool Wants(std::string_view name) const { return name.find(word) != std::string_view::npos; }
};

void RunCase(const Run& run, const Case& c, std::vector<int> thread_counts) {
  if (!run.Wants(c.name)) return;
  for (const int thread_count : thread_counts) {
    Nanoseconds ours;
    Nanoseconds theirs;
    for (int round = 0; round < run.round_count; ++round) {
      KeepLess(ours, Measure(thread_count, c.count, c.ours));
      if (c.theirs) KeepLess(theirs, Measure(thread_count, c.count, c.theirs));
    }
    fmt::print(
        "{:<44} threads {}  wall {:9.2f} / {:9.2f} ns = {:.3f}  cpu {:9.2f} / {:9.2f} = {:.3f}\n",
        c.name, thread_count, ours.wall, theirs.wall, ours.wall / theirs.wall, ours.cpu, theirs.cpu,
        ours.cpu / theirs.cpu);
  }
}

template <typename Observer>
void ObserveMany(Observer& observer, std::uint64_t count) {
  double value = 0.001;
  for (std::uint64_t i = 0; i < count; ++i) {
    observer.Observe(value);
    value = value < 10 ? value * 1.7 : 0.001;
  }
}

// 100 families of 1,000 gauges with three labels.
constexpr int kFamilyCount = 100;
constexpr int kChildCount = 1000;
std::string FamilyName(int f) { return "bench_family_" + std::to_string(f) + "_bytes"; }
std::string Instance(int i) { return "host-" + std::to_string(i % 10); }
std::string Path(int i) { return "/api/v1/resource" + std::to_string(i); }

void Fill(client::Registry& registry) {
  for (int f = 0; f < kFamilyCount; ++f) {
    auto& family = registry.NewGauge({.name = FamilyName(f),
                                      .help = "One of many.",
                                      .label_names = {"code", "instance", "path"}});
    for (int i = 0; i < kChildCount; ++i) {
      family.With({"200", Instance(i), Path(i)}).Set(i * 1234.5678);
    }
  }
}

void Fill(prometheus::Registry& registry) {
  for (int f = 0; f < kFamilyCount; ++f) {
    auto& family =
        prometheus::BuildGauge().Name(FamilyName(f)).Help("One of many.").Register(registry);
    for (int i = 0; i < kChildCount; ++i) {
      family.Add({{"code", "200"}, {"instance", Instance(i)}, {"path", Path(i)}})
          .Set(i * 1234.5678);
    }
  }
}

// As their exposer compresses (default level), and as ours does (level 1, while it is written).
class Gzip {
 public:
  explicit Gzip(int level) { deflateInit2(&stream_, level, Z_DEFLATED, 16 + MAX_WBITS, 9, 0); }
  ~Gzip() { deflateEnd(&stream_); }
  Gzip(const Gzip&) = delete;
  Gzip& operator=(const Gzip&) = delete;

  void Add(std::string_view text, int flush) {
    std::string_view left = text;
    // zlib does not change what it reads.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(left.data()));
    stream_.avail_in = static_cast<uInt>(left.size());
    do {
      stream_.next_out = buffer_;
      stream_.avail_out = sizeof buffer_;
      deflate(&stream_, flush);
    } while (stream_.avail_out == 0);
  }
  std::size_t size() const { return stream_.total_out; }

 private:
  z_stream stream_{};
  Bytef buffer_[32768];
};

enum class Coding { kPlain, kGzip };

std::size_t ExposeOurs(const client::Registry& registry, std::string_view accept, Coding coding) {
  std::size_t size = 0;
  Gzip gzip(1);
  client::StreamedAnswer(registry, accept).Write([&](std::string_view piece) {
    size += piece.size();
    if (coding == Coding::kGzip) gzip.Add(piece, Z_NO_FLUSH);
    return true;
  });
  if (coding == Coding::kPlain) return size;
  gzip.Add({}, Z_FINISH);
  return gzip.size();
}

std::size_t ExposeTheirs(const prometheus::Registry& registry, Coding coding) {
  const std::string text = prometheus::TextSerializer().Serialize(registry.Collect());
  if (coding == Coding::kPlain) return text.size();
  Gzip gzip(Z_DEFAULT_COMPRESSION);
  gzip.Add(text, Z_FINISH);
  return gzip.size();
}

void RunExposition(const Run& run) {
  struct {
    std::string name;
    std::string_view accept;
    Coding coding;
  } const cases[] = {
      {"exposition text", "", Coding::kPlain},
      {"exposition OpenMetrics", "application/openmetrics-text;version=1.0.0", Coding::kPlain},
      {"exposition protobuf",
       "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited",
       Coding::kPlain},
      {"exposition text gzip", "", Coding::kGzip},
      {"exposition OpenMetrics gzip", "application/openmetrics-text;version=1.0.0", Coding::kGzip},
      {"exposition protobuf gzip",
       "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited",
       Coding::kGzip},
  };
  if (std::none_of(std::begin(cases), std::end(cases),
                   [&run](const auto& c) { return run.Wants(c.name); })) {
    return;
  }
  client::Registry ours;
  prometheus::Registry theirs;
  Fill(ours);
  Fill(theirs);
  for (const auto& c : cases) {
    if (!run.Wants(c.name)) continue;
    double our_ms = kNone;
    double their_ms = kNone;
    std::size_t our_size = 0;
    std::size_t their_size = 0;
    for (int round = 0; round < run.round_count; ++round) {
      const double start = Seconds(CLOCK_THREAD_CPUTIME_ID);
      our_size = ExposeOurs(ours, c.accept, c.coding);
      const double middle = Seconds(CLOCK_THREAD_CPUTIME_ID);
      their_size = ExposeTheirs(theirs, c.coding);
      our_ms = std::min(our_ms, (middle - start) * 1e3);
      their_ms = std::min(their_ms, (Seconds(CLOCK_THREAD_CPUTIME_ID) - middle) * 1e3);
    }
    fmt::print("{:<44} {:.1f} MB {:.1f} ms / text {:.1f} MB {:.1f} ms = {:.3f} (CPU)\n", c.name,
               static_cast<double>(our_size) / 1e6, our_ms, static_cast<double>(their_size) / 1e6,
               their_ms, our_ms / their_ms);
  }
}

std::size_t HeapBytes() {
  const auto heap = mallinfo2();
  return heap.uordblks + heap.hblkhd;
}

// Of a child with two labels that was written once, its share of tables included.
void RunMemory(const Run& run) {
  if (!run.Wants("memory")) return;
  constexpr int kCount = 100'000;
  const auto per_child = [](std::size_t before) { return (HeapBytes() - before) / kCount; };
  client::Registry ours;
  prometheus::Registry theirs;
  client::FamilyOptions options{.name = "c_total", .help = "h", .label_names = {"code", "path"}};
  options.child_count_max = kCount;

  std::size_t before = HeapBytes();
  auto& our_counters = ours.NewCounter(options);
  for (int i = 0; i < kCount; ++i) our_counters.With({"200", Path(i)}).Increment();
  client::Expose(ours, "");
  const std::size_t our_counter = per_child(before);
  before = HeapBytes();
  auto& their_counters = prometheus::BuildCounter().Name("c_total").Help("h").Register(theirs);
  for (int i = 0; i < kCount; ++i) {
    their_counters.Add({{"code", "200"}, {"path", Path(i)}}).Increment();
  }
  fmt::print("{:<44} {} / {} bytes of heap\n", "memory of a counter", our_counter,
             per_child(before));

  before = HeapBytes();
  options.name = "h_seconds";
  auto& our_histograms = ours.NewHistogram(options, kBounds);
  for (int i = 0; i < kCount; ++i) our_histograms.With({"200", Path(i)}).Observe(0.1);
  client::Expose(ours, "");
  const std::size_t our_histogram = per_child(before);
  before = HeapBytes();
  auto& their_histograms =
      prometheus::BuildHistogram().Name("h_seconds").Help("h").Register(theirs);
  for (int i = 0; i < kCount; ++i) {
    their_histograms
        .Add({{"code", "200"}, {"path", Path(i)}}, prometheus::Histogram::BucketBoundaries(kBounds))
        .Observe(0.1);
  }
  fmt::print("{:<44} {} / {} bytes of heap\n", "memory of a histogram, 11 bounds", our_histogram,
             per_child(before));
}

void RunWriters(const Run& run) {
  client::Counter our_counter;
  prometheus::Counter their_counter;
  RunCase(run,
          {"counter increment", 10'000'000,
           [&](std::uint64_t n) {
             for (std::uint64_t i = 0; i < n; ++i) our_counter.Increment();
           },
           [&](std::uint64_t n) {
             for (std::uint64_t i = 0; i < n; ++i) their_counter.Increment();
           }},
          {1, 2});
  RunCase(run,
          {"counter increment by 0.5", 10'000'000,
           [&](std::uint64_t n) {
             for (std::uint64_t i = 0; i < n; ++i) our_counter.Increment(0.5);
           },
           [&](std::uint64_t n) {
             for (std::uint64_t i = 0; i < n; ++i) their_counter.Increment(0.5);
           }},
          {1, 2});
  client::Gauge our_gauge;
  prometheus::Gauge their_gauge;
  RunCase(run,
          {"gauge set", 10'000'000,
           [&](std::uint64_t n) {
             for (std::uint64_t i = 0; i < n; ++i) our_gauge.Set(static_cast<double>(i));
           },
           [&](std::uint64_t n) {
             for (std::uint64_t i = 0; i < n; ++i) their_gauge.Set(static_cast<double>(i));
           }},
          {1, 2});
  client::Histogram our_histogram(kBounds);
  prometheus::Histogram their_histogram{prometheus::Histogram::BucketBoundaries(kBounds)};
  RunCase(run,
          {"histogram observation, 11 bounds", 5'000'000,
           [&](std::uint64_t n) { ObserveMany(our_histogram, n); },
           [&](std::uint64_t n) { ObserveMany(their_histogram, n); }},
          {1, 2});
  client::HistogramOptions native;
  native.bounds = {};
  native.native.emplace();
  client::Histogram our_native(native);
  RunCase(run,
          {"native histogram / their classic one", 5'000'000,
           [&](std::uint64_t n) { ObserveMany(our_native, n); },
           [&](std::uint64_t n) { ObserveMany(their_histogram, n); }},
          {1, 2});
}

void RunLookups(const Run& run) {
  client::Registry our_registry;
  prometheus::Registry their_registry;
  auto& ours = our_registry.NewCounter(
      {.name = "requests_total", .help = "h", .label_names = {"method", "code"}});
  auto& theirs =
      prometheus::BuildCounter().Name("requests_total").Help("h").Register(their_registry);
  const prometheus::Labels labels = {{"method", "GET"}, {"code", "200"}};
  RunCase(run,
          {"known label set looked up, incremented", 500'000,
           [&](std::uint64_t n) {
             for (std::uint64_t i = 0; i < n; ++i) ours.With({"GET", "200"}).Increment();
           },
           [&](std::uint64_t n) {
             for (std::uint64_t i = 0; i < n; ++i) theirs.Add(labels).Increment();
           }},
          {1, 2});
}

}  // namespace

int main(int argc, char** argv) {
  Run run;
  if (argc > 1)
    std::from_chars(argv[1], argv[1] + std::string_view(argv[1]).size(), run.round_count);
  if (argc > 2) run.word = argv[2];
  fmt::print("Narthex / prometheus-cpp = ratio; fastest of {} rounds by turns\n", run.round_count);
  RunMemory(run);
  RunWriters(run);
  RunLookups(run);
  RunExposition(run);
  return 0;
}
