#include "knobs_json.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "json/reader.h"

namespace narthex::demo_exposer {
namespace {

Error Invalid(std::string message) {
  return Error{ErrorCode::kInvalidArgument, std::move(message)};
}

json::Value KnobsObject(const Knobs& knobs) {
  auto object = json::Value::MakeObject();
  for (const NumberKnob& knob : NumberKnobs()) {
    object.Set(knob.name, json::Value(knobs.*knob.member));
  }
  for (const ChoiceKnob& knob : ChoiceKnobs()) {
    object.Set(knob.name, json::Value(knob.choices[knob.get(knobs)]));
  }
  auto points = json::Value::MakeArray();
  for (const double point : knobs.wave_points) points.Append(json::Value(point));
  object.Set("wave_points", std::move(points));
  return object;
}

json::Value LimitsObject() {
  const Knobs defaults;
  auto object = json::Value::MakeObject();
  for (const NumberKnob& knob : NumberKnobs()) {
    auto limits = json::Value::MakeObject();
    limits.Set("least", json::Value(knob.least));
    limits.Set("most", json::Value(knob.most));
    limits.Set("default", json::Value(defaults.*knob.member));
    object.Set(knob.name, std::move(limits));
  }
  for (const ChoiceKnob& knob : ChoiceKnobs()) {
    auto choices = json::Value::MakeArray();
    for (const std::string_view choice : knob.choices) choices.Append(json::Value(choice));
    auto limits = json::Value::MakeObject();
    limits.Set("choices", std::move(choices));
    limits.Set("default", json::Value(knob.choices[knob.get(defaults)]));
    object.Set(knob.name, std::move(limits));
  }
  return object;
}

json::Value StoriesArray() {
  auto stories = json::Value::MakeArray();
  for (const Story& story : Stories()) {
    auto object = json::Value::MakeObject();
    object.Set("name", json::Value(story.name));
    object.Set("title", json::Value(story.title));
    object.Set("description", json::Value(story.description));
    object.Set("duration_seconds", json::Value(story.duration_seconds));
    stories.Append(std::move(object));
  }
  return stories;
}

json::Value StoryObject(const std::optional<StoryState>& playing) {
  if (!playing) return json::Value();
  const Story& story = *playing->story;
  auto object = json::Value::MakeObject();
  object.Set("name", json::Value(story.name));
  object.Set("title", json::Value(story.title));
  object.Set("elapsed_seconds", json::Value(std::round(playing->elapsed_seconds * 10) / 10));
  object.Set("duration_seconds", json::Value(story.duration_seconds));
  object.Set("caption", json::Value(story.CaptionAt(playing->elapsed_seconds)));
  return object;
}

Result<std::vector<double>> ParsePoints(const json::Value& value) {
  if (!value.is_array() || value.size() > kWavePointCountMax) {
    return Invalid(fmt::format("wave_points takes an array of at most {} numbers from -1 to 1",
                               kWavePointCountMax));
  }
  std::vector<double> points;
  for (const json::Value& item : value.items()) {
    const auto point = item.AsDouble();
    if (!point || !(std::abs(*point) <= 1)) {
      return Invalid("wave_points takes numbers from -1 to 1");
    }
    points.push_back(*point);
  }
  return points;
}

Result<double> ParseNumber(const NumberKnob& knob, const json::Value& value) {
  const auto number = value.AsDouble();
  const bool is_in_bounds = number && *number >= knob.least && *number <= knob.most;
  if (!is_in_bounds || (knob.is_whole && std::floor(*number) != *number)) {
    return Invalid(fmt::format("{} takes a {}number from {} to {}", knob.name,
                               knob.is_whole ? "whole " : "", knob.least, knob.most));
  }
  return *number;
}

Result<double> ParseChoice(const ChoiceKnob& knob, const json::Value& value) {
  const auto found = value.is_string()
                         ? std::find(knob.choices.begin(), knob.choices.end(), value.AsString())
                         : knob.choices.end();
  if (found == knob.choices.end()) {
    return Invalid(fmt::format("{} takes one of {}", knob.name, fmt::join(knob.choices, ", ")));
  }
  return static_cast<double>(found - knob.choices.begin());
}

Result<double> ParseValue(std::string_view name, const json::Value& value) {
  for (const NumberKnob& knob : NumberKnobs()) {
    if (knob.name == name) return ParseNumber(knob, value);
  }
  for (const ChoiceKnob& knob : ChoiceKnobs()) {
    if (knob.name == name) return ParseChoice(knob, value);
  }
  return Invalid(fmt::format("no knob \"{}\"; GET /control/state lists them", name));
}

Result<json::Value> ParseObject(std::string_view text) {
  // A body is small: a knob each, and the points of the wave.
  NARTHEX_ASSIGN_OR_RETURN(auto document, json::Parse(text, {4, 16u << 10, 1000}));
  if (!document.is_object()) {
    return Invalid(fmt::format("a JSON object is needed, not {}", KindName(document.kind())));
  }
  return document;
}

}  // namespace

json::Value StateToJson(const PlaygroundState& state) {
  auto object = json::Value::MakeObject();
  object.Set("knobs", KnobsObject(state.knobs));
  object.Set("limits", LimitsObject());
  object.Set("increment_sum", json::Value(state.increment_sum));
  object.Set("memory_bytes", json::Value(state.memory_bytes));
  object.Set("restart_count", json::Value(state.restart_count));
  object.Set("story", StoryObject(state.story));
  object.Set("stories", StoriesArray());
  return object;
}

Result<KnobChanges> ParseKnobChanges(std::string_view text) {
  NARTHEX_ASSIGN_OR_RETURN(const auto document, ParseObject(text));
  KnobChanges changes;
  for (const auto& [name, value] : document.members()) {
    if (name == "wave_points") {
      NARTHEX_ASSIGN_OR_RETURN(changes.wave_points, ParsePoints(value));
    } else {
      NARTHEX_ASSIGN_OR_RETURN(const double number, ParseValue(name, value));
      changes.values.emplace_back(name, number);
    }
  }
  return changes;
}

Result<double> ParseAmount(std::string_view text) {
  if (text.empty()) return 1.0;
  NARTHEX_ASSIGN_OR_RETURN(const auto document, ParseObject(text));
  if (document.size() == 0) return 1.0;
  const auto amount = document["amount"].AsDouble();
  if (document.size() != 1 || !amount || !(*amount > 0 && *amount <= kAmountMax)) {
    return Invalid(
        fmt::format("\"amount\", a number above 0 and up to {}, is all it takes", kAmountMax));
  }
  return *amount;
}

Result<std::string> ParseStoryName(std::string_view text) {
  NARTHEX_ASSIGN_OR_RETURN(const auto document, ParseObject(text));
  if (document.size() != 1 || !document["name"].is_string()) {
    return Invalid("\"name\", the name of a story, is needed and all it takes");
  }
  return std::string(document["name"].AsString());
}

}  // namespace narthex::demo_exposer
