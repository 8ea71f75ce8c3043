// How fast an exposition is read.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "exposition/parser.h"

namespace narthex::exposition {
namespace {

// Like what a server exposes: histograms with some labels.
std::string MakeBody() {
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

void Parse(benchmark::State& state) {
  const std::string body = MakeBody();
  for (auto _ : state) {
    Parser parser(body, Format::kText);
    while (*parser.Next() != EntryKind::kEnd) benchmark::DoNotOptimize(parser.entry().value);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(body.size()));
}
BENCHMARK(Parse);

void ParseWithLabels(benchmark::State& state) {
  const std::string body = MakeBody();
  for (auto _ : state) {
    Parser parser(body, Format::kText);
    for (auto kind = *parser.Next(); kind != EntryKind::kEnd; kind = *parser.Next()) {
      if (kind == EntryKind::kSeries) benchmark::DoNotOptimize(parser.Labels());
    }
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(body.size()));
}
BENCHMARK(ParseWithLabels);

// As a scrape does it that knows the series from the last one.
void ParseKnown(benchmark::State& state) {
  const std::string body = MakeBody();
  std::vector<std::string> known;
  Parser first(body, Format::kText);
  for (auto kind = *first.Next(); kind != EntryKind::kEnd; kind = *first.Next()) {
    if (kind == EntryKind::kSeries) known.emplace_back(first.entry().series);
  }
  for (auto _ : state) {
    Parser parser(body, Format::kText);
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
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(body.size()));
}
BENCHMARK(ParseKnown);

}  // namespace
}  // namespace narthex::exposition
