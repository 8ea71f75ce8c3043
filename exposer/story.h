// Stories: knobs that turn by themselves over a few minutes.
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace narthex::demo_exposer {

struct Frame {
  double at_seconds;  // since the story's start
  double value;       // of a knob with named positions: the position
};

// What one knob does: a straight line between frames, the nearest frame's value before the first
// and behind the last; a knob with named positions keeps that of the last frame passed.
struct Track {
  std::string_view knob;
  std::vector<Frame> frames;  // ascending, at least one

  double At(double seconds) const;
};

// What an onlooker is told from `at_seconds` on.
struct Caption {
  double at_seconds;
  std::string_view text;
};

struct Story {
  std::string_view name;
  std::string_view title;
  std::string_view description;
  double duration_seconds;
  std::vector<Track> tracks;
  std::vector<double> restarts_at_seconds;  // ascending
  std::vector<Caption> captions;            // ascending, the first at 0

  std::string_view CaptionAt(double seconds) const;
  bool Plays(std::string_view knob) const;
};

std::span<const Story> Stories();
// Null if there is none of that name.
const Story* FindStory(std::string_view name);

}  // namespace narthex::demo_exposer
