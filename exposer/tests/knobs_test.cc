#include "knobs.h"

#include <gtest/gtest.h>

#include "json/reader.h"
#include "knobs_json.h"

namespace narthex::demo_exposer {
namespace {

TEST(Knobs, DefaultsLieWithinTheBounds) {
  const Knobs knobs;
  for (const NumberKnob& knob : NumberKnobs()) {
    EXPECT_GE(knobs.*knob.member, knob.least) << knob.name;
    EXPECT_LE(knobs.*knob.member, knob.most) << knob.name;
  }
  for (const ChoiceKnob& knob : ChoiceKnobs()) EXPECT_EQ(knob.get(knobs), 0u) << knob.name;
}

TEST(Knobs, EveryKnobTurnsToItsBoundsAndNotBeyond) {
  Knobs knobs;
  for (const NumberKnob& knob : NumberKnobs()) {
    Turn(knobs, knob.name, knob.most + 1);
    EXPECT_EQ(ReadKnob(knobs, knob.name), knob.most) << knob.name;
    Turn(knobs, knob.name, knob.least - 1);
    EXPECT_EQ(ReadKnob(knobs, knob.name), knob.least) << knob.name;
  }
  for (const ChoiceKnob& knob : ChoiceKnobs()) {
    Turn(knobs, knob.name, 99);
    EXPECT_EQ(ReadKnob(knobs, knob.name), static_cast<double>(knob.choices.size() - 1))
        << knob.name;
  }
}

TEST(KnobChanges, TakeEveryKnobOfTheState) {
  PlaygroundState state;
  state.knobs.latency_shape = LatencyShape::kSpike;
  state.knobs.wave_points = {0, 0.5, -1};
  const json::Value shown = StateToJson(state);
  const auto changes = ParseKnobChanges(json::Print(shown["knobs"]));
  ASSERT_TRUE(changes.ok()) << changes.error().message();
  Knobs again;
  for (const auto& [name, value] : changes->values) Turn(again, name, value);
  again.wave_points = *changes->wave_points;
  EXPECT_EQ(again, state.knobs);
}

TEST(KnobChanges, NameTheFault) {
  const struct {
    std::string text;
    std::string want;  // in the message
  } cases[] = {
      {"", "line 1"},
      {"{\"traffic\": ", "line 1"},
      {"[]", "a JSON object is needed, not array"},
      {"{\"trafic\": 1}", "no knob \"trafic\""},
      {"{\"traffic\": \"2\"}", "traffic takes a number from 0 to 5"},
      {"{\"traffic\": 5.1}", "traffic takes a number from 0 to 5"},
      {"{\"traffic\": 1e999}", "traffic takes a number from 0 to 5"},
      {"{\"traffic\": -0.1}", "traffic takes a number from 0 to 5"},
      {"{\"traffic\": null}", "traffic takes a number from 0 to 5"},
      {"{\"session_count\": 1.5}", "session_count takes a whole number from 0 to 200"},
      {"{\"session_count\": 201}", "session_count takes a whole number from 0 to 200"},
      {"{\"answer\": \"never\"}", "answer takes one of normal, slow, silent, broken, failing"},
      {"{\"answer\": 1}", "answer takes one of normal, slow, silent, broken, failing"},
      {"{\"wave_points\": 1}", "wave_points takes an array of at most 64"},
      {"{\"wave_points\": [1.1]}", "wave_points takes numbers from -1 to 1"},
      {"{\"wave_points\": [null]}", "wave_points takes numbers from -1 to 1"},
      {"{\"wave_points\": [0" +
           [] {
             std::string more;
             for (std::size_t i = 0; i < kWavePointCountMax; ++i) more += ",0";
             return more;
           }() +
           "]}",
       "wave_points takes an array of at most 64"},
      {"{\"wave_points\": [" + std::string(20'000, ' ') + "]}", "16384"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text.substr(0, 80));
    const auto changes = ParseKnobChanges(c.text);
    ASSERT_FALSE(changes.ok());
    EXPECT_NE(changes.error().message().find(c.want), std::string::npos)
        << changes.error().message();
  }
}

TEST(Amount, IsOneUnlessGivenAndBounded) {
  const struct {
    std::string text;
    std::optional<double> want;
  } cases[] = {
      {"", 1},
      {"{}", 1},
      {"{\"amount\": 2.5}", 2.5},
      {"{\"amount\": 1000000}", 1e6},
      {"{\"amount\": 1000001}", std::nullopt},
      {"{\"amount\": 0}", std::nullopt},
      {"{\"amount\": -1}", std::nullopt},
      {"{\"amount\": \"1\"}", std::nullopt},
      {"{\"by\": 1}", std::nullopt},
      {"{\"amount\": 1, \"more\": 1}", std::nullopt},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    const auto amount = ParseAmount(c.text);
    if (c.want) {
      EXPECT_EQ(amount.ok() ? *amount : 0, *c.want);
    } else {
      EXPECT_EQ(amount.code(), ErrorCode::kInvalidArgument);
    }
  }
}

}  // namespace
}  // namespace narthex::demo_exposer
