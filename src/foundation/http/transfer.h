// One exchange of the client, as libcurl sees it.
#pragma once

#include <curl/curl.h>

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "body_channel.h"
#include "descriptor.h"
#include "http/client.h"

namespace narthex::http {

struct EasyDeleter {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct ListDeleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Easy = std::unique_ptr<CURL, EasyDeleter>;
using List = std::unique_ptr<curl_slist, ListDeleter>;

// `url` without user, password and query: what an error may show.
std::string PublicUrl(std::string_view url);

// Lives at one address from Prepare() to its end: libcurl holds pointers into it.
class Transfer {
 public:
  using Connected = std::function<void(Result<Descriptor>)>;

  // With a `channel` the body goes there.
  Transfer(ClientRequest request, Client::Callback done,
           std::shared_ptr<BodyChannel> channel = nullptr);
  // Makes the connection that `request` needs, and no more.
  Transfer(ClientRequest request, Connected connected);
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  // Sets up a handle for it.
  // Errors: kInvalidArgument  the URL is malformed
  Status Prepare(const ClientOptions& options, Easy easy);

  CURL* easy() const { return easy_.get(); }
  Easy ReleaseEasy() { return std::move(easy_); }
  bool is_canceled() const { return request_.canceled.stop_requested(); }
  const std::stop_token& canceled() const { return request_.canceled; }
  BodyChannel* channel() const { return channel_.get(); }

  // The outcome for libcurl's verdict on the transfer, which still has its connection.
  Result<ClientResponse> Outcome(CURLcode code);
  void Finish(Result<ClientResponse> outcome);

 private:
  static std::size_t OnHeader(char* bytes, std::size_t one, std::size_t size, void* self);
  static std::size_t OnBody(char* bytes, std::size_t one, std::size_t size, void* self);

  void SetRequest(const ClientOptions& options);
  void SetMethodAndBody();
  void SetHeaders();
  void SetTls();
  Status SetServerName();
  Status TakePiece(std::string_view piece);
  Status TellHeaders();
  // False if the transfer is to end with that error.
  bool Take(Status taken);
  bool IsLastHead() const;
  Status TakeSocket();
  std::chrono::milliseconds ConnectTimeout() const;
  Error Fault(CURLcode code) const;

  ClientRequest request_;
  const std::string url_;  // as asked for; the request's names the host that the certificate is for
  Client::Callback done_;
  Connected connected_;  // in place of done_
  Descriptor socket_;
  std::shared_ptr<BodyChannel> channel_;  // shared with the reader: either may leave first
  Easy easy_;
  List headers_;
  List aliases_;
  ClientResponse response_;
  bool is_head_whole_ = false;  // of the last answer; redirects have one each
  bool are_headers_told_ = false;
  std::uint64_t body_size_bytes_ = 0;
  std::optional<Error> fault_;  // why we made libcurl stop
  char reason_[CURL_ERROR_SIZE] = {};
};

}  // namespace narthex::http
