// gzip and zstd of whole bodies.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace narthex::http {

enum class Coding { kIdentity, kGzip, kZstd };
std::string_view CodingName(Coding coding);

// The coding for an answer: the one with the highest q of an Accept-Encoding header, gzip before
// zstd where they are equal (every intermediary knows it).
Coding NegotiateCoding(std::string_view accept_encoding);

std::string Compress(Coding coding, std::string_view bytes);

// Errors: kInvalidArgument    the bytes are not of that coding, or end too early
//         kResourceExhausted  more than `size_bytes_max` come out of them
Result<std::string> Decompress(Coding coding, std::string_view bytes, std::uint64_t size_bytes_max);

// Compresses a body that comes in pieces.
class StreamCompressor {
 public:
  explicit StreamCompressor(Coding coding);
  ~StreamCompressor();
  StreamCompressor(const StreamCompressor&) = delete;
  StreamCompressor& operator=(const StreamCompressor&) = delete;

  // What can be sent so far; may be empty.
  std::string Add(std::string_view piece);
  // Makes all that was added so far readable for the peer; costs some compression.
  std::string Flush();
  std::string Finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace narthex::http
