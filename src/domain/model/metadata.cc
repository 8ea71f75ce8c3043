#include "model/metadata.h"

namespace narthex::model {
namespace {

struct Word {
  MetricType type;
  std::string_view text;
};

constexpr Word kWords[] = {
    {MetricType::kUnknown, "unknown"}, {MetricType::kCounter, "counter"},
    {MetricType::kGauge, "gauge"},     {MetricType::kHistogram, "histogram"},
    {MetricType::kSummary, "summary"}, {MetricType::kGaugeHistogram, "gaugehistogram"},
    {MetricType::kInfo, "info"},       {MetricType::kStateSet, "stateset"},
};

}  // namespace

std::string_view MetricTypeText(MetricType type) {
  for (const Word& word : kWords) {
    if (word.type == type) return word.text;
  }
  return "unknown";
}

std::optional<MetricType> ParseMetricType(std::string_view text) {
  for (const Word& word : kWords) {
    if (word.text == text) return word.type;
  }
  return std::nullopt;
}

}  // namespace narthex::model
