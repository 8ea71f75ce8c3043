// How a family comes to be registered.
#pragma once

#include <string>

#include "prometheus/labels.h"

namespace prometheus {

template <typename T>
class Family;
class Registry;

namespace detail {

// What BuildCounter() and its like give. Register() may be called more than once.
template <typename T>
class Builder {
 public:
  // Labels that every metric of the family has.
  Builder& Labels(const ::prometheus::Labels& labels);
  Builder& Name(const std::string& name);
  Builder& Help(const std::string& help);
  // Throws std::invalid_argument: see Registry.
  Family<T>& Register(Registry& registry);

 private:
  ::prometheus::Labels labels_;
  std::string name_;
  std::string help_;
};

}  // namespace detail
}  // namespace prometheus
