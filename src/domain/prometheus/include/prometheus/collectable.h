// Whatever has metrics to show.
#pragma once

#include <memory>
#include <vector>

namespace prometheus {

struct MetricFamily;

namespace detail {
class FamilySource;
}  // namespace detail

// Implemented by programs, too: Collect() is all they need. Called from the threads of an exposer,
// several at a time.
class Collectable {
 public:
  virtual ~Collectable() = default;
  virtual std::vector<MetricFamily> Collect() const = 0;

  // The same for this library's writers: families whose metrics are read when they are written.
  // What is not overridden takes what Collect() gives.
  virtual std::vector<std::shared_ptr<const detail::FamilySource>> Sources() const;
};

}  // namespace prometheus
