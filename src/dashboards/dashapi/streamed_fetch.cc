#include "streamed_fetch.h"

#include <chrono>
#include <memory>

namespace narthex::dashapi {
namespace {

constexpr std::string_view kPassedOn[] = {
    "Content-Type", "Content-Disposition", "Content-Language", "Last-Modified", "ETag",
    "Warning",      "Retry-After"};

Status Copy(http::BodyReader& from, http::BodyWriter& to) {
  while (true) {
    NARTHEX_ASSIGN_OR_RETURN(const std::string piece, from.Read());
    if (piece.empty()) return Ok();
    NARTHEX_TRY(to.Write(piece));
  }
}

}  // namespace

Result<http::Response> FetchStreamed(http::Client& client, http::ClientRequest request,
                                     std::stop_token canceled) {
  request.canceled = std::move(canceled);
  request.body_size_bytes_max = 0;
  // A reader may take its time with a long body; the other server may not with its next byte.
  request.stall_timeout = std::chrono::ceil<std::chrono::seconds>(request.timeout);
  request.timeout = std::chrono::milliseconds(0);

  NARTHEX_ASSIGN_OR_RETURN(auto opened, client.Open(std::move(request)));
  // Shared, since the function that holds it has to be copyable.
  const std::shared_ptr<http::BodyReader> reader = std::move(opened);
  http::Response response;
  response.status = reader->status();
  for (const std::string_view name : kPassedOn) {
    if (reader->headers().Has(name)) response.headers.Set(name, reader->headers().Get(name));
  }
  response.stream = [reader](http::BodyWriter& writer) { return Copy(*reader, writer); };
  return response;
}

}  // namespace narthex::dashapi
