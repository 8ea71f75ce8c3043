// HTTP messages: whatever a peer sends is a request, an error or a wait for more, in pieces as in
// one.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "coding.h"
#include "http/message.h"
#include "request_reader.h"

namespace {

namespace http = narthex::http;

struct Seen {
  std::vector<std::string> requests;
  int error_status = 0;
};

// What the reader makes of `input` when it comes in pieces of `piece_size`.
Seen Read(std::string_view input, std::size_t piece_size) {
  http::RequestReader reader({.header_size_bytes_max = 4096, .body_size_bytes_max = 4096});
  Seen seen;
  while (!input.empty()) {
    auto state = reader.Feed(input.substr(0, piece_size));
    input.remove_prefix(std::min(piece_size, input.size()));
    while (state == http::RequestReader::State::kDone) {
      const http::Request request = reader.TakeRequest();
      seen.requests.push_back(request.method_name + " " + request.target + " " + request.body);
      for (const auto& [name, value] : request.headers) seen.requests.back() += name + ":" + value;
      state = reader.Feed({});
    }
    if (state == http::RequestReader::State::kFailed) {
      seen.error_status = reader.error_status();
      NARTHEX_CHECK(seen.error_status >= 400, "an error has a status");
      return seen;
    }
  }
  return seen;
}

void CheckText(std::string_view text) {
  NARTHEX_CHECK(http::UrlDecode(http::UrlEncode(text)) == text, "decoding undoes encoding");
  const http::Parameters parameters = http::Parameters::Parse(text);
  const std::string again = parameters.ToString();
  NARTHEX_CHECK(http::Parameters::Parse(again).ToString() == again,
                "encoded parameters are stable");
  const double gzip = http::HeaderQuality(text, "gzip").value_or(0);
  NARTHEX_CHECK(gzip >= 0 && gzip <= 1, "a quality is between 0 and 1");
  static_cast<void>(http::NegotiateCoding(text));
  http::Request request;
  request.headers.Add("Authorization", text);
  request.headers.Add("Cookie", text);
  static_cast<void>(http::BasicCredentials(request));
  static_cast<void>(http::Cookie(request, "session"));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  CheckText(input);
  for (const auto coding : {http::Coding::kGzip, http::Coding::kZstd}) {
    const auto body = http::Decompress(coding, input, 1u << 20);
    NARTHEX_CHECK(!body.ok() || body->size() <= 1u << 20, "the limit holds");
  }
  const Seen whole = Read(input, input.size());
  const Seen pieces = Read(input, 1);
  NARTHEX_CHECK(whole.requests == pieces.requests, "pieces change no request");
  // A fault may be seen before the head is complete, or only then.
  NARTHEX_CHECK(whole.error_status == pieces.error_status || whole.error_status == 0 ||
                    pieces.error_status == 0,
                "pieces change no verdict");
  return 0;
}
