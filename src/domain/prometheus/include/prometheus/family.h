// Metrics of one name, told apart by their labels.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "prometheus/client_metric.h"
#include "prometheus/collectable.h"
#include "prometheus/labels.h"
#include "prometheus/metric_family.h"

namespace prometheus {

// T is Counter, Gauge, Histogram, Info or Summary. Thread-safe.
template <typename T>
class Family : public Collectable {
 public:
  // Throws std::invalid_argument: a malformed name of the family or of a label.
  Family(const std::string& name, const std::string& help, const Labels& constant_labels);
  ~Family() override;

  // The metric with these labels, made of `args` if there is none. Looking up a known one takes a
  // shared lock and makes nothing. The reference holds until Remove().
  // Throws std::invalid_argument: a malformed label name, or one of the constant labels.
  template <typename... Args>
  T& Add(const Labels& labels, Args&&... args) {
    if (T* known = Find(labels)) return *known;
    return Insert(labels, std::make_shared<T>(std::forward<Args>(args)...));
  }

  // Ends the metric; nothing happens if it is not one of this family.
  void Remove(T* metric);
  bool Has(const Labels& labels) const;
  const std::string& GetName() const;
  const Labels& GetConstantLabels() const;

  // Without metrics: nothing.
  std::vector<MetricFamily> Collect() const override;
  std::vector<std::shared_ptr<const detail::FamilySource>> Sources() const override;

 private:
  struct State;

  T* Find(const Labels& labels) const;
  T& Insert(const Labels& labels, std::shared_ptr<T> metric);

  const std::unique_ptr<State> state_;
};

}  // namespace prometheus
