// The HTTP server under load: serves small answers for a load generator, or measures idle
// connections.
//
//   http_bench serve PORT         until it is killed; then: wrk -t2 -c64 -d10
//   http://127.0.0.1:PORT/inline
//                                 /inline answers on the connection's thread, /worker on a worker,
//                                 /large streams 1 MiB
//   http_bench idle COUNT         resident memory before and with COUNT idle keep-alive connections
#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "base/number.h"
#include "http/server.h"

namespace {

using narthex::Result;
using narthex::Status;
namespace http = narthex::http;

http::Router SmallAnswers() {
  http::Router router;
  const http::Handler small = [](const http::Request&) {
    return http::Response::Json(200, R"({"status":"success","data":[1.5,"hello"]})");
  };
  router.Get("/inline", small, http::RunOn::kInline);
  router.Get("/worker", small);
  router.Get("/large", [](const http::Request&) {
    http::Response response = http::Response::Text(200, "");
    response.stream = [](http::BodyWriter& writer) -> Status {
      const std::string piece(1024, 'x');
      for (int i = 0; i < 1024; ++i) NARTHEX_TRY(writer.Write(piece));
      return narthex::Ok();
    };
    return response;
  });
  return router;
}

Result<std::unique_ptr<http::Server>> Serve(std::uint16_t port) {
  http::ServerOptions options;
  options.listen_addresses = {fmt::format("127.0.0.1:{}", port)};
  options.connection_count_max = 1u << 16;
  return http::Server::Start(std::move(options), SmallAnswers());
}

// Kilobytes that are in memory and belong to no file.
std::uint64_t AnonymousKilobytes() {
  std::ifstream file("/proc/self/status");
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("RssAnon:")) continue;
    const std::size_t begin = line.find_first_of("0123456789");
    return narthex::ParseUint64(line.substr(begin, line.find(' ', begin) - begin)).value_or(0);
  }
  return 0;
}

// A connection that has had one answer.
bool OpenIdle(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return false;
  constexpr std::string_view kRequest = "GET /worker HTTP/1.1\r\nHost: bench\r\n\r\n";
  if (::send(fd, kRequest.data(), kRequest.size(), 0) < 0) return false;
  char answer[1024];
  return ::recv(fd, answer, sizeof answer, 0) > 0;
}

int MeasureIdle(std::uint64_t count) {
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
  const auto server = Serve(0);
  if (!server.ok()) return 1;
  const std::uint64_t before = AnonymousKilobytes();
  for (std::uint64_t i = 0; i < count; ++i) {
    if (!OpenIdle((*server)->port())) {
      fmt::print(stderr, "connection {} failed\n", i);
      return 1;
    }
  }
  const std::uint64_t after = AnonymousKilobytes();
  fmt::print("{} idle connections: {} kB before, {} kB with them, {:.1f} kB each\n", count, before,
             after, static_cast<double>(after - before) / static_cast<double>(count));
  return 0;
}

int ServeUntilKilled(std::uint16_t port) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  // Before the server starts its threads, which inherit the mask.
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  const auto server = Serve(port);
  if (!server.ok()) {
    fmt::print(stderr, "{}\n", server.error().message());
    return 1;
  }
  fmt::print("listening on {}\n", (*server)->addresses().front());
  int signal = 0;
  sigwait(&signals, &signal);
  (*server)->Shutdown(std::chrono::seconds(1));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view mode = argc == 3 ? argv[1] : "";
  const auto number = narthex::ParseUint64(argc == 3 ? argv[2] : "");
  if (mode == "idle" && number) return MeasureIdle(*number);
  if (mode == "serve" && number && *number <= 65535) {
    return ServeUntilKilled(static_cast<std::uint16_t>(*number));
  }
  fmt::print(stderr, "usage: http_bench serve PORT | idle COUNT\n");
  return 2;
}
