#include "response_reader.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "base/number.h"

namespace narthex::http {
namespace {

constexpr std::size_t kChunkLineSizeMax = 1024;
constexpr std::size_t kTrailerSizeMax = 16u << 10;
// What gzip or zstd may add to a body that they cannot make smaller.
constexpr std::uint64_t kCodingSizeBytesMax = 64u << 10;
constexpr std::string_view kVersionStart = "HTTP/1.";

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// `lower` is in lower case.
bool EqualsWord(std::string_view text, std::string_view lower) {
  return std::ranges::equal(text, lower, [](char a, char b) { return Lower(a) == b; });
}

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kBlanks = " \t";
  const std::size_t begin = std::min(text.find_first_not_of(kBlanks), text.size());
  text.remove_prefix(begin);
  return text.substr(0, text.find_last_not_of(kBlanks) + 1);
}

bool IsNameByte(char c) {
  constexpr std::string_view kOthers = "!#$%&'*+-.^_`|~";
  const char lower = Lower(c);
  return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') ||
         kOthers.find(c) != std::string_view::npos;
}

// The end of the head in `bytes`, from `from` on: behind the empty line.
std::size_t FindHeadEnd(std::string_view bytes, std::size_t from) {
  for (std::size_t at = from; (at = bytes.find('\n', at)) != std::string_view::npos; ++at) {
    const std::string_view rest = bytes.substr(at + 1);
    if (rest.starts_with('\n')) return at + 2;
    if (rest.starts_with("\r\n")) return at + 3;
  }
  return std::string_view::npos;
}

}  // namespace

ResponseReader::State ResponseReader::Feed(ReceiveBuffer& buffer) {
  while (phase_ == Phase::kHead) {
    const State state = FeedHead(buffer);
    if (state != State::kDone) return state;
  }
  switch (framing_) {
    case Framing::kNone:
      return State::kDone;
    case Framing::kLength:
      return FeedLength(buffer);
    case Framing::kChunked:
      return FeedChunks(buffer);
    case Framing::kUntilClosed:
      body_end_ = raw_ = buffer.size();
      return IsTooLarge(body_end_ - body_begin_) ? State::kTooLarge : State::kMore;
  }
  return State::kOdd;
}

ResponseReader::State ResponseReader::FeedEnd(const ReceiveBuffer& buffer) {
  const bool is_whole = has_head() && framing_ == Framing::kUntilClosed;
  if (is_whole) body_end_ = raw_ = buffer.size();
  return is_whole ? State::kDone : State::kCut;
}

// kDone: the head is read, or an interim one passed over.
ResponseReader::State ResponseReader::FeedHead(ReceiveBuffer& buffer) {
  const std::string_view bytes = buffer.view();
  const std::string_view start = bytes.substr(0, kVersionStart.size());
  if (start != kVersionStart.substr(0, start.size())) return State::kOdd;
  const std::size_t end = FindHeadEnd(bytes, scanned_);
  if (std::min(end, bytes.size()) > limits_.head_size_bytes_max) return State::kOdd;
  if (end == std::string_view::npos) {
    // The end may have begun in the last two bytes.
    scanned_ = bytes.size() - std::min<std::size_t>(bytes.size(), 2);
    return State::kMore;
  }
  scanned_ = 0;
  if (!ReadHead(bytes.substr(0, end))) return State::kOdd;
  if (status_ >= 100 && status_ < 200) {
    // 101 is followed by another protocol.
    if (status_ == 101) return State::kOdd;
    buffer.RemoveFront(end);
    Reset();
    return State::kDone;
  }
  if (!SettleFraming()) return State::kOdd;
  body_begin_ = body_end_ = raw_ = end;
  phase_ = framing_ == Framing::kChunked ? Phase::kChunkSize : Phase::kBody;
  return framing_ == Framing::kLength && IsTooLarge(length_) ? State::kTooLarge : State::kDone;
}

bool ResponseReader::ReadHead(std::string_view head) {
  const char* const begin = head.data();
  bool is_first = true;
  while (!head.empty()) {
    const std::size_t newline = head.find('\n');
    std::string_view line = head.substr(0, newline);
    head.remove_prefix(newline + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) return !is_first;
    if (is_first ? !ReadStatusLine(line) : !ReadField(line, begin)) return false;
    is_first = false;
  }
  return false;
}

bool ResponseReader::ReadStatusLine(std::string_view line) {
  line.remove_prefix(kVersionStart.size());
  if (line.size() < 5 || (line[0] != '0' && line[0] != '1') || line[1] != ' ') return false;
  is_version_10_ = line[0] == '0';
  const auto status = ParseUint64(line.substr(2, 3));
  if (!status || *status < 100 || *status > 999) return false;
  status_ = static_cast<int>(*status);
  return line.size() == 5 || line[5] == ' ';
}

bool ResponseReader::ReadField(std::string_view line, const char* begin) {
  const std::size_t colon = line.find(':');
  if (colon == 0 || colon == std::string_view::npos) return false;
  const std::string_view name = line.substr(0, colon);
  if (!std::ranges::all_of(name, IsNameByte)) return false;
  const std::string_view value = Trim(line.substr(colon + 1));
  const Stretch stretch{static_cast<std::size_t>(value.data() - begin), value.size()};
  switch (name.size()) {
    case 8:
      if (EqualsWord(name, "location")) has_location_ = true;
      return true;
    case 10:
      if (EqualsWord(name, "connection")) ReadConnection(value);
      return true;
    case 12:
      if (EqualsWord(name, "content-type") && content_type_.begin == 0) content_type_ = stretch;
      return true;
    case 14:
      return !EqualsWord(name, "content-length") || ReadLength(value);
    case 16:
      if (!EqualsWord(name, "content-encoding")) return true;
      if (content_encoding_.begin != 0) return false;
      content_encoding_ = stretch;
      return true;
    case 17:
      if (!EqualsWord(name, "transfer-encoding")) return true;
      if (is_chunked_ || !EqualsWord(value, "chunked")) return false;
      is_chunked_ = true;
      return true;
    default:
      return true;
  }
}

bool ResponseReader::ReadLength(std::string_view value) {
  const bool is_number =
      !value.empty() && std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; });
  const auto length = is_number ? ParseUint64(value) : std::nullopt;
  if (!length || *length > std::numeric_limits<std::int64_t>::max()) return false;
  if (has_length_ && *length != length_) return false;
  has_length_ = true;
  length_ = *length;
  return true;
}

void ResponseReader::ReadConnection(std::string_view value) {
  while (!value.empty()) {
    const std::size_t comma = std::min(value.find(','), value.size());
    const std::string_view token = Trim(value.substr(0, comma));
    if (EqualsWord(token, "close")) says_close_ = true;
    if (EqualsWord(token, "keep-alive")) says_keep_alive_ = true;
    value.remove_prefix(std::min(comma + 1, value.size()));
  }
}

// Source: RFC 9112, 6.3. A length beside chunks smells of an attempt to smuggle.
bool ResponseReader::SettleFraming() {
  if (is_chunked_ && (has_length_ || is_version_10_)) return false;
  is_kept_ = !says_close_ && (!is_version_10_ || says_keep_alive_);
  if (status_ == 204 || status_ == 304) {
    framing_ = Framing::kNone;
  } else if (is_chunked_) {
    framing_ = Framing::kChunked;
  } else if (has_length_) {
    framing_ = Framing::kLength;
  } else {
    framing_ = Framing::kUntilClosed;
    is_kept_ = false;
  }
  return true;
}

bool ResponseReader::IsTooLarge(std::uint64_t body_size) const {
  if (limits_.body_size_bytes_max == 0) return false;
  const std::uint64_t more = content_encoding_.size > 0 ? kCodingSizeBytesMax : 0;
  return body_size > limits_.body_size_bytes_max + more;
}

ResponseReader::State ResponseReader::FeedLength(const ReceiveBuffer& buffer) {
  const std::size_t come = buffer.size() - body_begin_;
  if (come < length_) return State::kMore;
  body_end_ = raw_ = body_begin_ + static_cast<std::size_t>(length_);
  return State::kDone;
}

ResponseReader::State ResponseReader::FeedChunks(ReceiveBuffer& buffer) {
  const State state = FeedChunk(buffer);
  if (state != State::kMore) return state;
  // What is left is a piece of a line: it goes to where the next chunk will be wanted.
  const std::size_t left = buffer.size() - raw_;
  std::memmove(buffer.data() + body_end_, buffer.data() + raw_, left);
  scanned_ -= std::min(scanned_, raw_ - body_end_);
  raw_ = body_end_;
  buffer.Truncate(body_end_ + left);
  return State::kMore;
}

ResponseReader::State ResponseReader::FeedChunk(ReceiveBuffer& buffer) {
  std::string_view line;
  while (true) {
    if (phase_ == Phase::kChunk) {
      const std::size_t come = buffer.size() - raw_;
      const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(come, chunk_left_));
      std::memmove(buffer.data() + body_end_, buffer.data() + raw_, size);
      body_end_ += size;
      raw_ += size;
      chunk_left_ -= size;
      if (chunk_left_ > 0) return State::kMore;
      phase_ = Phase::kChunkEnd;
    }
    const bool is_line = TakeLine(buffer, line);
    // A carriage return may be its last byte.
    if (!is_line && buffer.size() - raw_ > kChunkLineSizeMax + 1) return State::kOdd;
    if (!is_line) return State::kMore;
    if (line.size() > kChunkLineSizeMax) return State::kOdd;
    switch (phase_) {
      case Phase::kChunkEnd:
        if (!line.empty()) return State::kOdd;
        phase_ = Phase::kChunkSize;
        break;
      case Phase::kChunkSize:
        if (!ReadChunkSize(line)) return State::kOdd;
        if (IsTooLarge(body_end_ - body_begin_ + chunk_left_)) return State::kTooLarge;
        phase_ = chunk_left_ == 0 ? Phase::kTrailer : Phase::kChunk;
        break;
      default:
        if (line.empty()) return State::kDone;
        trailer_size_ += line.size();
        if (trailer_size_ > kTrailerSizeMax) return State::kOdd;
        break;
    }
  }
}

bool ResponseReader::TakeLine(const ReceiveBuffer& buffer, std::string_view& line) {
  const std::string_view bytes = buffer.view();
  const std::size_t newline = bytes.find('\n', std::max(scanned_, raw_));
  if (newline == std::string_view::npos) {
    scanned_ = bytes.size();
    return false;
  }
  line = bytes.substr(raw_, newline - raw_);
  if (line.ends_with('\r')) line.remove_suffix(1);
  raw_ = newline + 1;
  return true;
}

bool ResponseReader::ReadChunkSize(std::string_view line) {
  std::uint64_t size = 0;
  std::size_t digit_count = 0;
  for (; digit_count < line.size(); ++digit_count) {
    const char c = Lower(line[digit_count]);
    const bool is_digit = c >= '0' && c <= '9';
    if (!is_digit && (c < 'a' || c > 'f')) break;
    // 15 digits cannot overflow, and no body is that long.
    if (digit_count == 15) return false;
    size = size * 16 + static_cast<std::uint64_t>(is_digit ? c - '0' : c - 'a' + 10);
  }
  const std::string_view rest = Trim(line.substr(digit_count));
  if (digit_count == 0 || (!rest.empty() && rest.front() != ';')) return false;
  chunk_left_ = size;
  return true;
}

}  // namespace narthex::http
