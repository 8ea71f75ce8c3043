// The metrics that hang on the knobs alone.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "client/registry.h"
#include "knobs.h"

namespace narthex::demo_exposer {

// The value of the wave `seconds` after its start, without amplitude and offset: -1 to 1.
double WaveAt(const Knobs& knobs, double seconds);

// Not synchronised; the metrics may be gathered while it steps.
class KnobMetrics {
 public:
  explicit KnobMetrics(client::Registry& registry);

  // Adds to the counter.
  void Increment(double amount) { increments_.Increment(amount); }

  // `step_seconds` further, to `now_seconds`; the second makes the wave go on over a restart.
  void Step(const Knobs& knobs, double step_seconds, double now_seconds);

  double increment_sum() const { return increments_.value(); }
  double memory_bytes() const { return memory_bytes_; }
  std::size_t session_count() const { return sessions_.size(); }

 private:
  struct Session {
    std::uint64_t number;
    double start_seconds;
  };

  void StepSessions(const Knobs& knobs, double step_seconds, double now_seconds);
  void EndOldestSession();

  client::Counter& increments_;
  client::Gauge& level_;
  client::Gauge& wave_;
  client::Gauge& memory_;
  client::Family<client::Gauge>& session_age_;

  double memory_bytes_;
  double due_sessions_ = 0;  // fraction of the next session to give way
  std::uint64_t next_session_ = 1;
  std::deque<Session> sessions_;  // oldest first
};

}  // namespace narthex::demo_exposer
