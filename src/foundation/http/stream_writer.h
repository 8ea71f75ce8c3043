// The body of an answer that is made piece by piece.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "answer.h"
#include "stream.h"
#include "workers.h"

namespace narthex::http {

// Sends pieces from a worker's thread straight to the stream. It holds back the first ones: an
// answer that stays small is sent whole, and a stream that fails early can still be answered with
// an error.
//
// Used by one thread; stream and descriptor must stay open as long as it lives.
class StreamWriter final : public BodyWriter {
 public:
  struct Peer {
    Stream& stream;
    int fd;  // of the stream
    std::chrono::milliseconds write_timeout;
    Workers& workers;
  };

  // Changes the headers of `response`, which must outlive it.
  StreamWriter(Peer peer, Response& response, const AnswerTo& to);

  Status Write(std::string_view bytes) override;
  Status Flush() override;

  // Whether the head is sent.
  bool is_started() const { return is_started_; }
  // After the stream's end: the whole body if nothing was sent.
  std::string TakeHeld() { return std::move(held_); }
  // After the stream's end, if it is started: sends the rest, but for the backlog.
  Status Finish();
  // After Finish(): what the peer has not taken yet, for the connection to send.
  std::string TakeBacklog();

  std::uint64_t body_size_bytes() const { return body_size_bytes_; }

 private:
  Status Start();
  Status SendHeld();
  Status SendPiece(std::string_view bytes);
  Status SendRaw(std::string_view bytes);
  // Wait: what for the stream takes no more.
  Result<Wait> SendBacklog();
  // What the stream takes of `bytes` leaves them.
  Result<Wait> SendSome(std::string_view& bytes);
  Status Await(Wait wait);

  const Peer peer_;
  Response& response_;
  const AnswerTo& to_;
  bool is_started_ = false;
  std::string held_;
  std::string backlog_;                 // encoded, before all that comes
  std::size_t backlog_sent_bytes_ = 0;  // of its beginning
  std::optional<StreamCompressor> compressor_;
  std::uint64_t body_size_bytes_ = 0;
};

}  // namespace narthex::http
