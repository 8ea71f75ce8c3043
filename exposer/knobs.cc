#include "knobs.h"

#include <algorithm>
#include <type_traits>

#include "base/check.h"

namespace narthex::demo_exposer {
namespace {

// The bounds keep the simulation cheap: five times the traffic at ten times the duration is some
// ten thousand requests under way, and 200 sessions that live for ten seconds each are 72,000
// series in an hour, which a server on a laptop bears.
constexpr NumberKnob kNumberKnobs[] = {
    {"traffic", &Knobs::traffic, 0, 5},
    {"error_ratio", &Knobs::error_ratio, 0, 1},
    {"latency_factor", &Knobs::latency_factor, 0.1, 10},
    {"latency_spread", &Knobs::latency_spread, 0.05, 1.5},
    {"level", &Knobs::level, -1000, 1000},
    {"wave_amplitude", &Knobs::wave_amplitude, 0, 1000},
    {"wave_offset", &Knobs::wave_offset, -1000, 1000},
    {"wave_period_seconds", &Knobs::wave_period_seconds, 5, 3600},
    {"leak_bytes_per_second", &Knobs::leak_bytes_per_second, 0, 100e6},
    {"session_count", &Knobs::session_count, 0, 200, true},
    {"sessions_per_second", &Knobs::sessions_per_second, 0, 20},
    {"answer_delay_seconds", &Knobs::answer_delay_seconds, 0, 60},
};

constexpr std::string_view kLatencyShapes[] = {"normal", "bimodal", "spike"};
constexpr std::string_view kHistogramKinds[] = {"classic", "native", "both"};
constexpr std::string_view kWaveForms[] = {"sine", "square", "sawtooth", "drawn"};
constexpr std::string_view kAnswerModes[] = {"normal", "slow", "silent", "broken", "failing"};

template <auto kMember>
std::size_t Get(const Knobs& knobs) {
  return static_cast<std::size_t>(knobs.*kMember);
}

template <auto kMember>
void Set(Knobs& knobs, std::size_t position) {
  using Choice = std::remove_reference_t<decltype(knobs.*kMember)>;
  knobs.*kMember = static_cast<Choice>(position);
}

template <auto kMember>
constexpr ChoiceKnob Choice(std::string_view name, std::span<const std::string_view> choices) {
  return {name, choices, Get<kMember>, Set<kMember>};
}

constexpr ChoiceKnob kChoiceKnobs[] = {
    Choice<&Knobs::latency_shape>("latency_shape", kLatencyShapes),
    Choice<&Knobs::histogram>("histogram", kHistogramKinds),
    Choice<&Knobs::wave_form>("wave_form", kWaveForms),
    Choice<&Knobs::answer>("answer", kAnswerModes),
};

template <typename Knob>
const Knob* Find(std::span<const Knob> knobs, std::string_view name) {
  const auto found =
      std::find_if(knobs.begin(), knobs.end(), [name](const Knob& k) { return k.name == name; });
  return found == knobs.end() ? nullptr : &*found;
}

}  // namespace

std::span<const NumberKnob> NumberKnobs() { return kNumberKnobs; }
std::span<const ChoiceKnob> ChoiceKnobs() { return kChoiceKnobs; }

bool IsKnob(std::string_view name) {
  return Find(NumberKnobs(), name) != nullptr || Find(ChoiceKnobs(), name) != nullptr;
}

void Turn(Knobs& knobs, std::string_view name, double value) {
  if (const NumberKnob* number = Find(NumberKnobs(), name)) {
    knobs.*number->member = std::clamp(value, number->least, number->most);
    return;
  }
  const ChoiceKnob* choice = Find(ChoiceKnobs(), name);
  NARTHEX_CHECK(choice != nullptr, "the caller has a name of a knob");
  const double last = static_cast<double>(choice->choices.size() - 1);
  choice->set(knobs, static_cast<std::size_t>(std::clamp(value, 0.0, last)));
}

double ReadKnob(const Knobs& knobs, std::string_view name) {
  if (const NumberKnob* number = Find(NumberKnobs(), name)) return knobs.*number->member;
  const ChoiceKnob* choice = Find(ChoiceKnobs(), name);
  NARTHEX_CHECK(choice != nullptr, "the caller has a name of a knob");
  return static_cast<double>(choice->get(knobs));
}

}  // namespace narthex::demo_exposer
