// The formats of expositions and how a content type names them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace narthex::exposition {

enum class Format {
  kText,         // text/plain; version=0.0.4 or 1.0.0
  kOpenMetrics,  // application/openmetrics-text
  kProtobuf,     // application/vnd.google.protobuf, delimited MetricFamily messages
};

// What a scrape can ask for, as configuration files name it: "PrometheusText0.0.4".
enum class ScrapeProtocol {
  kPrometheusProto,
  kPrometheusText1,
  kPrometheusText0,
  kOpenMetricsText0,
  kOpenMetricsText1,
};

std::string_view ScrapeProtocolText(ScrapeProtocol protocol);
std::optional<ScrapeProtocol> ParseScrapeProtocol(std::string_view text);
Format FormatOf(ScrapeProtocol protocol);
// `text/plain;version=0.0.4` and the like, as an Accept header has it.
std::string_view AcceptTypeOf(ScrapeProtocol protocol);

struct FormatChoice {
  Format format;
  std::string warning;  // the content type was of no use and the fallback was taken; else empty
};

// The format of a body from its Content-Type. Versions are not looked at.
//
// Errors: kInvalidArgument  missing, malformed or unknown, and there is no fallback
// Conformance: textparse/content_type.
Result<FormatChoice> ChooseFormat(std::string_view content_type,
                                  std::optional<ScrapeProtocol> fallback);

}  // namespace narthex::exposition
