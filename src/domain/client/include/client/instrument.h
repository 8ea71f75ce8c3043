// What a metric family holds one of for each label set.
#pragma once

#include "exposition/metric_family.h"

namespace narthex::client {

class Instrument {
 public:
  virtual ~Instrument() = default;
  Instrument(const Instrument&) = delete;
  Instrument& operator=(const Instrument&) = delete;

  // Puts the value, and nothing else, into `metric`. Thread-safe; writers are not held up.
  virtual void Read(exposition::Metric& metric) const = 0;

 protected:
  Instrument() = default;
};

}  // namespace narthex::client
