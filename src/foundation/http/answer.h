// A response as the bytes that go on the wire.
#pragma once

#include <cstdint>
#include <memory>
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

// Status line, headers and body of a response without a stream, compressed if it pays.
// `body_size_bytes` gets the size of the body as sent.
std::string EncodeAnswer(Response response, const AnswerTo& to, std::uint64_t& body_size_bytes);

// The head of a streamed answer: chunked, or ended by closing for HTTP/1.0 peers. `coding` gets what the
// body must be compressed with.
std::string EncodeStreamHead(Response& response, const AnswerTo& to, Coding& coding);

// One chunk of a chunked body; an empty piece ends the body.
std::string EncodeChunk(std::string_view piece);

// Whether answers of that Content-Type get smaller by compression.
bool IsCompressible(std::string_view content_type);

}  // namespace narthex::http
