#include "story.h"

#include <algorithm>

#include "knobs.h"

namespace narthex::demo_exposer {
namespace {

constexpr double kNormalShape = static_cast<double>(LatencyShape::kNormal);
constexpr double kBimodalShape = static_cast<double>(LatencyShape::kBimodal);
constexpr double kNormalAnswer = static_cast<double>(AnswerMode::kNormal);
constexpr double kSilentAnswer = static_cast<double>(AnswerMode::kSilent);

Story DeployGoneWrong() {
  return {
      "deploy",
      "Deploy gone wrong",
      "A new version is rolled out, answers get slow and fail, and it is rolled back.",
      240,
      {{"error_ratio", {{30, 0}, {50, 0.18}, {150, 0.25}, {150.2, 0}}},
       {"latency_factor", {{30, 1}, {50, 2.5}, {150, 3}, {150.2, 1}}},
       {"latency_shape", {{0, kNormalShape}, {30, kBimodalShape}, {150.2, kNormalShape}}}},
      {30, 150},
      {{0, "All is well. Look at the error rate and at the 95th percentile before it begins."},
       {30, "The new version starts: counters begin at 0 again, and rate() does not mind."},
       {50, "One answer in five fails. A third takes eight times as long: two humps."},
       {110, "An alert on the share of errors would have fired by now."},
       {150, "Rolled back: the old version starts, errors stop at once."},
       {180, "rate() over some minutes still remembers the errors; shorter windows do not."}},
  };
}

Story TrafficDoubles() {
  return {
      "traffic",
      "Traffic doubles",
      "Twice the requests arrive; answers slow down, queues grow, and it passes.",
      240,
      {{"traffic", {{20, 1}, {60, 2}, {170, 2}, {200, 1}}},
       {"latency_factor", {{60, 1}, {120, 1.8}, {130, 1}}}},
      {},
      {{0, "An ordinary minute. Look at requests per second and at the queues."},
       {20, "More and more requests arrive."},
       {60, "Twice the traffic: workers do not keep up, the queues grow, answers get slower."},
       {130, "More machines: answers are quick again; the queues take longer to get empty."},
       {170, "The rush is over."},
       {200, "Traffic is as before. What is left in the queues is worked off."}},
  };
}

Story MemoryLeak() {
  return {
      "leak",
      "Memory leak",
      "Memory grows until the service does not answer any more and is killed and restarted.",
      300,
      {{"leak_bytes_per_second", {{20, 0}, {30, 8e6}, {230, 8e6}, {230.2, 0}}},
       {"latency_factor", {{120, 1}, {220, 4}, {230, 1}}},
       {"answer", {{0, kNormalAnswer}, {220, kSilentAnswer}, {230, kNormalAnswer}}}},
      {230},
      {{0, "Memory is flat. predict_linear() over it says: nothing to fear."},
       {20, "Memory grows by 8 MB a second. predict_linear() sees the end coming."},
       {120, "Little is left: answers get slower and slower."},
       {220, "The service does not answer any more. Scrapes fail: up is 0."},
       {230, "Killed and restarted: memory is back, and counters begin at 0."},
       {260, "A gauge that falls is no reset: only counters know resets."}},
  };
}

}  // namespace

double Track::At(double seconds) const {
  const auto behind =
      std::upper_bound(frames.begin(), frames.end(), seconds,
                       [](double at, const Frame& frame) { return at < frame.at_seconds; });
  if (behind == frames.begin()) return frames.front().value;
  const Frame& last = *(behind - 1);
  const bool has_positions =
      std::any_of(ChoiceKnobs().begin(), ChoiceKnobs().end(),
                  [this](const ChoiceKnob& choice) { return choice.name == knob; });
  if (behind == frames.end() || has_positions) return last.value;
  const double share = (seconds - last.at_seconds) / (behind->at_seconds - last.at_seconds);
  return last.value + share * (behind->value - last.value);
}

std::string_view Story::CaptionAt(double seconds) const {
  std::string_view text;
  for (const Caption& caption : captions) {
    if (caption.at_seconds <= seconds) text = caption.text;
  }
  return text;
}

bool Story::Plays(std::string_view knob) const {
  return std::any_of(tracks.begin(), tracks.end(),
                     [knob](const Track& track) { return track.knob == knob; });
}

std::span<const Story> Stories() {
  static const Story stories[] = {DeployGoneWrong(), TrafficDoubles(), MemoryLeak()};
  return stories;
}

const Story* FindStory(std::string_view name) {
  for (const Story& story : Stories()) {
    if (story.name == name) return &story;
  }
  return nullptr;
}

}  // namespace narthex::demo_exposer
