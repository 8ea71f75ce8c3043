#include "response_reader.h"

#include <gtest/gtest.h>

#include <cstring>
#include <optional>
#include <string>

namespace narthex::http {
namespace {

using State = ResponseReader::State;

constexpr ResponseReader::Limits kLimits{.head_size_bytes_max = 200, .body_size_bytes_max = 40};

struct Seen {
  State state = State::kMore;
  int status = 0;
  std::string type;
  std::string coding;
  std::string body;
  bool is_kept = false;

  friend bool operator==(const Seen&, const Seen&) = default;
};

// What the reader makes of `text` that comes in pieces of `piece_size`, and of its end if it waits
// for more.
Seen Read(std::string_view text, std::size_t piece_size) {
  ResponseReader reader(kLimits);
  ReceiveBuffer buffer;
  State state = State::kMore;
  while (!text.empty() && state == State::kMore) {
    const std::string_view piece = text.substr(0, piece_size);
    std::memcpy(buffer.Room(piece.size()).data(), piece.data(), piece.size());
    buffer.Commit(piece.size());
    text.remove_prefix(piece.size());
    state = reader.Feed(buffer);
  }
  if (state == State::kMore) state = reader.FeedEnd(buffer);
  if (state != State::kDone) return {state, 0, {}, {}, {}, false};
  return {state,
          reader.status(),
          std::string(reader.content_type(buffer)),
          std::string(reader.content_encoding(buffer)),
          std::string(reader.body(buffer)),
          reader.is_kept(buffer) && text.empty()};
}

const struct {
  const char* name;
  const char* text;
  Seen want;
} kAnswers[] = {
    {"length",
     "HTTP/1.1 200 OK\r\nContent-Type: text/plain; a=b \r\nContent-Length: 3\r\n\r\nabc",
     {State::kDone, 200, "text/plain; a=b", "", "abc", true}},
    {"no body",
     "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
     {State::kDone, 200, "", "", "", true}},
    {"no reason",
     "HTTP/1.1 500\r\ncontent-length:1\r\n\r\nx",
     {State::kDone, 500, "", "", "x", true}},
    {"bare newlines",
     "HTTP/1.1 200 OK\nContent-Length: 1\n\nx",
     {State::kDone, 200, "", "", "x", true}},
    {"204",
     "HTTP/1.1 204 No Content\r\nContent-Length: 9\r\n\r\n",
     {State::kDone, 204, "", "", "", true}},
    {"chunks",
     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: "
     "gzip\r\n\r\n3;x=\"y\"\r\nabc\r\n0a \r\n0123456789\r\n0\r\nT: u\r\n\r\n",
     {State::kDone, 200, "", "gzip", "abc0123456789", true}},
    {"no chunk",
     "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n0\r\n\r\n",
     {State::kDone, 200, "", "", "", true}},
    {"until closed",
     "HTTP/1.1 200 OK\r\nContent-Type: a\r\n\r\nabc",
     {State::kDone, 200, "a", "", "abc", false}},
    {"1.0",
     "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx",
     {State::kDone, 200, "", "", "x", false}},
    {"1.0 kept",
     "HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 1\r\n\r\nx",
     {State::kDone, 200, "", "", "x", true}},
    {"to be closed",
     "HTTP/1.1 200 OK\r\nConnection: te , close\r\nContent-Length: 1\r\n\r\nx",
     {State::kDone, 200, "", "", "x", false}},
    {"interim",
     "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 200 "
     "OK\r\nContent-Length: 1\r\n\r\nx",
     {State::kDone, 200, "", "", "x", true}},
    {"more than asked for",
     "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nxHTTP/1.1 200 OK",
     {State::kDone, 200, "", "", "x", false}},
    {"the first type counts",
     "HTTP/1.1 200 OK\r\nContent-Type: a\r\nContent-Type: b\r\nContent-Length: 0\r\n\r\n",
     {State::kDone, 200, "a", "", "", true}},
    {"as long as allowed",
     "HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n0123456789012345678901234567890123456789",
     {State::kDone, 200, "", "", "0123456789012345678901234567890123456789", true}},
};

TEST(ResponseReader, ReadsAnswersInPiecesOfAnySize) {
  for (const auto& c : kAnswers) {
    SCOPED_TRACE(c.name);
    const std::string_view text = c.text;
    for (std::size_t piece_size = 1; piece_size <= text.size(); ++piece_size) {
      EXPECT_EQ(Read(text, piece_size), c.want) << piece_size;
    }
  }
}

TEST(ResponseReader, CutAnswersAreNotWhole) {
  for (const auto& c : kAnswers) {
    SCOPED_TRACE(c.name);
    const std::string_view text = c.text;
    const bool ends_by_closing = std::string_view(c.name) == "until closed";
    const std::size_t end =
        c.want.state == State::kDone && text.ends_with("OK") ? text.size() - 15 : text.size();
    for (std::size_t size = 0; size < end; ++size) {
      if (ends_by_closing && text.substr(0, size).find("\r\n\r\n") != text.npos) continue;
      EXPECT_EQ(Read(text.substr(0, size), size).state, State::kCut) << size;
    }
  }
}

TEST(ResponseReader, LeavesWhatIsOddToOthers) {
  const struct {
    const char* name;
    std::string text;
    State want;
  } cases[] = {
      {"garbage", "\x16\x03\x01\x02", State::kOdd},
      {"another version", "HTTP/2 200 OK\r\n\r\n", State::kOdd},
      {"status of letters", "HTTP/1.1 abc OK\r\n\r\n", State::kOdd},
      {"status of two digits", "HTTP/1.1 20 OK\r\n\r\n", State::kOdd},
      {"another protocol", "HTTP/1.1 101 Switching\r\n\r\n", State::kOdd},
      {"no colon", "HTTP/1.1 200 OK\r\nabc\r\n\r\n", State::kOdd},
      {"no name", "HTTP/1.1 200 OK\r\n: abc\r\n\r\n", State::kOdd},
      {"folded line", "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n", State::kOdd},
      {"negative length", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", State::kOdd},
      {"no length", "HTTP/1.1 200 OK\r\nContent-Length: \r\n\r\n", State::kOdd},
      {"endless length", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
       State::kOdd},
      {"two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
       State::kOdd},
      {"length and chunks",
       "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", State::kOdd},
      {"another framing", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
       State::kOdd},
      {"two codings", "HTTP/1.1 200 OK\r\nContent-Encoding: a\r\nContent-Encoding: b\r\n\r\n",
       State::kOdd},
      {"endless head", "HTTP/1.1 200 OK\r\nA: " + std::string(200, 'x'), State::kOdd},
      {"chunk of no size", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n",
       State::kOdd},
      {"chunk of letters", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3x\r\nabc\r\n",
       State::kOdd},
      {"chunk of 16 digits",
       "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0000000000000001\r\n", State::kOdd},
      {"chunk too long", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n",
       State::kOdd},
      {"endless line of a chunk",
       "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;" + std::string(2000, 'x'),
       State::kOdd},
      {"length above the limit", "HTTP/1.1 200 OK\r\nContent-Length: 41\r\n\r\n", State::kTooLarge},
      {"chunk above the limit", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n29\r\n",
       State::kTooLarge},
      {"chunks above the limit",
       "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n28\r\n", State::kTooLarge},
      {"bytes above the limit", "HTTP/1.1 200 OK\r\n\r\n" + std::string(41, 'x'), State::kTooLarge},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    for (const std::size_t piece_size : {std::size_t{1}, std::size_t{7}, c.text.size()}) {
      EXPECT_EQ(Read(c.text, piece_size).state, c.want) << piece_size;
    }
  }
}

TEST(ResponseReader, SaysHowMuchIsMissing) {
  const std::string_view text = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc+";
  ResponseReader reader(kLimits);
  ReceiveBuffer buffer;
  const std::size_t head_size = text.find("abc");
  for (std::size_t i = 0; i < text.size(); ++i) {
    buffer.Room(1)[0] = text[i];
    buffer.Commit(1);
    if (i + 1 < text.size()) reader.Feed(buffer);
    const std::size_t come = i + 1;
    const std::size_t want = come < head_size || come >= head_size + 3 ? 0 : head_size + 3 - come;
    EXPECT_EQ(reader.missing_size(buffer), want) << i;
  }
}

TEST(ResponseReader, TrailersHaveALimit) {
  std::string text = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n";
  for (int i = 0; i < 2000; ++i) text += "A: 0123456789\r\n";
  EXPECT_EQ(Read(text, text.size()).state, State::kOdd);
}

}  // namespace
}  // namespace narthex::http
