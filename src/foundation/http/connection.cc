#include "connection.h"

#include <fmt/format.h>
#include <sys/socket.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <exception>

#include "base/log.h"
#include "stream_writer.h"

namespace narthex::http {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

// One read of a busy connection; shared by all connections of a thread.
constexpr std::size_t kReadSizeBytes = 64u << 10;
thread_local char read_buffer[kReadSizeBytes];

// How long a refused peer may go on sending before it is cut off; long enough to read the answer.
constexpr std::chrono::seconds kLingerTime{1};

Coding CodingOf(std::string_view content_encoding) {
  if (content_encoding == "gzip" || content_encoding == "x-gzip") return Coding::kGzip;
  return content_encoding == "zstd" ? Coding::kZstd : Coding::kIdentity;
}

// Replaces a compressed body by its content. Codings that the server does not know (snappy) are the
// handler's business.
Status DecodeBody(Request& request, std::size_t size_bytes_max) {
  const Coding coding = CodingOf(request.headers.Get("Content-Encoding"));
  if (coding == Coding::kIdentity) return Ok();
  NARTHEX_ASSIGN_OR_RETURN(request.body, Decompress(coding, request.body, size_bytes_max));
  request.removed_coding = CodingName(coding);
  request.headers.Remove("Content-Encoding");
  return Ok();
}

Response Guarded(const Handler& handler, const Request& request) {
  try {
    return handler(request);
  } catch (const std::exception& fault) {
    LogError("http", "a handler failed", {{"path", request.path}, {"reason", fault.what()}});
  } catch (...) {
    LogError("http", "a handler failed", {{"path", request.path}});
  }
  return Response::Text(500, "internal server error\n");
}

Status RunStream(const BodyStream& stream, BodyWriter& writer) {
  try {
    return stream(writer);
  } catch (const std::exception& fault) {
    LogError("http", "a handler's stream failed", {{"reason", fault.what()}});
  } catch (...) {
    LogError("http", "a handler's stream failed");
  }
  return Error{ErrorCode::kInternal, "internal server error"};
}

Response Answered(const Handler& handler, Request& request, std::size_t body_size_bytes_max) {
  const Status decoded = DecodeBody(request, body_size_bytes_max);
  if (!decoded.ok()) {
    const int status = decoded.code() == ErrorCode::kResourceExhausted ? 413 : 400;
    return Response::Text(status, decoded.error().message() + "\n");
  }
  return Guarded(handler, request);
}

}  // namespace

Connection::Connection(Socket socket, Shared& shared, std::shared_ptr<const ServerTls> tls)
    : shared_(shared),
      socket_(std::move(socket)),
      stream_(tls == nullptr ? MakePlainStream(socket_.native_handle())
                             : MakeTlsStream(socket_.native_handle(), std::move(tls))),
      reader_({shared.options.header_size_bytes_max, shared.options.body_size_bytes_max}) {
  shared_.CountConnection(1);
}

Connection::~Connection() { shared_.CountConnection(-1); }

void Connection::Start() {
  // Drain() was called before the server knew of this connection.
  if (shared_.is_draining.load(std::memory_order_relaxed)) return Close();
  error_code error;
  const auto peer = socket_.remote_endpoint(error);
  if (!error) remote_address_ = peer.address().to_string();
  if (stream_->is_tls()) {
    Enter(Phase::kShakingHands);
    return ShakeHands();
  }
  Enter(Phase::kIdle);
  AwaitReadable();
}

void Connection::TurnAway() {
  // A handshake would cost more than it tells.
  if (stream_->is_tls()) return Close();
  Refuse(503, "too many connections\n");
}

void Connection::ShakeHands() {
  const Wait wait = stream_->ShakeHands();
  if (wait == Wait::kNothing) {
    Enter(Phase::kIdle);
    return AwaitReadable();
  }
  if (wait == Wait::kGone) {
    if (!stream_->has_plain_request()) return Close();
    stream_ = MakePlainStream(socket_.native_handle());
    return Refuse(400, "Client sent an HTTP request to an HTTPS server.\n");
  }
  const auto kind = wait == Wait::kReadable ? Socket::wait_read : Socket::wait_write;
  socket_.async_wait(kind, [self = shared_from_this()](error_code error) {
    if (error || self->phase_ == Phase::kClosed) return self->Close();
    self->ShakeHands();
  });
}

void Connection::Enter(Phase phase) {
  const ServerOptions& options = shared_.options;
  phase_ = phase;
  switch (phase) {
    case Phase::kIdle:
      deadline_ = Now() + options.idle_timeout;
      break;
    case Phase::kShakingHands:
    case Phase::kReading:
      deadline_ = Now() + options.read_timeout;
      break;
    case Phase::kWriting:
      deadline_ = Now() + options.write_timeout;
      break;
    case Phase::kLingering:
      deadline_ = Now() + kLingerTime;
      break;
    // Handlers have limits of their own; events come when there are some.
    case Phase::kAnswering:
    case Phase::kFeeding:
    case Phase::kClosed:
      deadline_ = std::chrono::nanoseconds::max();
      break;
  }
}

void Connection::Sweep(std::chrono::nanoseconds now) {
  if (now < deadline_) return;
  if (phase_ == Phase::kReading) return Refuse(408, "the request took too long to arrive\n");
  Close();
}

void Connection::Drain(bool is_cutting) {
  if (phase_ == Phase::kShakingHands || phase_ == Phase::kIdle || phase_ == Phase::kLingering) {
    return Close();
  }
  is_last_ = true;
  answer_to_.is_keep_alive = false;
  if (!is_cutting) return;
  canceled_.request_stop();
  // Unblocks a worker that is sending; the socket is closed when the worker is done.
  error_code ignored;
  socket_.shutdown(Socket::shutdown_both, ignored);
  if (phase_ != Phase::kAnswering) Close();
}

void Connection::AwaitReadable() {
  if (stream_->has_unread()) {
    // Not at once: requests that lie there whole would keep the thread from other connections.
    return asio::post(socket_.get_executor(), [self = shared_from_this()] {
      if (self->phase_ != Phase::kClosed) self->OnReadable();
    });
  }
  socket_.async_wait(Socket::wait_read, [self = shared_from_this()](error_code error) {
    if (error || self->phase_ == Phase::kClosed) return self->Close();
    self->OnReadable();
  });
}

void Connection::OnReadable() {
  const Moved read = stream_->Read(read_buffer);
  if (read.wait == Wait::kGone) return Close();
  if (read.size_bytes == 0 || phase_ == Phase::kLingering) return AwaitReadable();
  Consume(std::string_view(read_buffer, read.size_bytes));
}

// Answers what `bytes` complete, until a request has to wait: for more bytes, for its answer, for
// the peer.
void Connection::Consume(std::string_view bytes) {
  is_consuming_ = true;
  while (phase_ == Phase::kIdle || phase_ == Phase::kReading) {
    const RequestReader::State state = reader_.Feed(bytes);
    bytes = {};
    if (state == RequestReader::State::kFailed) {
      Refuse(reader_.error_status(), reader_.error_text() + "\n");
    } else if (state == RequestReader::State::kDone) {
      Dispatch(reader_.TakeRequest());
    } else {
      if (state == RequestReader::State::kNeedContinue) {
        stream_->Write("HTTP/1.1 100 Continue\r\n\r\n", {});
      }
      if (phase_ == Phase::kIdle && reader_.is_reading()) Enter(Phase::kReading);
      AwaitReadable();
      break;
    }
  }
  is_consuming_ = false;
}

void Connection::Dispatch(Request request) {
  began_ = Now();
  request.remote_address = remote_address_;
  request.is_tls = stream_->is_tls();
  const bool is_draining = shared_.is_draining.load(std::memory_order_relaxed);
  answer_to_ = {.is_head = request.method == Method::kHead,
                .is_keep_alive = reader_.is_keep_alive() && !is_draining,
                .is_http_1_0 = reader_.is_http_1_0(),
                .is_compressing = shared_.options.is_compressing,
                .accept_encoding = std::string(request.headers.Get("Accept-Encoding"))};
  Router::Match match = shared_.router.Find(request);
  observed_pattern_ = match.pattern;
  observed_method_ = request.method_name;
  observed_request_size_bytes_ = request.body.size();
  Enter(Phase::kAnswering);
  if (match.run_on == RunOn::kWorker) {
    return RunOnWorker(std::move(request), std::move(match.handler));
  }

  Response response = Answered(match.handler, request, shared_.options.body_size_bytes_max);
  if (response.stream != nullptr && !answer_to_.is_head) {
    // Only workers may wait for the peer to read.
    return RunOnWorker(std::move(request), [response](const Request&) { return response; });
  }
  if (response.feed != nullptr && !answer_to_.is_head) return BeginFeed(std::move(response));
  const int status = response.status;
  SendAnswer(EncodeAnswer(std::move(response), answer_to_), {status, !answer_to_.is_keep_alive});
}

void Connection::RunOnWorker(Request request, Handler handler) {
  canceled_ = std::stop_source();
  request.canceled = canceled_.get_token();
  WatchPeer();
  auto work = [self = shared_from_this(), to = answer_to_,
               request = std::make_shared<Request>(std::move(request)),
               handler = std::move(handler)] { self->AnswerOnWorker(*request, handler, to); };
  if (!shared_.workers->Submit(std::move(work)).ok()) {
    Refuse(503, "too many requests are waiting\n");
  }
}

void Connection::AnswerOnWorker(Request& request, const Handler& handler, AnswerTo to) {
  Response response = Answered(handler, request, shared_.options.body_size_bytes_max);
  if (shared_.is_draining.load(std::memory_order_relaxed)) to.is_keep_alive = false;
  if (response.stream != nullptr && !to.is_head && SendStream(response, to)) return;
  if (response.feed != nullptr && !to.is_head) {
    return asio::post(socket_.get_executor(),
                      [self = shared_from_this(), response = std::move(response)]() mutable {
                        self->BeginFeed(std::move(response));
                      });
  }

  const int status = response.status;
  auto answer = std::make_shared<Answer>(EncodeAnswer(std::move(response), to));
  // Nearly always the socket has room for it, and the peer need not wait for the other thread.
  // An error shows when the rest is sent.
  const std::size_t sent_size_bytes = stream_->Write(answer->head, answer->body).size_bytes;
  asio::post(socket_.get_executor(), [self = shared_from_this(), answer, status,
                                      is_last = !to.is_keep_alive, sent_size_bytes] {
    self->SendAnswer(std::move(*answer), {status, is_last, sent_size_bytes});
  });
}

bool Connection::SendStream(Response& response, const AnswerTo& to) {
  const BodyStream stream = std::exchange(response.stream, nullptr);
  StreamWriter writer({.stream = *stream_,
                       .fd = socket_.native_handle(),
                       .write_timeout = shared_.options.write_timeout,
                       .workers = *shared_.workers},
                      response, to);
  Status status = RunStream(stream, writer);
  if (!writer.is_started()) {
    if (status.ok()) {
      response.body = writer.TakeHeld();
    } else {
      response = Response::Text(500, status.error().message() + "\n");
    }
    return false;
  }

  if (status.ok()) status = writer.Finish();
  if (!status.ok() && status.code() != ErrorCode::kCanceled) {
    LogWarn("http", "an answer was cut off", {{"reason", status.error().message()}});
  }
  auto rest = std::make_shared<std::string>(writer.TakeBacklog());
  asio::post(socket_.get_executor(), [self = shared_from_this(), is_whole = status.ok(), rest,
                                      code = response.status, size = writer.body_size_bytes()] {
    self->OnStreamEnd({is_whole, std::move(*rest)}, code, size);
  });
  return true;
}

void Connection::OnStreamEnd(StreamEnd end, int status, std::uint64_t body_size_bytes) {
  Observe(status, body_size_bytes);
  if (phase_ == Phase::kClosed) return;
  // An answer that is not ended as it should be tells the peer that it is incomplete.
  if (!end.is_whole) return Close();
  is_last_ = is_last_ || !answer_to_.is_keep_alive || answer_to_.is_http_1_0;
  if (end.rest.empty()) return OnSent();
  outgoing_ = {{}, std::move(end.rest)};
  sent_size_bytes_ = 0;
  Enter(Phase::kWriting);
  WriteRest();
}

void Connection::BeginFeed(Response response) {
  outlet_ = std::make_unique<FeedOutlet>(std::move(response.feed));
  if (phase_ == Phase::kClosed) return outlet_.reset();
  // Pieces are seldom and shared by many peers: there is nothing to win by compressing each.
  answer_to_.is_compressing = false;
  StreamHead head = EncodeStreamHead(response, answer_to_);
  WatchPeer();
  SendAnswer({.head = std::move(head.head), .body = {}},
             {response.status, !answer_to_.is_keep_alive || answer_to_.is_http_1_0});
}

// Sends what waits in the feed; after its end the connection goes on as after any answer.
void Connection::SendFed() {
  if (phase_ != Phase::kFeeding) return;
  FeedOutlet::Taken taken = outlet_->Take(
      !answer_to_.is_http_1_0, [self = weak_from_this(), executor = socket_.get_executor()] {
        asio::post(executor, [self] {
          if (const auto connection = self.lock()) connection->SendFed();
        });
      });
  if (taken.is_last) outlet_.reset();
  if (taken.bytes.empty()) return taken.is_last ? OnSent() : void();
  outgoing_ = {.head = std::move(taken.bytes), .body = {}};
  sent_size_bytes_ = 0;
  Enter(Phase::kWriting);
  WriteRest();
}

void Connection::WatchPeer() {
  if (is_watching_) return;
  is_watching_ = true;
  socket_.async_wait(Socket::wait_read, [self = shared_from_this()](error_code error) {
    self->is_watching_ = false;
    if (error || (self->phase_ != Phase::kAnswering && self->outlet_ == nullptr)) return;
    switch (self->stream_->LookAtPeer()) {
      case Stream::Peer::kSpeaks:
        // The next, pipelined request: it waits there, and from now on a leaving peer is noticed
        // when it is written to.
        return;
      case Stream::Peer::kGone:
        if (self->outlet_ != nullptr) return self->Close();
        return static_cast<void>(self->canceled_.request_stop());
      case Stream::Peer::kSilent:
        // What woke this wait was the request itself, read meanwhile.
        return self->WatchPeer();
    }
  });
}

void Connection::Refuse(int status, std::string_view text) {
  is_refused_ = true;
  if (phase_ != Phase::kAnswering) {
    // No request was understood.
    began_ = Now();
    observed_pattern_.clear();
    observed_method_.clear();
    observed_request_size_bytes_ = 0;
  }
  answer_to_ = {.is_keep_alive = false};
  SendAnswer(EncodeAnswer(Response::Text(status, text), answer_to_), {status, true});
}

void Connection::SendAnswer(Answer answer, const Sending& sending) {
  if (phase_ == Phase::kClosed) return;
  Observe(sending.status, answer.body_size_bytes);
  is_last_ = is_last_ || sending.is_last;
  outgoing_ = std::move(answer);
  sent_size_bytes_ = sending.sent_size_bytes;
  Enter(Phase::kWriting);
  WriteRest();
}

void Connection::WriteRest() {
  const std::size_t head_size = outgoing_.head.size();
  if (sent_size_bytes_ == head_size + outgoing_.body.size()) return OnSent();
  const std::size_t head_sent = std::min(sent_size_bytes_, head_size);
  const std::string_view head = std::string_view(outgoing_.head).substr(head_sent);
  const std::string_view body =
      std::string_view(outgoing_.body).substr(sent_size_bytes_ - head_sent);
  // Nearly always the socket has room for all of it.
  const Moved sent = stream_->Write(head, body);
  sent_size_bytes_ += sent.size_bytes;
  if (sent.wait == Wait::kNothing) return OnSent();
  if (sent.wait == Wait::kGone) return Close();
  if (sent.size_bytes > 0) Enter(Phase::kWriting);
  const auto kind = sent.wait == Wait::kReadable ? Socket::wait_read : Socket::wait_write;
  socket_.async_wait(kind, [self = shared_from_this()](error_code error) {
    if (error || self->phase_ == Phase::kClosed) return self->Close();
    self->WriteRest();
  });
}

void Connection::OnSent() {
  outgoing_ = {};
  if (outlet_ != nullptr) {
    Enter(Phase::kFeeding);
    // Not at once: whoever feeds without a pause would keep the thread from other connections.
    return asio::post(socket_.get_executor(), [self = shared_from_this()] { self->SendFed(); });
  }
  if (is_last_) return is_refused_ ? Linger() : Close();
  Enter(Phase::kIdle);
  // Inside Consume() its loop goes on; else the next request may be waiting already.
  if (!is_consuming_) Consume({});
}

void Connection::Linger() {
  stream_->EndSending();
  error_code ignored;
  socket_.shutdown(Socket::shutdown_send, ignored);
  Enter(Phase::kLingering);
  AwaitReadable();
}

void Connection::Observe(int status, std::uint64_t body_size_bytes) {
  if (!shared_.options.observer) return;
  shared_.options.observer({.pattern = observed_pattern_,
                            .method = observed_method_,
                            .status = status,
                            .duration = Now() - began_,
                            .request_size_bytes = observed_request_size_bytes_,
                            .response_size_bytes = body_size_bytes});
}

void Connection::Close() {
  if (phase_ == Phase::kClosed) return;
  if (phase_ != Phase::kAnswering) stream_->EndSending();
  Enter(Phase::kClosed);
  canceled_.request_stop();
  outlet_.reset();
  error_code ignored;
  socket_.shutdown(Socket::shutdown_both, ignored);
  socket_.close(ignored);
}

}  // namespace narthex::http
