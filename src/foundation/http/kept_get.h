// One repeated GET and its connection.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/mutex.h"
#include "body_decoder.h"
#include "descriptor.h"
#include "get_poller.h"
#include "http/client.h"
#include "receive_buffer.h"
#include "response_reader.h"

namespace narthex::http {

// What a KeptGet needs libcurl for. Calls back on another thread, or at once.
class GetCarrier {
 public:
  virtual ~GetCarrier() = default;
  // A connected socket to the host of the request's URL; names are resolved anew each time.
  virtual void Connect(ClientRequest request,
                       std::function<void(Result<Descriptor>)> connected) = 0;
  // The whole exchange.
  virtual void Carry(ClientRequest request, Client::Callback done) = 0;
};

// Sends its request on the connection that is there, else has one made. A connection that turns out
// to be closed before any byte of the answer is replaced once. What is not plain, in the request or
// in an answer, is for libcurl, from then on always.
//
// Thread-safe. The callback runs under no lock. Memory: a few hundred bytes between exchanges.
class KeptGet final : public std::enable_shared_from_this<KeptGet> {
 public:
  using Instant = GetPoller::Instant;

  // `bytes` is the request as it is sent; empty: all exchanges are libcurl's. `carrier` is used
  // until the poller is stopped.
  KeptGet(std::shared_ptr<GetPoller> poller, GetCarrier& carrier, ClientRequest request,
          std::optional<std::string> bytes, RepeatedGet::Callback done);

  // Once, before Start().
  void Register() EXCLUDES(mutex_);
  void Start() EXCLUDES(mutex_);
  // No Start() any more: goes away with the exchange under way.
  void Abandon() EXCLUDES(mutex_);

  // The poller's side.
  void OnReadable(BodyDecoder& decoder) EXCLUDES(mutex_);
  void Deliver(BodyDecoder& decoder) EXCLUDES(mutex_);
  // The deadline, if it is still to come.
  std::optional<Instant> EndIfLate(Instant now) EXCLUDES(mutex_);
  // The poller has stopped.
  void Cancel() EXCLUDES(mutex_);

 private:
  enum class State { kIdle, kConnecting, kReading, kCarried, kPosted };
  // An exchange that is over and still to be told.
  struct Ended {
    Result<ClientResponse> response;  // not used if the answer is in the buffer
    std::optional<ResponseReader> reader;
    ReceiveBuffer buffer;
  };

  void Begin() REQUIRES(mutex_);
  void Connect(ClientRequest request) REQUIRES(mutex_);
  void OnConnected(std::uint64_t exchange, Result<Descriptor> socket) EXCLUDES(mutex_);
  bool Send() REQUIRES(mutex_);
  void Carry(ClientRequest request) REQUIRES(mutex_);
  void OnCarried(std::uint64_t exchange, Result<ClientResponse> response) EXCLUDES(mutex_);
  void Post(Result<ClientResponse> outcome) REQUIRES(mutex_);

  // Each gives the exchange if it is over.
  std::optional<Ended> Read(BodyDecoder& decoder) REQUIRES(mutex_);
  std::optional<Ended> TakeState(ResponseReader::State state) REQUIRES(mutex_);
  std::optional<Ended> TakeClosed() REQUIRES(mutex_);
  std::optional<Ended> TakeBroken(std::string_view reason) REQUIRES(mutex_);
  std::optional<Ended> TakeOdd() REQUIRES(mutex_);
  Ended EndWithAnswer() REQUIRES(mutex_);
  Ended EndWith(Result<ClientResponse> outcome) REQUIRES(mutex_);
  void SetIdle() REQUIRES(mutex_);
  void Close() REQUIRES(mutex_);

  bool IsForLibcurl() const REQUIRES(mutex_);
  // Whether what has come of a coded body is too much already. Looks each time it has doubled.
  bool IsProbedTooLarge(BodyDecoder& decoder) REQUIRES(mutex_);
  // The request with what is left of its time.
  ClientRequest LaterRequest() const REQUIRES(mutex_);
  Error FetchError(std::string_view reason) const;
  Error TooLarge() const;

  void Tell(Ended ended, BodyDecoder* decoder);
  void TellDecoded(AnswerView answer, Coding coding, BodyDecoder& decoder);

  const std::shared_ptr<GetPoller> poller_;  // shared with the client: either may leave first
  GetCarrier& carrier_;
  const ClientRequest request_;
  const std::optional<std::string> bytes_;
  const RepeatedGet::Callback done_;

  Mutex mutex_;
  std::uint64_t number_ GUARDED_BY(mutex_) = 0;  // the poller's
  State state_ GUARDED_BY(mutex_) = State::kIdle;
  bool is_plain_ GUARDED_BY(mutex_);
  bool is_abandoned_ GUARDED_BY(mutex_) = false;
  bool is_reused_ GUARDED_BY(mutex_) = false;      // the connection has carried an answer
  std::uint64_t exchange_ GUARDED_BY(mutex_) = 0;  // their count: tells late news from new ones
  Instant deadline_ GUARDED_BY(mutex_);
  Descriptor socket_ GUARDED_BY(mutex_);
  ReceiveBuffer buffer_ GUARDED_BY(mutex_);
  ResponseReader reader_ GUARDED_BY(mutex_);
  std::size_t next_probe_size_ GUARDED_BY(mutex_) = 0;
  std::size_t expected_size_ GUARDED_BY(mutex_) = 0;  // of an answer: what the last one had
  std::optional<Result<ClientResponse>> outcome_ GUARDED_BY(mutex_);  // while kPosted
};

}  // namespace narthex::http
