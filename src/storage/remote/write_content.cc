#include "write_content.h"

#include <fmt/format.h>

namespace narthex::remote {
namespace {

constexpr std::string_view kMediaType = "application/x-protobuf";
constexpr std::string_view kV1Name = "prometheus.WriteRequest";
constexpr std::string_view kV2Name = "io.prometheus.write.v2.Request";

std::string_view Trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

Error Unsupported(std::string message) { return {ErrorCode::kUnsupported, std::move(message)}; }

}  // namespace

std::string_view WriteMessageName(WriteMessage message) {
  return message == WriteMessage::kV1 ? kV1Name : kV2Name;
}

Result<WriteMessage> ParseContentType(std::string_view content_type) {
  const std::string_view whole = Trimmed(content_type);
  if (whole.empty()) return WriteMessage::kV1;
  std::size_t end = whole.find(';');
  if (Trimmed(whole.substr(0, end)) != kMediaType) {
    return Unsupported(fmt::format("expected {} as the first (media) part, got {} content-type",
                                   kMediaType, whole));
  }
  while (end != std::string_view::npos) {
    std::string_view rest = whole.substr(end + 1);
    const std::size_t next = rest.find(';');
    end = next == std::string_view::npos ? next : end + 1 + next;
    const std::string_view parameter = Trimmed(rest.substr(0, next));
    const std::size_t equals = parameter.find('=');
    if (equals == std::string_view::npos) {
      return Unsupported(
          fmt::format("as per https://www.rfc-editor.org/rfc/rfc9110#parameter expected parameters "
                      "to be key-values, got {} in {} content-type",
                      parameter, whole));
    }
    if (parameter.substr(0, equals) != "proto") continue;
    const std::string_view name = parameter.substr(equals + 1);
    if (name == kV1Name) return WriteMessage::kV1;
    if (name == kV2Name) return WriteMessage::kV2;
    return Unsupported(
        fmt::format("got {} content type; unknown remote write protobuf message {}, supported: "
                    "{}, {}",
                    whole, name, kV1Name, kV2Name));
  }
  return WriteMessage::kV1;
}

Status CheckContentEncoding(std::string_view content_encoding) {
  if (content_encoding.empty() || content_encoding == "snappy") return Ok();
  return Unsupported(
      fmt::format("{} encoding (compression) is not accepted by this server; only snappy is "
                  "acceptable",
                  content_encoding));
}

}  // namespace narthex::remote
