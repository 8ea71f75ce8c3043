#include "kept_get.h"

#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "base/check.h"
#include "transfer.h"

namespace narthex::http {
namespace {

using std::chrono::milliseconds;

// Room for an answer of unknown length, and what it may be longer than the last one before it takes
// a second call.
constexpr std::size_t kRoomSizeBytesMin = 16u << 10;
constexpr std::size_t kGrowthSizeBytes = 4u << 10;
// A coded body of this size that is not whole may hide one without end: 64 MB of gzip at its best.
constexpr std::size_t kFirstProbeSizeBytes = 64u << 10;

// Empty for a coding that only libcurl may know.
std::optional<Coding> CodingOf(std::string_view name) {
  if (name.empty() || name == "identity") return Coding::kIdentity;
  if (name == "gzip" || name == "x-gzip") return Coding::kGzip;
  if (name == "zstd") return Coding::kZstd;
  return std::nullopt;
}

Error Canceled() { return {ErrorCode::kCanceled, "the client has stopped"}; }

std::string SystemReason(int system_errno) { return std::generic_category().message(system_errno); }

}  // namespace

KeptGet::KeptGet(std::shared_ptr<GetPoller> poller, GetCarrier& carrier, ClientRequest request,
                 std::optional<std::string> bytes, RepeatedGet::Callback done)
    : poller_(std::move(poller)),
      carrier_(carrier),
      request_(std::move(request)),
      bytes_(std::move(bytes)),
      done_(std::move(done)),
      is_plain_(bytes_.has_value()),
      reader_({.body_size_bytes_max = request_.body_size_bytes_max}) {}

void KeptGet::Register() {
  const std::uint64_t number = poller_->Add(shared_from_this());
  MutexLock lock(mutex_);
  number_ = number;
}

void KeptGet::Start() {
  {
    MutexLock lock(mutex_);
    NARTHEX_CHECK(state_ == State::kIdle && !is_abandoned_, "one exchange at a time");
    // A poller that stops from here on waits for this lock and then cancels the exchange.
    if (!poller_->is_stopped()) return Begin();
  }
  done_(Canceled());
}

void KeptGet::Begin() {
  ++exchange_;
  deadline_ = request_.timeout.count() == 0 ? Instant::max()
                                            : std::chrono::steady_clock::now() + request_.timeout;
  if (!is_plain_) return Carry(request_);
  reader_.Reset();
  next_probe_size_ = kFirstProbeSizeBytes;
  is_reused_ = socket_.is_open();
  if (!is_reused_ || !Send()) return Connect(request_);
}

bool KeptGet::Send() {
  state_ = State::kReading;
  const ssize_t sent =
      ::send(socket_.get(), bytes_->data(), bytes_->size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  // A request fits into the empty buffer of a socket, or the connection is no use.
  if (sent != static_cast<ssize_t>(bytes_->size())) return false;
  if (deadline_ != Instant::max()) poller_->EnsureWakeUp(deadline_);
  return true;
}

void KeptGet::Connect(ClientRequest request) {
  Close();
  state_ = State::kConnecting;
  carrier_.Connect(std::move(request),
                   [self = shared_from_this(), exchange = exchange_](Result<Descriptor> socket) {
                     self->OnConnected(exchange, std::move(socket));
                   });
}

void KeptGet::OnConnected(std::uint64_t exchange, Result<Descriptor> socket) {
  MutexLock lock(mutex_);
  if (state_ != State::kConnecting || exchange != exchange_) return;
  if (!socket.ok()) return Post(std::move(socket).error());
  socket_ = *std::move(socket);
  is_reused_ = false;
  poller_->Watch(socket_.get(), number_);
  if (!Send()) {
    const int reason = errno;
    Close();
    Post(FetchError("Send failure: " + SystemReason(reason)));
  }
}

void KeptGet::Carry(ClientRequest request) {
  Close();
  state_ = State::kCarried;
  carrier_.Carry(std::move(request), [self = shared_from_this(),
                                      exchange = exchange_](Result<ClientResponse> response) {
    self->OnCarried(exchange, std::move(response));
  });
}

void KeptGet::OnCarried(std::uint64_t exchange, Result<ClientResponse> response) {
  MutexLock lock(mutex_);
  if (state_ == State::kCarried && exchange == exchange_) Post(std::move(response));
}

void KeptGet::Post(Result<ClientResponse> outcome) {
  outcome_ = std::move(outcome);
  state_ = State::kPosted;
  poller_->Post(shared_from_this());
}

void KeptGet::Deliver(BodyDecoder& decoder) {
  std::optional<Ended> ended;
  {
    MutexLock lock(mutex_);
    if (state_ != State::kPosted) return;
    ended = EndWith(std::move(*outcome_));
  }
  Tell(std::move(*ended), &decoder);
}

void KeptGet::Abandon() {
  MutexLock lock(mutex_);
  is_abandoned_ = true;
  if (state_ == State::kIdle) SetIdle();
}

void KeptGet::Cancel() {
  std::optional<Ended> ended;
  {
    MutexLock lock(mutex_);
    Close();
    if (state_ == State::kIdle) return;
    ended = EndWith(Canceled());
  }
  Tell(std::move(*ended), nullptr);
}

std::optional<KeptGet::Instant> KeptGet::EndIfLate(Instant now) {
  std::optional<Ended> ended;
  {
    MutexLock lock(mutex_);
    if (state_ != State::kReading || deadline_ == Instant::max()) return std::nullopt;
    if (deadline_ > now) return deadline_;
    ended = EndWith(Error{ErrorCode::kDeadlineExceeded,
                          fmt::format("fetch {}: timeout after {} ms", PublicUrl(request_.url),
                                      request_.timeout.count())});
  }
  Tell(std::move(*ended), nullptr);
  return std::nullopt;
}

void KeptGet::OnReadable(BodyDecoder& decoder) {
  std::optional<Ended> ended;
  {
    MutexLock lock(mutex_);
    if (state_ == State::kReading) {
      ended = Read(decoder);
    } else if (state_ == State::kIdle) {
      // The peer has left, or says what nobody has asked for.
      Close();
    }
  }
  if (ended) Tell(std::move(*ended), &decoder);
}

std::optional<KeptGet::Ended> KeptGet::Read(BodyDecoder& decoder) {
  if (buffer_.capacity() == 0) buffer_ = poller_->buffers().Take();
  while (true) {
    const std::size_t expected = expected_size_ + kGrowthSizeBytes;
    const std::span<char> room =
        buffer_.Room(std::max(expected - std::min(expected, buffer_.size()), kRoomSizeBytesMin));
    const ssize_t size = ::recv(socket_.get(), room.data(), room.size(), MSG_DONTWAIT);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) break;
    if (size < 0) return TakeBroken("Recv failure: " + SystemReason(errno));
    if (size == 0) return TakeClosed();
    buffer_.Commit(static_cast<std::size_t>(size));
    const ResponseReader::State state = reader_.Feed(buffer_);
    if (state != ResponseReader::State::kMore) return TakeState(state);
    if (IsProbedTooLarge(decoder)) return EndWith(TooLarge());
    // Most likely the socket is empty; if not, it wakes a thread again.
    if (static_cast<std::size_t>(size) < room.size()) break;
  }
  poller_->Rearm(socket_.get(), number_);
  return std::nullopt;
}

std::optional<KeptGet::Ended> KeptGet::TakeState(ResponseReader::State state) {
  if (state == ResponseReader::State::kTooLarge) return EndWith(TooLarge());
  if (state == ResponseReader::State::kDone && !IsForLibcurl()) return EndWithAnswer();
  return TakeOdd();
}

std::optional<KeptGet::Ended> KeptGet::TakeClosed() {
  if (reader_.FeedEnd(buffer_) == ResponseReader::State::kDone) {
    return TakeState(ResponseReader::State::kDone);
  }
  if (buffer_.size() == 0) return TakeBroken("Empty reply from server");
  if (!reader_.has_head()) {
    return EndWith(FetchError("the connection ended within the answer's head"));
  }
  const std::uint64_t missing_size = reader_.missing_size(buffer_);
  return EndWith(
      FetchError(missing_size > 0
                     ? fmt::format("transfer closed with {} bytes remaining to read", missing_size)
                     : "transfer closed with outstanding read data remaining"));
}

// A peer may close a connection that is kept just when it is used again.
std::optional<KeptGet::Ended> KeptGet::TakeBroken(std::string_view reason) {
  if (!is_reused_ || buffer_.size() > 0) return EndWith(FetchError(reason));
  Connect(LaterRequest());
  return std::nullopt;
}

std::optional<KeptGet::Ended> KeptGet::TakeOdd() {
  is_plain_ = false;
  poller_->buffers().Give(std::exchange(buffer_, {}));
  Carry(LaterRequest());
  return std::nullopt;
}

KeptGet::Ended KeptGet::EndWithAnswer() {
  Ended ended{ClientResponse(), reader_, std::exchange(buffer_, {})};
  expected_size_ = ended.buffer.size();
  if (reader_.is_kept(ended.buffer)) {
    poller_->Rearm(socket_.get(), number_);
  } else {
    Close();
  }
  SetIdle();
  return ended;
}

KeptGet::Ended KeptGet::EndWith(Result<ClientResponse> outcome) {
  Close();
  SetIdle();
  outcome_.reset();
  return {std::move(outcome), std::nullopt, std::exchange(buffer_, {})};
}

void KeptGet::SetIdle() {
  state_ = State::kIdle;
  if (!is_abandoned_) return;
  Close();
  poller_->Remove(number_);
}

void KeptGet::Close() {
  if (!socket_.is_open()) return;
  poller_->Unwatch(socket_.get());
  socket_.Close();
}

bool KeptGet::IsForLibcurl() const {
  const bool is_redirect = reader_.status() / 100 == 3 && reader_.has_location();
  return (is_redirect && request_.follows_redirects) ||
         (request_.is_compressed_accepted && !CodingOf(reader_.content_encoding(buffer_)));
}

bool KeptGet::IsProbedTooLarge(BodyDecoder& decoder) {
  if (buffer_.size() < next_probe_size_ || !request_.is_compressed_accepted) return false;
  next_probe_size_ = 2 * buffer_.size();
  const auto coding = CodingOf(reader_.content_encoding(buffer_));
  if (!coding || *coding == Coding::kIdentity) return false;
  ReceiveBuffer decoded = poller_->buffers().Take();
  const Status status =
      decoder.Decode(*coding, reader_.body_so_far(buffer_), request_.body_size_bytes_max, decoded);
  poller_->buffers().Give(std::move(decoded));
  return status.code() == ErrorCode::kResourceExhausted;
}

ClientRequest KeptGet::LaterRequest() const {
  ClientRequest request = request_;
  if (deadline_ == Instant::max()) return request;
  const auto left =
      std::chrono::duration_cast<milliseconds>(deadline_ - std::chrono::steady_clock::now());
  // 0 would be no limit.
  request.timeout = std::max(left, milliseconds(1));
  return request;
}

Error KeptGet::FetchError(std::string_view reason) const {
  return {ErrorCode::kUnavailable, fmt::format("fetch {}: {}", PublicUrl(request_.url), reason)};
}

Error KeptGet::TooLarge() const {
  return {ErrorCode::kResourceExhausted,
          fmt::format("the answer of {} is larger than {} bytes", PublicUrl(request_.url),
                      request_.body_size_bytes_max)};
}

void KeptGet::Tell(Ended ended, BodyDecoder* decoder) {
  if (!ended.reader) {
    if (ended.response.ok()) {
      const ClientResponse& response = *ended.response;
      done_(AnswerView{response.status, response.headers.Get("Content-Type"), response.body});
    } else {
      done_(std::move(ended.response).error());
    }
  } else {
    const AnswerView answer{ended.reader->status(), ended.reader->content_type(ended.buffer),
                            ended.reader->body(ended.buffer)};
    const auto coding = CodingOf(ended.reader->content_encoding(ended.buffer));
    if (!request_.is_compressed_accepted || coding == Coding::kIdentity || answer.body.empty()) {
      done_(answer);
    } else {
      TellDecoded(answer, *coding, *decoder);
    }
  }
  poller_->buffers().Give(std::move(ended.buffer));
}

void KeptGet::TellDecoded(AnswerView answer, Coding coding, BodyDecoder& decoder) {
  ReceiveBuffer decoded = poller_->buffers().Take();
  const Status status = decoder.Decode(coding, answer.body, request_.body_size_bytes_max, decoded);
  if (status.ok()) {
    answer.body = decoded.view();
    done_(answer);
  } else if (status.code() == ErrorCode::kResourceExhausted) {
    done_(TooLarge());
  } else {
    done_(FetchError(status.error().message()));
  }
  poller_->buffers().Give(std::move(decoded));
}

}  // namespace narthex::http
