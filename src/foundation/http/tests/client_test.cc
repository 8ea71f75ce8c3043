#include "http/client.h"

#include <gtest/gtest.h>

#include <atomic>

#include "http/server.h"
#include "raw_peer.h"

namespace narthex::http {
namespace {

using std::chrono::milliseconds;

class ClientTest : public testing::Test {
 protected:
  void SetUp() override {
    Serve(milliseconds(200));
    auto made = Client::Make(
        {.host_aliases = {{"exposer", "127.0.0.1:" + std::to_string(server->port())}}});
    ASSERT_TRUE(made.ok());
    client = std::move(made).value();
  }

  void Serve(milliseconds write_timeout) {
    Router router;
    router.Get("/echo", [](const Request& request) {
      std::string text = request.target + "\n";
      for (const auto& [name, value] : request.headers) text += name + ": " + value + "\n";
      return Response::Text(200, text);
    });
    router.Post("/echo", [](const Request& request) {
      return Response::Text(201,
                            std::string(request.headers.Get("Content-Type")) + "|" + request.body);
    });
    router.Get("/large",
               [](const Request&) { return Response::Text(200, std::string(100'000, 'x')); });
    router.Get("/moved", [](const Request&) { return Response::Redirect(302, "/echo?moved=1"); });
    for (const Method method : {Method::kPut, Method::kPatch, Method::kDelete}) {
      router.Handle(method, "/echo", [](const Request& request) {
        return Response::Text(200, request.method_name + "|" + request.body);
      });
    }
    router.Post("/moved", [](const Request&) { return Response::Redirect(303, "/echo?moved=1"); });
    router.Get("/endless", [this](const Request&) {
      Response response = Response::Text(200, "");
      response.stream = [this](BodyWriter& writer) -> Status {
        const std::string piece(1 << 16, 'x');
        while (true) {
          Status written = writer.Write(piece);
          if (written.ok()) continue;
          endless_end = *written.code();
          endless_end.notify_all();
          return written;
        }
      };
      return response;
    });
    router.Get("/error", [](const Request&) { return Response::Text(500, "no"); });
    router.Get("/hangs", [this](const Request& request) {
      is_hanging = true;
      while (!request.canceled.stop_requested()) std::this_thread::yield();
      return Response::Text(200, "");
    });
    ServerOptions options;
    options.write_timeout = write_timeout;
    auto started = Server::Start(options, std::move(router));
    ASSERT_TRUE(started.ok());
    server = std::move(started).value();
  }

  std::string Url(const std::string& path) const {
    return "http://127.0.0.1:" + std::to_string(server->port()) + path;
  }
  Result<ClientResponse> Fetch(ClientRequest request) {
    return client->FetchAndWait(std::move(request));
  }

  std::atomic<bool> is_hanging{false};
  // How the last write of /endless ended; kOpen before that.
  static constexpr ErrorCode kOpen = ErrorCode::kInternal;
  std::atomic<ErrorCode> endless_end{kOpen};
  std::unique_ptr<Server> server;
  std::unique_ptr<Client> client;
};

TEST_F(ClientTest, FetchesSendsHeadersAndBodies) {
  ClientRequest request{.url = Url("/echo?a=1")};
  request.headers = {{"X-Scope", "7"}};
  request.basic_auth = {"admin", "1234"};
  const auto got = Fetch(std::move(request));
  ASSERT_TRUE(got.ok()) << got.error().message();
  EXPECT_EQ(got->status, 200);
  EXPECT_EQ(got->headers.Get("content-type"), "text/plain; charset=utf-8");
  EXPECT_NE(got->body.find("/echo?a=1\n"), std::string::npos);
  EXPECT_NE(got->body.find("X-Scope: 7\n"), std::string::npos);
  EXPECT_NE(got->body.find("Authorization: Basic YWRtaW46MTIzNA==\n"), std::string::npos);
  EXPECT_GT(got->duration.count(), 0);

  ClientRequest post{.method = "POST", .url = Url("/echo")};
  post.headers = {{"Content-Type", "application/json"}};
  post.body = "{}";
  const auto posted = Fetch(std::move(post));
  EXPECT_EQ(posted->status, 201);
  EXPECT_EQ(posted->body, "application/json|{}");
}

TEST_F(ClientTest, SendsEveryMethod) {
  const struct {
    const char* method;
    const char* body;
    const char* want;
  } cases[] = {{"PUT", "a", "PUT|a"},     {"PUT", "", "PUT|"},         {"PATCH", "b", "PATCH|b"},
               {"DELETE", "", "DELETE|"}, {"DELETE", "c", "DELETE|c"}, {"HEAD", "", ""},
               {"POST", "", "|"}};
  for (const auto& c : cases) {
    SCOPED_TRACE(c.method);
    ClientRequest request{.method = c.method, .url = Url("/echo")};
    request.body = c.body;
    const auto got = Fetch(std::move(request));
    ASSERT_TRUE(got.ok()) << got.error().message();
    EXPECT_EQ(got->body, c.want);
  }
}

TEST_F(ClientTest, AsksForTheCodingsItDecodes) {
  EXPECT_NE(Fetch({.url = Url("/echo")})->body.find("Accept-Encoding: gzip, zstd\n"),
            std::string::npos);
  ClientRequest plain{.url = Url("/echo")};
  plain.is_compressed_accepted = false;
  EXPECT_EQ(Fetch(std::move(plain))->body.find("Accept-Encoding"), std::string::npos);
  ClientRequest own{.url = Url("/large")};
  own.headers.Set("Accept-Encoding", "zstd");
  const auto got = Fetch(std::move(own));
  EXPECT_EQ(got->headers.Get("Content-Encoding"), "zstd");
  EXPECT_EQ(got->body, std::string(100'000, 'x'));
}

TEST_F(ClientTest, DecodesCompressedAnswers) {
  const auto got = Fetch({.url = Url("/large")});
  EXPECT_EQ(got->body, std::string(100'000, 'x'));
  EXPECT_EQ(got->headers.Get("Content-Encoding"), "gzip");
}

TEST_F(ClientTest, AnyStatusIsASuccess) {
  const auto got = Fetch({.url = Url("/error")});
  ASSERT_TRUE(got.ok());
  EXPECT_EQ(got->status, 500);
  EXPECT_EQ(got->body, "no");
}

TEST_F(ClientTest, FollowsRedirectsUnlessTold) {
  const auto followed = Fetch({.url = Url("/moved")});
  EXPECT_EQ(followed->status, 200);
  EXPECT_EQ(followed->url, Url("/echo?moved=1"));
  ClientRequest request{.url = Url("/moved")};
  request.follows_redirects = false;
  const auto stayed = Fetch(std::move(request));
  EXPECT_EQ(stayed->status, 302);
  EXPECT_EQ(stayed->headers.Get("Location"), "/echo?moved=1");

  ClientRequest post{.method = "POST", .url = Url("/moved")};
  post.body = "form";
  const auto seen = Fetch(std::move(post));
  EXPECT_EQ(seen->status, 200) << "303 makes a GET of a POST";
}

TEST_F(ClientTest, LimitsTheDecodedBody) {
  for (const auto& [limit, want] : {std::pair(100'000, true), std::pair(99'999, false)}) {
    ClientRequest request{.url = Url("/large")};
    request.body_size_bytes_max = static_cast<std::uint64_t>(limit);
    const auto got = Fetch(std::move(request));
    EXPECT_EQ(got.ok(), want);
    if (!want) {
      EXPECT_EQ(got.code(), ErrorCode::kResourceExhausted);
    }
  }
}

TEST_F(ClientTest, StreamsBodies) {
  int seen_status = 0;
  std::string body;
  ClientRequest request{.url = Url("/large")};
  request.on_headers = [&](int status, const Headers&) {
    seen_status = status;
    return Ok();
  };
  request.on_body = [&](std::string_view piece) {
    body += piece;
    return Ok();
  };
  ASSERT_TRUE(Fetch(std::move(request)).ok());
  EXPECT_EQ(seen_status, 200);
  EXPECT_EQ(body.size(), 100'000U);

  ClientRequest refused{.url = Url("/large")};
  refused.on_body = [](std::string_view) -> Status {
    return Error{ErrorCode::kFailedPrecondition, "enough"};
  };
  EXPECT_EQ(Fetch(std::move(refused)).code(), ErrorCode::kFailedPrecondition);
}

TEST_F(ClientTest, OpenGivesHeadersThenPieces) {
  auto reader = client->Open({.url = Url("/large")});
  ASSERT_TRUE(reader.ok()) << reader.error().message();
  EXPECT_EQ((*reader)->status(), 200);
  EXPECT_EQ((*reader)->headers().Get("Content-Encoding"), "gzip");
  std::string body;
  while (true) {
    const auto piece = (*reader)->Read();
    ASSERT_TRUE(piece.ok()) << piece.error().message();
    if (piece->empty()) break;
    body += *piece;
  }
  EXPECT_EQ(body.size(), 100'000U);
  EXPECT_TRUE((*reader)->Read()->empty()) << "still at the end";
  EXPECT_EQ(client->Open({.url = "ftp://a"}).code(), ErrorCode::kInvalidArgument);
}

TEST_F(ClientTest, OpenReturnsBeforeTheBodyBegins) {
  for (const std::string_view before :
       {"", "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"}) {
    SCOPED_TRACE(before);
    RawListener listener;
    auto reader = client->Begin({.url = fmt::format("http://127.0.0.1:{}/m", listener.port())});
    RawPeer peer = listener.Accept();
    peer.ReadUntil("\r\n\r\n");
    peer.Send(std::string(before) + "HTTP/1.1 203 So\r\nContent-Length: 2\r\nX-A: b\r\n\r\n");
    ASSERT_TRUE(reader->AwaitHead().ok());
    EXPECT_EQ(reader->status(), 203);
    EXPECT_EQ(reader->headers().Get("X-A"), "b");
    peer.Send("ab");
    EXPECT_EQ(reader->Read().value(), "ab");
  }
}

TEST_F(ClientTest, OpenGivesTheHeadThatARedirectLeadsTo) {
  RawListener listener;
  auto reader = client->Begin({.url = fmt::format("http://127.0.0.1:{}/m", listener.port())});
  RawPeer first = listener.Accept();
  first.ReadUntil("\r\n\r\n");
  first.Send(fmt::format("HTTP/1.1 302 Found\r\nLocation: {}\r\nContent-Length: 4\r\n\r\nover",
                         Url("/large")));
  ASSERT_TRUE(reader->AwaitHead().ok());
  EXPECT_EQ(reader->status(), 200);
  EXPECT_FALSE(reader->headers().Has("Location"));
}

TEST_F(ClientTest, ReadyIsToldOnceWhetherThereIsAHeadOrNot) {
  for (const std::string& url : {Url("/large"), std::string("ftp://a")}) {
    SCOPED_TRACE(url);
    std::atomic<int> told = 0;
    auto reader = client->Begin({.url = url}, [&told] {
      ++told;
      told.notify_all();
    });
    told.wait(0);
    EXPECT_EQ(reader->AwaitHead().ok(), url.starts_with("http"));
    while (reader->Read().ok() && reader->status() != 0 && !reader->Read()->empty()) continue;
    EXPECT_EQ(told, 1);
  }
}

TEST_F(ClientTest, ASilentPeerIsGivenUp) {
  ClientRequest silent;
  RawListener listener;
  silent.url = fmt::format("http://127.0.0.1:{}/m", listener.port());
  silent.timeout = milliseconds(0);
  silent.stall_timeout = std::chrono::seconds(1);
  auto reader = client->Begin(std::move(silent));
  RawPeer peer = listener.Accept();
  peer.ReadUntil("\r\n\r\n");
  const Status given_up = reader->AwaitHead();
  EXPECT_EQ(given_up.code(), ErrorCode::kDeadlineExceeded);
  EXPECT_NE(given_up.error().message().find("timeout after 1000 ms"), std::string::npos);
}

TEST_F(ClientTest, ATransferThatItsReaderHoldsBackIsNotSilent) {
  Serve(milliseconds(2500));
  ClientRequest request{.url = Url("/endless")};
  request.stall_timeout = std::chrono::seconds(1);
  request.is_compressed_accepted = false;
  const auto reader = client->Open(std::move(request));
  ASSERT_TRUE(reader.ok()) << reader.error().message();
  endless_end.wait(kOpen);
  EXPECT_EQ(endless_end.load(), ErrorCode::kDeadlineExceeded)
      << "the server's patience ended first";
}

TEST_F(ClientTest, OpenHoldsBackWhatIsNotRead) {
  ClientRequest request{.url = Url("/endless")};
  request.is_compressed_accepted = false;
  auto reader = client->Open(std::move(request));
  ASSERT_TRUE(reader.ok()) << reader.error().message();
  // Nobody reads, so the server's write gets stuck and times out; its cut ends the body with an
  // error.
  endless_end.wait(kOpen);
  EXPECT_EQ(endless_end.load(), ErrorCode::kDeadlineExceeded);
  std::size_t size = 0;
  while (true) {
    const auto piece = (*reader)->Read();
    if (!piece.ok()) {
      EXPECT_EQ(piece.code(), ErrorCode::kUnavailable);
      break;
    }
    ASSERT_FALSE(piece->empty()) << "an answer that was cut off has no proper end";
    size += piece->size();
  }
  EXPECT_GT(size, BodyReader::kHeldSizeBytes / 2) << "a paused transfer goes on";
}

TEST_F(ClientTest, AReaderThatLeavesEndsTheTransfer) {
  auto reader = client->Open({.url = Url("/endless")});
  ASSERT_TRUE(reader.ok());
  ASSERT_TRUE((*reader)->Read().ok());
  reader->reset();
  endless_end.wait(kOpen);
  EXPECT_EQ(endless_end.load(), ErrorCode::kCanceled);
}

TEST_F(ClientTest, BrokenAnswersAreErrors) {
  for (const std::string_view answer :
       {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", "HTTP/1.1 200 OK\r\nContent-Le",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", "\x16\x03\x01", "",
        "no http at all",
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd"}) {
    SCOPED_TRACE(answer);
    RawListener listener;
    std::jthread script([&] {
      RawPeer peer = listener.Accept();
      peer.ReadUntil("\r\n\r\n");
      peer.Send(answer);
    });
    const auto got = Fetch({.url = fmt::format("http://127.0.0.1:{}/m", listener.port())});
    EXPECT_EQ(got.code(), ErrorCode::kUnavailable);
    ASSERT_FALSE(got.ok());
    EXPECT_NE(got.error().message().find("/m: "), std::string::npos) << got.error().message();
  }
}

TEST_F(ClientTest, ReusesConnections) {
  RawListener listener;
  std::jthread script([&] {
    RawPeer peer = listener.Accept();
    for (int i = 0; i < 3; ++i) {
      peer.ReadUntil("\r\n\r\n");
      peer.Send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    }
  });
  for (int i = 0; i < 3; ++i) {
    const auto got = Fetch({.url = fmt::format("http://127.0.0.1:{}/", listener.port())});
    ASSERT_TRUE(got.ok()) << got.error().message();
    EXPECT_EQ(got->body, "ok");
  }
}

TEST_F(ClientTest, HostAliasStandsForAnyPort) {
  for (const char* url : {"http://exposer:8000/echo", "http://exposer/echo"}) {
    const auto got = Fetch({.url = url});
    ASSERT_TRUE(got.ok()) << got.error().message();
    EXPECT_NE(got->body.find("Host: exposer"), std::string::npos) << got->body;
  }
}

TEST_F(ClientTest, ErrorsNameTheUrlWithoutSecrets) {
  ClientRequest hanging{.url = Url("/hangs")};
  hanging.timeout = milliseconds(50);
  const auto late = Fetch(std::move(hanging));
  EXPECT_EQ(late.code(), ErrorCode::kDeadlineExceeded);
  EXPECT_NE(late.error().message().find("timeout after 50 ms"), std::string::npos);

  const std::uint16_t port = server->port();
  server->Shutdown(milliseconds(0));
  const auto refused =
      Fetch({.url = "http://user:secret@127.0.0.1:" + std::to_string(port) + "/p?token=secret"});
  ASSERT_EQ(refused.code(), ErrorCode::kUnavailable);
  EXPECT_EQ(refused.error().message(),
            fmt::format("connect to http://127.0.0.1:{}/p: Connection refused", port));
  EXPECT_EQ(refused.error().message().find("secret"), std::string::npos)
      << refused.error().message();

  for (const char* url : {"", "ftp://a/b", "file:///etc/passwd", "http://", "http://a b/"}) {
    EXPECT_EQ(Fetch({.url = url}).code(), ErrorCode::kInvalidArgument) << url;
  }
}

TEST_F(ClientTest, CancelAndStopEndTransfers) {
  std::stop_source stop;
  ClientRequest request{.url = Url("/hangs")};
  request.canceled = stop.get_token();
  std::jthread canceler([&] {
    while (!is_hanging) std::this_thread::yield();
    stop.request_stop();
  });
  EXPECT_EQ(Fetch(std::move(request)).code(), ErrorCode::kCanceled);

  is_hanging = false;
  std::optional<ErrorCode> code;
  client->Fetch({.url = Url("/hangs")},
                [&](Result<ClientResponse> result) { code = result.code(); });
  while (!is_hanging) std::this_thread::yield();
  client.reset();
  EXPECT_EQ(code, ErrorCode::kCanceled);
}

TEST(HostAlias, ParsesOrSaysWhatItMustBe) {
  const auto alias = ParseHostAlias("exposer=127.0.0.1:18000");
  ASSERT_TRUE(alias.ok());
  EXPECT_EQ(alias->first, "exposer");
  EXPECT_EQ(alias->second, "127.0.0.1:18000");
  for (const char* text :
       {"", "exposer", "exposer=", "exposer=1.2.3.4", "=1.2.3.4:1", "a=b:0", "a=b:x"}) {
    EXPECT_EQ(ParseHostAlias(text).code(), ErrorCode::kInvalidArgument) << text;
  }
}

}  // namespace
}  // namespace narthex::http
