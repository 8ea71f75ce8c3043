// A metric family: one instrument for each set of label values.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "client/instrument.h"
#include "client/labels.h"

namespace narthex::client {

struct FamilyOptions {
  std::string name;  // of a counter: with its _total
  std::string help;  // required
  std::string unit = {};
  std::vector<std::string> label_names = {};
  // The cardinality guard: label sets beyond this many share one child, whose label values are all
  // kOverflowValue. 10,000: what a server bears of one metric of one program.
  std::size_t child_count_max = 10'000;
  // Labels that all children have, in front of their own.
  Labels constant_labels = {};
  // Children that nobody asked for in this time are gone from the next scrape on; 0: they stay. At
  // least a minute, so that a reference that With() gave is safe to write at once. Who writes one
  // for longer holds what Share() gives: it keeps the child.
  std::chrono::milliseconds child_ttl{0};
  // Counters and histograms take exemplars from the trace-context hook.
  bool asks_for_exemplars = false;
};

inline constexpr std::string_view kOverflowValue = "__overflow__";

enum class FamilyType { kCounter, kGauge, kHistogram, kGaugeHistogram, kSummary, kInfo, kStateSet };

// Thread-safe. What Family<T> has in common for every T.
class FamilyBase {
 public:
  using MakeInstrument = std::function<std::shared_ptr<Instrument>()>;

  FamilyBase(FamilyOptions options, FamilyType type, MakeInstrument make, const Clock& clock);
  ~FamilyBase();
  FamilyBase(const FamilyBase&) = delete;
  FamilyBase& operator=(const FamilyBase&) = delete;

  const std::string& name() const;
  const std::vector<std::string>& label_names() const;
  const FamilyOptions& options() const;
  FamilyType type() const;
  std::size_t child_count() const;

  // Ends the child with these label values, if there is one. References to it must not be used any
  // more.
  bool Remove(std::span<const std::string_view> values);
  bool Remove(std::initializer_list<std::string_view> values) {
    return Remove(std::span(values.begin(), values.size()));
  }
  // Ends the children that have all of these names with these values; how many they were.
  std::size_t RemoveMatching(const Labels& labels);
  // Ends all children.
  void Clear();

  // How often With() did not give a child of its own.
  struct Refused {
    std::uint64_t over_limit = 0;  // gave the overflow child
    std::uint64_t malformed = 0;   // gave a child that is never shown
  };
  Refused refused() const;

 protected:
  Instrument& Find(std::span<const std::string_view> values);
  std::shared_ptr<Instrument> FindShared(std::span<const std::string_view> values);

 private:
  friend class FamilyReading;
  class Children;
  std::unique_ptr<Children> children_;
};

// The children that a family has at one moment, in order of their label values, read a piece at a
// time; those whose time is over are ended before. Looking up, making and removing children goes on
// meanwhile; the memory of those removed is kept until the reading ends.
//
// Used by one thread; many readings of one family may be under way. Must not outlive the family.
class FamilyReading {
 public:
  explicit FamilyReading(const FamilyBase& family);
  ~FamilyReading();
  FamilyReading(const FamilyReading&) = delete;
  FamilyReading& operator=(const FamilyReading&) = delete;

  // Puts the metrics of the next children, at most `count`, in place of those in `metrics`; none:
  // all were read. What was in `metrics` lends its memory.
  void Next(std::size_t count, std::vector<exposition::Metric>& metrics);
  bool at_end() const;

 private:
  struct State;
  const std::unique_ptr<State> state_;
};

// T is Counter, Gauge, Histogram, GaugeHistogram, Summary, Info or StateSet.
template <typename T>
class Family : public FamilyBase {
 public:
  using FamilyBase::FamilyBase;

  // The child with these values of the label names, in their order; made on first use.
  //
  // The reference holds until the child is removed, or as long as the registry: keep it where it is
  // used often, as the look-up takes a lock (shared) and a hash. (With a child_ttl, see there.) It
  // never fails: values of the wrong number or that are not UTF-8 give a child that is never shown,
  // label sets over the limit the overflow child; both are counted in
  // metrics_client_refused_label_sets_total.
  T& With(std::span<const std::string_view> values) { return static_cast<T&>(Find(values)); }
  T& With(std::initializer_list<std::string_view> values = {}) {
    return With(std::span(values.begin(), values.size()));
  }

  // The same child; it lives, and is shown, as long as it is held.
  std::shared_ptr<T> Share(std::span<const std::string_view> values) {
    return std::static_pointer_cast<T>(FindShared(values));
  }
  std::shared_ptr<T> Share(std::initializer_list<std::string_view> values) {
    return Share(std::span(values.begin(), values.size()));
  }
};

}  // namespace narthex::client
