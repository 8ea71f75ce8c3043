// A response as the bytes that go on the wire.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "coding.h"
#include "http/message.h"

namespace narthex::http {

// What the wire has to know of the request that is answered.
struct AnswerTo {
  bool is_head = false;
  bool is_keep_alive = true;
  bool is_http_1_0 = false;
  bool is_compressing = true;
  std::string accept_encoding = {};
};

struct Answer {
  std::string head;                   // status line and headers; a small body follows at once
  std::string body;                   // large ones are not copied behind the head
  std::uint64_t body_size_bytes = 0;  // of either, as sent
};

// Status line, headers and body of a response whose body is whole, compressed if it pays. Of a
// response with a stream or a feed, the head alone: for HEAD.
Answer EncodeAnswer(Response response, const AnswerTo& to);

struct StreamHead {
  std::string head;
  Coding coding;  // what the body must be compressed with
};

// The head of a streamed answer: chunked, or ended by closing for HTTP/1.0 peers.
StreamHead EncodeStreamHead(Response& response, const AnswerTo& to);

// One chunk of a chunked body; an empty piece ends the body.
std::string EncodeChunk(std::string_view piece);

// Whether answers of that Content-Type get smaller by compression.
bool IsCompressible(std::string_view content_type);

}  // namespace narthex::http
