// Answers as the client of repeated GETs reads them: whatever a peer sends is an answer, a fault or
// a wait for more, in pieces as in one, and its body within the limit whatever its coding makes of
// it.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "base/check.h"
#include "body_decoder.h"
#include "response_reader.h"

namespace {

namespace http = narthex::http;
using State = http::ResponseReader::State;

constexpr std::uint64_t kBodySizeMax = 4096;

struct Seen {
  State state = State::kMore;
  int status = 0;
  std::string type;
  std::string coding;
  std::string body;

  friend bool operator==(const Seen&, const Seen&) = default;
};

// What the reader makes of `input` when it comes in pieces of `piece_size`.
Seen Read(std::string_view input, std::size_t piece_size) {
  http::ResponseReader reader({.head_size_bytes_max = 1024, .body_size_bytes_max = kBodySizeMax});
  http::ReceiveBuffer buffer;
  State state = State::kMore;
  while (!input.empty() && state == State::kMore) {
    const std::string_view piece = input.substr(0, piece_size);
    std::memcpy(buffer.Room(piece.size()).data(), piece.data(), piece.size());
    buffer.Commit(piece.size());
    input.remove_prefix(piece.size());
    state = reader.Feed(buffer);
    NARTHEX_CHECK(
        reader.missing_size(buffer) == 0 || state == State::kMore || state == State::kTooLarge,
        "what is over misses nothing");
  }
  if (state == State::kMore) state = reader.FeedEnd(buffer);
  if (state != State::kDone) return {state, 0, {}, {}, {}};
  return {state, reader.status(), std::string(reader.content_type(buffer)),
          std::string(reader.content_encoding(buffer)), std::string(reader.body(buffer))};
}

void Decode(http::Coding coding, std::string_view body) {
  static http::BodyDecoder decoder;
  http::ReceiveBuffer out;
  const narthex::Status status = decoder.Decode(coding, body, kBodySizeMax, out);
  NARTHEX_CHECK(!status.ok() || out.size() <= kBodySizeMax, "the limit holds");
  NARTHEX_CHECK(out.capacity() <= 2 * (kBodySizeMax + 1), "no more memory than is allowed");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const Seen whole = Read(input, input.size());
  for (const std::size_t piece_size : {std::size_t{1}, std::size_t{3}}) {
    const Seen pieces = Read(input, piece_size);
    // A fault further on may be seen in one piece before the bytes that make a body too large.
    const bool are_faults = whole.state != State::kDone && pieces.state != State::kDone;
    NARTHEX_CHECK(whole == pieces || are_faults, "pieces change no answer");
  }
  for (const auto coding : {http::Coding::kGzip, http::Coding::kZstd}) {
    Decode(coding, input);
    if (whole.state == State::kDone) Decode(coding, whole.body);
  }
  return 0;
}
