// Requests and responses as handlers see them.
#pragma once

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

namespace narthex::http {

// Header fields in order; names compare without regard to case, a name may repeat.
class Headers {
 public:
  using Field = std::pair<std::string, std::string>;

  Headers() = default;
  Headers(std::initializer_list<Field> fields) : fields_(fields) {}

  // Replaces all fields of that name.
  void Set(std::string_view name, std::string_view value);
  void Add(std::string_view name, std::string_view value);
  void Remove(std::string_view name);

  // The first value; empty if there is none.
  std::string_view Get(std::string_view name) const;
  bool Has(std::string_view name) const;
  std::vector<std::string_view> GetAll(std::string_view name) const;

  auto begin() const { return fields_.begin(); }
  auto end() const { return fields_.end(); }
  bool empty() const { return fields_.empty(); }

 private:
  std::vector<Field> fields_;
};

enum class Method { kGet, kHead, kPost, kPut, kPatch, kDelete, kOptions, kOther };
std::string_view MethodName(Method method);
Method ParseMethod(std::string_view name);

// Parameters of a query string or a form, in order; a name may repeat.
class Parameters {
 public:
  // `a=1&b=%20+x`: percent-decoded, '+' is a space. Malformed escapes stay as they are.
  static Parameters Parse(std::string_view encoded);

  void Add(std::string name, std::string value) {
    entries_.emplace_back(std::move(name), std::move(value));
  }
  // Puts `other` behind these.
  void Append(const Parameters& other);

  // The first value; empty if there is none.
  std::string_view Get(std::string_view name) const;
  bool Has(std::string_view name) const;
  std::vector<std::string_view> GetAll(std::string_view name) const;
  // Encoded again.
  std::string ToString() const;

  auto begin() const { return entries_.begin(); }
  auto end() const { return entries_.end(); }
  bool empty() const { return entries_.empty(); }

 private:
  std::vector<std::pair<std::string, std::string>> entries_;
};

struct Request {
  Method method = Method::kGet;
  std::string method_name = "GET";
  std::string target;  // as sent: path and query
  std::string path;    // percent-decoded
  Parameters query;
  Headers headers;
  std::string body;            // whole and decompressed, within the server's limit
  std::string removed_coding;  // "gzip", "zstd": what the server took off the body
  std::string remote_address;  // "127.0.0.1"
  bool is_tls = false;
  // What the route's pattern named, `:name` -> text, percent-decoded; "*" for the rest.
  std::map<std::string, std::string, std::less<>> path_parameters;
  // Requested when the peer goes away or the server stops: long work should end.
  std::stop_token canceled;

  std::string_view path_parameter(std::string_view name) const;
  // The query's parameters and, of a form (application/x-www-form-urlencoded), those of the body
  // before them.
  Parameters AllParameters() const;
  // Of the body as it was sent; empty if there was none.
  std::string_view content_encoding() const {
    return removed_coding.empty() ? headers.Get("Content-Encoding") : removed_coding;
  }
  // Whether the value of Accept-Encoding takes `coding` with q > 0.
  bool Accepts(std::string_view coding) const;
};

// Where a body goes that is made piece by piece.
class BodyWriter {
 public:
  virtual ~BodyWriter() = default;
  // Sends when enough has come together; blocks while the peer is slow, up to the server's write
  // timeout. Errors: kCanceled  the peer is gone, kDeadlineExceeded  it is too slow; write nothing
  // more
  virtual Status Write(std::string_view bytes) = 0;
  // Sends what was written so far: for bodies whose pieces come seldom. Errors as of Write().
  virtual Status Flush() { return Ok(); }
};

class Feed;

// Makes the body, on a worker's thread, after the handler has returned; the Request lives until it
// ends. An error before anything was sent (32 KiB, or a Flush) is answered with 500 and its
// message; a later one cuts the connection, so that the peer sees an incomplete answer.
using BodyStream = std::function<Status(BodyWriter&)>;

struct Response {
  int status = 200;
  Headers headers;
  std::string body;
  BodyStream stream;  // set: `body` is not used; what gets long is sent in chunks
  // Of a stream: what may wait in memory for a slow peer before Write() blocks. A body that fits is
  // made at once, however slowly it is read.
  std::size_t stream_backlog_bytes_max = 0;
  // Set: `body` and `stream` are not used; the body is what is pushed into the feed until it ends.
  // Never compressed; told to the observer when it begins.
  std::shared_ptr<Feed> feed = nullptr;

  static Response Text(int status, std::string_view text);
  static Response Json(int status, std::string text);
  static Response Html(int status, std::string text);
  // `status` 301, 302, 303, 307 or 308.
  static Response Redirect(int status, std::string_view location);
};

// "Not Found"; "Status 599" for unknown ones.
std::string StatusText(int status);

// Percent-encoding of everything but letters, digits and -._~ ; and back ('+' stays).
std::string UrlEncode(std::string_view text);
std::string UrlDecode(std::string_view text);

// With the alphabet of RFC 4648, section 4, padded.
std::string EncodeBase64(std::string_view bytes);

// The q-value, 0 to 1, that an Accept or Accept-Encoding header gives to `token` ("*" counts);
// empty if it is not named at all.
std::optional<double> HeaderQuality(std::string_view header, std::string_view token);

// `text` with &, <, >, " and ' escaped.
std::string HtmlEscape(std::string_view text);

// Cookies of a request: the value of `name`, empty if there is none.
std::string_view Cookie(const Request& request, std::string_view name);

// User name and password of `Authorization: Basic`; empty if there is none or it is malformed.
std::optional<std::pair<std::string, std::string>> BasicCredentials(const Request& request);

// Compares in time that depends on the lengths only.
bool EqualInConstantTime(std::string_view a, std::string_view b);

}  // namespace narthex::http
