#include "request_reader.h"

#include <fmt/format.h>

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

namespace narthex::http {

namespace beast = boost::beast;

namespace {

// "0\r\n\r\n", the end of every chunked body. Beast 1.81 must not be given less of it: having seen
// a last chunk's line, it takes the rest to be there.
constexpr std::size_t kChunkedEndSizeBytes = 5;

// As proxies send it.
bool IsAbsolute(std::string_view target) {
  return target.starts_with("http://") || target.starts_with("https://");
}

}  // namespace

struct RequestReader::Parser : beast::http::request_parser<beast::http::string_body> {
  bool is_continue_told = false;
};

RequestReader::RequestReader(ReadLimits limits) : limits_(limits) {}
RequestReader::~RequestReader() = default;

RequestReader::State RequestReader::Feed(std::string_view bytes) {
  unread_.append(bytes);
  return Parse();
}

RequestReader::State RequestReader::Fail(int status, std::string text) {
  error_status_ = status;
  error_text_ = std::move(text);
  return State::kFailed;
}

RequestReader::State RequestReader::Parse() {
  if (unread_.empty() && parser_ == nullptr) return State::kNeedMore;
  if (parser_ == nullptr) {
    parser_ = std::make_unique<Parser>();
    // Beast's own limit is no guard for heads that come whole in one piece; see below for the other
    // half.
    parser_->header_limit(static_cast<std::uint32_t>(limits_.header_size_bytes_max));
    parser_->body_limit(limits_.body_size_bytes_max);
  }

  std::size_t used = 0;
  beast::error_code error;
  while (used < unread_.size() && !parser_->is_done()) {
    const bool is_in_chunks = parser_->is_header_done() && parser_->chunked();
    if (is_in_chunks && unread_.size() - used < kChunkedEndSizeBytes) break;
    const std::size_t size =
        parser_->put(boost::asio::buffer(unread_.data() + used, unread_.size() - used), error);
    used += size;
    if (error || size == 0) break;
  }
  unread_.erase(0, used);
  if (unread_.empty()) unread_.shrink_to_fit();

  if (parser_->is_done()) return CheckHead();
  if (error == beast::http::error::header_limit ||
      (!parser_->is_header_done() && unread_.size() > limits_.header_size_bytes_max)) {
    return Fail(431, fmt::format("the request's head is larger than {} bytes",
                                 limits_.header_size_bytes_max));
  }
  if (error == beast::http::error::body_limit) {
    return Fail(413, fmt::format("the request's body is larger than {} bytes",
                                 limits_.body_size_bytes_max));
  }
  if (error && error != beast::http::error::need_more) {
    return Fail(400, fmt::format("malformed request: {}", error.message()));
  }
  if (parser_->is_header_done() && !parser_->is_continue_told) {
    parser_->is_continue_told = true;
    if (beast::iequals(parser_->get()[beast::http::field::expect], "100-continue")) {
      return State::kNeedContinue;
    }
  }
  return State::kNeedMore;
}

// What Beast's grammar leaves to the application. Source: RFC 9112 3.2.
RequestReader::State RequestReader::CheckHead() {
  const auto& message = parser_->get();
  const auto host_count = message.count(beast::http::field::host);
  if (host_count > 1 || (host_count == 0 && message.version() >= 11)) {
    return Fail(400, "malformed request: it must have one Host header");
  }
  const std::string_view target(message.target().data(), message.target().size());
  if (!target.starts_with('/') && !IsAbsolute(target) && target != "*") {
    return Fail(400, "malformed request: its target must begin with a slash");
  }
  return State::kDone;
}

Request RequestReader::TakeRequest() {
  auto message = parser_->release();
  parser_.reset();
  is_keep_alive_ = message.keep_alive();
  is_http_1_0_ = message.version() == 10;

  Request request;
  request.method_name = std::string(message.method_string());
  request.method = ParseMethod(request.method_name);
  request.target = std::string(message.target());
  std::string_view rest = request.target;
  if (IsAbsolute(rest)) {
    const std::size_t path = rest.find_first_of("/?", rest.find("//") + 2);
    rest = path == std::string_view::npos ? std::string_view("/") : rest.substr(path);
    request.target = rest.starts_with('/') ? std::string(rest) : "/" + std::string(rest);
    rest = request.target;
  }
  const std::size_t question = rest.find('?');
  request.path = UrlDecode(rest.substr(0, question));
  if (question != std::string_view::npos) {
    request.query = Parameters::Parse(rest.substr(question + 1));
  }
  for (const auto& field : message) {
    request.headers.Add(std::string_view(field.name_string().data(), field.name_string().size()),
                        std::string_view(field.value().data(), field.value().size()));
  }
  request.body = std::move(message.body());
  return request;
}

}  // namespace narthex::http
