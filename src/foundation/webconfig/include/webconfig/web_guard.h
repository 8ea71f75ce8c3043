// A web configuration file in force: who may connect and ask, and what every answer carries.
#pragma once

#include <memory>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "http/router.h"
#include "http/server.h"

namespace narthex::webconfig {

// Reads the file again when it, or a file that it names, has changed. Thread-safe.
class WebGuard {
 public:
  // Reads `path` and what it names. `clock` counts for the rate limit, and outlives it.
  // Errors: those of ParseWebConfig and http::ServerTls::Make
  //         kNotFound, kIo, kPermissionDenied  a file cannot be read
  static Result<std::shared_ptr<WebGuard>> Open(const std::string& path,
                                                Clock& clock = SystemClock());
  // Without such a file: TLS by a certificate and its key (PEM), and nothing else.
  // Errors: those of http::ServerTls::Make; kNotFound, kIo, kPermissionDenied
  static Result<std::shared_ptr<WebGuard>> OpenTls(const std::string& cert_file,
                                                   const std::string& key_file,
                                                   Clock& clock = SystemClock());
  virtual ~WebGuard() = default;

  // Whether connections speak TLS; does not change.
  virtual bool has_tls() const = 0;

  // Reads everything again, changed or not. A file that is wrong changes nothing.
  // Errors: as of Open()
  virtual Status Reload() = 0;

  // Puts it before a server that is not started yet. Both keep `guard`.
  static void Protect(const std::shared_ptr<WebGuard>& guard, http::ServerOptions& options,
                      http::Router& router);

  // The certificate for a new connection; null without TLS.
  virtual std::shared_ptr<const http::ServerTls> Tls() = 0;
  // What stands before a handler: the limit (429), users (401), headers. May block.
  virtual http::Response Answer(const http::Request& request, const http::Handler& next) = 0;

 protected:
  WebGuard() = default;
};

// `path` empty: nothing is put before anything, and the pointer is null. Errors: as of
// WebGuard::Open.
Result<std::shared_ptr<WebGuard>> OpenAndProtect(const std::string& path,
                                                 http::ServerOptions& options, http::Router& router,
                                                 Clock& clock);

}  // namespace narthex::webconfig
