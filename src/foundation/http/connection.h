// One connection of the server: reads a request, has it answered, sends the answer, again.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include "answer.h"
#include "base/mutex.h"
#include "http/server.h"
#include "io/worker_pool.h"
#include "request_reader.h"

namespace narthex::http {

// What the connections of a server share. Outlives them.
struct Shared {
  ServerOptions options;
  Router router;
  io::WorkerPool* workers = nullptr;
  // Set once, when the server stops; relaxed order suffices: a connection that misses it is told by
  // Drain().
  std::atomic<bool> is_draining{false};

  void CountConnection(int change) EXCLUDES(mutex) {
    MutexLock lock(mutex);
    connection_count += change;
    if (connection_count == 0) none_left.NotifyAll();
  }

  Mutex mutex;
  CondVar none_left;
  int connection_count GUARDED_BY(mutex) = 0;
};

// Lives on the thread of its io_context; only the answer of a kWorker route is made elsewhere. Holds no
// buffer while it is idle: it waits for the socket to become readable and reads into its thread's buffer.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  using Socket = boost::asio::ip::tcp::socket;

  Connection(Socket socket, Shared& shared);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void Start();
  // Closes it if its time is over; to be called now and then.
  void Sweep(std::chrono::steady_clock::time_point now);
  // Closes it if it is idle; else asks what it does to end.
  void Drain(bool is_cutting);
  bool is_open() const { return phase_ != Phase::kClosed; }

 private:
  // kLingering: refused, and what the peer still sends is thrown away, so that it reads the answer.
  enum class Phase { kIdle, kReading, kAnswering, kWriting, kLingering, kClosed };
  class StreamWriter;

  void Enter(Phase phase);
  void AwaitReadable();
  void OnReadable();
  void Consume(std::string_view bytes);
  void Dispatch(Request request);
  void RunOnWorker(Request request, Router::Match match);
  // True if the answer was a stream: it is sent already.
  bool SendStream(Response& response, const AnswerTo& to);
  void WatchPeer();
  void Refuse(int status, std::string_view text);
  void Send(std::string bytes, bool is_last);
  void WriteRest(std::size_t offset);
  void OnSent();
  void Linger();
  void Observe(int status, std::uint64_t body_size_bytes);
  void Close();

  Shared& shared_;
  Socket socket_;
  RequestReader reader_;
  std::string remote_address_;
  Phase phase_ = Phase::kIdle;
  std::chrono::steady_clock::time_point deadline_;
  std::chrono::steady_clock::time_point began_;  // the request being answered
  std::stop_source canceled_{std::nostopstate};
  AnswerTo answer_to_;
  std::string outgoing_;
  bool is_last_ = false;         // close after what is being sent
  bool is_refused_ = false;      // the peer may be sending still
  bool is_consuming_ = false;    // a loop over pipelined requests is on the stack
  bool is_watching_ = false;     // a wait for the peer to leave is pending
  std::string observed_pattern_;
  std::string observed_method_;
  std::uint64_t observed_request_size_bytes_ = 0;
};

}  // namespace narthex::http
