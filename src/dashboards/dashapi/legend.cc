#include "legend.h"

#include <algorithm>
#include <map>
#include <set>

#include "json/writer.h"

namespace narthex::dashapi {
namespace {

constexpr std::string_view kName = "__name__";

std::string_view LabelOf(const AnswerSeries& series, std::string_view name) {
  for (const auto& [label, value] : series.labels) {
    if (label == name) return value;
  }
  return {};
}

std::string Full(const AnswerSeries& series, std::string_view expr) {
  if (series.labels.empty()) return std::string(expr);
  std::string text(LabelOf(series, kName));
  std::string pairs;
  for (const auto& [label, value] : series.labels) {
    if (label == kName) continue;
    if (!pairs.empty()) pairs.append(", ");
    pairs.append(label).push_back('=');
    json::AppendString(pairs, value);
  }
  if (!pairs.empty()) text.append("{").append(pairs).append("}");
  return text;
}

std::string_view Trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::string Filled(const AnswerSeries& series, std::string_view format) {
  std::string text;
  while (true) {
    const std::size_t open = format.find("{{");
    const std::size_t close = open == std::string_view::npos ? open : format.find("}}", open);
    if (close == std::string_view::npos) return text.append(format);
    text.append(format.substr(0, open))
        .append(LabelOf(series, Trim(format.substr(open + 2, close - open - 2))));
    format.remove_prefix(close + 2);
  }
}

// Labels that not all series have with the same value.
std::set<std::string_view> Differing(const std::vector<AnswerSeries>& series) {
  std::map<std::string_view, std::pair<std::string_view, std::size_t>>
      seen;  // first value, how often
  std::set<std::string_view> differing;
  for (const AnswerSeries& one : series) {
    for (const auto& [label, value] : one.labels) {
      auto& [first, count] = seen.try_emplace(label, value, 0).first->second;
      if (first != value) differing.insert(label);
      ++count;
    }
  }
  for (const auto& [label, entry] : seen) {
    if (entry.second != series.size()) differing.insert(label);
  }
  return differing;
}

std::string Distinct(const AnswerSeries& series, const std::set<std::string_view>& differing) {
  if (differing.size() == 1) return std::string(LabelOf(series, *differing.begin()));
  AnswerSeries reduced;
  for (const auto& label : series.labels) {
    if (differing.count(label.first) > 0) reduced.labels.push_back(label);
  }
  return Full(reduced, "");
}

}  // namespace

std::vector<std::string> Legends(const std::vector<AnswerSeries>& series, std::string_view format,
                                 std::string_view expr) {
  const bool is_auto = format == "__auto";
  std::set<std::string_view> differing;
  if (is_auto && series.size() > 1) differing = Differing(series);
  std::vector<std::string> legends;
  legends.reserve(series.size());
  for (const AnswerSeries& one : series) {
    std::string legend;
    if (!differing.empty()) {
      legend = Distinct(one, differing);
    } else if (!is_auto && !format.empty()) {
      legend = Filled(one, format);
    }
    legends.push_back(!legend.empty() || (!is_auto && !format.empty()) ? std::move(legend)
                                                                       : Full(one, expr));
  }
  return legends;
}

}  // namespace narthex::dashapi
