// Repeated GETs against peers that do as the tests say.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <thread>

#include "base/mutex.h"
#include "coding.h"
#include "http/client.h"
#include "http/server.h"
#include "raw_peer.h"

namespace narthex::http {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

constexpr std::string_view kHeadEnd = "\r\n\r\n";

std::string WithLength(std::string_view body, std::string_view fields = "") {
  return fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n{}\r\n{}", body.size(), fields,
                     body);
}

struct Outcome {
  std::optional<ErrorCode> code;  // empty: success
  std::string message;
  int status = 0;
  std::string type;
  std::string body;
};

// Takes what a GET calls back with.
class Inbox {
 public:
  RepeatedGet::Callback callback() {
    return [this](const Result<AnswerView>& answer) {
      Outcome outcome;
      if (answer.ok()) {
        outcome = {
            {}, "", answer->status, std::string(answer->content_type), std::string(answer->body)};
      } else {
        outcome = {answer.code(), answer.error().message(), 0, "", ""};
      }
      MutexLock lock(mutex_);
      outcomes_.push_back(std::move(outcome));
      arrived_.NotifyOne();
    };
  }

  Outcome Take() {
    MutexLock lock(mutex_);
    while (outcomes_.empty()) arrived_.Wait(mutex_);
    Outcome outcome = std::move(outcomes_.front());
    outcomes_.erase(outcomes_.begin());
    return outcome;
  }
  std::size_t size() {
    MutexLock lock(mutex_);
    return outcomes_.size();
  }

 private:
  Mutex mutex_;
  CondVar arrived_;
  std::vector<Outcome> outcomes_ GUARDED_BY(mutex_);
};

struct RepeatedGetTest : testing::Test {
  RepeatedGetTest() { MakeClient({}); }

  void MakeClient(ClientOptions options) {
    auto made = Client::Make(std::move(options));
    ASSERT_TRUE(made.ok());
    client = *std::move(made);
  }
  std::string Url(std::string_view host = "127.0.0.1") const {
    return fmt::format("http://{}:{}/metrics?a=b", host, listener.port());
  }
  void Make(ClientRequest request) { get = client->Repeat(std::move(request), inbox.callback()); }
  void Make() { Make({.url = Url()}); }
  RawPeer Accept() { return listener.Accept(); }
  // One exchange on a connection that is there.
  Outcome Exchange(RawPeer& peer, std::string_view answer) {
    get->Start();
    peer.ReadUntil(kHeadEnd);
    peer.Send(answer);
    return inbox.Take();
  }
  // One exchange on a new connection, which the peer then closes.
  Outcome ExchangeAndClose(std::string_view answer) {
    get->Start();
    RawPeer peer = Accept();
    peer.ReadUntil(kHeadEnd);
    peer.Send(answer);
    peer.Close();
    return inbox.Take();
  }

  RawListener listener;
  Inbox inbox;
  std::unique_ptr<Client> client;
  std::unique_ptr<RepeatedGet> get;
};

TEST_F(RepeatedGetTest, KeepsItsConnection) {
  ClientRequest request{.url = Url()};
  request.headers = {{"Accept", "text/plain"}, {"X-Scope", ""}};
  request.basic_auth = {"admin", "1234"};
  Make(std::move(request));
  get->Start();
  RawPeer peer = Accept();
  const std::string want =
      "GET /metrics?a=b HTTP/1.1\r\n" + fmt::format("Host: 127.0.0.1:{}\r\n", listener.port()) +
      "User-Agent: Narthex\r\nAccept-Encoding: gzip, zstd\r\nAccept: text/plain\r\nX-Scope: \r\n"
      "Authorization: Basic YWRtaW46MTIzNA==\r\n\r\n";
  EXPECT_EQ(peer.ReadUntil(kHeadEnd), want);
  peer.Send(WithLength("one", "Content-Type: text/plain\r\n"));
  const Outcome first = inbox.Take();
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(first.type, "text/plain");
  EXPECT_EQ(first.body, "one");
  for (const std::size_t size : {3u, 100'000u, 0u, 3'000'000u}) {
    const std::string body(size, 'x');
    EXPECT_EQ(Exchange(peer, WithLength(body)).body, body);
  }
}

TEST_F(RepeatedGetTest, ReachesAUnixSocket) {
  const std::string path =
      testing::TempDir() + fmt::format("narthex-{}.sock", static_cast<int>(::getpid()));
  const UnixListener unix_listener(path);
  Make({.url = "http://host.invalid:8000/metrics", .unix_socket = path});
  get->Start();
  RawPeer peer = unix_listener.Accept();
  EXPECT_THAT(peer.ReadUntil(kHeadEnd), HasSubstr("\r\nHost: host.invalid:8000\r\n"));
  peer.Send(WithLength("one"));
  EXPECT_EQ(inbox.Take().body, "one");
  EXPECT_EQ(Exchange(peer, WithLength("two")).body, "two") << "on the same connection";

  Make({.url = "http://host.invalid:8000/metrics", .unix_socket = path + ".gone"});
  get->Start();
  EXPECT_EQ(inbox.Take().code, ErrorCode::kUnavailable);
}

TEST_F(RepeatedGetTest, TakesAnswersByteByByte) {
  const std::string answers[] = {
      WithLength("abc"),
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n",
      "HTTP/1.1 100 Continue\r\n\r\n" + WithLength("abc"),
  };
  Make();
  get->Start();
  RawPeer peer = Accept();
  peer.Send(WithLength(""));
  inbox.Take();
  for (const std::string& answer : answers) {
    SCOPED_TRACE(answer);
    get->Start();
    for (const char byte : answer) peer.Send({&byte, 1});
    EXPECT_EQ(inbox.Take().body, "abc");
  }
}

TEST_F(RepeatedGetTest, ReplacesAConnectionThatThePeerHasClosed) {
  Make();
  for (const std::string_view body : {"one", "two", "three"}) {
    EXPECT_EQ(ExchangeAndClose(WithLength(body)).body, body);
  }
  EXPECT_EQ(ExchangeAndClose("HTTP/1.0 200 OK\r\n\r\nuntil closed").body, "until closed");
  EXPECT_EQ(ExchangeAndClose(WithLength("x", "Connection: close\r\n")).body, "x");

  // Only its sending half is closed.
  get->Start();
  RawPeer half = Accept();
  half.Send(WithLength("y"));
  half.ShutdownSend();
  EXPECT_EQ(inbox.Take().body, "y");
  EXPECT_EQ(ExchangeAndClose(WithLength("z")).body, "z");
}

TEST_F(RepeatedGetTest, RetriesOnceWhereAKeptConnectionEndsBeforeTheAnswer) {
  Make();
  get->Start();
  RawPeer peer = Accept();
  peer.ReadUntil(kHeadEnd);
  peer.Send(WithLength("one"));
  EXPECT_EQ(inbox.Take().body, "one");

  get->Start();
  peer.ReadUntil(kHeadEnd);
  peer.Close();
  RawPeer second = Accept();
  second.ReadUntil(kHeadEnd);
  second.Send(WithLength("two"));
  EXPECT_EQ(inbox.Take().body, "two");

  get->Start();
  second.ReadUntil(kHeadEnd);
  second.Close();
  Accept().ReadUntil(kHeadEnd);
  const Outcome outcome = inbox.Take();
  EXPECT_EQ(outcome.code, ErrorCode::kUnavailable);
  EXPECT_THAT(outcome.message, HasSubstr("Empty reply from server"));
}

TEST_F(RepeatedGetTest, NeverTakesWhatNobodyAskedFor) {
  Make();
  get->Start();
  RawPeer peer = Accept();
  peer.Send(WithLength("one") + WithLength("forged"));
  EXPECT_EQ(inbox.Take().body, "one");
  EXPECT_EQ(ExchangeAndClose(WithLength("two")).body, "two");
}

TEST_F(RepeatedGetTest, SaysHowAnAnswerWasCut) {
  const struct {
    const char* answer;
    const char* want;
  } cases[] = {
      {"", "Empty reply from server"},
      {"HTTP/1.1 200 OK\r\nContent-", "the connection ended within the answer's head"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab", "closed with 7 bytes remaining to read"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nab",
       "closed with outstanding read data remaining"},
  };
  ClientRequest request{.url = fmt::format("http://127.0.0.1:{}/m?secret=1", listener.port())};
  Make(std::move(request));
  for (const auto& c : cases) {
    SCOPED_TRACE(c.answer);
    const Outcome outcome = ExchangeAndClose(c.answer);
    EXPECT_EQ(outcome.code, ErrorCode::kUnavailable);
    EXPECT_THAT(outcome.message, HasSubstr(c.want));
    EXPECT_THAT(outcome.message, testing::Not(HasSubstr("secret")));
  }
}

TEST_F(RepeatedGetTest, EndsWithTheTimeoutHoweverFarTheAnswerIs) {
  Make({.url = Url(), .timeout = milliseconds(50)});
  for (const std::string_view answer :
       {"", "HTTP/1.1 200", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab",
        "HTTP/1.1 200 OK\r\n\r\nab"}) {
    SCOPED_TRACE(answer);
    get->Start();
    RawPeer peer = Accept();
    peer.ReadUntil(kHeadEnd);
    peer.Send(answer);
    const Outcome outcome = inbox.Take();
    EXPECT_EQ(outcome.code, ErrorCode::kDeadlineExceeded);
    EXPECT_THAT(outcome.message, HasSubstr("timeout after 50 ms"));
    EXPECT_EQ(peer.ReadAll(), "") << "the connection is closed";
  }
}

TEST_F(RepeatedGetTest, LimitsBodies) {
  const std::string bomb = Compress(Coding::kGzip, std::string(20'000'000, 'x'));
  const std::string zstd_bomb = Compress(Coding::kZstd, std::string(20'000'000, 'x'));
  const std::string fits(1000, 'x');
  const struct {
    const char* name;
    std::string answer;
    bool want;
  } cases[] = {
      {"length", WithLength(fits), true},
      {"length above", WithLength(fits + "x"), false},
      {"chunks above",
       "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n" + fits + "x\r\n0\r\n\r\n",
       false},
      {"until closed, above", "HTTP/1.1 200 OK\r\n\r\n" + fits + "x", false},
      {"gzip", WithLength(Compress(Coding::kGzip, fits), "Content-Encoding: gzip\r\n"), true},
      {"gzip above", WithLength(Compress(Coding::kGzip, fits + "x"), "Content-Encoding: gzip\r\n"),
       false},
      {"gzip bomb", WithLength(bomb, "Content-Encoding: gzip\r\n"), false},
      {"zstd", WithLength(Compress(Coding::kZstd, fits), "Content-Encoding: zstd\r\n"), true},
      {"zstd bomb", WithLength(zstd_bomb, "Content-Encoding: zstd\r\n"), false},
  };
  Make({.url = Url(), .body_size_bytes_max = fits.size()});
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const Outcome outcome = ExchangeAndClose(c.answer);
    EXPECT_EQ(!outcome.code, c.want) << outcome.message;
    if (c.want) {
      EXPECT_EQ(outcome.body, fits);
    } else {
      EXPECT_EQ(outcome.code, ErrorCode::kResourceExhausted);
      EXPECT_THAT(outcome.message, HasSubstr("is larger than 1000 bytes"));
    }
  }
}

TEST_F(RepeatedGetTest, LimitsCodedBodiesThatNeverEnd) {
  Make({.url = Url(), .body_size_bytes_max = 1'000'000});
  get->Start();
  RawPeer peer = Accept();
  peer.ReadUntil(kHeadEnd);
  peer.Send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n");
  StreamCompressor compressor(Coding::kGzip);
  const std::string piece(1'000'000, 'x');
  while (peer.Send(compressor.Add(piece))) {
  }
  EXPECT_THAT(inbox.Take().message, HasSubstr("is larger than 1000000 bytes"));
}

TEST_F(RepeatedGetTest, DecodesBodies) {
  const std::string text(300'000, 'y');
  const std::string gzip = Compress(Coding::kGzip, text);
  const struct {
    std::string coding;
    std::string body;
    std::string want;  // empty: malformed
  } cases[] = {
      {"gzip", gzip, text},
      {"x-gzip", gzip + gzip, text + text},
      {"gzip", gzip + "beyond the end", text},
      {"zstd", Compress(Coding::kZstd, text), text},
      {"identity", "plain", "plain"},
      {"gzip", "not gzip", ""},
      {"gzip", gzip.substr(0, gzip.size() / 2), ""},
      {"zstd", "not zstd", ""},
  };
  Make();
  get->Start();
  RawPeer peer = Accept();
  peer.ReadUntil(kHeadEnd);
  peer.Send(WithLength(""));
  inbox.Take();
  for (const auto& c : cases) {
    const Outcome outcome =
        Exchange(peer, WithLength(c.body, "Content-Encoding: " + c.coding + "\r\n"));
    EXPECT_EQ(outcome.body, c.want);
    if (c.want.empty()) {
      EXPECT_THAT(outcome.message, HasSubstr("malformed or incomplete " + c.coding + " body"));
    }
  }

  Make({.url = Url(), .is_compressed_accepted = false});
  EXPECT_EQ(ExchangeAndClose(WithLength(gzip, "Content-Encoding: gzip\r\n")).body, gzip);
}

TEST_F(RepeatedGetTest, LeavesOddAnswersToLibcurlFromThenOn) {
  const std::string deflated = "x\x9cK\xca\xc9OR(JM\xcc\x01\x00\x13\x11\x03\xc1";
  const struct {
    const char* name;
    std::string odd;
    std::string want;
  } cases[] = {
      {"garbage", "garbage", "HTTP/0.9"},
      {"two lengths",
       "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", ""},
      {"a coding of others", WithLength("x", "Content-Encoding: compress\r\n"), "content encoding"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    Make();
    for (int round = 0; round < 2; ++round) {
      get->Start();
      if (round == 0) {
        RawPeer peer = Accept();
        peer.ReadUntil(kHeadEnd);
        peer.Send(c.odd);
        peer.ReadAll();
      }
      RawPeer peer = Accept();
      EXPECT_THAT(peer.ReadUntil(kHeadEnd), HasSubstr("Accept-Encoding: gzip, zstd\r\n"));
      peer.Send(c.odd);
      peer.Close();
      const Outcome outcome = inbox.Take();
      EXPECT_THAT(outcome.message, HasSubstr(c.want));
    }
  }
}

TEST_F(RepeatedGetTest, FollowsRedirectsUnlessTold) {
  const std::string moved = fmt::format(
      "HTTP/1.1 302 Found\r\nLocation: /there\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
  Make();
  get->Start();
  for (int i = 0; i < 2; ++i) {
    RawPeer peer = Accept();
    peer.ReadUntil(kHeadEnd);
    peer.Send(moved);
  }
  RawPeer peer = Accept();
  EXPECT_THAT(peer.ReadUntil(kHeadEnd), testing::StartsWith("GET /there "));
  peer.Send(WithLength("found"));
  EXPECT_EQ(inbox.Take().body, "found");

  Make({.url = Url(), .follows_redirects = false});
  EXPECT_EQ(ExchangeAndClose(moved).status, 302);
}

TEST_F(RepeatedGetTest, FailsToConnectInTheWordsOfFetch) {
  std::uint16_t port = 0;
  {
    const RawListener gone;
    port = gone.port();
  }
  const ClientRequest requests[] = {
      {.url = fmt::format("http://127.0.0.1:{}/", port)},
      {.url = "http://no-such-host.invalid/"},
      {.url = "ftp://127.0.0.1/"},
      {.url = "http://127.0.0.1:99999/"},
  };
  for (const ClientRequest& request : requests) {
    SCOPED_TRACE(request.url);
    Make(request);
    get->Start();
    const Outcome outcome = inbox.Take();
    const auto fetched = client->FetchAndWait(request);
    ASSERT_FALSE(fetched.ok());
    EXPECT_EQ(outcome.code, fetched.code());
    EXPECT_EQ(outcome.message, fetched.error().message());
  }
}

TEST_F(RepeatedGetTest, HostAliasesHold) {
  MakeClient({.host_aliases = {{"exposer", fmt::format("127.0.0.1:{}", listener.port())}}});
  Make({.url = "http://exposer:8000/metrics"});
  for (int i = 0; i < 2; ++i) {
    get->Start();
    RawPeer peer = Accept();
    EXPECT_THAT(peer.ReadUntil(kHeadEnd), HasSubstr("Host: exposer:8000\r\n"));
    peer.Send(WithLength("x"));
    EXPECT_EQ(inbox.Take().body, "x");
  }
}

TEST_F(RepeatedGetTest, CallsBackOnceHoweverItEnds) {
  Make();
  get->Start();
  RawPeer peer = Accept();
  peer.ReadUntil(kHeadEnd);
  get.reset();
  peer.Send(WithLength("late"));
  EXPECT_EQ(inbox.Take().body, "late") << "the exchange goes on without its owner";
  EXPECT_EQ(peer.ReadAll(), "") << "and takes the connection along";

  Make();
  get->Start();
  RawPeer second = Accept();
  client.reset();
  EXPECT_EQ(inbox.Take().code, ErrorCode::kCanceled);
  get->Start();
  EXPECT_EQ(inbox.Take().code, ErrorCode::kCanceled);
  get.reset();
  EXPECT_EQ(inbox.size(), 0u);
}

TEST_F(RepeatedGetTest, ManyAtOnceEachGetTheirOwn) {
  Router router;
  router.Get("/:n", [](const Request& request) {
    return Response::Text(200, std::string(2000, 'x') + std::string(request.path_parameter("n")));
  });
  auto server = Server::Start({}, std::move(router));
  ASSERT_TRUE(server.ok());
  constexpr std::size_t kCount = 20;
  std::vector<Inbox> inboxes(kCount);
  std::vector<std::unique_ptr<RepeatedGet>> gets;
  for (std::size_t i = 0; i < kCount; ++i) {
    gets.push_back(
        client->Repeat({.url = fmt::format("http://127.0.0.1:{}/{}", (*server)->port(), i)},
                       inboxes[i].callback()));
  }
  for (int round = 0; round < 20; ++round) {
    for (const auto& one : gets) one->Start();
    for (std::size_t i = 0; i < kCount; ++i) {
      EXPECT_EQ(inboxes[i].Take().body, std::string(2000, 'x') + std::to_string(i));
    }
  }
  for (const auto& one : gets) one->Start();
  client.reset();
  for (Inbox& one : inboxes) one.Take();
}

}  // namespace
}  // namespace narthex::http
