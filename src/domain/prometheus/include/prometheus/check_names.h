// Which names metrics and labels may have.
#pragma once

#include <string>

#include "prometheus/metric_type.h"

namespace prometheus {

// [a-zA-Z_:][a-zA-Z0-9_:]*, not with __ in front.
bool CheckMetricName(const std::string& name);
// [a-zA-Z_][a-zA-Z0-9_]*, not with __ in front, and not what the type has itself: le, quantile.
bool CheckLabelName(const std::string& name, MetricType type = MetricType::Untyped);

}  // namespace prometheus
