// A family that is about to be written.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "exposition/metric_family.h"
#include "exposition/writer.h"
#include "prometheus/metric_type.h"

namespace prometheus::detail {

// What the metrics were when it was made; their values are those of the time of Read().
// Thread-safe.
class FamilySource {
 public:
  virtual ~FamilySource() = default;
  virtual const std::string& name() const = 0;  // without the _info of the samples of an info
  virtual const std::string& help() const = 0;
  virtual MetricType type() const = 0;

  virtual std::size_t size() const = 0;
  // Makes `metric` what metric `index` < size() is now. What it held lends its memory.
  virtual void Read(std::size_t index, narthex::exposition::Metric& metric) const = 0;
};

using Sources = std::vector<std::shared_ptr<const FamilySource>>;

// Writes the sources in order of names; those of one name and type as one family, of different
// types only the first. Calls `take(out)` after each part, which may clear it; false from it: no
// more is wanted.
void WriteSources(const Sources& sources, narthex::exposition::FamilyWriter& writer,
                  std::string& out, const std::function<bool(std::string& out)>& take);

}  // namespace prometheus::detail
