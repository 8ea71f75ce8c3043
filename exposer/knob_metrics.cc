#include "knob_metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace narthex::demo_exposer {
namespace {

// What the service holds when it has just been started.
constexpr double kMemoryAtStart = 120e6;
// A leak ends here: more than that no machine of the demo would have.
constexpr double kMemoryMax = 64e9;

client::FamilyOptions Options(std::string name, std::string help, std::string unit,
                              std::vector<std::string> label_names) {
  client::FamilyOptions options;
  options.name = std::move(name);
  options.help = std::move(help);
  options.unit = std::move(unit);
  options.label_names = std::move(label_names);
  return options;
}

std::string SessionName(std::uint64_t number) { return fmt::format("s{:06}", number); }

double DrawnAt(const std::vector<double>& points, double phase) {
  if (points.empty()) return 0;
  const auto index = static_cast<std::size_t>(phase * static_cast<double>(points.size()));
  return points[std::min(index, points.size() - 1)];
}

}  // namespace

double WaveAt(const Knobs& knobs, double seconds) {
  const double turns = seconds / knobs.wave_period_seconds;
  const double phase = turns - std::floor(turns);
  switch (knobs.wave_form) {
    case WaveForm::kSine:
      break;
    case WaveForm::kSquare:
      return phase < 0.5 ? 1 : -1;
    case WaveForm::kSawtooth:
      return 2 * phase - 1;
    case WaveForm::kDrawn:
      return DrawnAt(knobs.wave_points, phase);
  }
  return std::sin(2 * std::numbers::pi * phase);
}

KnobMetrics::KnobMetrics(client::Registry& registry)
    : increments_(registry
                      .NewCounter(Options("demo_knob_increments_total",
                                          "Sum of the increments made at /control.", "", {}))
                      .With()),
      level_(
          registry.NewGauge(Options("demo_knob_level", "Level set at /control.", "", {})).With()),
      wave_(registry.NewGauge(Options("demo_knob_wave", "Wave drawn at /control.", "", {})).With()),
      memory_(
          registry
              .NewGauge(Options("demo_memory_bytes",
                                "Memory that the service claims to hold, in bytes.", "bytes", {}))
              .With()),
      session_age_(registry.NewGauge(Options("demo_session_age_seconds",
                                             "Age of a session that is open, in seconds.",
                                             "seconds", {"session"}))),
      memory_bytes_(kMemoryAtStart) {
  memory_.Set(memory_bytes_);
}

void KnobMetrics::Step(const Knobs& knobs, double step_seconds, double now_seconds) {
  level_.Set(knobs.level);
  wave_.Set(knobs.wave_offset + knobs.wave_amplitude * WaveAt(knobs, now_seconds));
  memory_bytes_ = std::min(memory_bytes_ + knobs.leak_bytes_per_second * step_seconds, kMemoryMax);
  memory_.Set(memory_bytes_);
  StepSessions(knobs, step_seconds, now_seconds);
}

void KnobMetrics::StepSessions(const Knobs& knobs, double step_seconds, double now_seconds) {
  const auto wanted = static_cast<std::size_t>(knobs.session_count);
  due_sessions_ = sessions_.empty() ? 0 : due_sessions_ + knobs.sessions_per_second * step_seconds;
  for (; due_sessions_ >= 1; --due_sessions_) {
    if (!sessions_.empty()) EndOldestSession();
  }
  while (sessions_.size() > wanted) EndOldestSession();
  while (sessions_.size() < wanted) sessions_.push_back({next_session_++, now_seconds});
  for (const Session& session : sessions_) {
    session_age_.With({SessionName(session.number)}).Set(now_seconds - session.start_seconds);
  }
}

void KnobMetrics::EndOldestSession() {
  session_age_.Remove({SessionName(sessions_.front().number)});
  sessions_.pop_front();
}

}  // namespace narthex::demo_exposer
