#include "analysis.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "model/duration.h"

namespace narthex::tsdb {
namespace {

// What is counted of one part. Memory: its distinct names and pairs.
struct Tally {
  struct Pair {
    std::uint64_t series_count = 0;
    double gone_ms = 0;  // of the range, in which its series had no samples
  };
  using Values = std::map<std::string, Pair, std::less<>>;
  std::map<std::string, Values, std::less<>> names;
  std::uint64_t series_count = 0;
  std::uint64_t sample_count = 0;
  std::uint64_t pair_entry_count = 0;

  void Add(const model::LabelSet& labels, double gone_ms) {
    ++series_count;
    for (const auto& label : labels) {
      ++pair_entry_count;
      auto name = names.find(label.name);
      if (name == names.end()) name = names.emplace(std::string(label.name), Values{}).first;
      auto value = name->second.find(label.value);
      if (value == name->second.end()) {
        value = name->second.emplace(std::string(label.value), Pair{}).first;
      }
      ++value->second.series_count;
      value->second.gone_ms += gone_ms;
    }
  }
};

struct Entry {
  std::string name;
  double value = 0;
};

std::string ListText(std::string_view title, std::vector<Entry> entries, std::size_t limit) {
  std::ranges::sort(entries, [](const Entry& a, const Entry& b) {
    return a.value != b.value ? a.value > b.value : a.name < b.name;
  });
  std::string text = fmt::format("\n{}\n", title);
  std::size_t count = 0;
  for (const Entry& entry : entries) {
    if (count++ == limit || entry.value <= 0) break;
    text += fmt::format("{:>12.0f} {}\n", entry.value, entry.name);
  }
  return count == 0 ? std::string() : text;
}

std::string ListsText(const Tally& tally, double range_ms, std::size_t limit) {
  std::vector<Entry> gone_pairs;
  std::vector<Entry> gone_names;
  std::vector<Entry> pairs;
  std::vector<Entry> value_bytes;
  std::vector<Entry> value_counts;
  std::vector<Entry> metrics;
  for (const auto& [name, values] : tally.names) {
    double gone = 0;
    double bytes = 0;
    for (const auto& [value, pair] : values) {
      const std::string text = fmt::format("{}={}", name, value);
      const auto series_count = static_cast<double>(pair.series_count);
      gone_pairs.push_back({text, pair.gone_ms / range_ms});
      pairs.push_back({text, series_count});
      if (name == model::kMetricName) metrics.push_back({value, series_count});
      gone += pair.gone_ms / range_ms;
      bytes += static_cast<double>(value.size());
    }
    gone_names.push_back({name, gone});
    value_bytes.push_back({name, bytes});
    value_counts.push_back({name, static_cast<double>(values.size())});
  }
  return ListText("Label pairs of series that come and go (series missing, over the whole range):",
                  std::move(gone_pairs), limit) +
         ListText("Label names of series that come and go:", std::move(gone_names), limit) +
         ListText("Label pairs with the most series:", std::move(pairs), limit) +
         ListText("Label names with the most bytes of values:", std::move(value_bytes), limit) +
         ListText("Label names with the most values:", std::move(value_counts), limit) +
         ListText("Metric names with the most series:", std::move(metrics), limit);
}

std::string HeadText(const AnalyzedPart& part, const Tally& tally) {
  const std::chrono::milliseconds span(part.range.until - part.range.from + 1);
  std::uint64_t pair_count = 0;
  for (const auto& [name, values] : tally.names) pair_count += values.size();
  std::string text =
      fmt::format("{}: {} to {} ({})\n", part.name, FormatTimestamp(part.range.from),
                  FormatTimestamp(part.range.until + 1), model::FormatDuration(span));
  text += fmt::format("{:>12} series\n{:>12} samples\n", tally.series_count, tally.sample_count);
  text += fmt::format("{:>12} label names\n{:>12} label pairs\n{:>12} label pairs of all series\n",
                      tally.names.size(), pair_count, tally.pair_entry_count);
  if (part.size_bytes == 0) return text;
  text += fmt::format("{:>12} bytes", part.size_bytes);
  if (tally.sample_count > 0) {
    text += fmt::format(", {:.3f} a sample", static_cast<double>(part.size_bytes) /
                                                 static_cast<double>(tally.sample_count));
  }
  return text + "\n";
}

}  // namespace

Status AnalyzePart(const AnalyzedPart& part, storage::Querier& querier,
                   const AnalyzeOptions& options, const WriteText& write) {
  const auto range_ms = static_cast<double>(part.range.until - part.range.from + 1);
  Tally tally;
  NARTHEX_ASSIGN_OR_RETURN(const auto set, querier.Select(options.matchers, {}));
  while (set->Next()) {
    NARTHEX_ASSIGN_OR_RETURN(const storage::SampleColumns columns, set->samples());
    const auto times = columns.timestamps;
    if (times.empty()) continue;
    tally.sample_count += times.size();
    // From its first sample to its last, and as long again as one interval: the range need not end
    // with a sample.
    double present_ms = static_cast<double>(times.back() - times.front());
    if (times.size() > 1) present_ms *= 1 + 1 / static_cast<double>(times.size() - 1);
    tally.Add(set->labels(), std::max(0.0, range_ms - present_ms));
  }
  NARTHEX_TRY(set->status());
  return write(HeadText(part, tally) + ListsText(tally, range_ms, options.limit) + "\n");
}

}  // namespace narthex::tsdb
