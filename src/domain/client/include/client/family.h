// A metric family: one instrument for each set of label values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "client/instrument.h"
#include "exposition/metric_family.h"

namespace narthex::client {

struct FamilyOptions {
  std::string name;  // of a counter: with its _total
  std::string help;  // required
  std::string unit;
  std::vector<std::string> label_names;
  // The cardinality guard: label sets beyond this many share one child, whose label values are all
  // kOverflowValue. 10,000: what a server bears of one metric of one program.
  std::size_t child_count_max = 10'000;
};

inline constexpr std::string_view kOverflowValue = "__overflow__";

// Thread-safe. What Family<T> has in common for every T.
class FamilyBase {
 public:
  using MakeInstrument = std::function<std::unique_ptr<Instrument>()>;

  FamilyBase(FamilyOptions options, model::MetricType type, MakeInstrument make,
             const Clock& clock);
  ~FamilyBase();
  FamilyBase(const FamilyBase&) = delete;
  FamilyBase& operator=(const FamilyBase&) = delete;

  const std::string& name() const;
  const std::vector<std::string>& label_names() const;
  model::MetricType type() const;
  std::size_t child_count() const;

  // Ends the child with these label values, if there is one. References to it must not be used any
  // more.
  bool Remove(std::span<const std::string_view> values);
  bool Remove(std::initializer_list<std::string_view> values) {
    return Remove(std::span(values.begin(), values.size()));
  }
  // Ends all children.
  void Clear();

  // How often With() did not give a child of its own.
  struct Refused {
    std::uint64_t over_limit = 0;  // gave the overflow child
    std::uint64_t malformed = 0;   // gave a child that is never shown
  };
  Refused refused() const;

  // Children in order of their label values.
  exposition::MetricFamily Read() const;

 protected:
  Instrument& Find(std::span<const std::string_view> values);

 private:
  class Children;
  std::unique_ptr<Children> children_;
};

// T is Counter, Gauge, Histogram or Summary.
template <typename T>
class Family : public FamilyBase {
 public:
  using FamilyBase::FamilyBase;

  // The child with these values of the label names, in their order; made on first use.
  //
  // The reference holds until the child is removed, or as long as the registry: keep it where it is
  // used often, as the look-up takes a lock (shared) and a hash. It never fails: values of the
  // wrong number or that are not UTF-8 give a child that is never shown, label sets over the limit
  // the overflow child; both are counted in metrics_client_refused_label_sets_total.
  T& With(std::span<const std::string_view> values) { return static_cast<T&>(Find(values)); }
  T& With(std::initializer_list<std::string_view> values = {}) {
    return With(std::span(values.begin(), values.size()));
  }
};

}  // namespace narthex::client
