#include "story.h"

#include <gtest/gtest.h>

#include <set>

#include "knobs.h"

namespace narthex::demo_exposer {
namespace {

TEST(Track, GoesStraightFromFrameToFrame) {
  const Track track{"traffic", {{10, 1}, {20, 3}, {20.5, 0}}};
  const struct {
    double at;
    double want;
  } cases[] = {{0, 1}, {10, 1}, {15, 2}, {20, 3}, {20.25, 1.5}, {20.5, 0}, {99, 0}};
  for (const auto& c : cases) EXPECT_DOUBLE_EQ(track.At(c.at), c.want) << c.at;
}

TEST(Track, KeepsThePositionOfTheLastFrame) {
  const Track track{"answer", {{0, 0}, {10, 2}, {20, 1}}};
  const struct {
    double at;
    double want;
  } cases[] = {{0, 0}, {9.9, 0}, {10, 2}, {19.9, 2}, {20, 1}, {99, 1}};
  for (const auto& c : cases) EXPECT_EQ(track.At(c.at), c.want) << c.at;
}

// A story whose frames were clamped or lay behind its end would not be the one that is told.
TEST(Stories, StayWithinTheirTimeAndTheBoundsOfTheKnobs) {
  std::set<std::string_view> names;
  for (const Story& story : Stories()) {
    SCOPED_TRACE(story.name);
    EXPECT_TRUE(names.insert(story.name).second);
    EXPECT_EQ(FindStory(story.name), &story);
    EXPECT_EQ(story.captions.front().at_seconds, 0);
    for (const Caption& caption : story.captions) {
      EXPECT_LT(caption.at_seconds, story.duration_seconds);
    }
    for (const Track& track : story.tracks) {
      SCOPED_TRACE(track.knob);
      ASSERT_TRUE(IsKnob(track.knob));
      EXPECT_TRUE(story.Plays(track.knob));
      double last = -1;
      for (const Frame& frame : track.frames) {
        EXPECT_GT(frame.at_seconds, last);
        EXPECT_LT(frame.at_seconds, story.duration_seconds);
        Knobs knobs;
        Turn(knobs, track.knob, frame.value);
        EXPECT_EQ(ReadKnob(knobs, track.knob), frame.value);
        last = frame.at_seconds;
      }
    }
  }
  EXPECT_EQ(names, (std::set<std::string_view>{"deploy", "traffic", "leak"}));
  EXPECT_EQ(FindStory("none"), nullptr);
}

}  // namespace
}  // namespace narthex::demo_exposer
