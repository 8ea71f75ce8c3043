// OpenSSL's side of ServerTls.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <vector>

#include "http/server_tls.h"

namespace narthex::http {

struct ContextDeleter {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};

struct ServerTls::Context {
  std::unique_ptr<SSL_CTX, ContextDeleter> ssl;
  bool is_verifying = false;
  std::vector<std::string> client_allowed_names;  // sorted
};

}  // namespace narthex::http
