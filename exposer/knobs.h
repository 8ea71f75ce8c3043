// What a person may turn at /control: the knobs, their names and their bounds.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace narthex::demo_exposer {

enum class LatencyShape {
  kNormal,   // around a median for each path, skewed as real ones are
  kBimodal,  // two humps: a third of the answers takes eight times as long
  kSpike,    // every answer takes nearly the same time, whatever the path
};
enum class WaveForm { kSine, kSquare, kSawtooth, kDrawn };
// What the histogram of durations counts in. Another choice takes effect with a restart.
enum class HistogramKind { kClassic, kNative, kBoth };
// How a scrape is answered.
enum class AnswerMode {
  kNormal,
  kSlow,     // after a delay
  kSilent,   // not at all
  kBroken,   // with a page that no parser takes
  kFailing,  // with status 500
};

// Their defaults leave the service as it is without anybody at the knobs.
struct Knobs {
  double traffic = 1;           // times the usual number of requests
  double error_ratio = 0;       // of all answers, besides the usual errors
  double latency_factor = 1;    // times the usual duration
  double latency_spread = 0.6;  // deviation of the logarithm of the durations
  double level = 0;             // of the gauge
  double wave_amplitude = 10;   // from the middle to the top
  double wave_offset = 0;       // of the middle from 0
  double wave_period_seconds = 60;
  double leak_bytes_per_second = 0;
  double session_count = 0;        // series that live at once
  double sessions_per_second = 0;  // how many of them give way to new ones
  double answer_delay_seconds = 3;
  LatencyShape latency_shape = LatencyShape::kNormal;
  HistogramKind histogram = HistogramKind::kClassic;
  WaveForm wave_form = WaveForm::kSine;
  AnswerMode answer = AnswerMode::kNormal;
  // One period of the drawn wave, from -1 to 1, parts of equal length; none: flat.
  std::vector<double> wave_points;

  friend bool operator==(const Knobs&, const Knobs&) = default;
};

inline constexpr std::size_t kWavePointCountMax = 64;

struct NumberKnob {
  std::string_view name;
  double Knobs::*member;
  double least;  // included, as `most` is
  double most;
  bool is_whole = false;
};

// A knob with named positions, counted from 0.
struct ChoiceKnob {
  std::string_view name;
  std::span<const std::string_view> choices;
  std::size_t (*get)(const Knobs&);
  void (*set)(Knobs&, std::size_t);
};

// All knobs but `wave_points`, in the order in which they are shown.
std::span<const NumberKnob> NumberKnobs();
std::span<const ChoiceKnob> ChoiceKnobs();

// Whether some knob other than `wave_points` has this name.
bool IsKnob(std::string_view name);
// Turns the knob `name`, which must exist, to a value or to the position that `value` counts.
void Turn(Knobs& knobs, std::string_view name, double value);
double ReadKnob(const Knobs& knobs, std::string_view name);

}  // namespace narthex::demo_exposer
