// A family that a program collected itself, as something to be written.
#pragma once

#include <cstddef>
#include <string>

#include "family_source.h"
#include "prometheus/metric_family.h"

namespace prometheus::detail {

class CollectedSource : public FamilySource {
 public:
  explicit CollectedSource(MetricFamily family);

  const std::string& name() const override { return family_.name; }
  const std::string& help() const override { return family_.help; }
  MetricType type() const override { return family_.type; }
  std::size_t size() const override { return family_.metric.size(); }
  void Read(std::size_t index, narthex::exposition::Metric& metric) const override;

 private:
  const MetricFamily family_;
};

}  // namespace prometheus::detail
