#include "webconfig/web_guard.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "bcrypt.h"
#include "certificates.h"
#include "fake_clock.h"
#include "http/client.h"
#include "password_checker.h"
#include "temporary_directory.h"

namespace narthex::webconfig {
namespace {

// Of "test", with costs that let tests be quick.
constexpr const char* kHash = "$2y$04$a1dldEzIbYfGlrGrtFDySui7BLz3.kSTktEJACH/BpfDN6Xg4uYa2";

class WebGuardTest : public testing::Test {
 protected:
  WebGuardTest() : client_(NewClient()) {}

  static std::unique_ptr<http::Client> NewClient() {
    return std::move(http::Client::Make({})).value();
  }

  // Beside it first, so that it is another file each time.
  void Write(const std::string& name, const std::string& text) {
    const std::string path = folder_ + "/" + name;
    std::ofstream(path + ".new") << text;
    std::filesystem::rename(path + ".new", path);
  }

  void WritePair(const http::TestAuthority& authority) {
    const http::PemPair pair = authority.Issue("server", "IP:127.0.0.1");
    Write("server.crt", pair.certificate);
    Write("server.key", pair.key);
  }

  void Serve(const std::string& config) {
    Write("web.yml", config);
    http::Router router;
    router.Get(
        "/inline", [](const http::Request&) { return http::Response::Text(200, "in"); },
        http::RunOn::kInline);
    router.Get("/framed", [](const http::Request&) {
      http::Response response = http::Response::Text(200, "framed");
      response.headers.Set("X-Frame-Options", "own");
      return response;
    });
    http::ServerOptions options;
    auto guard = OpenAndProtect(folder_ + "/web.yml", options, router, clock_);
    ASSERT_TRUE(guard.ok()) << guard.error().message();
    guard_ = *guard;
    server_ = std::move(http::Server::Start(std::move(options), std::move(router))).value();
  }

  http::ClientRequest Request(std::string_view path = "/inline") {
    http::ClientRequest request;
    request.url = fmt::format("{}://127.0.0.1:{}{}", guard_->has_tls() ? "https" : "http",
                              server_->port(), path);
    request.tls = http::TlsOptions{.ca_pem = authority_.pem()};
    return request;
  }

  // The status; 0 if there was no answer.
  int Ask(http::ClientRequest request) {
    const auto answer = client_->FetchAndWait(std::move(request));
    return answer.ok() ? answer->status : 0;
  }
  int AskAs(const std::string& name, const std::string& password) {
    http::ClientRequest request = Request();
    request.basic_auth = std::pair(name, password);
    return Ask(std::move(request));
  }

  static constexpr const char* kTls =
      "tls_server_config:\n  cert_file: server.crt\n  key_file: server.key\n";

  const http::TestAuthority authority_;
  FakeClock clock_;
  const io::TemporaryDirectory temporary_;
  const std::string folder_ = temporary_.path();
  std::unique_ptr<http::Client> client_;
  std::shared_ptr<WebGuard> guard_;
  std::unique_ptr<http::Server> server_;
};

TEST_F(WebGuardTest, AnEmptyFileChangesNothing) {
  Serve("");
  EXPECT_EQ(Ask(Request()), 200);
  EXPECT_EQ(Ask(Request("/missing")), 404);
}

TEST_F(WebGuardTest, WithoutAFileNothingIsPutBefore) {
  http::ServerOptions options;
  http::Router router;
  const auto guard = OpenAndProtect("", options, router, clock_);
  ASSERT_TRUE(guard.ok());
  EXPECT_EQ(*guard, nullptr);
  EXPECT_EQ(options.tls, nullptr);
}

TEST_F(WebGuardTest, AsksForUserAndPassword) {
  Serve(fmt::format("basic_auth_users:\n  ada: {}\n  bob: {}\n", kHash, kHash));
  const auto nobody = client_->FetchAndWait(Request());
  ASSERT_TRUE(nobody.ok());
  EXPECT_EQ(nobody->status, 401);
  EXPECT_EQ(nobody->headers.Get("WWW-Authenticate"), "Basic");
  EXPECT_EQ(nobody->body, "Unauthorized\n");
  for (int i = 0; i < 2; ++i) {
    // The second time from memory.
    EXPECT_EQ(AskAs("ada", "test"), 200);
    EXPECT_EQ(AskAs("bob", "test"), 200);
    EXPECT_EQ(AskAs("ada", "Test"), 401);
    EXPECT_EQ(AskAs("eve", "test"), 401);
    EXPECT_EQ(AskAs("", ""), 401);
    EXPECT_EQ(AskAs("ada", std::string(2000, 'x')), 401);
  }
  EXPECT_EQ(Ask(Request("/missing")), 401) << "also what is not there is nobody's business";
}

TEST_F(WebGuardTest, PutsItsHeadersBesideThoseOfHandlers) {
  Serve(
      "http_server_config:\n  headers:\n    X-Frame-Options: deny\n"
      "    X-Content-Type-Options: nosniff\n");
  const struct {
    std::string path;
    std::string want;
  } cases[] = {{"/inline", "deny"}, {"/missing", "deny"}, {"/framed", "own"}};
  for (const auto& c : cases) {
    const auto answer = client_->FetchAndWait(Request(c.path));
    ASSERT_TRUE(answer.ok());
    EXPECT_EQ(answer->headers.Get("X-Frame-Options"), c.want) << c.path;
    EXPECT_EQ(answer->headers.Get("X-Content-Type-Options"), "nosniff");
  }
}

TEST_F(WebGuardTest, LimitsRequests) {
  Serve("rate_limit:\n  burst: 2\n  interval: 10s\n");
  EXPECT_EQ(Ask(Request()), 200);
  EXPECT_EQ(Ask(Request()), 200);
  EXPECT_EQ(Ask(Request()), 429);
  clock_.Advance(std::chrono::seconds(10));
  EXPECT_EQ(Ask(Request()), 200);
  EXPECT_EQ(Ask(Request()), 429);
  clock_.Advance(std::chrono::hours(1));
  EXPECT_EQ(Ask(Request()), 200);
  EXPECT_EQ(Ask(Request()), 200);
  EXPECT_EQ(Ask(Request()), 429) << "no more than the burst is saved up";
}

TEST_F(WebGuardTest, SpeaksTlsWithUsers) {
  WritePair(authority_);
  Serve(std::string(kTls) + fmt::format("basic_auth_users:\n  ada: {}\n", kHash));
  EXPECT_TRUE(guard_->has_tls());
  EXPECT_EQ(Ask(Request()), 401);
  EXPECT_EQ(AskAs("ada", "test"), 200);
}

TEST_F(WebGuardTest, TakesCertificatesThatAreWrittenOut) {
  const http::PemPair pair = authority_.Issue("server", "IP:127.0.0.1");
  const auto indented = [](const std::string& pem) {
    std::string text;
    for (const char c : pem) {
      text += c;
      if (c == '\n') text += "    ";
    }
    return "|\n    " + text + "\n";
  };
  Serve(
      fmt::format("tls_server_config:\n  cert: {}  key: {}  client_ca: {}"
                  "  client_auth_type: RequireAndVerifyClientCert\n",
                  indented(pair.certificate), indented(pair.key), indented(authority_.pem())));
  EXPECT_EQ(Ask(Request()), 0);
  const http::PemPair known = authority_.Issue("client", "DNS:a");
  http::ClientRequest request = Request();
  request.tls->cert_pem = known.certificate;
  request.tls->key_pem = known.key;
  EXPECT_EQ(Ask(std::move(request)), 200);
}

TEST_F(WebGuardTest, FollowsTheFileAndTheCertificate) {
  WritePair(authority_);
  Serve(kTls);
  EXPECT_EQ(Ask(Request()), 200);

  // TLS-003: users come into force with the next request.
  Write("web.yml", std::string(kTls) + fmt::format("basic_auth_users:\n  ada: {}\n", kHash));
  EXPECT_EQ(Ask(Request()), 401);
  EXPECT_EQ(AskAs("ada", "test"), 200);

  // TLS-001: certificates with the next connection.
  WritePair(http::TestAuthority("Other CA"));
  client_ = NewClient();
  EXPECT_EQ(AskAs("ada", "test"), 0) << "a certificate of another authority";
  WritePair(authority_);
  client_ = NewClient();
  EXPECT_EQ(AskAs("ada", "test"), 200);

  const http::PemPair pair = authority_.Issue("server", "IP:127.0.0.1");
  Write("b.crt", pair.certificate);
  Write("b.key", pair.key);
  Write("web.yml", "tls_server_config:\n  cert_file: b.crt\n  key_file: b.key\n");
  EXPECT_EQ(Ask(Request()), 200) << "other files, and no users any more";
  Write("b.crt", "broken");
  EXPECT_EQ(guard_->Reload().code(), ErrorCode::kInvalidArgument) << "the new files are followed";
}

TEST_F(WebGuardTest, AFileThatIsWrongChangesNothing) {
  WritePair(authority_);
  const std::string users = fmt::format("basic_auth_users:\n  ada: {}\n", kHash);
  Serve(kTls + users);
  const struct {
    std::string file;
    std::string text;
    std::string want;
  } cases[] = {
      {"web.yml", "tls_server: {}", "field tls_server not found"},
      {"web.yml", kTls + users + "  bob: secret\n", "the password of \"bob\" is no bcrypt hash"},
      {"web.yml", users, "TLS is switched on and off by a restart only"},
      {"web.yml", "tls_server_config:\n  cert_file: none.crt\n  key_file: server.key\n",
       "failed to read cert_file"},
      {"server.crt", "none", "certificate: there is no PEM certificate in it"},
      {"server.key", "none", "key: there is no PEM key in it"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.want);
    Write(c.file, c.text);
    client_ = NewClient();
    EXPECT_EQ(Ask(Request()), 401);
    EXPECT_EQ(AskAs("ada", "test"), 200);
    const Status status = guard_->Reload();
    ASSERT_FALSE(status.ok());
    EXPECT_NE(status.error().message().find(c.want), std::string::npos) << status.error().message();
    EXPECT_NE(status.error().message().find(folder_ + "/web.yml"), std::string::npos);
    EXPECT_EQ(AskAs("ada", "test"), 200);
    Write("web.yml", kTls + users);
    WritePair(authority_);
    EXPECT_TRUE(guard_->Reload().ok());
  }
}

TEST_F(WebGuardTest, DoesNotOpenWhatIsWrong) {
  const auto missing = WebGuard::Open(folder_ + "/none.yml");
  EXPECT_EQ(missing.code(), ErrorCode::kNotFound);
  Write("web.yml", "x: 1");
  const auto wrong = WebGuard::Open(folder_ + "/web.yml");
  ASSERT_EQ(wrong.code(), ErrorCode::kInvalidArgument);
  EXPECT_EQ(
      wrong.error().message(),
      fmt::format("web configuration {}/web.yml: line 1: field x not found in type web.Config",
                  folder_));
}

TEST(Bcrypt, KnowsItsHashes) {
  EXPECT_TRUE(MatchesBcrypt("test", kHash));
  EXPECT_FALSE(MatchesBcrypt("tesT", kHash));
  EXPECT_FALSE(MatchesBcrypt("", kHash));
  EXPECT_FALSE(MatchesBcrypt(std::string("test\0x", 6), kHash)) << "a zero byte ends no password";
}

TEST(PasswordChecker, RemembersWhoIsLetInOverWrongGuesses) {
  const PasswordChecker::Users users = {{"ada", kHash}};
  PasswordChecker checker;
  EXPECT_EQ(checker.Check(users, "ada", "test"), true);
  for (std::size_t i = 0; i < PasswordChecker::kVerdictCountMax + 20; ++i) {
    EXPECT_EQ(checker.Check(users, "ada", fmt::format("guess {}", i)), false);
  }
  EXPECT_EQ(checker.Check(users, "ada", "test"), true);
  EXPECT_EQ(checker.Check({}, "ada", "test"), false) << "who was taken out is out";
}

}  // namespace
}  // namespace narthex::webconfig
