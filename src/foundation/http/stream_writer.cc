#include "stream_writer.h"

#include <poll.h>

#include <utility>

namespace narthex::http {
namespace {

// Large enough that system calls and chunk lines cost little, small enough to be a first answer
// soon.
constexpr std::size_t kPieceSizeBytes = 32u << 10;

Error PeerGone() { return Error{ErrorCode::kCanceled, "the peer is gone"}; }

}  // namespace

StreamWriter::StreamWriter(Peer peer, Response& response, const AnswerTo& to)
    : peer_(peer), response_(response), to_(to) {}

Status StreamWriter::Write(std::string_view bytes) {
  if (held_.size() + bytes.size() <= kPieceSizeBytes) {
    held_.append(bytes);
    return Ok();
  }
  if (!is_started_) NARTHEX_TRY(Start());
  NARTHEX_TRY(SendHeld());
  if (bytes.size() <= kPieceSizeBytes) {
    held_.append(bytes);
    return Ok();
  }
  return SendPiece(compressor_ ? compressor_->Add(bytes) : bytes);
}

Status StreamWriter::Flush() {
  if (!is_started_) NARTHEX_TRY(Start());
  NARTHEX_TRY(SendHeld());
  return compressor_ ? SendPiece(compressor_->Flush()) : Ok();
}

Status StreamWriter::Finish() {
  NARTHEX_TRY(SendHeld());
  if (compressor_) NARTHEX_TRY(SendPiece(compressor_->Finish()));
  return to_.is_http_1_0 ? Ok() : SendRaw(EncodeChunk({}));
}

std::string StreamWriter::TakeBacklog() {
  backlog_.erase(0, std::exchange(backlog_sent_bytes_, 0));
  return std::move(backlog_);
}

Status StreamWriter::Start() {
  is_started_ = true;
  const StreamHead head = EncodeStreamHead(response_, to_);
  if (head.coding != Coding::kIdentity) compressor_.emplace(head.coding);
  return SendRaw(head.head);
}

Status StreamWriter::SendHeld() {
  if (held_.empty()) return Ok();
  Status status = compressor_ ? SendPiece(compressor_->Add(held_)) : SendPiece(held_);
  held_.clear();
  return status;
}

Status StreamWriter::SendPiece(std::string_view bytes) {
  // An empty chunk would end the body.
  if (bytes.empty()) return Ok();
  body_size_bytes_ += bytes.size();
  return to_.is_http_1_0 ? SendRaw(bytes) : SendRaw(EncodeChunk(bytes));
}

Status StreamWriter::SendRaw(std::string_view bytes) {
  while (!bytes.empty()) {
    NARTHEX_ASSIGN_OR_RETURN(Wait wait, SendBacklog());
    if (wait == Wait::kNothing) {
      NARTHEX_ASSIGN_OR_RETURN(wait, SendSome(bytes));
    }
    if (wait == Wait::kNothing) continue;
    if (backlog_.size() + bytes.size() <= response_.stream_backlog_bytes_max) {
      backlog_.append(bytes);
      return Ok();
    }
    NARTHEX_TRY(Await(wait));
  }
  return Ok();
}

Result<Wait> StreamWriter::SendBacklog() {
  std::string_view rest = std::string_view(backlog_).substr(backlog_sent_bytes_);
  NARTHEX_ASSIGN_OR_RETURN(const Wait wait, SendSome(rest));
  backlog_sent_bytes_ = backlog_.size() - rest.size();
  // Not each time: what remains moves.
  if (2 * backlog_sent_bytes_ >= backlog_.size()) {
    backlog_.erase(0, std::exchange(backlog_sent_bytes_, 0));
  }
  return wait;
}

Result<Wait> StreamWriter::SendSome(std::string_view& bytes) {
  while (!bytes.empty()) {
    const Moved sent = peer_.stream.Write(bytes, {});
    bytes.remove_prefix(sent.size_bytes);
    if (sent.wait == Wait::kGone) return PeerGone();
    if (sent.wait != Wait::kNothing) return sent.wait;
  }
  return Wait::kNothing;
}

Status StreamWriter::Await(Wait wait) {
  const Workers::Blocked blocked(peer_.workers);
  pollfd event{peer_.fd, static_cast<short>(wait == Wait::kReadable ? POLLIN : POLLOUT), 0};
  if (::poll(&event, 1, static_cast<int>(peer_.write_timeout.count())) != 0) return Ok();
  return Error{ErrorCode::kDeadlineExceeded, "the peer reads too slowly"};
}

}  // namespace narthex::http
