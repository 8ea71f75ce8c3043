// The HTTP client of every role.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "http/message.h"

namespace narthex::http {

struct TlsOptions {
  std::string ca_file;  // or `ca_pem`, the certificates themselves
  std::string ca_pem;
  std::string cert_file;
  std::string cert_pem;
  std::string key_file;
  std::string key_pem;
  std::string server_name;   // that the certificate must be for, if not the URL's host
  bool is_insecure = false;  // the peer's certificate is not verified
};

struct ClientRequest {
  std::string method = "GET";
  std::string url;  // http or https
  // Path of a Unix socket to connect to instead of the URL's host, also after redirects and past
  // any proxy; empty: none.
  std::string unix_socket;
  Headers headers;
  std::string body;
  std::chrono::milliseconds timeout = std::chrono::seconds(30);  // of the whole exchange; 0: none
  std::chrono::milliseconds connect_timeout = std::chrono::seconds(10);
  // How long nothing may come while the transfer is not held back by its reader; 0: no limit.
  std::chrono::seconds stall_timeout{0};
  bool follows_redirects = true;                  // up to 10
  bool is_compressed_accepted = true;             // gzip and zstd are asked for and decoded
  std::uint64_t body_size_bytes_max = 64u << 20;  // decoded; 0: no limit
  std::optional<std::pair<std::string, std::string>> basic_auth;  // user name, password
  std::string bearer_token;
  std::optional<TlsOptions> tls;
  std::string proxy_url;
  std::stop_token canceled;
  // Set: called once with status and headers before the body, then with each piece of the body,
  // decoded only if is_compressed_accepted; the response's body stays empty. An error ends the
  // transfer with it. They run on the client's thread and block all its transfers while they do.
  std::function<Status(int status, const Headers&)> on_headers;
  std::function<Status(std::string_view piece)> on_body;
};

struct ClientResponse {
  int status = 0;
  Headers headers;
  std::string body;
  std::string url;  // after redirects
  std::chrono::nanoseconds duration{0};
};

// An answer that is read as it arrives. What is not read yet waits at the sender's side, but for
// BodyReader::kHeldSizeBytes. Used by one thread at a time. Destroying it ends the transfer; must
// not outlive its client.
class BodyReader {
 public:
  // Enough to keep a fast reader busy while the next bytes are on their way.
  static constexpr std::size_t kHeldSizeBytes = 256u << 10;

  virtual ~BodyReader() = default;
  // Blocks until status and headers are there. Errors: those of Client.
  virtual Status AwaitHead() = 0;
  // Both only after AwaitHead().
  virtual int status() const = 0;
  virtual const Headers& headers() const = 0;
  // Blocks for the next piece; empty at the end. Errors: those of Client.
  virtual Result<std::string> Read() = 0;

 protected:
  BodyReader() = default;
};

// What a repeated GET gives. The views hold until the callback returns.
struct AnswerView {
  int status = 0;
  std::string_view content_type;
  std::string_view body;  // decoded, where is_compressed_accepted
};

// One GET that is made again and again, on a connection of its own that is kept open. Over plain
// HTTP an exchange costs a call to send and one to receive, and allocates nothing.
//
// Thread-safe. May outlive its client. Destroying it ends no exchange under way.
class RepeatedGet {
 public:
  using Callback = std::function<void(Result<AnswerView>)>;

  virtual ~RepeatedGet() = default;
  // Begins an exchange; the one before must have called back, or be about to return from that.
  virtual void Start() = 0;

 protected:
  RepeatedGet() = default;
};

struct ClientOptions {
  // Host names that stand for an address: "exposer" -> "127.0.0.1:18000", for any port asked for.
  std::map<std::string, std::string, std::less<>> host_aliases;
  std::size_t idle_connection_count_max = 1000;
  std::string user_agent = "Narthex";
  std::size_t repeat_thread_count = 2;  // for the answers to repeated GETs; started with the first
};

// "name=host:port".
// Errors: kInvalidArgument
Result<std::pair<std::string, std::string>> ParseHostAlias(std::string_view text);

// Keeps connections open for reuse; all transfers but repeated GETs share one owned thread.
// Thread-safe.
//
// Any answer with a status is a success, also 500; errors are about getting no answer. Messages
// name the URL without user, password and query. Errors: kInvalidArgument    the URL is malformed
// or not http(s)
//         kUnavailable        name not resolved, connection refused or broken, TLS failure
//         kDeadlineExceeded   a timeout ran out; the message says which
//         kResourceExhausted  the body is larger than body_size_bytes_max
//         kCanceled           `canceled` was requested, or the client is destroyed
class Client {
 public:
  using Callback = std::function<void(Result<ClientResponse>)>;

  static Result<std::unique_ptr<Client>> Make(ClientOptions options);
  // Ends transfers under way with kCanceled and joins the thread.
  virtual ~Client() = default;

  // Calls `done` exactly once, on the client's thread; it must be quick and may start another
  // fetch.
  virtual void Fetch(ClientRequest request, Callback done) = 0;
  // Blocks. Never to be called from a callback.
  virtual Result<ClientResponse> FetchAndWait(ClientRequest request) = 0;
  // An answer on its way; request.on_headers and on_body are not used. `ready`, if set, is called
  // once, on the client's thread, when AwaitHead() no longer blocks.
  virtual std::unique_ptr<BodyReader> Begin(ClientRequest request,
                                            std::function<void()> ready = nullptr) = 0;
  // Begin() and AwaitHead(). Never to be called from a callback.
  Result<std::unique_ptr<BodyReader>> Open(ClientRequest request);
  // `done` is called exactly once for each Start(), on one of the threads for answers, which it may
  // keep for a while; once the client has stopped, on the thread that starts. request.canceled,
  // on_headers and on_body are not used.
  virtual std::unique_ptr<RepeatedGet> Repeat(ClientRequest request,
                                              RepeatedGet::Callback done) = 0;

 protected:
  Client() = default;
};

}  // namespace narthex::http
