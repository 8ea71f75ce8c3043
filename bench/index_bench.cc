// Adding to, asking and writing an index of scrape-like series.
// Usage: index_bench [targets] [series per target]
#include <fmt/format.h>
#include <malloc.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstdlib>

#include "base/number.h"
#include "index/index_file.h"
#include "index/memory_index.h"

namespace narthex {
namespace {

using index::SeriesId;

double CpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](timeval t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

std::size_t AllocatedBytes() {
  const struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

// The labels of one target: about 300 series of a node, then endpoints of an application with 18
// series each, their pod among the labels.
constexpr std::size_t kNodeSeriesCount = 306;
constexpr std::size_t kEndpointSeriesCount = 18;

using Pairs = std::vector<std::pair<std::string, std::string>>;

Pairs NodeLabels(std::size_t i) {
  if (i < 32) {
    return {{"__name__", "node_cpu_seconds_total"},
            {"cpu", std::to_string(i / 8)},
            {"mode", fmt::format("mode{}", i % 8)}};
  }
  if (i < 92) {
    return {{"__name__", i % 2 == 0 ? "node_scrape_collector_success"
                                    : "node_scrape_collector_duration_seconds"},
            {"collector", fmt::format("collector{}", i / 2)}};
  }
  if (i < 180) {
    return {{"__name__", fmt::format("node_network_metric{}_total", i / 3)},
            {"device", fmt::format("eth{}", i % 3)}};
  }
  return {{"__name__", fmt::format("node_memory_metric{}_bytes", i)}};
}

Pairs EndpointLabels(std::size_t target, std::size_t i, std::size_t generation) {
  static constexpr const char* kMethods[] = {"GET", "POST", "PUT", "DELETE"};
  static constexpr const char* kBounds[] = {"0.005", "0.01", "0.025", "0.05", "0.1", "0.25",
                                            "0.5",   "1",    "2.5",   "5",    "10",  "+Inf"};
  static constexpr const char* kCodes[] = {"200", "404", "500"};
  const std::size_t endpoint = i / kEndpointSeriesCount;
  const std::size_t at = i % kEndpointSeriesCount;
  const std::uint64_t noise = (target * 65537 + endpoint * 257 + generation) * 0x9e3779b97f4a7c15u;
  Pairs labels = {{"method", kMethods[endpoint % 4]},
                  {"path", fmt::format("/api/v1/resource{:02}", endpoint)},
                  {"pod", fmt::format("shop-{:08x}-{:05x}", noise >> 32, noise & 0xfffff)},
                  {"service", "shop"}};
  if (at < 3) {
    labels.insert(labels.end(), {{"__name__", "http_requests_total"}, {"code", kCodes[at]}});
  } else if (at < 15) {
    labels.insert(labels.end(),
                  {{"__name__", "http_request_duration_seconds_bucket"}, {"le", kBounds[at - 3]}});
  } else {
    static constexpr const char* kNames[] = {"http_request_duration_seconds_sum",
                                             "http_request_duration_seconds_count",
                                             "http_requests_in_flight"};
    labels.emplace_back("__name__", kNames[at - 15]);
  }
  return labels;
}

model::LabelSet LabelsOf(std::size_t target, std::size_t i, std::size_t generation = 0) {
  const bool is_node = i < kNodeSeriesCount;
  Pairs labels = is_node ? NodeLabels(i) : EndpointLabels(target, i - kNodeSeriesCount, generation);
  labels.emplace_back("instance", fmt::format("host-{:03}:9100", target));
  labels.emplace_back("job", is_node ? "node" : "app");
  return model::LabelSet::From(std::move(labels));
}

struct Shape {
  std::size_t target_count = 100;
  std::size_t series_count = 1000;  // of each target
  std::size_t total() const { return target_count * series_count; }
};

// Runs `action` until a fifth of a second is used, or once; seconds for one run.
template <typename Action>
double Measure(Action action) {
  double used = 0;
  int count = 0;
  const double before = CpuSeconds();
  do {
    action();
    ++count;
    used = CpuSeconds() - before;
  } while (used < 0.2);
  return used / count;
}

std::vector<model::Matcher> Matchers(
    std::initializer_list<std::tuple<model::MatchType, std::string, std::string>> conditions) {
  std::vector<model::Matcher> matchers;
  for (const auto& [type, name, value] : conditions) {
    matchers.push_back(model::Matcher::Make(type, name, value).value());
  }
  return matchers;
}

std::string Alternatives(const index::LabelIndex& index, std::size_t count) {
  std::string expression;
  std::size_t seen = 0;
  index.VisitValues("pod", [&](std::string_view pod, std::size_t) {
    if (++seen <= count) expression.append(expression.empty() ? "" : "|").append(pod);
  });
  return expression;
}

void MeasureSelection(const index::LabelIndex& index) {
  using enum model::MatchType;
  const std::string many = Alternatives(index, 1000);
  const std::string bucket = "http_request_duration_seconds_bucket";
  const struct {
    std::string title;
    std::vector<model::Matcher> matchers;
  } cases[] = {
      {"{job=\"app\"}", Matchers({{kEqual, "job", "app"}})},
      {"{__name__=~\".+\"}", Matchers({{kRegex, "__name__", ".+"}})},
      {"bucket", Matchers({{kEqual, "__name__", bucket}})},
      {"bucket{job=\"app\",le=\"0.5\"}",
       Matchers({{kEqual, "__name__", bucket}, {kEqual, "job", "app"}, {kEqual, "le", "0.5"}})},
      {"bucket{instance=\"host-007:9100\"}",
       Matchers({{kEqual, "__name__", bucket}, {kEqual, "instance", "host-007:9100"}})},
      {"bucket{pod=~\"shop-1.*\"}",
       Matchers({{kEqual, "__name__", bucket}, {kRegex, "pod", "shop-1.*"}})},
      {"{pod=~\"shop-1.*\"}", Matchers({{kRegex, "pod", "shop-1.*"}})},
      {"{pod=~\"shop-[0-9]+-.*\"}", Matchers({{kRegex, "pod", "shop-[0-9]+-.*"}})},
      {"{pod=~\".*abc.*\"}", Matchers({{kRegex, "pod", ".*abc.*"}})},
      {"bucket{pod=~1000 literals}",
       Matchers({{kEqual, "__name__", bucket}, {kRegex, "pod", many}})},
      {"{pod!~1000 literals}", Matchers({{kNotRegex, "pod", many}})},
      {"bucket{method!=\"GET\",code=\"\"}",
       Matchers(
           {{kEqual, "__name__", bucket}, {kNotEqual, "method", "GET"}, {kEqual, "code", ""}})},
      {"{path!~\"/api/v1/resource0.*\",job=\"app\"}",
       Matchers({{kNotRegex, "path", "/api/v1/resource0.*"}, {kEqual, "job", "app"}})},
      {"{pod!=\"\"}", Matchers({{kNotEqual, "pod", ""}})},
  };
  for (const auto& c : cases) {
    std::size_t count = 0;
    const double seconds = Measure([&] { count = index::SelectSeries(index, c.matchers)->size(); });
    fmt::print("  {:<42} {:>10.1f} us {:>9} series\n", c.title, seconds * 1e6, count);
  }
  const auto one_metric = Matchers({{kEqual, "__name__", bucket}});
  fmt::print("  {:<42} {:>10.1f} us\n", "values of instance where bucket",
             Measure([&] { (void)index::SelectValues(index, "instance", one_metric); }) * 1e6);
  fmt::print("  {:<42} {:>10.1f} us\n", "values of pod",
             Measure([&] { (void)index::SelectValues(index, "pod", {}); }) * 1e6);
  fmt::print("  {:<42} {:>10.1f} us\n", "names where bucket",
             Measure([&] { (void)index::SelectNames(index, one_metric); }) * 1e6);
}

void MeasureChurn(index::MemoryIndex& index, const Shape& shape) {
  SeriesId next = static_cast<SeriesId>(shape.total());
  const std::size_t first = kNodeSeriesCount;
  const std::size_t count =
      shape.target_count * (shape.series_count - std::min(first, shape.series_count));
  if (count == 0) return;
  double add_seconds = 0;
  double remove_seconds = 0;
  for (std::size_t generation = 1; generation <= 3; ++generation) {
    std::vector<SeriesId> gone;
    std::vector<model::LabelSet> fresh;
    for (std::size_t target = 0; target < shape.target_count; ++target) {
      for (std::size_t i = first; i < shape.series_count; ++i) {
        gone.push_back(*index.Find(LabelsOf(target, i, generation - 1)));
        fresh.push_back(LabelsOf(target, i, generation));
      }
    }
    std::ranges::sort(gone);
    double before = CpuSeconds();
    for (const model::LabelSet& labels : fresh) index.Add(next++, labels);
    add_seconds += CpuSeconds() - before;
    before = CpuSeconds();
    constexpr std::size_t kSliceLength = 1024;
    for (std::size_t at = 0; at < gone.size(); at += kSliceLength) {
      index.Remove(std::span(gone).subspan(at, std::min(kSliceLength, gone.size() - at)));
    }
    remove_seconds += CpuSeconds() - before;
  }
  fmt::print("churn: {:.0f} ns to add a series, {:.0f} ns to remove one, in slices of 1024\n",
             add_seconds / static_cast<double>(count * 3) * 1e9,
             remove_seconds / static_cast<double>(count * 3) * 1e9);
}

void Run(const Shape& shape) {
  std::vector<model::LabelSet> series;
  for (std::size_t target = 0; target < shape.target_count; ++target) {
    for (std::size_t i = 0; i < shape.series_count; ++i) series.push_back(LabelsOf(target, i));
  }
  const auto per_series = [&](double amount) {
    return amount / static_cast<double>(shape.total());
  };

  auto memory = std::make_unique<index::MemoryIndex>();
  const std::size_t allocated = AllocatedBytes();
  double before = CpuSeconds();
  for (std::size_t i = 0; i < series.size(); ++i) {
    memory->Add(static_cast<SeriesId>(i), series[i]);
  }
  const double add_seconds = CpuSeconds() - before;
  const auto used = static_cast<double>(AllocatedBytes() - allocated);
  before = CpuSeconds();
  for (const model::LabelSet& labels : series) (void)memory->Find(labels);
  const double find_seconds = CpuSeconds() - before;
  fmt::print("memory: {} series, {:.0f} ns to add, {:.0f} ns to find, {:.1f} bytes a series\n",
             shape.total(), per_series(add_seconds) * 1e9, per_series(find_seconds) * 1e9,
             per_series(used));
  MeasureSelection(*memory);
  MeasureChurn(*memory, shape);
  const auto after_churn = static_cast<double>(AllocatedBytes() - allocated);
  memory.reset();
  fmt::print("churn: {:.1f} bytes a series after it\n", per_series(after_churn));

  std::ranges::sort(series);
  before = CpuSeconds();
  index::IndexWriter writer;
  for (const model::LabelSet& labels : series) writer.Add(labels, "");
  const std::string bytes = writer.Finish().value();
  const double write_seconds = CpuSeconds() - before;
  const double open_seconds = Measure([&] { (void)index::IndexFile::Open(bytes); });
  fmt::print("file: {:.0f} ns a series to write, {:.1f} bytes a series, {:.1f} us to open\n",
             per_series(write_seconds) * 1e9, per_series(static_cast<double>(bytes.size())),
             open_seconds * 1e6);
  MeasureSelection(**index::IndexFile::Open(bytes));
}

}  // namespace
}  // namespace narthex

int main(int argc, char** argv) {
  narthex::Shape shape;
  const auto argument = [&](int i, std::size_t fallback) -> std::size_t {
    return i < argc ? narthex::ParseUint64(argv[i]).value_or(fallback) : fallback;
  };
  shape.target_count = argument(1, shape.target_count);
  shape.series_count = argument(2, shape.series_count);
  narthex::Run(shape);
  return 0;
}
