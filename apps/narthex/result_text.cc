#include "result_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/number.h"
#include "model/labels.h"

namespace narthex::apps {
namespace {

std::string LabelsText(const json::Value& labels, std::string_view left_out) {
  std::vector<std::string> pairs;
  for (const json::Member& label : labels.members()) {
    if (label.key == left_out) continue;
    pairs.push_back(fmt::format("{}={}", label.key, model::Quote(label.value.AsString())));
  }
  std::sort(pairs.begin(), pairs.end());
  return fmt::format("{}", fmt::join(pairs, ", "));
}

std::string MetricText(const json::Value& metric) {
  const std::string_view name = metric[model::kMetricName].AsString();
  const std::string labels = LabelsText(metric, model::kMetricName);
  if (labels.empty()) return name.empty() ? "{}" : std::string(name);
  return fmt::format("{}{{{}}}", name, labels);
}

std::string SideText(const json::Value& bucket) {
  // 0: open left, 1: open right, 2: open on both sides, 3: closed.
  const std::int64_t sides = bucket.items()[0].AsInt64().value_or(0);
  const bool is_left_closed = sides == 1 || sides == 3;
  const bool is_right_closed = sides == 0 || sides == 3;
  return fmt::format("{}{},{}{}:{}", is_left_closed ? '[' : '(', bucket.items()[1].AsString(),
                     bucket.items()[2].AsString(), is_right_closed ? ']' : ')',
                     bucket.items()[3].AsString());
}

// A float stands as text, a histogram as an object.
std::string ValueText(const json::Value& value) {
  if (!value.is_object()) return std::string(value.AsString());
  const auto number = [&value](std::string_view key) {
    return ParseDouble(value[key].AsString()).value_or(0);
  };
  std::vector<std::string> buckets;
  for (const json::Value& bucket : value["buckets"].items()) {
    if (bucket.size() == 4) buckets.push_back(SideText(bucket));
  }
  return fmt::format("Count: {:f}, Sum: {:f}, Buckets: [{}]", number("count"), number("sum"),
                     fmt::join(buckets, " "));
}

std::string SampleText(const json::Value& sample) {
  if (sample.size() != 2) return {};
  const double time = sample.items()[0].AsDouble().value_or(0);
  return fmt::format("{} @[{}]", ValueText(sample.items()[1]),
                     FormatDouble(time, FloatFormat::kPlain));
}

std::string VectorText(const json::Value& result) {
  std::vector<std::string> lines;
  for (const json::Value& series : result.items()) {
    const char* key = series.Find("value") != nullptr ? "value" : "histogram";
    lines.push_back(fmt::format("{} => {}", MetricText(series["metric"]), SampleText(series[key])));
  }
  return fmt::format("{}", fmt::join(lines, "\n"));
}

std::string MatrixText(const json::Value& result) {
  std::vector<std::string> lines;
  for (const json::Value& series : result.items()) {
    lines.push_back(MetricText(series["metric"]) + " =>");
    for (const char* key : {"values", "histograms"}) {
      for (const json::Value& sample : series[key].items()) lines.push_back(SampleText(sample));
    }
  }
  return fmt::format("{}", fmt::join(lines, "\n"));
}

}  // namespace

std::string ResultText(const json::Value& data) {
  const std::string_view type = data["resultType"].AsString();
  if (type == "vector") return VectorText(data["result"]);
  if (type == "matrix") return MatrixText(data["result"]);
  if (type == "scalar") return "scalar: " + SampleText(data["result"]);
  return data["result"].size() == 2 ? std::string(data["result"].items()[1].AsString()) : "";
}

std::string SeriesText(const json::Value& labels) { return "{" + LabelsText(labels, "") + "}"; }

}  // namespace narthex::apps
