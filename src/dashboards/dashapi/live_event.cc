#include "live_event.h"

#include <fmt/format.h>

#include "answers.h"
#include "json/writer.h"

namespace narthex::dashapi {
namespace {

// A list for people; beyond it the number says enough.
constexpr std::size_t kNamedViewerCountMax = 50;

http::Feed::Piece Piece(std::string text) {
  return std::make_shared<const std::string>(std::move(text));
}

}  // namespace

http::Feed::Piece LiveEvent(std::string_view name, const json::Value& content) {
  // JSON has no line break outside of its strings, and none inside.
  return Piece(fmt::format("event: {}\ndata: {}\n\n", name, json::Print(content)));
}

http::Feed::Piece PointsEvent(std::string_view channel, const LiveQuery& query, LiveSpan span,
                              const SeriesAnswer& answer) {
  std::string text = "event: points\ndata: ";
  json::Writer writer(text);
  writer.BeginObject();
  Field(writer, "channel", channel);
  Field(writer, "kind", query.is_range ? "range" : "instant");
  Field(writer, "from", std::int64_t{span.from});
  Field(writer, "to", std::int64_t{span.to});
  Field(writer, "hasGap", span.has_gap);
  writer.Key("frames");
  writer.BeginArray();
  query.write_frames(writer, answer);
  writer.EndArray();
  writer.EndObject();
  text += "\n\n";
  return Piece(std::move(text));
}

http::Feed::Piece EndEvent(std::string_view reason) {
  return LiveEvent("end", Object({{"reason", Text(reason)}}));
}

http::Feed::Piece PresenceEvent(const Presence& presence, bool has_names) {
  json::Value viewers = json::Value::MakeArray();
  for (const Presence::Viewer& viewer : presence.viewers) {
    if (!has_names || viewers.size() == kNamedViewerCountMax) break;
    viewers.Append(Object({{"login", Text(viewer.login)},
                           {"name", Text(viewer.name)},
                           {"connections", json::Value(viewer.connection_count)}}));
  }
  const auto signed_in_count = static_cast<std::int64_t>(presence.viewers.size());
  return LiveEvent("presence", Object({{"viewers", std::move(viewers)},
                                       {"signedInCount", json::Value(signed_in_count)},
                                       {"anonymousCount", json::Value(presence.anonymous_count)}}));
}

}  // namespace narthex::dashapi
