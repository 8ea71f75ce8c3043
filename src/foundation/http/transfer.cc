#include "transfer.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace narthex::http {
namespace {

constexpr long kRedirectCountMax = 10;
// Bodies of targets have 10 to 500 kB; libcurl's own 16 kB make four times as many calls.
constexpr long kReceiveSizeBytes = 64 << 10;
// More is not taken for granted before it comes.
constexpr curl_off_t kReservedSizeBytesMax = 4 << 20;

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

Transfer::Transfer(ClientRequest request, Client::Callback done,
                   std::shared_ptr<BodyChannel> channel)
    : request_(std::move(request)),
      url_(request_.url),
      done_(std::move(done)),
      channel_(std::move(channel)) {}

Transfer::Transfer(ClientRequest request, Connected connected)
    : request_(std::move(request)), url_(request_.url), connected_(std::move(connected)) {}

void Transfer::Finish(Result<ClientResponse> outcome) {
  if (!connected_) {
    done_(std::move(outcome));
  } else if (outcome.ok()) {
    connected_(std::move(socket_));
  } else {
    connected_(std::move(outcome).error());
  }
}

Status Transfer::Prepare(const ClientOptions& options, Easy easy) {
  if (!request_.url.starts_with("http://") && !request_.url.starts_with("https://")) {
    return Error{
        ErrorCode::kInvalidArgument,
        fmt::format("URL \"{}\" does not begin with http:// or https://", PublicUrl(request_.url))};
  }
  easy_ = std::move(easy);
  if (request_.tls && !request_.tls->server_name.empty()) NARTHEX_TRY(SetServerName());
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
  curl_easy_setopt(curl, CURLOPT_BUFFERSIZE, kReceiveSizeBytes);
  curl_easy_setopt(curl, CURLOPT_USERAGENT, options.user_agent.c_str());
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(request_.timeout.count()));
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(ConnectTimeout().count()));
  if (request_.stall_timeout.count() > 0) {
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME,
                     static_cast<long>(request_.stall_timeout.count()));
  }
  // The head of a proxy's answer to CONNECT is not the answer's.
  curl_easy_setopt(curl, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, request_.follows_redirects ? 1L : 0L);
  curl_easy_setopt(curl, CURLOPT_MAXREDIRS, kRedirectCountMax);
  if (request_.is_compressed_accepted) {
    curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "gzip, zstd");
  }
  // The environment's proxies are for people, not for services.
  curl_easy_setopt(curl, CURLOPT_PROXY, request_.proxy_url.c_str());
  if (!request_.unix_socket.empty()) {
    curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, request_.unix_socket.c_str());
  }
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, &Transfer::OnHeader);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &Transfer::OnBody);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, this);

  if (connected_) curl_easy_setopt(curl, CURLOPT_CONNECT_ONLY, 1L);
  SetMethodAndBody();
  SetHeaders();
  for (const auto& [name, address] : options.host_aliases) {
    // host:any port -> address.
    Append(aliases_, fmt::format("{}::{}", name, address));
  }
  curl_easy_setopt(curl, CURLOPT_CONNECT_TO, aliases_.get());
}

void Transfer::SetMethodAndBody() {
  CURL* curl = easy_.get();
  if (request_.method == "HEAD") {
    curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
    return;
  }
  const bool is_post = request_.method == "POST";
  if (request_.body.empty() && !is_post && request_.method != "PUT") {
    if (request_.method != "GET") {
      curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request_.method.c_str());
    }
    return;
  }
  curl_easy_setopt(curl, CURLOPT_POST, 1L);
  curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
                   static_cast<curl_off_t>(request_.body.size()));
  curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request_.body.data());
  // A custom word would also be used after a redirect that turns POST into GET.
  if (!is_post) curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request_.method.c_str());
}

void Transfer::SetHeaders() {
  CURL* curl = easy_.get();
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

// libcurl takes the name to verify from the URL only: the URL gets the server's name, the
// connection is led to the real host, and the Host header stays what it was.
Status Transfer::SetServerName() {
  const std::unique_ptr<CURLU, void (*)(CURLU*)> url(curl_url(), curl_url_cleanup);
  const auto part = [&](CURLUPart which, unsigned flags) {
    char* text = nullptr;
    if (curl_url_get(url.get(), which, &text, flags) != CURLUE_OK) return std::string();
    const std::unique_ptr<char, void (*)(void*)> owner(text, curl_free);
    return std::string(text);
  };
  if (curl_url_set(url.get(), CURLUPART_URL, request_.url.c_str(), 0) != CURLUE_OK) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("malformed URL \"{}\"", PublicUrl(request_.url))};
  }
  const std::string host = part(CURLUPART_HOST, 0);
  const std::string port = part(CURLUPART_PORT, 0);
  const std::string& name = request_.tls->server_name;
  if (curl_url_set(url.get(), CURLUPART_HOST, name.c_str(), 0) != CURLUE_OK) {
    return Error{ErrorCode::kInvalidArgument, fmt::format("malformed server name \"{}\"", name)};
  }
  if (!request_.headers.Has("Host")) {
    request_.headers.Add("Host", port.empty() ? host : fmt::format("{}:{}", host, port));
  }
  Append(aliases_, fmt::format("{}::{}:{}", name, host, part(CURLUPART_PORT, CURLU_DEFAULT_PORT)));
  request_.url = part(CURLUPART_URL, 0);
  return Ok();
}

std::size_t Transfer::OnHeader(char* bytes, std::size_t, std::size_t size, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  const std::string_view line = TrimEnd(std::string_view(bytes, size));
  if (line.starts_with("HTTP/")) {
    // Another response begins: a redirect's target, or the one after "100 Continue".
    transfer.response_.headers = Headers();
    transfer.is_head_whole_ = false;
    return size;
  }
  if (line.empty()) {
    transfer.is_head_whole_ = true;
    return transfer.IsLastHead() && !transfer.Take(transfer.TellHeaders()) ? 0 : size;
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
  const std::string_view piece(bytes, size);
  Status taken = transfer.TellHeaders();
  if (taken.ok() && transfer.channel_ != nullptr && !transfer.channel_->Put(piece)) {
    // The same piece comes again when the transfer goes on.
    return CURL_WRITEFUNC_PAUSE;
  }
  if (taken.ok()) taken = transfer.TakePiece(piece);
  if (transfer.Take(std::move(taken))) return size;
  // Any other number than `size` ends the transfer.
  return size == 0 ? 1 : 0;
}

bool Transfer::Take(Status taken) {
  if (!taken.ok()) fault_ = std::move(taken).error();
  return !fault_;
}

// Not one that a redirect or "100 Continue" goes on from.
bool Transfer::IsLastHead() const {
  long status = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
  const bool is_redirect = status >= 300 && status < 400 && response_.headers.Has("Location");
  return status >= 200 && !(is_redirect && request_.follows_redirects);
}

// Once, before the body.
Status Transfer::TellHeaders() {
  if (are_headers_told_) return Ok();
  are_headers_told_ = true;
  long status = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
  response_.status = static_cast<int>(status);
  if (channel_ != nullptr) channel_->SetHead({response_.status, response_.headers});
  return request_.on_headers ? request_.on_headers(response_.status, response_.headers) : Ok();
}

Status Transfer::TakePiece(std::string_view piece) {
  body_size_bytes_ += piece.size();
  if (request_.body_size_bytes_max != 0 && body_size_bytes_ > request_.body_size_bytes_max) {
    return Error{ErrorCode::kResourceExhausted,
                 fmt::format("the answer of {} is larger than {} bytes", PublicUrl(url_),
                             request_.body_size_bytes_max)};
  }
  if (channel_ != nullptr) return Ok();
  if (request_.on_body) return request_.on_body(piece);
  if (response_.body.empty()) {
    curl_off_t size = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &size);
    if (size > 0) {
      response_.body.reserve(static_cast<std::size_t>(std::min(size, kReservedSizeBytesMax)));
    }
  }
  response_.body.append(piece);
  return Ok();
}

Status Transfer::TakeSocket() {
  curl_socket_t socket = CURL_SOCKET_BAD;
  curl_easy_getinfo(easy_.get(), CURLINFO_ACTIVESOCKET, &socket);
  // libcurl closes its own descriptor when the handle goes; the connection lives on in this one.
  socket_ = Descriptor(::fcntl(socket, F_DUPFD_CLOEXEC, 0));
  if (socket_.is_open()) return Ok();
  return Error{ErrorCode::kUnavailable, fmt::format("connect to {}: {}", PublicUrl(url_),
                                                    std::generic_category().message(errno))};
}

Result<ClientResponse> Transfer::Outcome(CURLcode code) {
  if (fault_) return std::move(*fault_);
  if (code != CURLE_OK) return Fault(code);
  if (connected_) {
    NARTHEX_TRY(TakeSocket());
    return ClientResponse();
  }
  if (!is_head_whole_) {
    // libcurl takes what there is for an answer.
    return Error{
        ErrorCode::kUnavailable,
        fmt::format("fetch {}: the connection ended within the answer's head", PublicUrl(url_))};
  }
  NARTHEX_TRY(TellHeaders());
  const char* url = nullptr;
  curl_off_t duration_us = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_EFFECTIVE_URL, &url);
  curl_easy_getinfo(easy_.get(), CURLINFO_TOTAL_TIME_T, &duration_us);
  long redirect_count = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_REDIRECT_COUNT, &redirect_count);
  response_.url = redirect_count == 0 || url == nullptr ? url_ : url;
  response_.duration = std::chrono::microseconds(duration_us);
  return std::move(response_);
}

std::chrono::milliseconds Transfer::ConnectTimeout() const {
  if (request_.timeout.count() == 0) return request_.connect_timeout;
  return std::min(request_.connect_timeout, request_.timeout);
}

Error Transfer::Fault(CURLcode code) const {
  const std::string url = PublicUrl(url_);
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT: {
      curl_off_t connected_us = 0;
      curl_easy_getinfo(easy_.get(), CURLINFO_CONNECT_TIME_T, &connected_us);
      curl_off_t total_us = 0;
      curl_easy_getinfo(easy_.get(), CURLINFO_TOTAL_TIME_T, &total_us);
      const bool is_connected = connected_us > 0;
      const bool is_whole_over =
          request_.timeout.count() > 0 && std::chrono::microseconds(total_us) >= request_.timeout;
      const std::chrono::milliseconds limit = !is_connected   ? ConnectTimeout()
                                              : is_whole_over ? request_.timeout
                                                              : request_.stall_timeout;
      return Error{ErrorCode::kDeadlineExceeded,
                   fmt::format("{} {}: timeout after {} ms", is_connected ? "fetch" : "connect to",
                               url, limit.count())};
    }
    case CURLE_URL_MALFORMAT:
      return Error{ErrorCode::kInvalidArgument, fmt::format("malformed URL \"{}\"", url)};
    case CURLE_COULDNT_CONNECT: {
      long reason = 0;
      curl_easy_getinfo(easy_.get(), CURLINFO_OS_ERRNO, &reason);
      if (reason == 0) break;
      return Error{ErrorCode::kUnavailable,
                   fmt::format("connect to {}: {}", url,
                               std::generic_category().message(static_cast<int>(reason)))};
    }
    default:
      break;
  }
  const char* reason = reason_[0] != '\0' ? reason_ : curl_easy_strerror(code);
  return Error{ErrorCode::kUnavailable, fmt::format("fetch {}: {}", url, reason)};
}

}  // namespace narthex::http
