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
#include "feed_outlet.h"
#include "http/server.h"
#include "request_reader.h"
#include "stream.h"
#include "workers.h"

namespace narthex::http {

// What the connections of a server share. Outlives them.
struct Shared {
  ServerOptions options;
  Router router;
  std::unique_ptr<Workers> workers;
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

// Lives on the thread of its io_context; only the answer of a kWorker route is made elsewhere.
// Holds no buffer while it is idle: it waits for the socket to become readable and reads into its
// thread's buffer.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  using Socket = boost::asio::ip::tcp::socket;

  // Speaks TLS if `tls` is set.
  Connection(Socket socket, Shared& shared, std::shared_ptr<const ServerTls> tls = nullptr);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void Start();
  // Instead of Start(): answers with 503 and closes.
  void TurnAway();
  // Closes it if its time is over; to be called now and then with the clock's monotonic time.
  void Sweep(std::chrono::nanoseconds now);
  // Closes it if it is idle; else asks what it does to end.
  void Drain(bool is_cutting);
  bool is_open() const { return phase_ != Phase::kClosed; }

 private:
  // kFeeding: an answer is under way that nothing new has been fed to.
  // kLingering: refused, and what the peer still sends is thrown away, so that it reads the answer.
  enum class Phase {
    kShakingHands,
    kIdle,
    kReading,
    kAnswering,
    kWriting,
    kFeeding,
    kLingering,
    kClosed
  };

  std::chrono::nanoseconds Now() const { return shared_.options.clock->Monotonic(); }
  void Enter(Phase phase);
  void ShakeHands();
  void AwaitReadable();
  void OnReadable();
  void Consume(std::string_view bytes);
  void Dispatch(Request request);
  void RunOnWorker(Request request, Handler handler);
  // On a worker.
  void AnswerOnWorker(Request& request, const Handler& handler, AnswerTo to);
  // On a worker. True if the answer is sent, or cut off; else `response` has become a whole one.
  bool SendStream(Response& response, const AnswerTo& to);
  struct StreamEnd {
    bool is_whole;
    std::string rest;  // what is still to be sent
  };
  void OnStreamEnd(StreamEnd end, int status, std::uint64_t body_size_bytes);
  void BeginFeed(Response response);
  void SendFed();
  void WatchPeer();
  void Refuse(int status, std::string_view text);
  struct Sending {
    int status = 0;
    bool is_last = false;             // of the connection
    std::size_t sent_size_bytes = 0;  // what a worker has sent already
  };
  void SendAnswer(Answer answer, const Sending& sending);
  void WriteRest();
  void OnSent();
  void Linger();
  void Observe(int status, std::uint64_t body_size_bytes);
  void Close();

  Shared& shared_;
  Socket socket_;
  std::unique_ptr<Stream> stream_;  // over socket_
  RequestReader reader_;
  std::string remote_address_;
  Phase phase_ = Phase::kIdle;
  std::chrono::nanoseconds deadline_{0};
  std::chrono::nanoseconds began_{0};  // of the request being answered
  std::stop_source canceled_{std::nostopstate};
  AnswerTo answer_to_;
  Answer outgoing_;
  std::size_t sent_size_bytes_ = 0;     // of `outgoing_`
  std::unique_ptr<FeedOutlet> outlet_;  // while an answer is being fed
  bool is_last_ = false;                // close after what is being sent
  bool is_refused_ = false;             // the peer may be sending still
  bool is_consuming_ = false;           // a loop over pipelined requests is on the stack
  bool is_watching_ = false;            // a wait for the peer to leave is pending
  std::string observed_pattern_;
  std::string observed_method_;
  std::uint64_t observed_request_size_bytes_ = 0;
};

}  // namespace narthex::http
