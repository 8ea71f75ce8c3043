// The reading end of a stream of server-sent events.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "http/client.h"
#include "json/reader.h"

namespace narthex::dashapi {

class EventStream {
 public:
  struct Event {
    std::string name;  // empty: the stream has ended
    json::Value data;
  };

  explicit EventStream(std::unique_ptr<http::BodyReader> reader) : reader_(std::move(reader)) {}

  int status() const { return reader_->status(); }
  const http::Headers& headers() const { return reader_->headers(); }

  // Blocks for the next event.
  Event Next() {
    std::size_t end = 0;
    while ((end = text_.find("\n\n")) == std::string::npos) {
      Result<std::string> piece = reader_->Read();
      if (!piece.ok() || piece->empty()) return {};
      text_ += *piece;
    }
    const std::string lines = text_.substr(0, end + 1);
    text_.erase(0, end + 2);
    return {Line(lines, "event: "), std::move(json::Parse(Line(lines, "data: "))).value()};
  }
  // Passes over events of other names.
  json::Value Next(std::string_view name) {
    while (true) {
      Event event = Next();
      if (event.name == name) return std::move(event.data);
      if (event.name.empty()) return json::Value();
    }
  }

 private:
  static std::string Line(const std::string& lines, std::string_view field) {
    const std::size_t at = lines.find(field);
    if (at == std::string::npos) return "null";
    const std::size_t begin = at + field.size();
    return lines.substr(begin, lines.find('\n', begin) - begin);
  }

  std::unique_ptr<http::BodyReader> reader_;
  std::string text_;
};

}  // namespace narthex::dashapi
