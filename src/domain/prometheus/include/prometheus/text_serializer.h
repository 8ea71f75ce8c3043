// Families in the text format 0.0.4.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "prometheus/metric_family.h"
#include "prometheus/serializer.h"

namespace prometheus {

// Numbers are the shortest that read back as the same double; help texts are escaped.
class TextSerializer : public Serializer {
 public:
  std::string Serialize(const std::vector<MetricFamily>& families) const override;
  void Serialize(std::ostream& out, const std::vector<MetricFamily>& families) const override;
};

}  // namespace prometheus
