#include "request_reader.h"

#include <gtest/gtest.h>

namespace narthex::http {
namespace {

using State = RequestReader::State;

constexpr std::string_view kRequests[] = {
    "GET /a?b=1 HTTP/1.1\r\nHost: a\r\n\r\n",
    "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc",
    "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
    "chunked\r\n\r\n1;x=y\r\na\r\n2\r\nbc\r\n0\r\nT: u\r\n\r\n",
    "POST /a HTTP/1.0\r\nContent-Length: 0\r\n\r\n",
};

TEST(RequestReader, CutAnywhereIsOneRequest) {
  for (const std::string_view text : kRequests) {
    RequestReader whole_reader({1000, 1000});
    ASSERT_EQ(whole_reader.Feed(text), State::kDone) << text;
    const Request whole = whole_reader.TakeRequest();
    for (std::size_t cut = 0; cut < text.size(); ++cut) {
      SCOPED_TRACE(std::string(text.substr(0, cut)));
      RequestReader reader({1000, 1000});
      ASSERT_EQ(reader.Feed(text.substr(0, cut)), State::kNeedMore);
      ASSERT_EQ(reader.is_reading(), cut > 0);
      ASSERT_EQ(reader.Feed(text.substr(cut)), State::kDone);
      const Request request = reader.TakeRequest();
      EXPECT_EQ(request.target, whole.target);
      EXPECT_EQ(request.body, whole.body);
      EXPECT_FALSE(reader.is_reading());
    }
  }
}

TEST(RequestReader, ByteByByteIsOneRequest) {
  for (const std::string_view text : kRequests) {
    SCOPED_TRACE(text);
    RequestReader reader({1000, 1000});
    for (std::size_t i = 0; i + 1 < text.size(); ++i) {
      ASSERT_EQ(reader.Feed(text.substr(i, 1)), State::kNeedMore) << i;
    }
    EXPECT_EQ(reader.Feed(text.substr(text.size() - 1)), State::kDone);
  }
}

TEST(RequestReader, AsksForTheBodyOnce) {
  RequestReader reader({1000, 1000});
  EXPECT_EQ(reader.Feed(
                "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"),
            State::kNeedContinue);
  EXPECT_EQ(reader.Feed("a"), State::kNeedMore);
  EXPECT_EQ(reader.Feed("b"), State::kDone);

  RequestReader refusing({1000, 1});
  EXPECT_EQ(refusing.Feed(
                "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"),
            State::kFailed);
  EXPECT_EQ(refusing.error_status(), 413);
}

TEST(RequestReader, LimitsHoldAtTheLimitAndOneBeyond) {
  const auto state_of = [](ReadLimits limits, const std::string& text) {
    RequestReader reader(limits);
    const State state = reader.Feed(text);
    return state == State::kFailed ? reader.error_status()
                                   : static_cast<int>(state == State::kDone);
  };
  const std::string chunked = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  const std::string sized = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ";
  EXPECT_EQ(state_of({1000, 4}, sized + "4\r\n\r\nabcd"), 1);
  EXPECT_EQ(state_of({1000, 4}, sized + "5\r\n\r\nabcde"), 413);
  EXPECT_EQ(state_of({1000, 4}, sized + "18446744073709551615\r\n\r\na"), 413);
  EXPECT_EQ(state_of({1000, 4}, sized + "18446744073709551616\r\n\r\na"), 400);
  EXPECT_EQ(state_of({1000, 4}, chunked + "2\r\nab\r\n2\r\ncd\r\n0\r\n\r\n"), 1);
  EXPECT_EQ(state_of({1000, 4}, chunked + "2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n"), 413);
  EXPECT_EQ(state_of({1000, 4}, chunked + "ffffffffffffffff\r\na"), 413);
  EXPECT_EQ(state_of({1000, 4}, chunked + "x\r\n\r\nabc"), 400);
  // A head that never ends; the request line counts for itself.
  EXPECT_EQ(state_of({1000, 4}, "GET / HTTP/1.1\r\nHost: a\r\n" + std::string(1000, 'x')), 431);
}

}  // namespace
}  // namespace narthex::http
