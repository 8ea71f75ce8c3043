// Events of the live channel as they go on the wire.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "http/feed.h"
#include "json/value.h"
#include "live_query.h"

namespace narthex::dashapi {

// Source: docs/formats/live.md; HTML, "Server-sent events".
http::Feed::Piece LiveEvent(std::string_view name, const json::Value& content);

// New samples of `channel`.
http::Feed::Piece PointsEvent(std::string_view channel, const LiveQuery& query, LiveSpan span,
                              const SeriesAnswer& answer);

// Why a stream ends; the last event on it.
http::Feed::Piece EndEvent(std::string_view reason);

struct Presence {
  struct Viewer {
    std::string login;
    std::string name;
    std::int64_t connection_count = 0;
  };
  std::vector<Viewer> viewers;  // who has signed in, by login
  std::int64_t anonymous_count = 0;
};

// With names, for those who have signed in themselves, or without.
http::Feed::Piece PresenceEvent(const Presence& presence, bool has_names);

}  // namespace narthex::dashapi
