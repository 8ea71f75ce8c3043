// How fast an exposition is read: for the first time, and by a reader that knows its lines.
//
// NARTHEX_PAGE names a file in the text format to read besides the pages made here:
//   curl -s localhost:9100/metrics > page; NARTHEX_PAGE=page exposition_bench
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "exposition/parser.h"

namespace narthex::exposition {
namespace {

// Like what a server exposes: histograms with some labels.
std::string MakeHistograms() {
  std::string body;
  for (int family = 0; family < 200; ++family) {
    const std::string name = "service_request_duration_seconds_" + std::to_string(family);
    body += "# HELP " + name + " Time from a request to its answer, in seconds.\n";
    body += "# TYPE " + name + " histogram\n";
    for (int i = 0; i < 50; ++i) {
      body += name + "_bucket{method=\"GET\",path=\"/api/v1/items\",code=\"200\",le=\"" +
              std::to_string(i) + ".5\"} " + std::to_string(i * 12'345) + "\n";
    }
  }
  return body;
}

// 100,000 series in 100 families, with values of several lengths.
std::string MakeManySeries() {
  std::string body;
  for (int family = 0; family < 100; ++family) {
    const std::string name = "app_requests_" + std::to_string(family) + "_total";
    body += "# HELP " + name + " Requests.\n# TYPE " + name + " counter\n";
    for (int i = 0; i < 1000; ++i) {
      body += name + "{instance_zone=\"eu-west-1a\",pod=\"app-7d9c5b-" + std::to_string(i) +
              "\",code=\"" + std::to_string(200 + i % 5) + "\"} " +
              std::to_string((i * 7919) % 1'000'003) + (i % 3 == 0 ? ".25" : "") + "\n";
    }
  }
  return body;
}

std::string ReadPage(const char* path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

struct Page {
  std::string name;
  std::string body;
};

const std::vector<Page>& Pages() {
  static const std::vector<Page> pages = [] {
    std::vector<Page> made = {{"histograms_10k", MakeHistograms()},
                              {"series_100k", MakeManySeries()}};
    if (const char* path = std::getenv("NARTHEX_PAGE")) made.push_back({"file", ReadPage(path)});
    return made;
  }();
  return pages;
}

// Bytes and, as items, samples: an item takes the time of one.
void Count(benchmark::State& state, const Page& page, std::int64_t sample_count) {
  state.SetLabel(page.name);
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(page.body.size()));
  state.SetItemsProcessed(sample_count);
  state.counters["ns_per_sample"] =
      benchmark::Counter(static_cast<double>(sample_count) / 1e9,
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

const Page& PageOf(const benchmark::State& state) {
  return Pages()[static_cast<std::size_t>(state.range(0))];
}

void Parse(benchmark::State& state) {
  const Page& page = PageOf(state);
  std::int64_t sample_count = 0;
  for (auto _ : state) {
    Parser parser(page.body, Format::kText);
    for (auto kind = *parser.Next(); kind != EntryKind::kEnd; kind = *parser.Next()) {
      if (kind == EntryKind::kSeries) ++sample_count;
      benchmark::DoNotOptimize(parser.entry().value);
    }
  }
  Count(state, page, sample_count);
}

// What a first scrape does: the labels are wanted too.
void ParseWithLabels(benchmark::State& state) {
  const Page& page = PageOf(state);
  std::int64_t sample_count = 0;
  for (auto _ : state) {
    Parser parser(page.body, Format::kText);
    for (auto kind = *parser.Next(); kind != EntryKind::kEnd; kind = *parser.Next()) {
      if (kind != EntryKind::kSeries) continue;
      benchmark::DoNotOptimize(parser.Labels());
      ++sample_count;
    }
  }
  Count(state, page, sample_count);
}

// As a scrape does it that knows the series from the last one.
void ParseKnown(benchmark::State& state) {
  const Page& page = PageOf(state);
  std::vector<std::string> known;
  Parser first(page.body, Format::kText);
  for (auto kind = *first.Next(); kind != EntryKind::kEnd; kind = *first.Next()) {
    if (kind == EntryKind::kSeries) known.emplace_back(first.entry().series);
  }
  for (auto _ : state) {
    Parser parser(page.body, Format::kText);
    for (std::size_t i = 0; i < known.size();) {
      const std::string_view line = parser.PeekLine();
      if (line.starts_with(known[i]) && parser.NextIfKnown(line, known[i].size())) {
        benchmark::DoNotOptimize(parser.entry().value);
        ++i;
      } else {
        benchmark::DoNotOptimize(parser.Next().ok());
      }
    }
  }
  Count(state, page, state.iterations() * static_cast<std::int64_t>(known.size()));
}

void EachPage(benchmark::internal::Benchmark* one) {
  for (std::size_t i = 0; i < Pages().size(); ++i) one->Arg(static_cast<std::int64_t>(i));
}
BENCHMARK(Parse)->Apply(EachPage);
BENCHMARK(ParseWithLabels)->Apply(EachPage);
BENCHMARK(ParseKnown)->Apply(EachPage);

}  // namespace
}  // namespace narthex::exposition
