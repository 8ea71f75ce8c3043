// Where an instrument keeps its newest exemplars.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "client/labels.h"
#include "exposition/metric_family.h"

namespace narthex::client {

// Thread-safe. A writer that meets another one, or a reader, leaves its exemplar out: nobody waits.
class ExemplarSlots {
 public:
  explicit ExemplarSlots(std::size_t count) : slots_(count) {}

  // Keeps `labels` for the observation `value` in slot `index`; false and nothing where the labels
  // are empty, not UTF-8 or longer than OpenMetrics allows.
  bool Put(std::size_t index, double value, const Labels& labels);

  // Asks the hook, if nothing was put in slot `index` since the last Get() of it.
  void Offer(std::size_t index, double value);

  std::optional<exposition::MetricExemplar> Get(std::size_t index);

 private:
  struct Slot {
    std::atomic<bool> is_wanted{true};
    std::atomic_flag is_busy;
    exposition::MetricExemplar exemplar;  // while is_busy is held
    bool is_set = false;                  // while is_busy is held
  };

  std::vector<Slot> slots_;
};

// Slots that are made when the first exemplar comes: most instruments never see one. `slots`
// belongs to the caller, who ends them.
ExemplarSlots& MakeExemplarSlots(std::atomic<ExemplarSlots*>& slots, std::size_t count);
void EndExemplarSlots(std::atomic<ExemplarSlots*>& slots);

}  // namespace narthex::client
