#include "transfer.h"

#include <fmt/format.h>

#include <algorithm>

namespace narthex::http {
namespace {

constexpr long kRedirectCountMax = 10;

std::string_view TrimEnd(std::string_view text) {
  while (!text.empty() && (text.back() == '\r' || text.back() == '\n' || text.back() == ' ')) {
    text.remove_suffix(1);
  }
  return text;
}

void Append(List& list, const std::string& text) {
  list.reset(curl_slist_append(list.release(), text.c_str()));
}

void SetBlob(CURL* easy, CURLoption option, const std::string& pem) {
  curl_blob blob{const_cast<char*>(pem.data()), pem.size(), CURL_BLOB_COPY};
  curl_easy_setopt(easy, option, &blob);
}

}  // namespace

std::string PublicUrl(std::string_view url) {
  std::string shown(url.substr(0, url.find_first_of("?#")));
  const std::size_t scheme = shown.find("://");
  if (scheme == std::string::npos) return shown;
  const std::size_t host = scheme + 3;
  const std::size_t at = shown.substr(0, shown.find('/', host)).rfind('@');
  if (at != std::string::npos && at >= host) shown.erase(host, at + 1 - host);
  return shown;
}

Transfer::Transfer(ClientRequest request, Client::Callback done)
    : request_(std::move(request)), done_(std::move(done)) {}

Status Transfer::Prepare(const ClientOptions& options, Easy easy) {
  if (!request_.url.starts_with("http://") && !request_.url.starts_with("https://")) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("URL \"{}\" does not begin with http:// or https://",
                             PublicUrl(request_.url))};
  }
  easy_ = std::move(easy);
  SetRequest(options);
  if (request_.tls) SetTls();
  return Ok();
}

void Transfer::SetRequest(const ClientOptions& options) {
  CURL* curl = easy_.get();
  curl_easy_setopt(curl, CURLOPT_URL, request_.url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_PRIVATE, this);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, reason_);
  curl_easy_setopt(curl, CURLOPT_USERAGENT, options.user_agent.c_str());
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(request_.timeout.count()));
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS,
                   static_cast<long>(std::min(request_.connect_timeout, request_.timeout).count()));
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, request_.follows_redirects ? 1L : 0L);
  curl_easy_setopt(curl, CURLOPT_MAXREDIRS, kRedirectCountMax);
  // An empty string asks for every coding that this libcurl can decode.
  if (request_.is_compressed_accepted) curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "");
  // The environment's proxies are for people, not for services.
  curl_easy_setopt(curl, CURLOPT_PROXY, request_.proxy_url.c_str());
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, &Transfer::OnHeader);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &Transfer::OnBody);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, this);

  if (request_.method == "HEAD") {
    curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
  } else if (request_.method != "GET" || !request_.body.empty()) {
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request_.method.c_str());
    if (!request_.body.empty() || request_.method == "POST" || request_.method == "PUT") {
      curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
                       static_cast<curl_off_t>(request_.body.size()));
      curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request_.body.data());
    }
  }

  for (const auto& [name, value] : request_.headers) {
    // libcurl's way to say that a header is there and empty.
    Append(headers_, value.empty() ? name + ";" : fmt::format("{}: {}", name, value));
  }
  // What libcurl would add unasked.
  if (!request_.headers.Has("Expect")) Append(headers_, "Expect:");
  if (!request_.headers.Has("Content-Type")) Append(headers_, "Content-Type:");
  if (!request_.bearer_token.empty()) {
    Append(headers_, "Authorization: Bearer " + request_.bearer_token);
  }
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers_.get());
  if (request_.basic_auth) {
    curl_easy_setopt(curl, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
    curl_easy_setopt(curl, CURLOPT_USERNAME, request_.basic_auth->first.c_str());
    curl_easy_setopt(curl, CURLOPT_PASSWORD, request_.basic_auth->second.c_str());
  }

  for (const auto& [name, address] : options.host_aliases) {
    // host:any port -> address.
    Append(aliases_, fmt::format("{}::{}", name, address));
  }
  curl_easy_setopt(curl, CURLOPT_CONNECT_TO, aliases_.get());
}

void Transfer::SetTls() {
  CURL* curl = easy_.get();
  const TlsOptions& tls = *request_.tls;
  if (!tls.ca_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, tls.ca_file.c_str());
  if (!tls.ca_pem.empty()) SetBlob(curl, CURLOPT_CAINFO_BLOB, tls.ca_pem);
  if (!tls.cert_file.empty()) curl_easy_setopt(curl, CURLOPT_SSLCERT, tls.cert_file.c_str());
  if (!tls.cert_pem.empty()) SetBlob(curl, CURLOPT_SSLCERT_BLOB, tls.cert_pem);
  if (!tls.key_file.empty()) curl_easy_setopt(curl, CURLOPT_SSLKEY, tls.key_file.c_str());
  if (!tls.key_pem.empty()) SetBlob(curl, CURLOPT_SSLKEY_BLOB, tls.key_pem);
  if (tls.is_insecure) {
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
  }
}

std::size_t Transfer::OnHeader(char* bytes, std::size_t, std::size_t size, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  const std::string_view line = TrimEnd(std::string_view(bytes, size));
  if (line.starts_with("HTTP/")) {
    // Another response begins: a redirect's target, or the one after "100 Continue".
    transfer.response_.headers = Headers();
    return size;
  }
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return size;
  std::string_view value = line.substr(colon + 1);
  while (value.starts_with(' ')) value.remove_prefix(1);
  transfer.response_.headers.Add(line.substr(0, colon), value);
  return size;
}

std::size_t Transfer::OnBody(char* bytes, std::size_t, std::size_t size, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  Status taken = transfer.TakePiece(std::string_view(bytes, size));
  if (taken.ok()) return size;
  transfer.fault_ = std::move(taken).error();
  // Any other number than `size` ends the transfer.
  return size == 0 ? 1 : 0;
}

Status Transfer::TellHeaders() {
  if (are_headers_told_) return Ok();
  are_headers_told_ = true;
  long status = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
  response_.status = static_cast<int>(status);
  return request_.on_headers ? request_.on_headers(response_.status, response_.headers) : Ok();
}

Status Transfer::TakePiece(std::string_view piece) {
  body_size_bytes_ += piece.size();
  if (request_.body_size_bytes_max != 0 && body_size_bytes_ > request_.body_size_bytes_max) {
    return Error{ErrorCode::kResourceExhausted,
                 fmt::format("the answer of {} is larger than {} bytes", PublicUrl(request_.url),
                             request_.body_size_bytes_max)};
  }
  if (!request_.on_body) {
    response_.body.append(piece);
    return Ok();
  }
  NARTHEX_TRY(TellHeaders());
  return request_.on_body(piece);
}

Result<ClientResponse> Transfer::Outcome(CURLcode code) {
  if (fault_) return std::move(*fault_);
  if (code != CURLE_OK) return Fault(code);
  NARTHEX_TRY(TellHeaders());
  const char* url = nullptr;
  curl_off_t duration_us = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_EFFECTIVE_URL, &url);
  curl_easy_getinfo(easy_.get(), CURLINFO_TOTAL_TIME_T, &duration_us);
  response_.url = url == nullptr ? request_.url : url;
  response_.duration = std::chrono::microseconds(duration_us);
  return std::move(response_);
}

Error Transfer::Fault(CURLcode code) const {
  const std::string url = PublicUrl(request_.url);
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT: {
      curl_off_t connected_us = 0;
      curl_easy_getinfo(easy_.get(), CURLINFO_CONNECT_TIME_T, &connected_us);
      const bool is_connected = connected_us > 0;
      const auto limit =
          is_connected ? request_.timeout : std::min(request_.connect_timeout, request_.timeout);
      return Error{ErrorCode::kDeadlineExceeded,
                   fmt::format("{} {}: timeout after {} ms", is_connected ? "fetch" : "connect to",
                               url, limit.count())};
    }
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
      return Error{ErrorCode::kInvalidArgument, fmt::format("malformed URL \"{}\"", url)};
    default: break;
  }
  const char* reason = reason_[0] != '\0' ? reason_ : curl_easy_strerror(code);
  return Error{ErrorCode::kUnavailable, fmt::format("fetch {}: {}", url, reason)};
}

}  // namespace narthex::http
