#include "http/client.h"

#include <gtest/gtest.h>

#include <atomic>

#include "http/server.h"

namespace narthex::http {
namespace {

using std::chrono::milliseconds;

class ClientTest : public testing::Test {
 protected:
  void SetUp() override {
    Router router;
    router.Get("/echo", [](const Request& request) {
      std::string text = request.target + "\n";
      for (const auto& [name, value] : request.headers) text += name + ": " + value + "\n";
      return Response::Text(200, text);
    });
    router.Post("/echo", [](const Request& request) {
      return Response::Text(201, std::string(request.headers.Get("Content-Type")) + "|" + request.body);
    });
    router.Get("/large", [](const Request&) { return Response::Text(200, std::string(100'000, 'x')); });
    router.Get("/moved", [](const Request&) { return Response::Redirect(302, "/echo?moved=1"); });
    router.Get("/error", [](const Request&) { return Response::Text(500, "no"); });
    router.Get("/hangs", [this](const Request& request) {
      is_hanging = true;
      while (!request.canceled.stop_requested()) std::this_thread::yield();
      return Response::Text(200, "");
    });
    auto started = Server::Start({}, std::move(router));
    ASSERT_TRUE(started.ok());
    server = std::move(started).value();
    auto made = Client::Make(
        {.host_aliases = {{"exposer", "127.0.0.1:" + std::to_string(server->port())}}});
    ASSERT_TRUE(made.ok());
    client = std::move(made).value();
  }

  std::string Url(const std::string& path) const {
    return "http://127.0.0.1:" + std::to_string(server->port()) + path;
  }
  Result<ClientResponse> Fetch(ClientRequest request) {
    return client->FetchAndWait(std::move(request));
  }

  std::atomic<bool> is_hanging{false};
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
  const auto refused = Fetch(
      {.url = "http://user:secret@127.0.0.1:" + std::to_string(port) + "/p?token=secret"});
  ASSERT_EQ(refused.code(), ErrorCode::kUnavailable);
  EXPECT_NE(refused.error().message().find("/p"), std::string::npos);
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
  for (const char* text : {"", "exposer", "exposer=", "exposer=1.2.3.4", "=1.2.3.4:1", "a=b:0", "a=b:x"}) {
    EXPECT_EQ(ParseHostAlias(text).code(), ErrorCode::kInvalidArgument) << text;
  }
}

}  // namespace
}  // namespace narthex::http
