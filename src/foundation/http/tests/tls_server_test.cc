#include <fmt/format.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <atomic>
#include <future>

#include "certificates.h"
#include "http/client.h"
#include "http/server.h"
#include "raw_peer.h"

namespace narthex::http {
namespace {

using std::chrono::milliseconds;

const TestAuthority& Authority() {
  static const TestAuthority authority;
  return authority;
}

PemPair ServerPair(const char* name = "server") {
  return Authority().Issue(name, "DNS:localhost,IP:127.0.0.1");
}

ServerTlsOptions Options(const PemPair& pair = ServerPair()) {
  return {.certificate_pem = pair.certificate, .key_pem = pair.key};
}

std::shared_ptr<const ServerTls> Load(const ServerTlsOptions& options) {
  auto tls = ServerTls::Make(options);
  EXPECT_TRUE(tls.ok()) << tls.error().message();
  return std::move(tls).value();
}

std::unique_ptr<Server> Serve(Router router, std::shared_ptr<const ServerTls> tls,
                              ServerOptions options = {}) {
  if (tls != nullptr) options.tls = [tls] { return tls; };
  auto server = Server::Start(std::move(options), std::move(router));
  EXPECT_TRUE(server.ok()) << server.error().message();
  return std::move(server).value();
}

Router EchoRouter() {
  Router router;
  const Handler echo = [](const Request& request) {
    return Response::Text(200,
                          request.target + (request.is_tls ? " tls " : " plain ") + request.body);
  };
  router.Get("/inline", echo, RunOn::kInline);
  router.Get("/worker", echo);
  router.Post("/worker", echo);
  return router;
}

ClientRequest Get(const Server& server, std::string_view path) {
  ClientRequest request;
  request.url = fmt::format("https://127.0.0.1:{}{}", server.port(), path);
  request.tls = TlsOptions{.ca_pem = Authority().pem()};
  return request;
}

Result<ClientResponse> Fetch(ClientRequest request) {
  static const auto client = std::move(Client::Make({})).value();
  return client->FetchAndWait(std::move(request));
}

// A TLS peer under a test's control.
class RawTlsPeer {
 public:
  explicit RawTlsPeer(std::uint16_t port, int version_max = TLS1_3_VERSION,
                      const char* suites = nullptr)
      : context_(SSL_CTX_new(TLS_client_method())) {
    SSL_CTX_set_security_level(context_, 0);
    SSL_CTX_set_min_proto_version(context_, TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context_, version_max);
    if (suites != nullptr) SSL_CTX_set_cipher_list(context_, suites);
    ssl_ = SSL_new(context_);
    fd_ = ::socket(AF_INET, SOCK_STREAM, 0);
    const sockaddr_in address = RawPeer::Loopback(port);
    const timeval limit{10, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    if (::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return;
    SSL_set_fd(ssl_, fd_);
    is_connected_ = SSL_connect(ssl_) == 1;
  }
  ~RawTlsPeer() {
    SSL_free(ssl_);
    SSL_CTX_free(context_);
    ::close(fd_);
  }
  RawTlsPeer(const RawTlsPeer&) = delete;
  RawTlsPeer& operator=(const RawTlsPeer&) = delete;

  bool is_connected() const { return is_connected_; }
  std::string_view version() const { return SSL_get_version(ssl_); }
  bool Send(std::string_view bytes) {
    std::size_t size = 0;
    return SSL_write_ex(ssl_, bytes.data(), bytes.size(), &size) == 1 && size == bytes.size();
  }
  std::string ReadUntil(std::string_view end) {
    std::string text;
    char buffer[4096];
    std::size_t size = 0;
    while (text.find(end) == std::string::npos &&
           SSL_read_ex(ssl_, buffer, sizeof buffer, &size) == 1) {
      text.append(buffer, size);
    }
    return text;
  }
  // Whether the peer took its leave, rather than just cutting the connection.
  bool is_told_of_end() const { return (SSL_get_shutdown(ssl_) & SSL_RECEIVED_SHUTDOWN) != 0; }
  void TakeLeave() { SSL_shutdown(ssl_); }

 private:
  SSL_CTX* context_;
  SSL* ssl_ = nullptr;
  int fd_ = -1;
  bool is_connected_ = false;
};

TEST(TlsServer, AnswersOnKeptConnectionsAndTellsHandlers) {
  const auto server = Serve(EchoRouter(), Load(Options()));
  for (const char* path : {"/inline", "/worker", "/inline"}) {
    const auto got = Fetch(Get(*server, path));
    ASSERT_TRUE(got.ok()) << got.error().message();
    EXPECT_EQ(got->body, std::string(path) + " tls ");
  }
  EXPECT_EQ(server->connection_count(), 1U);
}

TEST(TlsServer, MovesLargeBodiesBothWays) {
  const auto server = Serve(EchoRouter(), Load(Options()));
  ClientRequest request = Get(*server, "/worker");
  request.method = "POST";
  request.is_compressed_accepted = false;
  for (std::size_t i = 0; request.body.size() < 5'000'000; ++i)
    request.body += fmt::format("{},", i);
  const std::string body = request.body;
  const auto got = Fetch(std::move(request));
  ASSERT_TRUE(got.ok()) << got.error().message();
  EXPECT_TRUE(got->body == "/worker tls " + body) << got->body.size();
}

TEST(TlsServer, StreamsAnswers) {
  Router router;
  router.Get("/", [](const Request&) {
    Response response = Response::Text(200, "");
    response.stream = [](BodyWriter& writer) -> Status {
      for (int i = 0; i < 2000; ++i) NARTHEX_TRY(writer.Write(fmt::format("{:01000}", i)));
      return Ok();
    };
    return response;
  });
  const auto server = Serve(std::move(router), Load(Options()));
  for (const bool is_compressed : {false, true}) {
    ClientRequest request = Get(*server, "/");
    request.is_compressed_accepted = is_compressed;
    const auto got = Fetch(std::move(request));
    ASSERT_TRUE(got.ok()) << got.error().message();
    EXPECT_EQ(got->body.size(), 2'000'000U);
    EXPECT_TRUE(got->body.ends_with("01999"));
  }
}

TEST(TlsServer, AnswersPipelinedRequestsOfOneRecordInOrder) {
  const auto server = Serve(EchoRouter(), Load(Options()));
  RawTlsPeer peer(server->port());
  ASSERT_TRUE(peer.is_connected());
  std::string requests;
  for (int i = 0; i < 40; ++i) {
    requests += fmt::format("GET /{}?{} HTTP/1.1\r\nHost: a\r\n{}\r\n", i % 3 ? "worker" : "inline",
                            i, i == 39 ? "Connection: close\r\n" : "");
  }
  ASSERT_TRUE(peer.Send(requests));
  const std::string text = peer.ReadUntil("?39 tls ");
  std::size_t place = 0;
  for (int i = 0; i < 40; ++i) {
    place = text.find(fmt::format("?{} tls ", i), place);
    ASSERT_NE(place, std::string::npos) << i;
  }
  peer.ReadUntil("never");
  EXPECT_TRUE(peer.is_told_of_end());
}

TEST(TlsServer, LetsInTheClientsThatItsPolicyNames) {
  const TestAuthority stranger("Other CA");
  const PemPair none;
  const PemPair good = Authority().Issue("client", "DNS:good.example,email:a@b.example");
  const PemPair by_address = Authority().Issue("client", "IP:10.0.0.1");
  const PemPair by_uri = Authority().Issue("client", "URI:spiffe://x/y");
  const PemPair other_name = Authority().Issue("client", "DNS:other.example");
  const PemPair foreign = stranger.Issue("client", "DNS:good.example");
  using enum ClientCertificate;
  const std::vector<std::string> names = {"good.example", "10.0.0.1", "spiffe://x/y"};
  const struct {
    std::string name;
    ClientCertificate policy;
    std::vector<std::string> names;
    PemPair client;
    bool want;
  } cases[] = {
      {"nobody is asked", kNone, {}, foreign, true},
      {"asked, nothing needed", kRequest, {}, none, true},
      {"asked, anything goes", kRequest, {}, foreign, true},
      {"needed, missing", kRequireAny, {}, none, false},
      {"needed, anything goes", kRequireAny, {}, foreign, true},
      {"needed with a name, unverified", kRequireAny, names, foreign, true},
      {"needed with a name, another", kRequireAny, names, other_name, false},
      {"verified if given, missing", kVerifyIfGiven, {}, none, true},
      {"verified if given, good", kVerifyIfGiven, {}, good, true},
      {"verified if given, foreign", kVerifyIfGiven, {}, foreign, false},
      {"verified, missing", kRequireAndVerify, {}, none, false},
      {"verified, good", kRequireAndVerify, {}, other_name, true},
      {"verified, foreign", kRequireAndVerify, {}, foreign, false},
      {"verified with a name", kRequireAndVerify, names, good, true},
      {"verified with an address", kRequireAndVerify, names, by_address, true},
      {"verified with a URI", kRequireAndVerify, names, by_uri, true},
      {"verified with another name", kRequireAndVerify, names, other_name, false},
      {"verified with a name, foreign", kRequireAndVerify, names, foreign, false},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    ServerTlsOptions options = Options();
    options.client_certificate = c.policy;
    options.client_ca_pem = Authority().pem();
    options.client_allowed_names = c.names;
    const auto server = Serve(EchoRouter(), Load(options));
    ClientRequest request = Get(*server, "/inline");
    request.tls->cert_pem = c.client.certificate;
    request.tls->key_pem = c.client.key;
    EXPECT_EQ(Fetch(std::move(request)).ok(), c.want);
  }
}

TEST(TlsServer, SpeaksTheVersionsAndSuitesThatAreAllowed) {
  constexpr const char* kSuite = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256";
  const struct {
    std::string name;
    TlsVersion version_min;
    TlsVersion version_max;
    std::vector<std::string> suites;
    int client_version;
    const char* client_suites;
    std::string want;  // empty: no handshake
  } cases[] = {
      {"newest", TlsVersion::k12, TlsVersion::k13, {}, TLS1_3_VERSION, nullptr, "TLSv1.3"},
      {"both ends", TlsVersion::k12, TlsVersion::k12, {}, TLS1_3_VERSION, nullptr, "TLSv1.2"},
      {"old client", TlsVersion::k12, TlsVersion::k13, {}, TLS1_1_VERSION, nullptr, ""},
      {"old is allowed", TlsVersion::k10, TlsVersion::k13, {}, TLS1_1_VERSION, nullptr, "TLSv1.1"},
      {"only new", TlsVersion::k13, TlsVersion::k13, {}, TLS1_2_VERSION, nullptr, ""},
      {"a suite",
       TlsVersion::k12,
       TlsVersion::k13,
       {kSuite},
       TLS1_2_VERSION,
       "ECDHE-ECDSA-AES128-GCM-SHA256",
       "TLSv1.2"},
      {"another suite",
       TlsVersion::k12,
       TlsVersion::k13,
       {kSuite},
       TLS1_2_VERSION,
       "ECDHE-ECDSA-AES256-GCM-SHA384",
       ""},
      {"suites of 1.3 alone",
       TlsVersion::k12,
       TlsVersion::k13,
       {"TLS_AES_128_GCM_SHA256"},
       TLS1_2_VERSION,
       nullptr,
       ""},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    ServerTlsOptions options = Options();
    options.version_min = c.version_min;
    options.version_max = c.version_max;
    options.cipher_suites = c.suites;
    options.curves = {"X25519", "P-256"};
    const auto server = Serve(EchoRouter(), Load(options));
    const RawTlsPeer peer(server->port(), c.client_version, c.client_suites);
    EXPECT_EQ(peer.is_connected(), !c.want.empty());
    if (peer.is_connected()) {
      EXPECT_EQ(peer.version(), c.want);
    }
  }
}

TEST(TlsServer, OptionsThatAreWrongAreErrors) {
  const PemPair pair = ServerPair();
  const std::string garbled = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  const struct {
    std::string want;
    std::function<void(ServerTlsOptions&)> change;
  } cases[] = {
      {"certificate: there is no PEM certificate in it",
       [](ServerTlsOptions& options) { options.certificate_pem = "none"; }},
      {"certificate: ", [&](ServerTlsOptions& options) { options.certificate_pem = garbled; }},
      {"key: there is no PEM key in it that can be read without a passphrase",
       [](ServerTlsOptions& options) { options.key_pem = ""; }},
      {"key: it is not the key of the certificate",
       [](ServerTlsOptions& options) { options.key_pem = ServerPair().key; }},
      {"the least TLS version is above the greatest",
       [](ServerTlsOptions& options) {
         options.version_min = TlsVersion::k13;
         options.version_max = TlsVersion::k12;
       }},
      {"the cipher suites are of TLS 1.3, which the versions exclude",
       [](ServerTlsOptions& options) {
         options.version_max = TlsVersion::k12;
         options.cipher_suites = {"TLS_AES_128_GCM_SHA256"};
       }},
      {"unknown cipher: TLS_X", [](ServerTlsOptions& o) { o.cipher_suites = {"TLS_X"}; }},
      {"curves: ", [](ServerTlsOptions& options) { options.curves = {"P-1"}; }},
      {"client CA: there is no PEM certificate in it",
       [](ServerTlsOptions& options) {
         options.client_certificate = ClientCertificate::kRequireAndVerify;
         options.client_ca_pem = "x";
       }},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.want);
    ServerTlsOptions options = Options(pair);
    c.change(options);
    const auto made = ServerTls::Make(options);
    ASSERT_EQ(made.code(), ErrorCode::kInvalidArgument);
    EXPECT_TRUE(made.error().message().starts_with(c.want)) << made.error().message();
  }
}

TEST(TlsServer, TellsPlainPeersThatTheyAreWrongHere) {
  const auto server = Serve(EchoRouter(), Load(Options()));
  RawPeer peer(server->port());
  ASSERT_TRUE(peer.Send("GET /inline HTTP/1.1\r\nHost: a\r\n\r\n"));
  const std::string text = peer.ReadAll();
  EXPECT_TRUE(text.starts_with("HTTP/1.1 400 ")) << text;
  EXPECT_TRUE(text.ends_with("Client sent an HTTP request to an HTTPS server.\n")) << text;
}

TEST(TlsServer, NewConnectionsGetTheNewCertificate) {
  std::atomic<int> turn{0};
  const std::shared_ptr<const ServerTls> both[] = {
      Load(Options()), Load(Options(TestAuthority("Other CA").Issue("b", "IP:127.0.0.1")))};
  ServerOptions options;
  options.tls = [&] { return both[turn.load()]; };
  const auto server = Serve(EchoRouter(), nullptr, std::move(options));
  const auto client = std::move(Client::Make({})).value();
  EXPECT_TRUE(client->FetchAndWait(Get(*server, "/worker")).ok());
  turn = 1;
  EXPECT_TRUE(client->FetchAndWait(Get(*server, "/worker")).ok()) << "a kept connection goes on";
  const auto other = std::move(Client::Make({})).value();
  const auto refused = other->FetchAndWait(Get(*server, "/worker"));
  EXPECT_EQ(refused.code(), ErrorCode::kUnavailable) << "its certificate is of another authority";
}

TEST(TlsServer, PeersThatStallOrTalkNonsenseHurtNobody) {
  ServerOptions options;
  options.read_timeout = milliseconds(200);
  const auto server = Serve(EchoRouter(), Load(Options()), std::move(options));
  std::vector<RawPeer> silent;
  for (int i = 0; i < 8; ++i) silent.emplace_back(server->port());
  RawPeer half(server->port());
  ASSERT_TRUE(half.Send(std::string_view("\x16\x03\x01\x02\x00\x01", 6)));
  RawPeer garbage(server->port());
  ASSERT_TRUE(garbage.Send(std::string(100, '\xff')));
  EXPECT_TRUE(Fetch(Get(*server, "/worker")).ok());
  garbage.ReadAll();
  EXPECT_EQ(half.ReadAll(), "") << "closed when its time was over";
  for (RawPeer& peer : silent) EXPECT_EQ(peer.ReadAll(), "");
}

TEST(TlsServer, APeerThatLeavesStopsItsRequest) {
  std::promise<void> began;
  std::promise<void> stopped;
  const std::shared_future<void> is_stopped = stopped.get_future().share();
  Router router;
  router.Get("/", [&](const Request& request) {
    const std::stop_callback note(request.canceled, [&] { stopped.set_value(); });
    began.set_value();
    is_stopped.wait_for(std::chrono::seconds(10));
    return Response::Text(200, "");
  });
  const auto server = Serve(std::move(router), Load(Options()));
  RawTlsPeer peer(server->port());
  ASSERT_TRUE(peer.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
  began.get_future().wait();
  // What the kernel has then is bytes; they say that it leaves.
  peer.TakeLeave();
  EXPECT_EQ(is_stopped.wait_for(std::chrono::seconds(5)), std::future_status::ready);
}

TEST(TlsServer, ASlowReaderGetsAllOfABacklog) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += std::to_string(i) + ' ';
  std::promise<void> made;
  Router router;
  router.Get("/page", [&](const Request&) {
    Response response = Response::Text(200, "");
    response.stream_backlog_bytes_max = 4u << 20;
    response.stream = [&](BodyWriter& writer) -> Status {
      for (std::size_t at = 0; at < text.size(); at += 1000) {
        NARTHEX_TRY(writer.Write(std::string_view(text).substr(at, 1000)));
      }
      made.set_value();
      return Ok();
    };
    return response;
  });
  const auto server = Serve(std::move(router), Load(Options()));
  RawTlsPeer peer(server->port());
  ASSERT_TRUE(peer.Send("GET /page HTTP/1.0\r\nHost: a\r\n\r\n"));
  made.get_future().wait();
  const std::string answer = peer.ReadUntil("99999 ");
  EXPECT_TRUE(answer.ends_with(text));
}

TEST(TlsServer, ASlowReaderIsCutOff) {
  std::atomic<ErrorCode> end{ErrorCode::kInternal};
  Router router;
  router.Get("/endless", [&](const Request&) {
    Response response = Response::Text(200, "");
    response.stream = [&](BodyWriter& writer) -> Status {
      const std::string piece(100'000, 'x');
      Status status;
      while (status.ok()) status = writer.Write(piece);
      end = status.error().code();
      end.notify_all();
      return status;
    };
    return response;
  });
  router.Get("/other", [](const Request&) { return Response::Text(200, "ok"); });
  ServerOptions options;
  options.worker_count = 1;
  options.write_timeout = milliseconds(300);
  const auto server = Serve(std::move(router), Load(Options()), std::move(options));
  RawTlsPeer slow(server->port());
  ASSERT_TRUE(slow.Send("GET /endless HTTP/1.1\r\nHost: a\r\n\r\n"));
  slow.ReadUntil("\r\n\r\n");
  EXPECT_TRUE(Fetch(Get(*server, "/other")).ok()) << "it takes no worker while it is waited for";
  end.wait(ErrorCode::kInternal);
  EXPECT_EQ(end.load(), ErrorCode::kDeadlineExceeded);
}

}  // namespace
}  // namespace narthex::http
