// Facts and states as metrics: info and state set.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "client/instrument.h"
#include "client/labels.h"

namespace narthex::client {

// Facts about a thing: labels, with the value 1. Thread-safe; Set() takes a lock.
class Info final : public Instrument {
 public:
  Info();
  ~Info() override;

  // The facts that hold from now on. Malformed names and values that are not UTF-8 are left out.
  void Set(Labels facts);
  void Read(exposition::Metric& metric) const override;
  bool is_one_metric() const override { return false; }
  void AppendTo(std::vector<exposition::Metric>& metrics,
                const exposition::Metric& start) const override;

 private:
  struct State;
  const std::unique_ptr<State> state_;
};

// Which of its states a thing is in; each is on or off. Thread-safe, lock-free.
class StateSet final : public Instrument {
 public:
  // `label` is the one that names the state: that of the family. States are distinct.
  StateSet(std::string label, std::vector<std::string> states);
  ~StateSet() override;

  // False, and nothing changes: there is no such state.
  bool Set(std::string_view state, bool is_on);
  // This state alone: what other libraries call an enum.
  bool SetOnly(std::string_view state);
  void Read(exposition::Metric& metric) const override;
  bool is_one_metric() const override { return false; }
  void AppendTo(std::vector<exposition::Metric>& metrics,
                const exposition::Metric& start) const override;

 private:
  struct State;
  const std::unique_ptr<State> state_;
};

}  // namespace narthex::client
