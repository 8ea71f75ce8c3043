// The families of a program, or of a part of it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "prometheus/collectable.h"
#include "prometheus/family.h"
#include "prometheus/labels.h"
#include "prometheus/metric_family.h"

namespace prometheus {

class Counter;
class Gauge;
class Histogram;
class Info;
class Summary;

namespace detail {
template <typename T>
class Builder;
}  // namespace detail

// Filled by BuildCounter() and its like. Thread-safe. Families are collected in order of names.
class Registry : public Collectable {
 public:
  // What happens when a family is registered again under the same name, type and labels. Another
  // type, or other labels, is std::invalid_argument in any case.
  enum class InsertBehavior {
    Merge,  // gives the one there is
    Throw,  // std::invalid_argument
  };

  explicit Registry(InsertBehavior insert_behavior = InsertBehavior::Merge);
  ~Registry() override;
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;

  std::vector<MetricFamily> Collect() const override;
  std::vector<std::shared_ptr<const detail::FamilySource>> Sources() const override;

  // Ends the family and its metrics. False: it is none of this registry.
  template <typename T>
  bool Remove(const Family<T>& family);

 private:
  template <typename T>
  friend class detail::Builder;
  struct State;

  template <typename T>
  Family<T>& Add(const std::string& name, const std::string& help, const Labels& labels);

  const std::unique_ptr<State> state_;
};

}  // namespace prometheus
