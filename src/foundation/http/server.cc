#include "http/server.h"

#include <fmt/format.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <thread>

#include "base/clock.h"
#include "base/log.h"
#include "base/number.h"
#include "connection.h"

namespace narthex::http {

namespace asio = boost::asio;
using Tcp = asio::ip::tcp;
using boost::system::error_code;

namespace {

// Two threads move bytes; handlers that work have threads of their own.
constexpr std::size_t kLoopCount = 2;
// How often deadlines are looked at, unless they are shorter.
constexpr std::chrono::milliseconds kSweepPeriod{1000};
// Beyond the limit, so many are told so with 503 at a time; the others are closed without a word.
constexpr std::size_t kTurnedAwayCountMax = 64;
// After a failed accept (no descriptors left): long enough for some to come back.
constexpr std::chrono::milliseconds kAcceptPause{100};

std::chrono::milliseconds SweepPeriod(const ServerOptions& options) {
  const auto shortest =
      std::min({options.read_timeout, options.idle_timeout, options.write_timeout});
  return std::clamp<std::chrono::milliseconds>(shortest / 4, std::chrono::milliseconds(5),
                                               kSweepPeriod);
}

// A thread that moves the bytes of its connections.
struct Loop {
  asio::io_context context{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{context.get_executor()};
  asio::steady_timer sweep_timer{context};
  std::vector<std::weak_ptr<Connection>> connections;  // used on the loop's thread only
  std::jthread thread;

  template <typename Visit>
  void VisitConnections(Visit visit) {
    std::erase_if(connections, [](const auto& held) { return held.expired(); });
    // A visit may close connections, but adds none.
    for (const auto& held : connections) {
      if (const auto connection = held.lock(); connection && connection->is_open()) {
        visit(*connection);
      }
    }
  }

  void ScheduleSweep(std::chrono::milliseconds period, const Clock& clock) {
    sweep_timer.expires_after(period);
    sweep_timer.async_wait([this, period, &clock](error_code error) {
      if (error) return;
      const std::chrono::nanoseconds now = clock.Monotonic();
      VisitConnections([now](Connection& connection) { connection.Sweep(now); });
      ScheduleSweep(period, clock);
    });
  }
};

struct Address {
  std::string host;
  std::uint16_t port = 0;
};

Result<Address> ParseAddress(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  const auto port =
      colon == std::string_view::npos ? std::nullopt : ParseUint64(text.substr(colon + 1));
  std::string_view host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  const bool has_bare_colon = host.find(':') != std::string_view::npos && text[0] != '[';
  if (!port || *port > 65535 || has_bare_colon) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("\"{}\" is no listen address: it must be host:port, [IPv6]:port or "
                             ":port",
                             text)};
  }
  return Address{std::string(host), static_cast<std::uint16_t>(*port)};
}

Result<Tcp::acceptor> Listen(asio::io_context& context, const std::string& text) {
  NARTHEX_ASSIGN_OR_RETURN(const Address address, ParseAddress(text));
  error_code error;
  Tcp::endpoint endpoint(Tcp::v6(), address.port);
  if (!address.host.empty()) {
    Tcp::resolver resolver(context);
    const auto found =
        resolver.resolve(address.host, std::to_string(address.port), Tcp::resolver::passive, error);
    if (error || found.empty()) {
      return Error{ErrorCode::kInvalidArgument,
                   fmt::format("listen address {}: {}", text, error.message())};
    }
    endpoint = found.begin()->endpoint();
  }
  Tcp::acceptor acceptor(context);
  acceptor.open(endpoint.protocol(), error);
  if (error && address.host.empty()) {
    // A kernel without IPv6.
    endpoint = Tcp::endpoint(Tcp::v4(), address.port);
    acceptor.open(endpoint.protocol(), error);
  }
  if (error) return SystemError(error.value(), fmt::format("listen on {}", text));
  acceptor.set_option(Tcp::acceptor::reuse_address(true), error);
  if (endpoint.protocol() == Tcp::v6()) acceptor.set_option(asio::ip::v6_only(false), error);
  acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error == asio::error::address_in_use) {
    return Error{ErrorCode::kAlreadyExists,
                 fmt::format("listen on {}: the port is in use by another program", text)};
  }
  if (error) return SystemError(error.value(), fmt::format("listen on {}", text));
  return acceptor;
}

class AsioServer final : public Server {
 public:
  AsioServer(ServerOptions options, Router router) {
    shared_.options = std::move(options);
    shared_.router = std::move(router);
    for (std::size_t i = 0; i < kLoopCount; ++i) loops_.push_back(std::make_unique<Loop>());
  }

  ~AsioServer() override { Shutdown(std::chrono::milliseconds(0)); }

  Status Open() {
    for (const std::string& address : shared_.options.listen_addresses) {
      NARTHEX_ASSIGN_OR_RETURN(Tcp::acceptor acceptor, Listen(loops_[0]->context, address));
      const auto local = acceptor.local_endpoint();
      const std::string host = local.address().to_string();
      addresses_.push_back(local.protocol() == Tcp::v6()
                               ? fmt::format("[{}]:{}", host, local.port())
                               : fmt::format("{}:{}", host, local.port()));
      if (acceptors_.empty()) port_ = local.port();
      acceptors_.push_back(std::make_unique<Tcp::acceptor>(std::move(acceptor)));
    }
    shared_.workers =
        std::make_unique<Workers>(shared_.options.worker_count, shared_.options.worker_queue_max);
    for (const auto& acceptor : acceptors_) Accept(*acceptor);
    for (const auto& loop : loops_) {
      loop->ScheduleSweep(SweepPeriod(shared_.options), *shared_.options.clock);
      loop->thread = std::jthread([&context = loop->context] { context.run(); });
    }
    return Ok();
  }

  std::uint16_t port() const override { return port_; }
  std::vector<std::string> addresses() const override { return addresses_; }

  std::size_t connection_count() const override {
    MutexLock lock(shared_.mutex);
    return static_cast<std::size_t>(shared_.connection_count);
  }

  void Shutdown(std::chrono::milliseconds grace) override {
    if (is_shut_down_.exchange(true) || shared_.workers == nullptr) return;
    shared_.is_draining.store(true, std::memory_order_relaxed);
    asio::post(loops_[0]->context, [this] {
      error_code ignored;
      for (const auto& acceptor : acceptors_) acceptor->close(ignored);
    });
    DrainAll(false);
    AwaitNoConnection(grace);
    DrainAll(true);
    shared_.workers->Stop();
    // The answers of the last workers are posted; their connections close as these are taken.
    AwaitNoConnection(std::chrono::seconds(1));
    for (const auto& loop : loops_) loop->context.stop();
    for (const auto& loop : loops_) loop->thread.join();
    // Without this a peer could still connect, and wait for an answer until the server is gone: a
    // loop may stop before it comes to what was posted to it.
    error_code ignored;
    for (const auto& acceptor : acceptors_) acceptor->close(ignored);
  }

 private:
  void Accept(Tcp::acceptor& acceptor) {
    Loop& loop = *loops_[next_loop_++ % loops_.size()];
    acceptor.async_accept(loop.context,
                          [this, &acceptor, &loop](error_code error, Tcp::socket socket) {
                            if (!acceptor.is_open()) return;
                            if (error) return AcceptLater(acceptor, error);
                            Welcome(loop, std::move(socket));
                            Accept(acceptor);
                          });
  }

  void AcceptLater(Tcp::acceptor& acceptor, error_code error) {
    LogWarn("http", "a connection could not be accepted", {{"reason", error.message()}});
    auto timer = std::make_shared<asio::steady_timer>(loops_[0]->context, kAcceptPause);
    timer->async_wait([this, &acceptor, timer](error_code) {
      if (acceptor.is_open()) Accept(acceptor);
    });
  }

  void Welcome(Loop& loop, Tcp::socket socket) {
    error_code error;
    socket.non_blocking(true, error);
    socket.set_option(Tcp::no_delay(true), error);
    const std::size_t limit = shared_.options.connection_count_max;
    const std::size_t count = connection_count();
    if (count >= limit + kTurnedAwayCountMax) return;
    auto connection = std::make_shared<Connection>(
        std::move(socket), shared_, shared_.options.tls ? shared_.options.tls() : nullptr);
    asio::post(loop.context, [&loop, connection, is_welcome = count < limit] {
      loop.connections.push_back(connection);
      is_welcome ? connection->Start() : connection->TurnAway();
    });
  }

  void DrainAll(bool is_cutting) {
    for (const auto& loop : loops_) {
      asio::post(loop->context, [&held = *loop, is_cutting] {
        held.VisitConnections(
            [is_cutting](Connection& connection) { connection.Drain(is_cutting); });
      });
    }
  }

  void AwaitNoConnection(std::chrono::milliseconds limit) {
    const auto deadline = std::chrono::steady_clock::now() + limit;
    MutexLock lock(shared_.mutex);
    while (shared_.connection_count > 0) {
      const auto left = deadline - std::chrono::steady_clock::now();
      if (left <= std::chrono::nanoseconds(0)) return;
      shared_.none_left.WaitFor(shared_.mutex, left);
    }
  }

  mutable Shared shared_;
  std::vector<std::unique_ptr<Loop>> loops_;
  std::vector<std::unique_ptr<Tcp::acceptor>> acceptors_;
  std::vector<std::string> addresses_;
  std::uint16_t port_ = 0;
  std::size_t next_loop_ = 0;  // used on the first loop's thread, and before it runs
  std::atomic<bool> is_shut_down_{false};
};

}  // namespace

Result<std::unique_ptr<Server>> Server::Start(ServerOptions options, Router router) {
  auto server = std::make_unique<AsioServer>(std::move(options), std::move(router));
  NARTHEX_TRY(server->Open());
  return server;
}

}  // namespace narthex::http
