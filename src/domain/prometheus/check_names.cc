#include "prometheus/check_names.h"

#include "model/labels.h"

namespace prometheus {

bool CheckMetricName(const std::string& name) {
  return narthex::model::IsLegacyMetricName(name) && !name.starts_with("__");
}

bool CheckLabelName(const std::string& name, MetricType type) {
  if (type == MetricType::Histogram && name == narthex::model::kBucketLabel) return false;
  if (type == MetricType::Summary && name == narthex::model::kQuantileLabel) return false;
  return narthex::model::IsLegacyLabelName(name) && !name.starts_with("__");
}

}  // namespace prometheus
