// Reads the answer to a GET in the buffer it arrives in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "receive_buffer.h"

namespace narthex::http {

// Knows the answers that exporters give: HTTP/1.0 and 1.1, a length, chunks or an end by closing.
// Everything else is odd, and for a client that knows more.
//
// Not thread-safe. Allocates nothing: chunks are put together where they are. No byte is looked at
// twice, but for those of an unfinished line. Source: RFC 9112.
class ResponseReader {
 public:
  enum class State {
    kMore,      // the answer goes on
    kDone,      // it is whole
    kTooLarge,  // the body is larger than allowed
    kOdd,       // malformed, or nothing this reader knows
    kCut,       // the peer has closed in its middle
  };
  struct Limits {
    std::size_t head_size_bytes_max = 64u << 10;
    // Of the body, decoded or not; 0: no limit. A coded body may be longer by what a coding adds at
    // most.
    std::uint64_t body_size_bytes_max = 0;
  };

  explicit ResponseReader(Limits limits) : limits_(limits) {}

  // For the next answer.
  void Reset() { *this = ResponseReader(limits_); }

  // `buffer` holds the answer from its first byte on, as far as Feed() has left it, and behind that
  // what has come since. Not after another state than kMore.
  State Feed(ReceiveBuffer& buffer);
  // The peer has closed: kDone if that is how the body ends, else kCut.
  State FeedEnd(const ReceiveBuffer& buffer);

  // Once the head is whole. Views point into the buffer.
  bool has_head() const { return phase_ != Phase::kHead; }
  int status() const { return status_; }
  bool has_location() const { return has_location_; }
  std::string_view content_type(const ReceiveBuffer& buffer) const {
    return View(buffer, content_type_);
  }
  std::string_view content_encoding(const ReceiveBuffer& buffer) const {
    return View(buffer, content_encoding_);
  }
  // What has come of the body, as it is sent.
  std::string_view body_so_far(const ReceiveBuffer& buffer) const {
    const std::size_t end = framing_ == Framing::kChunked ? body_end_ : buffer.size();
    return has_head() ? buffer.view().substr(body_begin_, end - body_begin_) : std::string_view();
  }
  // After kDone.
  std::string_view body(const ReceiveBuffer& buffer) const {
    return buffer.view().substr(body_begin_, body_end_ - body_begin_);
  }
  // Whether the connection may be used again: the peer keeps it and has sent nothing unasked.
  bool is_kept(const ReceiveBuffer& buffer) const { return is_kept_ && buffer.size() == raw_; }
  // Bytes that are still to come, if the head said how many in all; else 0.
  std::uint64_t missing_size(const ReceiveBuffer& buffer) const {
    const std::uint64_t end = body_begin_ + length_;
    return framing_ == Framing::kLength && has_head() && end > buffer.size() ? end - buffer.size()
                                                                             : 0;
  }

 private:
  enum class Phase { kHead, kBody, kChunkSize, kChunk, kChunkEnd, kTrailer };
  enum class Framing { kNone, kLength, kChunked, kUntilClosed };
  // A stretch of the buffer; buffers move, their stretches do not.
  struct Stretch {
    std::size_t begin = 0;
    std::size_t size = 0;
  };

  static std::string_view View(const ReceiveBuffer& buffer, Stretch stretch) {
    return buffer.view().substr(stretch.begin, stretch.size);
  }

  State FeedHead(ReceiveBuffer& buffer);
  bool ReadHead(std::string_view head);
  bool ReadStatusLine(std::string_view line);
  bool ReadField(std::string_view line, const char* begin);
  bool ReadLength(std::string_view value);
  void ReadConnection(std::string_view value);
  bool SettleFraming();

  State FeedLength(const ReceiveBuffer& buffer);
  State FeedChunks(ReceiveBuffer& buffer);
  State FeedChunk(ReceiveBuffer& buffer);
  // The line at raw_, without its end, if it is there whole; raw_ goes behind it.
  bool TakeLine(const ReceiveBuffer& buffer, std::string_view& line);
  bool ReadChunkSize(std::string_view line);
  bool IsTooLarge(std::uint64_t body_size) const;

  Limits limits_;
  Phase phase_ = Phase::kHead;
  Framing framing_ = Framing::kNone;
  int status_ = 0;
  bool is_version_10_ = false;
  bool is_kept_ = false;
  bool says_close_ = false;
  bool says_keep_alive_ = false;
  bool is_chunked_ = false;
  bool has_length_ = false;
  bool has_location_ = false;
  Stretch content_type_;
  Stretch content_encoding_;
  std::uint64_t length_ = 0;      // of the body, where the head says it
  std::uint64_t chunk_left_ = 0;  // of the chunk at raw_
  std::size_t trailer_size_ = 0;
  std::size_t scanned_ = 0;  // no line of the head or of chunks ends before
  std::size_t body_begin_ = 0;
  std::size_t body_end_ = 0;  // as far as it is put together
  std::size_t raw_ = 0;       // what is not looked at yet begins here
};

}  // namespace narthex::http
