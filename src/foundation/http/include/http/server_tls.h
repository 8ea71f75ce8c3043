// TLS of a server: its certificate, and which clients it lets in.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace narthex::http {

enum class TlsVersion { k10, k11, k12, k13 };

// What is asked of a client. As in Go's crypto/tls, whose names the web configuration file uses.
enum class ClientCertificate {
  kNone,
  kRequest,           // asked for, and neither needed nor looked at
  kRequireAny,        // needed, not verified
  kVerifyIfGiven,     // verified if there is one
  kRequireAndVerify,  // needed and verified
};

// Certificates and keys are PEM texts.
struct ServerTlsOptions {
  std::string certificate_pem;  // of the server first, then those between it and the root
  std::string key_pem;
  ClientCertificate client_certificate = ClientCertificate::kNone;
  std::string client_ca_pem;  // empty: the system's
  // Set: a client's certificate must have one of these alternative names, letter by letter: DNS
  // name, e-mail address, IP address or URI.
  std::vector<std::string> client_allowed_names = {};
  TlsVersion version_min = TlsVersion::k12;
  TlsVersion version_max = TlsVersion::k13;
  // IANA names, for TLS 1.2 and before; those of 1.3 are always all on. Empty: OpenSSL's.
  std::vector<std::string> cipher_suites = {};
  bool prefers_own_cipher_order = true;
  // "P-256", "P-384", "P-521", "X25519", the best first. Empty: OpenSSL's.
  std::vector<std::string> curves = {};
};

// Whether `name` is a cipher suite that can be configured: "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256".
bool IsCipherSuite(std::string_view name);

// The options, checked and loaded. Immutable; connections share it, so that another one can take
// its place while they go on.
class ServerTls {
 public:
  // Errors: kInvalidArgument  a certificate or a key is malformed, the key is not the
  //                           certificate's, a name is unknown, the versions exclude one another
  static Result<std::shared_ptr<const ServerTls>> Make(const ServerTlsOptions& options);

  ~ServerTls();
  ServerTls(const ServerTls&) = delete;
  ServerTls& operator=(const ServerTls&) = delete;

  struct Context;
  const Context& context() const { return *context_; }

 private:
  explicit ServerTls(std::unique_ptr<Context> context);

  const std::unique_ptr<Context> context_;
};

}  // namespace narthex::http
