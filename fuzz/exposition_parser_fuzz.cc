// The exposition parser: any bytes end or are refused; a series read once is found again by its
// text.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "exposition/parser.h"

namespace {

using narthex::exposition::EntryKind;
using narthex::exposition::Format;
using narthex::exposition::Parser;

// The texts of all series up to the end or the first error.
std::vector<std::string> ReadSeries(std::string_view body, Format format) {
  std::vector<std::string> series;
  Parser parser(body, format);
  for (auto kind = parser.Next(); kind.ok() && *kind != EntryKind::kEnd; kind = parser.Next()) {
    if (*kind != EntryKind::kSeries) continue;
    series.emplace_back(parser.entry().series);
    const auto labels = parser.Labels();
    if (labels.ok()) {
      NARTHEX_CHECK(narthex::model::LabelSet::Decode(labels->encoded()) == *labels,
                    "labels must be well-formed");
    }
    if (parser.entry().has_exemplar) parser.GetExemplar();
  }
  return series;
}

// The same with the known texts offered first.
std::vector<std::string> ReadKnown(std::string_view body, Format format,
                                   const std::vector<std::string>& known) {
  std::vector<std::string> series;
  Parser parser(body, format);
  while (true) {
    if (series.size() < known.size()) {
      const std::string& expected = known[series.size()];
      const std::string_view line = parser.PeekLine();
      const bool is_known =
          line.substr(0, line.rfind(' ')) == expected && parser.NextIfKnown(line, expected.size());
      if (is_known) {
        series.emplace_back(parser.entry().series);
        continue;
      }
    }
    const auto kind = parser.Next();
    if (!kind.ok() || *kind == EntryKind::kEnd) return series;
    if (*kind == EntryKind::kSeries) series.emplace_back(parser.entry().series);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  for (const Format format : {Format::kText, Format::kOpenMetrics}) {
    const auto series = ReadSeries(body, format);
    NARTHEX_CHECK(ReadKnown(body, format, series) == series, "both ways must find the same series");
  }
  return 0;
}
