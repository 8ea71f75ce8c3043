// Bytes of a connection to requests, one after the other.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "http/message.h"

namespace narthex::http {

struct ReadLimits {
  std::size_t header_size_bytes_max = 0;
  std::size_t body_size_bytes_max = 0;
};

// Takes what arrived, gives a request when it is whole. What follows it (pipelining) stays inside.
// Holds no memory between requests. Not thread-safe.
class RequestReader {
 public:
  enum class State {
    kNeedMore,
    kNeedContinue,  // the head asks for "100 Continue" before the body comes; told once
    kDone,          // TakeRequest() has it
    kFailed,        // error_status() says with which status to answer; the connection is lost
  };

  explicit RequestReader(ReadLimits limits);
  ~RequestReader();
  RequestReader(const RequestReader&) = delete;
  RequestReader& operator=(const RequestReader&) = delete;

  // Adds `bytes` behind what is unread and goes on parsing.
  State Feed(std::string_view bytes);
  // After kDone: the request; its method, target, headers and body are set.
  Request TakeRequest();
  // Whether the request taken last lets the connection live on.
  bool is_keep_alive() const { return is_keep_alive_; }
  // "1.0" peers get no chunked answers.
  bool is_http_1_0() const { return is_http_1_0_; }

  // Whether a request has begun.
  bool is_reading() const { return parser_ != nullptr || !unread_.empty(); }
  int error_status() const { return error_status_; }
  const std::string& error_text() const { return error_text_; }

 private:
  struct Parser;

  State Parse();
  State CheckHead();
  State Fail(int status, std::string text);

  const ReadLimits limits_;
  std::unique_ptr<Parser> parser_;  // of the request being read
  std::string unread_;
  bool is_keep_alive_ = true;
  bool is_http_1_0_ = false;
  int error_status_ = 0;
  std::string error_text_;
};

}  // namespace narthex::http
