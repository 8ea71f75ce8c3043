#include "streamed_fetch.h"

#include <fmt/format.h>

#include <deque>
#include <memory>
#include <optional>
#include <stop_token>

#include "base/mutex.h"

namespace narthex::dashapi {
namespace {

constexpr std::string_view kPassedOn[] = {
    "Content-Type", "Content-Disposition", "Content-Language", "Last-Modified", "ETag",
    "Warning",      "Retry-After"};

// What the client's thread puts in and the reader's thread takes out. Shared by both, since either
// may be the last to leave.
class Channel {
 public:
  Channel(std::size_t size_bytes_max, std::stop_token canceled)
      : size_bytes_max_(size_bytes_max),
        on_cancel_(std::move(canceled), [this] { stop_.request_stop(); }) {}

  std::stop_token token() { return stop_.get_token(); }
  void Cancel() { stop_.request_stop(); }

  void SetHead(int status, const http::Headers& headers) {
    {
      const MutexLock lock(mutex_);
      http::Response& head = head_.emplace();
      head.status = status;
      for (const std::string_view name : kPassedOn) {
        if (headers.Has(name)) head.headers.Set(name, headers.Get(name));
      }
    }
    changed_.NotifyAll();
  }

  Status Put(std::string_view piece) {
    {
      const MutexLock lock(mutex_);
      if (size_bytes_ + piece.size() > size_bytes_max_) {
        return Error(ErrorCode::kResourceExhausted,
                     fmt::format("the reader is more than {} bytes behind", size_bytes_max_));
      }
      pieces_.emplace_back(piece);
      size_bytes_ += piece.size();
    }
    changed_.NotifyAll();
    return Ok();
  }

  void Finish(Status status) {
    {
      const MutexLock lock(mutex_);
      end_.emplace(std::move(status));
    }
    changed_.NotifyAll();
  }

  // The response without body, or why there is none.
  Result<http::Response> AwaitHead() {
    const MutexLock lock(mutex_);
    while (!head_ && !end_) changed_.Wait(mutex_);
    if (!head_)
      return end_->ok() ? Error(ErrorCode::kInternal, "an answer without status") : end_->error();
    return *head_;
  }

  // The next piece; empty at the end.
  Result<std::string> Take() {
    const MutexLock lock(mutex_);
    while (pieces_.empty() && !end_) changed_.Wait(mutex_);
    if (pieces_.empty()) {
      NARTHEX_TRY(*end_);
      return std::string();
    }
    std::string piece = std::move(pieces_.front());
    pieces_.pop_front();
    size_bytes_ -= piece.size();
    return piece;
  }

 private:
  const std::size_t size_bytes_max_;
  std::stop_source stop_;
  Mutex mutex_;
  CondVar changed_;
  std::optional<http::Response> head_ GUARDED_BY(mutex_);
  std::deque<std::string> pieces_ GUARDED_BY(mutex_);
  std::size_t size_bytes_ GUARDED_BY(mutex_) = 0;
  std::optional<Status> end_ GUARDED_BY(mutex_);
  std::stop_callback<std::function<void()>> on_cancel_;
};

// Ends the transfer when the response is gone, read or not.
class Reader {
 public:
  explicit Reader(std::shared_ptr<Channel> channel) : channel_(std::move(channel)) {}
  ~Reader() { channel_->Cancel(); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  Status CopyTo(http::BodyWriter& writer) {
    while (true) {
      NARTHEX_ASSIGN_OR_RETURN(const std::string piece, channel_->Take());
      if (piece.empty()) return Ok();
      NARTHEX_TRY(writer.Write(piece));
    }
  }

 private:
  const std::shared_ptr<Channel> channel_;
};

}  // namespace

Result<http::Response> FetchStreamed(http::Client& client, http::ClientRequest request,
                                     std::stop_token canceled) {
  const std::uint64_t limit = request.body_size_bytes_max;
  const auto channel =
      std::make_shared<Channel>(limit == 0 ? SIZE_MAX : limit, std::move(canceled));
  request.canceled = channel->token();
  // The limit is on what waits here, not on what passes.
  request.body_size_bytes_max = 0;
  request.on_headers = [channel](int status, const http::Headers& headers) {
    channel->SetHead(status, headers);
    return Ok();
  };
  request.on_body = [channel](std::string_view piece) {
    return piece.empty() ? Ok() : channel->Put(piece);
  };
  client.Fetch(std::move(request), [channel](Result<http::ClientResponse> answer) {
    channel->Finish(answer.ok() ? Ok() : Status(answer.error()));
  });

  const auto reader = std::make_shared<Reader>(channel);
  NARTHEX_ASSIGN_OR_RETURN(http::Response response, channel->AwaitHead());
  response.stream = [reader](http::BodyWriter& writer) { return reader->CopyTo(writer); };
  return response;
}

}  // namespace narthex::dashapi
