#include "http/server.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>

#include "coding.h"
#include "raw_peer.h"

namespace narthex::http {
namespace {

using std::chrono::milliseconds;

// A one-way gate between a handler and its test.
class Gate {
 public:
  void Open() {
    const std::lock_guard lock(mutex_);
    is_open_ = true;
    changed_.notify_all();
  }
  bool Await() {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(10), [&] { return is_open_; });
  }
  bool Await(std::stop_token stop) {
    std::unique_lock lock(mutex_);
    return changed_.wait(lock, stop, [&] { return is_open_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable_any changed_;
  bool is_open_ = false;
};

std::unique_ptr<Server> Serve(Router router, ServerOptions options = {}) {
  auto server = Server::Start(std::move(options), std::move(router));
  EXPECT_TRUE(server.ok()) << server.error().message();
  return std::move(server).value();
}

Router EchoRouter() {
  Router router;
  const Handler echo = [](const Request& request) {
    return Response::Text(200, request.method_name + " " + request.target + " " + request.body);
  };
  router.Get("/inline", echo, RunOn::kInline);
  router.Get("/worker", echo);
  router.Post("/worker", echo);
  return router;
}

TEST(Server, KeepsAliveAndAnswersPipelinedRequestsInOrder) {
  const auto server = Serve(EchoRouter());
  RawPeer peer(server->port());
  std::string requests;
  for (int i = 0; i < 50; ++i) {
    const char* path = i % 3 == 0 ? "worker" : "inline";
    requests +=
        "GET /" + std::string(path) + "?i=" + std::to_string(i) + " HTTP/1.1\r\nHost: a\r\n\r\n";
  }
  ASSERT_TRUE(peer.Send(requests));
  for (int i = 0; i < 50; ++i) {
    const auto [head, body] = peer.ReadResponse();
    EXPECT_TRUE(head.starts_with("HTTP/1.1 200 OK\r\n")) << head;
    EXPECT_TRUE(body.ends_with("?i=" + std::to_string(i) + " ")) << body;
  }
}

TEST(Server, TakesRequestsInPiecesOfOneByte) {
  const auto server = Serve(EchoRouter());
  RawPeer peer(server->port());
  for (const char c :
       std::string_view("POST /worker HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello")) {
    ASSERT_TRUE(peer.Send(std::string_view(&c, 1)));
  }
  EXPECT_EQ(peer.ReadResponse().second, "POST /worker hello");
  ASSERT_TRUE(
      peer.Send("POST /worker HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                "3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n"));
  EXPECT_EQ(peer.ReadResponse().second, "POST /worker hello");
}

TEST(Server, TakesChunkedBodiesCutAnywhere) {
  const auto server = Serve(EchoRouter());
  const std::string_view head =
      "POST /worker HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  const struct {
    std::string_view chunks;
    std::string want;
  } cases[] = {{"0\r\n\r\n", ""}, {"3\r\nabc\r\n0\r\nTrailer: b\r\n\r\n", "abc"}};
  for (const auto& c : cases) {
    for (std::size_t cut = 0; cut <= c.chunks.size(); ++cut) {
      SCOPED_TRACE(cut);
      RawPeer peer(server->port());
      ASSERT_TRUE(peer.Send(head));
      ASSERT_TRUE(peer.Send(c.chunks.substr(0, cut)));
      ASSERT_TRUE(peer.Send(c.chunks.substr(cut)));
      EXPECT_EQ(peer.ReadResponse().second, "POST /worker " + c.want);
    }
  }
}

TEST(Server, RefusesWhatIsTooLargeOrMalformed) {
  ServerOptions options;
  options.header_size_bytes_max = 1000;
  options.body_size_bytes_max = 100;
  const auto server = Serve(EchoRouter(), options);
  const std::string bomb = Compress(Coding::kGzip, std::string(101, 'x'));
  const std::string fits = Compress(Coding::kGzip, std::string(100, 'x'));
  const struct {
    std::string request;
    std::string want;
  } cases[] = {
      {"GET /inline HTTP/1.1\r\nHost: a\r\nX: " + std::string(1000, 'x') + "\r\n\r\n", "431"},
      {"GET /inline HTTP/1.1\r\nHost: a\r\nX: " + std::string(900, 'x') + "\r\n\r\n", "200"},
      {"POST /worker HTTP/1.1\r\nHost: a\r\nContent-Length: 101\r\n\r\n" + std::string(101, 'x'),
       "413"},
      {"POST /worker HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n" + std::string(100, 'x'),
       "200"},
      {"POST /worker HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\nContent-Length: " +
           std::to_string(bomb.size()) + "\r\n\r\n" + bomb,
       "413"},
      {"POST /worker HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\nContent-Length: " +
           std::to_string(fits.size()) + "\r\n\r\n" + fits,
       "200"},
      {"POST /worker HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
       "400"},
      {"nonsense\r\n\r\n", "400"},
      {"GET /inline HTTP/1.1\r\n\r\n", "400"},
      {"GET /inline HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "400"},
      {"GET /inline HTTP/1.0\r\n\r\n", "200"},
      {"GET inline HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
      {"GET http://a/inline HTTP/1.1\r\nHost: a\r\n\r\n", "200"},
      {"POST /worker HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: "
       "chunked\r\n\r\n",
       "400"},
      {"GET / HTTP/9.9\r\n\r\n", "400"},
      {"POST /worker HTTP/1.1\r\nContent-Length: -1\r\n\r\n", "400"},
      {"GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n", "404"},
      {"DELETE /worker HTTP/1.1\r\nHost: a\r\n\r\n", "405"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.request.substr(0, 80));
    RawPeer peer(server->port());
    ASSERT_TRUE(peer.Send(c.request));
    const auto [head, body] = peer.ReadResponse();
    EXPECT_TRUE(head.starts_with("HTTP/1.1 " + c.want)) << head;
  }
}

TEST(Server, CompressesWhatPays) {
  Router router;
  router.Get("/text", [](const Request&) { return Response::Text(200, std::string(5000, 'a')); });
  router.Get("/small", [](const Request&) { return Response::Text(200, "a"); });
  router.Get("/image", [](const Request&) {
    Response response = Response::Text(200, std::string(5000, 'a'));
    response.headers.Set("Content-Type", "image/png");
    return response;
  });
  const auto server = Serve(std::move(router));
  RawPeer peer(server->port());
  const auto fetch = [&](const std::string& path, const std::string& accept) {
    peer.Send("GET " + path + " HTTP/1.1\r\nHost: a\r\nAccept-Encoding: " + accept + "\r\n\r\n");
    return peer.ReadResponse();
  };
  const auto [head, body] = fetch("/text", "gzip");
  EXPECT_NE(head.find("Content-Encoding: gzip"), std::string::npos);
  EXPECT_NE(head.find("Vary: Accept-Encoding"), std::string::npos);
  EXPECT_EQ(Decompress(Coding::kGzip, body, 5000).value(), std::string(5000, 'a'));
  EXPECT_EQ(fetch("/text", "gzip;q=0").second.size(), 5000U);
  EXPECT_EQ(fetch("/image", "gzip").second.size(), 5000U);
  EXPECT_EQ(fetch("/small", "gzip").second, "a");
}

// A response whose stream writes each piece and flushes it, then ends with `end`.
Response Streamed(std::vector<std::string> pieces, Status end) {
  Response response = Response::Text(200, "");
  response.stream = [pieces = std::move(pieces), end](BodyWriter& writer) -> Status {
    for (const std::string& piece : pieces) {
      NARTHEX_TRY(writer.Write(piece));
      NARTHEX_TRY(writer.Flush());
    }
    return end;
  };
  return response;
}

TEST(Server, StreamsInChunksAndCutsOffOnError) {
  Router router;
  const Error broken{ErrorCode::kInternal, "broken"};
  const auto good = [](const Request&) { return Streamed({"piece0", "piece1"}, Ok()); };
  router.Get("/good", good);
  router.Get("/inline", good, RunOn::kInline);
  router.Get("/bad", [&](const Request&) { return Streamed({"half"}, broken); });
  const auto server = Serve(std::move(router));
  RawPeer peer(server->port());
  for (const char* path : {"/good", "/inline", "/good"}) {
    peer.Send(fmt::format("GET {} HTTP/1.1\r\nHost: a\r\n\r\n", path));
    const std::string answer = peer.ReadUntil("0\r\n\r\n");
    EXPECT_NE(answer.find("Transfer-Encoding: chunked"), std::string::npos);
    EXPECT_TRUE(answer.ends_with("6\r\npiece0\r\n6\r\npiece1\r\n0\r\n\r\n")) << answer;
  }
  peer.Send("HEAD /good HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(peer.ReadUntil("\r\n\r\n").find("Content-Length"), std::string::npos);
  peer.Send("GET /bad HTTP/1.1\r\nHost: a\r\n\r\n");
  const std::string cut = peer.ReadAll();
  EXPECT_TRUE(cut.ends_with("4\r\nhalf\r\n")) << cut;

  RawPeer old(server->port());
  old.Send("GET /good HTTP/1.0\r\n\r\n");
  EXPECT_TRUE(old.ReadAll().ends_with("\r\n\r\npiece0piece1"));
}

TEST(Server, StreamsThatStaySmallAreSentWhole) {
  Router router;
  router.Get("/small", [](const Request&) {
    Response response = Response::Text(200, "");
    response.stream = [](BodyWriter& writer) -> Status {
      NARTHEX_TRY(writer.Write("two "));
      return writer.Write("pieces");
    };
    return response;
  });
  router.Get("/fails", [](const Request&) {
    return Streamed({}, Error{ErrorCode::kInternal, "no data"});
  });
  const auto server = Serve(std::move(router));
  RawPeer peer(server->port());
  peer.Send("GET /small HTTP/1.1\r\nHost: a\r\n\r\nGET /fails HTTP/1.1\r\nHost: a\r\n\r\n");
  const auto [head, body] = peer.ReadResponse();
  EXPECT_NE(head.find("Content-Length: 10"), std::string::npos) << head;
  EXPECT_EQ(body, "two pieces");
  const auto [failed_head, failed_body] = peer.ReadResponse();
  EXPECT_TRUE(failed_head.starts_with("HTTP/1.1 500")) << failed_head;
  EXPECT_EQ(failed_body, "no data\n");
}

// The body of a chunked answer; empty if it is incomplete.
std::string Dechunk(std::string_view answer) {
  std::string body;
  std::string_view rest = answer.substr(std::min(answer.find("\r\n\r\n"), answer.size() - 4) + 4);
  while (!rest.empty()) {
    std::size_t size = 0;
    for (; !rest.empty() && rest[0] != '\r'; rest.remove_prefix(1)) {
      size =
          size * 16 + static_cast<std::size_t>(rest[0] <= '9' ? rest[0] - '0' : rest[0] - 'a' + 10);
    }
    if (size == 0) return body;
    if (rest.size() < size + 4) return "";
    body += rest.substr(2, size);
    rest.remove_prefix(size + 4);
  }
  return "";
}

TEST(Server, StreamsLargeBodiesCompressedOrNot) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += std::to_string(i * 7919) + ",";
  Router router;
  router.Get("/large", [&](const Request&) {
    Response response = Response::Text(200, "");
    response.stream = [&](BodyWriter& writer) -> Status {
      std::string_view rest = text;
      for (std::size_t size = 1; !rest.empty(); size = (size * 5) % 100'003) {
        NARTHEX_TRY(writer.Write(rest.substr(0, size)));
        rest.remove_prefix(std::min(size, rest.size()));
      }
      return Ok();
    };
    return response;
  });
  const auto server = Serve(std::move(router));
  const struct {
    const char* accept;
    Coding coding;
  } cases[] = {{"identity", Coding::kIdentity}, {"gzip", Coding::kGzip}, {"zstd", Coding::kZstd}};
  for (const auto& c : cases) {
    SCOPED_TRACE(c.accept);
    RawPeer peer(server->port());
    peer.Send(fmt::format(
        "GET /large HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAccept-Encoding: {}\r\n\r\n",
        c.accept));
    const auto body = Decompress(c.coding, Dechunk(peer.ReadAll()), text.size());
    ASSERT_TRUE(body.ok()) << body.error().message();
    EXPECT_TRUE(*body == text);
  }
}

TEST(Server, LargeWholeBodiesArriveWhole) {
  const std::string text(5 << 20, 'x');
  Router router;
  router.Get("/large", [&](const Request&) { return Response::Text(200, text); });
  router.Get(
      "/inline", [&](const Request&) { return Response::Text(200, text); }, RunOn::kInline);
  const auto server = Serve(std::move(router));
  RawPeer peer(server->port(), 4096);
  peer.Send("GET /large HTTP/1.1\r\nHost: a\r\n\r\nGET /inline HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_TRUE(peer.ReadResponse().second == text);
  EXPECT_TRUE(peer.ReadResponse().second == text);
}

TEST(Server, SlowReaderStopsOnlyItself) {
  constexpr int kSlowCount = 4;
  std::atomic<int> failed_count{0};
  Gate failed;
  Router router = EchoRouter();
  router.Get("/endless", [&](const Request&) {
    Response response = Response::Text(200, "");
    response.stream = [&](BodyWriter& writer) -> Status {
      const std::string piece(1 << 16, 'x');
      while (true) {
        Status status = writer.Write(piece);
        if (status.ok()) continue;
        EXPECT_EQ(status.code(), ErrorCode::kDeadlineExceeded);
        if (++failed_count == kSlowCount) failed.Open();
        return status;
      }
    };
    return response;
  });
  ServerOptions options;
  options.write_timeout = milliseconds(500);
  options.worker_count = 1;
  const auto server = Serve(std::move(router), options);
  // More of them than workers: none may keep one.
  std::vector<std::unique_ptr<RawPeer>> slow;
  for (int i = 0; i < kSlowCount; ++i) {
    slow.push_back(std::make_unique<RawPeer>(server->port(), 4096));
    slow.back()->Send("GET /endless HTTP/1.1\r\nHost: a\r\n\r\n");
  }
  RawPeer quick(server->port());
  for (int i = 0; i < 10; ++i) {
    quick.Send("GET /worker HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(quick.ReadResponse().second, "GET /worker ");
  }
  EXPECT_TRUE(failed.Await());
}

TEST(Server, StreamsWithinTheirBacklogWaitForNoPeer) {
  const struct {
    std::size_t piece_count;
    bool is_made_at_once;
  } cases[] = {{100, true}, {1000, false}};
  for (const auto& c : cases) {
    std::string text;
    for (std::size_t i = 0; i < c.piece_count; ++i) text += fmt::format("{:0>20000}", i);
    Gate made;
    Router router = EchoRouter();
    router.Get("/page", [&](const Request&) {
      Response response = Response::Text(200, "");
      response.stream_backlog_bytes_max = 4u << 20;
      response.stream = [&](BodyWriter& writer) -> Status {
        for (std::size_t at = 0; at < text.size(); at += 20'000) {
          NARTHEX_TRY(writer.Write(std::string_view(text).substr(at, 20'000)));
        }
        made.Open();
        return Ok();
      };
      return response;
    });
    const auto server = Serve(std::move(router));
    RawPeer peer(server->port(), 4096);
    peer.Send("GET /page HTTP/1.0\r\nHost: a\r\nConnection: close\r\n\r\n");
    if (c.is_made_at_once) {
      EXPECT_TRUE(made.Await()) << "nothing has been read yet";
    }
    const std::string answer = peer.ReadAll();
    const std::size_t head_size = answer.find("\r\n\r\n") + 4;
    EXPECT_TRUE(std::string_view(answer).substr(head_size) == text) << c.piece_count;
    peer.Close();
  }
}

TEST(Server, LeavingPeerCancelsItsRequest) {
  Gate begun;
  Gate canceled;
  Router router;
  router.Get("/long", [&](const Request& request) {
    begun.Open();
    Gate never;
    EXPECT_FALSE(never.Await(request.canceled));
    canceled.Open();
    return Response::Text(200, "");
  });
  const auto server = Serve(std::move(router));
  for (int i = 0; i < 2; ++i) {
    RawPeer peer(server->port());
    peer.Send("GET /long HTTP/1.1\r\nHost: a\r\n\r\n");
    ASSERT_TRUE(begun.Await());
    peer.Close();
    ASSERT_TRUE(canceled.Await());
  }
}

TEST(Server, ShutdownLetsRequestsFinishAndThenCutsThem) {
  Gate begun;
  Gate go_on;
  Router router = EchoRouter();
  router.Get("/waits", [&](const Request&) {
    begun.Open();
    go_on.Await();
    return Response::Text(200, "done");
  });
  router.Get("/stuck", [&](const Request& request) {
    Gate never;
    never.Await(request.canceled);
    return Response::Text(200, "late");
  });
  const auto server = Serve(std::move(router));
  RawPeer idle(server->port());
  idle.Send("GET /inline HTTP/1.1\r\nHost: a\r\n\r\n");
  idle.ReadResponse();
  RawPeer stuck(server->port());
  stuck.Send("GET /stuck HTTP/1.1\r\nHost: a\r\n\r\n");
  RawPeer waits(server->port());
  waits.Send("GET /waits HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_TRUE(begun.Await());
  std::jthread stopper([&] { server->Shutdown(milliseconds(300)); });
  EXPECT_EQ(idle.ReadAll(), "");  // closed at once
  go_on.Open();
  const auto [head, body] = waits.ReadResponse();
  EXPECT_EQ(body, "done");
  EXPECT_NE(head.find("Connection: close"), std::string::npos);
  stopper.join();
  EXPECT_FALSE(RawPeer(server->port()).is_connected());
}

TEST(Server, LimitsConnectionsAndWorkers) {
  Gate go_on;
  std::atomic<int> begun_count{0};
  Router router = EchoRouter();
  router.Get("/waits", [&](const Request&) {
    ++begun_count;
    go_on.Await();
    return Response::Text(200, "done");
  });
  ServerOptions options;
  options.connection_count_max = 3;
  options.worker_count = 1;
  options.worker_queue_max = 1;
  Gate both_refused;
  std::atomic<int> refused_count{0};
  options.observer = [&](const Served& served) {
    if (served.status == 503 && ++refused_count == 2) both_refused.Open();
  };
  const auto server = Serve(std::move(router), options);
  RawPeer first(server->port());
  first.Send("GET /waits HTTP/1.1\r\nHost: a\r\n\r\n");
  while (begun_count == 0) std::this_thread::yield();
  RawPeer second(server->port());
  RawPeer third(server->port());
  // One of these waits in the queue, the other finds it full.
  second.Send("GET /waits HTTP/1.1\r\nHost: a\r\n\r\n");
  third.Send("GET /waits HTTP/1.1\r\nHost: a\r\n\r\n");
  RawPeer fourth(server->port());
  EXPECT_TRUE(fourth.ReadAll().starts_with("HTTP/1.1 503"));
  EXPECT_TRUE(both_refused.Await());
  go_on.Open();
  const std::string heads = first.ReadResponse().first.substr(9, 3) +
                            second.ReadResponse().first.substr(9, 3) +
                            third.ReadResponse().first.substr(9, 3);
  EXPECT_TRUE(heads == "200200503" || heads == "200503200") << heads;
}

TEST(Server, TimesOutSlowRequestsAndIdleConnections) {
  ServerOptions options;
  options.read_timeout = milliseconds(50);
  options.idle_timeout = milliseconds(50);
  const auto server = Serve(EchoRouter(), options);
  RawPeer slow(server->port());
  slow.Send("GET /inline HTTP/1.1\r\n");
  EXPECT_TRUE(slow.ReadAll().starts_with("HTTP/1.1 408"));
  RawPeer idle(server->port());
  EXPECT_EQ(idle.ReadAll(), "");
}

TEST(Server, FailingHandlerHurtsNobodyElse) {
  Router router = EchoRouter();
  router.Get("/throws", [](const Request&) -> Response { throw std::runtime_error("broken"); });
  const auto server = Serve(std::move(router));
  RawPeer peer(server->port());
  peer.Send("GET /throws HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_TRUE(peer.ReadResponse().first.starts_with("HTTP/1.1 500"));
  peer.Send("GET /inline HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(peer.ReadResponse().second, "GET /inline ");
}

TEST(Server, ObserverSeesPatternStatusAndSizes) {
  std::mutex mutex;
  std::vector<std::string> seen;
  ServerOptions options;
  options.observer = [&](const Served& served) {
    const std::lock_guard lock(mutex);
    seen.push_back(fmt::format("{} {} {} {} {}", served.method, served.pattern, served.status,
                               served.request_size_bytes, served.response_size_bytes));
  };
  const auto server = Serve(EchoRouter(), options);
  RawPeer peer(server->port());
  peer.Send(
      "POST /worker HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab"
      "GET /no HTTP/1.1\r\nHost: a\r\n\r\n");
  peer.ReadResponse();
  peer.ReadResponse();
  const std::lock_guard lock(mutex);
  EXPECT_EQ(seen, (std::vector<std::string>{"POST /worker 200 2 15", "GET  404 0 19"}));
}

TEST(Server, NamesTheAddressThatIsInUseOrMalformed) {
  const auto server = Serve(EchoRouter());
  ServerOptions options;
  options.listen_addresses = {"127.0.0.1:" + std::to_string(server->port())};
  const auto second = Server::Start(options, EchoRouter());
  ASSERT_EQ(second.code(), ErrorCode::kAlreadyExists);
  EXPECT_NE(second.error().message().find(options.listen_addresses[0]), std::string::npos);
  for (const char* address : {"", "9090", "a:b", "::1:9090", "127.0.0.1:70000"}) {
    options.listen_addresses = {address};
    EXPECT_EQ(Server::Start(options, EchoRouter()).code(), ErrorCode::kInvalidArgument) << address;
  }
}

}  // namespace
}  // namespace narthex::http
