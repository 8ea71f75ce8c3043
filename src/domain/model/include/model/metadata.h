// What is known of a metric family besides its samples.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace narthex::model {

enum class MetricType {
  kUnknown,
  kCounter,
  kGauge,
  kHistogram,
  kGaugeHistogram,
  kSummary,
  kInfo,
  kStateSet,
};

// "counter", "gaugehistogram", ...; as OpenMetrics and the metadata API write them.
std::string_view MetricTypeText(MetricType type);
// The same words; "untyped" is not one of them.
std::optional<MetricType> ParseMetricType(std::string_view text);

struct Metadata {
  MetricType type = MetricType::kUnknown;
  std::string unit;
  std::string help;

  friend bool operator==(const Metadata&, const Metadata&) = default;
};

}  // namespace narthex::model
