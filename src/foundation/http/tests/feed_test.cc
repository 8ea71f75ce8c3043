#include "http/feed.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "certificates.h"
#include "http/client.h"
#include "http/server.h"
#include "raw_peer.h"

namespace narthex::http {
namespace {

using std::chrono::milliseconds;

Feed::Piece Piece(std::string text) { return std::make_shared<const std::string>(std::move(text)); }

class FeedTest : public testing::Test {
 protected:
  void Serve(ServerOptions options = {}, std::size_t backlog_size_bytes_max = 1u << 20) {
    Router router;
    router.Get("/events", [this, backlog_size_bytes_max](const Request&) {
      auto feed = std::make_shared<Feed>(backlog_size_bytes_max);
      feed->WhenGone([this] {
        const std::lock_guard lock(mutex_);
        ++gone_count_;
        changed_.notify_all();
      });
      const std::lock_guard lock(mutex_);
      feeds_.push_back(feed);
      changed_.notify_all();
      Response response;
      response.headers.Set("Content-Type", "text/event-stream");
      response.feed = std::move(feed);
      return response;
    });
    router.Get("/plain", [](const Request&) { return Response::Text(200, "plain"); });
    auto server = Server::Start(std::move(options), std::move(router));
    ASSERT_TRUE(server.ok()) << server.error().message();
    server_ = std::move(server).value();
  }

  // The feed of the `index`th request.
  std::shared_ptr<Feed> AwaitFeed(std::size_t index = 0) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(10), [&] { return feeds_.size() > index; });
    return feeds_.at(index);
  }
  bool AwaitGone(int count = 1) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(10), [&] { return gone_count_ == count; });
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::shared_ptr<Feed>> feeds_;
  int gone_count_ = 0;
  std::unique_ptr<Server> server_;
};

constexpr std::string_view kAsk =
    "GET /events HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n";

TEST_F(FeedTest, PiecesArriveAsTheyArePushed) {
  Serve();
  RawPeer peer(server_->port());
  peer.Send(kAsk);
  const std::string head = peer.ReadUntil("\r\n\r\n");
  EXPECT_NE(head.find("Transfer-Encoding: chunked"), std::string::npos) << head;
  EXPECT_EQ(head.find("Content-Encoding"), std::string::npos) << head;
  const auto feed = AwaitFeed();
  for (const std::string text : {"first", "second"}) {
    EXPECT_TRUE(feed->Push(Piece(text)));
    EXPECT_EQ(peer.ReadUntil(text + "\r\n"), fmt::format("{:x}\r\n{}\r\n", text.size(), text));
  }
}

TEST_F(FeedTest, ConnectionGoesOnAfterTheEnd) {
  Serve();
  RawPeer peer(server_->port());
  peer.Send(kAsk);
  const auto feed = AwaitFeed();
  feed->Push(Piece("only"));
  feed->End();
  EXPECT_TRUE(peer.ReadUntil("\r\n0\r\n\r\n").ends_with("4\r\nonly\r\n0\r\n\r\n"));
  EXPECT_TRUE(AwaitGone());
  EXPECT_FALSE(feed->Push(Piece("late")));
  peer.Send("GET /plain HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(peer.ReadResponse().second, "plain");
}

TEST_F(FeedTest, WaitsWithoutAThread) {
  ServerOptions options;
  options.worker_count = 1;
  Serve(options);
  std::vector<RawPeer> peers;
  for (int i = 0; i < 20; ++i) {
    peers.emplace_back(server_->port());
    peers.back().Send(kAsk);
    AwaitFeed(static_cast<std::size_t>(i));
  }
  RawPeer other(server_->port());
  other.Send("GET /plain HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(other.ReadResponse().second, "plain");
}

TEST_F(FeedTest, LeavingPeerIsNoticedWithoutAPiece) {
  Serve();
  RawPeer peer(server_->port());
  peer.Send(kAsk);
  peer.ReadUntil("\r\n\r\n");
  const auto feed = AwaitFeed();
  peer.Close();
  EXPECT_TRUE(AwaitGone());
  EXPECT_FALSE(feed->Push(Piece("nobody reads this")));
  bool is_told_at_once = false;
  feed->WhenGone([&] { is_told_at_once = true; });
  EXPECT_TRUE(is_told_at_once);
}

TEST_F(FeedTest, SlowPeerFillsTheBacklogAndStillGetsTheLastWord) {
  Serve({}, 256u << 10);
  RawPeer peer(server_->port(), 4096);
  peer.Send(kAsk);
  peer.ReadUntil("\r\n\r\n");
  const auto feed = AwaitFeed();
  const auto piece = Piece(std::string(32u << 10, 'x'));
  // Socket buffers take some megabytes at most; then the backlog fills.
  int pushed_count = 0;
  while (feed->Push(piece)) ASSERT_LT(++pushed_count, 4096);
  EXPECT_GE(pushed_count, 8);
  feed->EndWith(Piece("too slow"));
  EXPECT_TRUE(peer.ReadUntil("0\r\n\r\n").ends_with("8\r\ntoo slow\r\n0\r\n\r\n"));
}

TEST_F(FeedTest, PeerThatReadsNothingIsCutOff) {
  ServerOptions options;
  options.write_timeout = milliseconds(50);
  Serve(options, 64u << 10);
  RawPeer peer(server_->port(), 4096);
  peer.Send(kAsk);
  const auto feed = AwaitFeed();
  std::atomic<bool> is_gone{false};
  feed->WhenGone([&is_gone] { is_gone = true; });
  // Until the sockets hold all that they can.
  const auto piece = Piece(std::string(32u << 10, 'x'));
  while (!is_gone) {
    if (!feed->Push(piece)) std::this_thread::yield();
  }
}

TEST_F(FeedTest, StopOfTheServerCutsIt) {
  Serve();
  RawPeer peer(server_->port());
  peer.Send(kAsk);
  AwaitFeed();
  server_->Shutdown(milliseconds(0));
  EXPECT_TRUE(AwaitGone());
  EXPECT_EQ(peer.ReadAll().find("0\r\n\r\n"), std::string::npos);
}

TEST_F(FeedTest, StopOfTheServerWaitsForAnEndThatIsUnderWay) {
  Serve();
  RawPeer peer(server_->port());
  peer.Send(kAsk);
  AwaitFeed()->EndWith(Piece("bye"));
  server_->Shutdown(std::chrono::seconds(10));
  EXPECT_TRUE(peer.ReadAll().ends_with("3\r\nbye\r\n0\r\n\r\n"));
}

TEST_F(FeedTest, OldPeersReadUntilTheConnectionCloses) {
  Serve();
  RawPeer peer(server_->port());
  peer.Send("GET /events HTTP/1.0\r\n\r\n");
  const auto feed = AwaitFeed();
  feed->Push(Piece("a"));
  feed->Push(Piece("b"));
  feed->End();
  EXPECT_TRUE(peer.ReadAll().ends_with("\r\n\r\nab"));
}

TEST_F(FeedTest, HeadIsAnsweredWithoutTheFeed) {
  Serve();
  RawPeer peer(server_->port());
  peer.Send("HEAD /events HTTP/1.1\r\nHost: a\r\n\r\nGET /plain HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_TRUE(peer.ReadResponse().first.starts_with("HTTP/1.1 200"));
  EXPECT_EQ(peer.ReadResponse().second, "plain");
}

TEST_F(FeedTest, SpeaksTls) {
  const TestAuthority authority;
  const PemPair pair = authority.Issue("server", "IP:127.0.0.1");
  const std::shared_ptr<const ServerTls> tls =
      std::move(ServerTls::Make({.certificate_pem = pair.certificate, .key_pem = pair.key}))
          .value();
  ServerOptions options;
  options.tls = [tls] { return tls; };
  Serve(options);
  const auto client = std::move(Client::Make({})).value();
  ClientRequest request;
  request.url = fmt::format("https://127.0.0.1:{}/events", server_->port());
  request.tls = TlsOptions{.ca_pem = authority.pem()};
  // The client gives its reader with the first piece.
  std::jthread writer([this] { AwaitFeed()->Push(Piece("sealed")); });
  const auto reader = client->Open(std::move(request));
  ASSERT_TRUE(reader.ok()) << reader.error().message();
  EXPECT_EQ((*reader)->Read().value(), "sealed");
  AwaitFeed()->EndWith(Piece("end"));
  EXPECT_EQ((*reader)->Read().value(), "end");
  EXPECT_EQ((*reader)->Read().value(), "");
}

TEST_F(FeedTest, ManyPeersShareOnePiece) {
  Serve();
  std::vector<RawPeer> peers;
  for (std::size_t i = 0; i < 16; ++i) {
    peers.emplace_back(server_->port());
    peers.back().Send(kAsk);
    AwaitFeed(i);
  }
  std::vector<std::jthread> writers;
  for (int w = 0; w < 4; ++w) {
    writers.emplace_back([this] {
      const auto piece = Piece("12345678");
      for (int i = 0; i < 100; ++i) {
        for (std::size_t f = 0; f < 16; ++f) EXPECT_TRUE(AwaitFeed(f)->Push(piece));
      }
    });
  }
  writers.clear();
  for (std::size_t i = 0; i < 16; ++i) AwaitFeed(i)->End();
  for (RawPeer& peer : peers) {
    const std::string text = peer.ReadUntil("\r\n0\r\n\r\n");
    std::size_t count = 0;
    for (std::size_t at = text.find("8\r\n12345678\r\n"); at != std::string::npos;
         at = text.find("8\r\n12345678\r\n", at + 1)) {
      ++count;
    }
    EXPECT_EQ(count, 400u);
  }
}

}  // namespace
}  // namespace narthex::http
