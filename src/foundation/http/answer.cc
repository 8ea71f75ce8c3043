#include "answer.h"

#include <fmt/format.h>

#include <ctime>

#include "base/clock.h"

namespace narthex::http {
namespace {

// Below this the framing of gzip and the time for it outweigh what it saves.
constexpr std::size_t kCompressedSizeBytesMin = 1024;
// Up to this, copying costs less than a second buffer in the system call.
constexpr std::size_t kCopiedBodySizeBytesMax = 16u << 10;

// RFC 9110 5.6.7, made once a second and thread.
std::string_view HttpDate() {
  thread_local std::string text;
  thread_local std::time_t made_at = -1;
  const std::time_t now = SystemClock().Now() / 1000;
  if (now != made_at) {
    constexpr std::string_view kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::string_view kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    std::tm parts{};
    gmtime_r(&now, &parts);
    text = fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT", kDays[parts.tm_wday], parts.tm_mday,
                       kMonths[parts.tm_mon], parts.tm_year + 1900, parts.tm_hour, parts.tm_min,
                       parts.tm_sec);
    made_at = now;
  }
  return text;
}

// A header that a handler built from input must not start a line of its own.
void AppendField(std::string& out, std::string_view name, std::string_view value) {
  out += name;
  out += ": ";
  for (const char c : value) out.push_back(c == '\r' || c == '\n' ? ' ' : c);
  out += "\r\n";
}

void AppendHead(std::string& out, const Response& response, const AnswerTo& to) {
  out += fmt::format("HTTP/1.1 {} {}\r\n", response.status, StatusText(response.status));
  for (const auto& [name, value] : response.headers) AppendField(out, name, value);
  if (!response.headers.Has("Date")) AppendField(out, "Date", HttpDate());
  if (!to.is_keep_alive) {
    AppendField(out, "Connection", "close");
  } else if (to.is_http_1_0) {
    AppendField(out, "Connection", "keep-alive");
  }
}

bool HasNoBody(int status) { return status == 204 || status == 304 || status < 200; }

// Caches keep an answer for one value of each header that Vary names.
void AddToVary(Headers& headers, std::string_view name) {
  const std::string_view vary = headers.Get("Vary");
  if (vary == "*" || vary.find(name) != std::string_view::npos) return;
  headers.Set("Vary", vary.empty() ? std::string(name) : fmt::format("{}, {}", vary, name));
}

Coding ChooseCoding(Response& response, const AnswerTo& to) {
  if (!to.is_compressing || response.headers.Has("Content-Encoding") ||
      !IsCompressible(response.headers.Get("Content-Type"))) {
    return Coding::kIdentity;
  }
  AddToVary(response.headers, "Accept-Encoding");
  const Coding coding = NegotiateCoding(to.accept_encoding);
  if (coding != Coding::kIdentity) response.headers.Set("Content-Encoding", CodingName(coding));
  return coding;
}

}  // namespace

bool IsCompressible(std::string_view content_type) {
  const std::string_view type = content_type.substr(0, content_type.find(';'));
  return type.starts_with("text/") || type.ends_with("json") || type.ends_with("xml") ||
         type.ends_with("javascript") || type.starts_with("application/openmetrics-text") ||
         type.starts_with("application/x-yaml");
}

Answer EncodeAnswer(Response response, const AnswerTo& to) {
  if (HasNoBody(response.status)) {
    response.body.clear();
  } else if (response.stream == nullptr && response.feed == nullptr) {
    if (response.body.size() >= kCompressedSizeBytesMin) {
      const Coding coding = ChooseCoding(response, to);
      if (coding != Coding::kIdentity) response.body = Compress(coding, response.body);
    }
    response.headers.Set("Content-Length", std::to_string(response.body.size()));
  }
  if (to.is_head) response.body.clear();

  Answer answer;
  answer.body_size_bytes = response.body.size();
  const bool is_copied = response.body.size() <= kCopiedBodySizeBytesMax;
  answer.head.reserve(256 + (is_copied ? response.body.size() : 0));
  AppendHead(answer.head, response, to);
  answer.head += "\r\n";
  if (is_copied) {
    answer.head += response.body;
  } else {
    answer.body = std::move(response.body);
  }
  return answer;
}

StreamHead EncodeStreamHead(Response& response, const AnswerTo& to) {
  StreamHead out{{}, ChooseCoding(response, to)};
  response.headers.Remove("Content-Length");
  if (!to.is_http_1_0) response.headers.Set("Transfer-Encoding", "chunked");
  AppendHead(out.head, response, to);
  out.head += "\r\n";
  return out;
}

std::string EncodeChunk(std::string_view piece) {
  std::string out = fmt::format("{:x}\r\n", piece.size());
  out += piece;
  out += "\r\n";
  return out;
}

}  // namespace narthex::http
