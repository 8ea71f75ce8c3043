#include "exposition/format.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "model/labels.h"

namespace narthex::exposition {
namespace {

struct Protocol {
  ScrapeProtocol protocol;
  std::string_view text;
  Format format;
  std::string_view accept_type;
};

constexpr Protocol kProtocols[] = {
    {ScrapeProtocol::kPrometheusProto, "PrometheusProto", Format::kProtobuf,
     "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited"},
    {ScrapeProtocol::kPrometheusText1, "PrometheusText1.0.0", Format::kText,
     "text/plain;version=1.0.0"},
    {ScrapeProtocol::kPrometheusText0, "PrometheusText0.0.4", Format::kText,
     "text/plain;version=0.0.4"},
    {ScrapeProtocol::kOpenMetricsText0, "OpenMetricsText0.0.1", Format::kOpenMetrics,
     "application/openmetrics-text;version=0.0.1"},
    {ScrapeProtocol::kOpenMetricsText1, "OpenMetricsText1.0.0", Format::kOpenMetrics,
     "application/openmetrics-text;version=1.0.0"},
};

const Protocol& Find(ScrapeProtocol protocol) {
  return *std::find_if(std::begin(kProtocols), std::end(kProtocols),
                       [protocol](const Protocol& p) { return p.protocol == protocol; });
}

std::string_view MediaTypeOf(Format format) {
  switch (format) {
    case Format::kText:
      return "text/plain";
    case Format::kOpenMetrics:
      return "application/openmetrics-text";
    case Format::kProtobuf:
      return "application/vnd.google.protobuf";
  }
  return "text/plain";
}

bool IsTokenCharacter(char c) {
  return c > ' ' && c < 0x7f &&
         std::string_view("()<>@,;:\\\"/[]?=").find(c) == std::string_view::npos;
}

std::string_view TakeToken(std::string_view& rest) {
  const auto* const end = std::find_if_not(rest.begin(), rest.end(), IsTokenCharacter);
  const auto size = static_cast<std::size_t>(end - rest.begin());
  const std::string_view token = rest.substr(0, size);
  rest.remove_prefix(size);
  return token;
}

void SkipBlanks(std::string_view& rest) {
  while (!rest.empty() && (rest.front() == ' ' || rest.front() == '\t')) rest.remove_prefix(1);
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  }
  return lower;
}

Error Malformed(std::string_view reason) {
  return {ErrorCode::kInvalidArgument, fmt::format("mime: {}", reason)};
}

// The value of a parameter behind its `=`; false if malformed.
bool SkipValue(std::string_view& rest) {
  if (!rest.starts_with('"')) return !TakeToken(rest).empty();
  for (std::size_t i = 1; i < rest.size(); ++i) {
    if (rest[i] == '\\') {
      ++i;
    } else if (rest[i] == '"') {
      rest.remove_prefix(i + 1);
      return true;
    }
  }
  return false;
}

Status CheckParameters(std::string_view rest) {
  std::set<std::string> names;
  while (true) {
    SkipBlanks(rest);
    if (rest.empty()) return Ok();
    if (!rest.starts_with(';')) return Malformed("invalid media parameter");
    rest.remove_prefix(1);
    SkipBlanks(rest);
    if (rest.empty()) return Ok();
    const std::string name = Lower(TakeToken(rest));
    if (name.empty() || !rest.starts_with('=')) return Malformed("invalid media parameter");
    rest.remove_prefix(1);
    if (!SkipValue(rest)) return Malformed("invalid media parameter");
    if (!names.insert(name).second) return Malformed("duplicate parameter name");
  }
}

// type/subtype in lower case. Source: RFC 2045; the words of Go's mime package.
Result<std::string> ParseMediaType(std::string_view content_type) {
  const std::size_t semicolon = content_type.find(';');
  std::string_view rest = content_type.substr(0, semicolon);
  SkipBlanks(rest);
  while (rest.ends_with(' ') || rest.ends_with('\t')) rest.remove_suffix(1);
  const std::string media_type = Lower(rest);
  if (TakeToken(rest).empty()) return Malformed("no media type");
  if (!rest.empty()) {
    if (!rest.starts_with('/')) return Malformed("expected slash after first token");
    rest.remove_prefix(1);
    if (TakeToken(rest).empty()) return Malformed("expected token after slash");
    if (!rest.empty()) return Malformed("unexpected content after media subtype");
  }
  if (semicolon != std::string_view::npos) {
    NARTHEX_TRY(CheckParameters(content_type.substr(semicolon)));
  }
  return media_type;
}

}  // namespace

std::string_view ScrapeProtocolText(ScrapeProtocol protocol) { return Find(protocol).text; }

std::optional<ScrapeProtocol> ParseScrapeProtocol(std::string_view text) {
  for (const Protocol& protocol : kProtocols) {
    if (protocol.text == text) return protocol.protocol;
  }
  return std::nullopt;
}

Format FormatOf(ScrapeProtocol protocol) { return Find(protocol).format; }

std::string_view AcceptTypeOf(ScrapeProtocol protocol) { return Find(protocol).accept_type; }

Result<FormatChoice> ChooseFormat(std::string_view content_type,
                                  std::optional<ScrapeProtocol> fallback) {
  std::string problem;
  if (content_type.empty()) {
    problem = "non-compliant scrape target sending blank Content-Type";
  } else if (const auto media_type = ParseMediaType(content_type); !media_type.ok()) {
    problem = fmt::format("cannot parse Content-Type {} ({})", model::Quote(content_type),
                          media_type.error().message());
  } else {
    for (const Format format : {Format::kText, Format::kOpenMetrics, Format::kProtobuf}) {
      if (*media_type == MediaTypeOf(format)) return FormatChoice{format, ""};
    }
    problem = fmt::format("received unsupported Content-Type {}", model::Quote(content_type));
  }
  if (fallback) {
    const Format format = FormatOf(*fallback);
    return FormatChoice{format, fmt::format("{}, using fallback_scrape_protocol \"{}\"", problem,
                                            MediaTypeOf(format))};
  }
  return Error{ErrorCode::kInvalidArgument,
               problem + " and no fallback_scrape_protocol specified for target"};
}

}  // namespace narthex::exposition
