// What a metric family holds one of for each label set.
#pragma once

#include <vector>

namespace narthex {
class Clock;
}  // namespace narthex
namespace narthex::exposition {
struct Metric;
}  // namespace narthex::exposition

namespace narthex::client {

class Instrument {
 public:
  virtual ~Instrument() = default;
  Instrument(const Instrument&) = delete;
  Instrument& operator=(const Instrument&) = delete;

  // Puts the value, and nothing else, into `metric`. Thread-safe; writers are not held up.
  virtual void Read(exposition::Metric& metric) const = 0;

  // Whether it is one metric, with the labels of its child and no more: then Read() does. `metric`
  // may hold another value of the same kind, whose memory is used again.
  virtual bool is_one_metric() const { return true; }

  // The same for what is shown as several metrics, or with more labels: puts copies of `start`,
  // which has labels and times, behind `metrics`.
  virtual void AppendTo(std::vector<exposition::Metric>& metrics,
                        const exposition::Metric& start) const;

 protected:
  Instrument() = default;
};

}  // namespace narthex::client
