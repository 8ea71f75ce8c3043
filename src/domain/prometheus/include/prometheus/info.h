// An info: a metric whose labels are what it has to say.
#pragma once

#include "prometheus/builder.h"
#include "prometheus/client_metric.h"
#include "prometheus/metric_type.h"

namespace prometheus {

// Its value is 1. The samples are named with _info behind the family's name.
class Info {
 public:
  static constexpr MetricType metric_type = MetricType::Info;

  Info() = default;
  ClientMetric Collect() const { return {}; }
};

detail::Builder<Info> BuildInfo();

}  // namespace prometheus
