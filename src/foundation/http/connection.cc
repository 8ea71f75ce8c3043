#include "connection.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <exception>

#include "base/log.h"

namespace narthex::http {

namespace asio = boost::asio;
using Steady = std::chrono::steady_clock;

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

Response Answered(const Handler& handler, Request& request, std::size_t body_size_bytes_max) {
  const Status decoded = DecodeBody(request, body_size_bytes_max);
  if (!decoded.ok()) {
    const int status = decoded.code() == ErrorCode::kResourceExhausted ? 413 : 400;
    return Response::Text(status, decoded.error().message() + "\n");
  }
  return Guarded(handler, request);
}

}  // namespace

// Sends pieces from a worker thread, straight to the socket: the connection's own thread only watches for
// the peer to leave meanwhile, and closes nothing before the worker is done.
class Connection::StreamWriter final : public BodyWriter {
 public:
  StreamWriter(Connection& connection, const AnswerTo& to, Coding coding)
      : fd_(connection.socket_.native_handle()),
        timeout_(connection.shared_.options.write_timeout),
        canceled_(connection.canceled_.get_token()),
        is_chunked_(!to.is_http_1_0) {
    if (coding != Coding::kIdentity) compressor_.emplace(coding);
  }

  Status Write(std::string_view bytes) override {
    if (bytes.empty()) return Ok();
    if (!compressor_) return SendPiece(bytes);
    const std::string compressed = compressor_->Add(bytes);
    return compressed.empty() ? Ok() : SendPiece(compressed);
  }

  Status Finish() {
    if (compressor_) {
      const std::string rest = compressor_->Finish();
      if (!rest.empty()) NARTHEX_TRY(SendPiece(rest));
    }
    return is_chunked_ ? SendRaw(EncodeChunk({})) : Ok();
  }

  Status SendRaw(std::string_view bytes) {
    while (!bytes.empty()) {
      if (canceled_.stop_requested()) return Error{ErrorCode::kCanceled, "the peer is gone"};
      const ssize_t size = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (size >= 0) {
        bytes.remove_prefix(static_cast<std::size_t>(size));
        continue;
      }
      if (errno == EINTR) continue;
      if (errno != EAGAIN) return Error{ErrorCode::kCanceled, "the peer is gone"};
      pollfd wait{fd_, POLLOUT, 0};
      if (::poll(&wait, 1, static_cast<int>(timeout_.count())) == 0) {
        return Error{ErrorCode::kDeadlineExceeded, "the peer reads too slowly"};
      }
    }
    return Ok();
  }

  std::uint64_t body_size_bytes() const { return body_size_bytes_; }

 private:
  Status SendPiece(std::string_view bytes) {
    body_size_bytes_ += bytes.size();
    return is_chunked_ ? SendRaw(EncodeChunk(bytes)) : SendRaw(bytes);
  }

  const int fd_;
  const std::chrono::milliseconds timeout_;
  const std::stop_token canceled_;
  const bool is_chunked_;
  std::optional<StreamCompressor> compressor_;
  std::uint64_t body_size_bytes_ = 0;
};

Connection::Connection(Socket socket, Shared& shared)
    : shared_(shared),
      socket_(std::move(socket)),
      reader_({shared.options.header_size_bytes_max, shared.options.body_size_bytes_max}) {
  shared_.CountConnection(1);
}

Connection::~Connection() { shared_.CountConnection(-1); }

void Connection::Start() {
  boost::system::error_code error;
  const auto peer = socket_.remote_endpoint(error);
  if (!error) remote_address_ = peer.address().to_string();
  Enter(Phase::kIdle);
  AwaitReadable();
}

void Connection::Enter(Phase phase) {
  const ServerOptions& options = shared_.options;
  phase_ = phase;
  switch (phase) {
    case Phase::kIdle: deadline_ = Steady::now() + options.idle_timeout; break;
    case Phase::kReading: deadline_ = Steady::now() + options.read_timeout; break;
    case Phase::kWriting: deadline_ = Steady::now() + options.write_timeout; break;
    case Phase::kLingering: deadline_ = Steady::now() + kLingerTime; break;
    // The handler has limits of its own.
    case Phase::kAnswering:
    case Phase::kClosed: deadline_ = Steady::time_point::max(); break;
  }
}

void Connection::Sweep(Steady::time_point now) {
  if (now < deadline_) return;
  if (phase_ == Phase::kReading) return Refuse(408, "the request took too long to arrive\n");
  Close();
}

void Connection::Drain(bool is_cutting) {
  if (phase_ == Phase::kIdle || phase_ == Phase::kLingering) return Close();
  is_last_ = true;
  answer_to_.is_keep_alive = false;
  if (!is_cutting) return;
  canceled_.request_stop();
  // Unblocks a worker that is sending; the socket is closed when the worker is done.
  boost::system::error_code ignored;
  socket_.shutdown(Socket::shutdown_both, ignored);
  if (phase_ != Phase::kAnswering) Close();
}

void Connection::AwaitReadable() {
  socket_.async_wait(Socket::wait_read, [self = shared_from_this()](boost::system::error_code error) {
    if (error || self->phase_ == Phase::kClosed) return self->Close();
    self->OnReadable();
  });
}

void Connection::OnReadable() {
  boost::system::error_code error;
  const std::size_t size = socket_.read_some(asio::buffer(read_buffer), error);
  if (error == asio::error::would_block || error == asio::error::try_again) return AwaitReadable();
  if (error || size == 0) return Close();
  if (phase_ == Phase::kLingering) return AwaitReadable();
  Consume(std::string_view(read_buffer, size));
}

// Answers what `bytes` complete, until a request has to wait: for more bytes, for its answer, for the peer.
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
        constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
        boost::system::error_code ignored;
        socket_.write_some(asio::buffer(kContinue.data(), kContinue.size()), ignored);
      }
      if (phase_ == Phase::kIdle && reader_.is_reading()) Enter(Phase::kReading);
      AwaitReadable();
      break;
    }
  }
  is_consuming_ = false;
}

void Connection::Dispatch(Request request) {
  began_ = Steady::now();
  request.remote_address = remote_address_;
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
  if (match.run_on == RunOn::kWorker) return RunOnWorker(std::move(request), std::move(match));

  std::uint64_t size = 0;
  Response response = Answered(match.handler, request, shared_.options.body_size_bytes_max);
  const int status = response.status;
  std::string bytes = EncodeAnswer(std::move(response), answer_to_, size);
  Observe(status, size);
  Send(std::move(bytes), !answer_to_.is_keep_alive);
}

void Connection::RunOnWorker(Request request, Router::Match match) {
  canceled_ = std::stop_source();
  request.canceled = canceled_.get_token();
  WatchPeer();
  auto work = [self = shared_from_this(), to = answer_to_,
               request = std::make_shared<Request>(std::move(request)),
               handler = std::move(match.handler)]() mutable {
    Response response = Answered(handler, *request, self->shared_.options.body_size_bytes_max);
    if (self->shared_.is_draining.load(std::memory_order_relaxed)) to.is_keep_alive = false;
    if (response.stream != nullptr && !to.is_head) {
      const bool is_whole = self->SendStream(response, to);
      asio::post(self->socket_.get_executor(), [self, is_whole] {
        if (!is_whole) return self->Close();
        self->Enter(Phase::kWriting);
        self->is_last_ = !self->answer_to_.is_keep_alive || self->answer_to_.is_http_1_0;
        self->OnSent();
      });
      return;
    }
    std::uint64_t size = 0;
    const int status = response.status;
    auto bytes = std::make_shared<std::string>(EncodeAnswer(std::move(response), to, size));
    asio::post(self->socket_.get_executor(), [self, bytes, status, size] {
      self->Observe(status, size);
      self->Send(std::move(*bytes), !self->answer_to_.is_keep_alive);
    });
  };
  if (!shared_.workers->Submit(std::move(work)).ok()) {
    Refuse(503, "too many requests are waiting\n");
  }
}

bool Connection::SendStream(Response& response, const AnswerTo& to) {
  Coding coding = Coding::kIdentity;
  const std::string head = EncodeStreamHead(response, to, coding);
  StreamWriter writer(*this, to, coding);
  Status status = writer.SendRaw(head);
  if (status.ok()) {
    try {
      status = response.stream(writer);
    } catch (const std::exception& fault) {
      status = Error{ErrorCode::kInternal, fault.what()};
    }
  }
  if (status.ok()) status = writer.Finish();
  if (!status.ok() && status.code() != ErrorCode::kCanceled) {
    LogWarn("http", "an answer was cut off", {{"reason", status.error().message()}});
  }
  Observe(response.status, writer.body_size_bytes());
  return status.ok();
}

void Connection::WatchPeer() {
  if (is_watching_) return;
  is_watching_ = true;
  socket_.async_wait(Socket::wait_read, [self = shared_from_this()](boost::system::error_code error) {
    self->is_watching_ = false;
    if (error || self->phase_ != Phase::kAnswering) return;
    char byte;
    const ssize_t size =
        ::recv(self->socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    // Bytes are the next, pipelined request: it waits in the kernel, and from now on a leaving peer is
    // noticed when it is written to.
    if (size > 0) return;
    const bool is_gone = size == 0 || (errno != EAGAIN && errno != EINTR);
    if (is_gone) return static_cast<void>(self->canceled_.request_stop());
    // What woke this wait was the request itself, read meanwhile.
    self->WatchPeer();
  });
}

void Connection::Refuse(int status, std::string_view text) {
  std::uint64_t size = 0;
  is_refused_ = true;
  began_ = Steady::now();
  observed_pattern_.clear();
  answer_to_ = {.is_keep_alive = false};
  std::string bytes = EncodeAnswer(Response::Text(status, text), answer_to_, size);
  Observe(status, size);
  Send(std::move(bytes), true);
}

void Connection::Send(std::string bytes, bool is_last) {
  if (phase_ == Phase::kClosed) return;
  is_last_ = is_last_ || is_last;
  outgoing_ = std::move(bytes);
  Enter(Phase::kWriting);
  boost::system::error_code error;
  const std::size_t size = socket_.write_some(asio::buffer(outgoing_), error);
  if (error && error != asio::error::would_block && error != asio::error::try_again) return Close();
  if (size == outgoing_.size()) return OnSent();
  WriteRest(error ? 0 : size);
}

void Connection::WriteRest(std::size_t offset) {
  socket_.async_write_some(
      asio::buffer(outgoing_.data() + offset, outgoing_.size() - offset),
      [self = shared_from_this(), offset](boost::system::error_code error, std::size_t size) {
        if (error || self->phase_ == Phase::kClosed) return self->Close();
        self->Enter(Phase::kWriting);
        if (offset + size < self->outgoing_.size()) return self->WriteRest(offset + size);
        self->OnSent();
      });
}

void Connection::OnSent() {
  outgoing_ = std::string();
  if (is_last_) return is_refused_ ? Linger() : Close();
  Enter(Phase::kIdle);
  // Inside Consume() its loop goes on; else the next request may be waiting already.
  if (!is_consuming_) Consume({});
}

void Connection::Linger() {
  boost::system::error_code ignored;
  socket_.shutdown(Socket::shutdown_send, ignored);
  Enter(Phase::kLingering);
  AwaitReadable();
}

void Connection::Observe(int status, std::uint64_t body_size_bytes) {
  if (!shared_.options.observer) return;
  shared_.options.observer({.pattern = observed_pattern_,
                            .method = observed_method_,
                            .status = status,
                            .duration = Steady::now() - began_,
                            .request_size_bytes = observed_request_size_bytes_,
                            .response_size_bytes = body_size_bytes});
}

void Connection::Close() {
  if (phase_ == Phase::kClosed) return;
  Enter(Phase::kClosed);
  canceled_.request_stop();
  boost::system::error_code ignored;
  socket_.shutdown(Socket::shutdown_both, ignored);
  socket_.close(ignored);
}

}  // namespace narthex::http
