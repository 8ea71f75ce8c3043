#include "shared_queries.h"

#include <functional>
#include <map>
#include <optional>
#include <utility>

#include "base/mutex.h"

namespace narthex::dashapi {

// One request to a server. Everything in it is guarded by the mutex of Shared, but for `body` while
// one thread reads it (kReading).
struct SharedQueries::Flight {
  enum class State { kAsked, kAnswering, kReading, kDone };

  std::string key;
  std::chrono::milliseconds lifetime{0};
  State state = State::kAsked;
  bool is_ready = false;  // there is a head to read, or an error
  std::unique_ptr<http::BodyReader> body;
  Answer answer;
  std::size_t size_bytes = 0;
  std::size_t waiter_count = 0;
  TimestampMs done = 0;
  std::stop_source stop;
};

struct SharedQueries::Shared {
  Mutex mutex;
  CondVar changed;
  std::map<std::string, std::shared_ptr<Flight>> flights GUARDED_BY(mutex);
  std::size_t held_size_bytes GUARDED_BY(mutex) = 0;

  void Forget(const std::shared_ptr<Flight>& flight) REQUIRES(mutex) {
    const auto found = flights.find(flight->key);
    if (found == flights.end() || found->second != flight) return;
    if (flight->state == Flight::State::kDone) held_size_bytes -= flight->size_bytes;
    flights.erase(found);
  }

  void ForgetOld(TimestampMs now) REQUIRES(mutex) {
    const bool is_full = held_size_bytes > kHeldSizeBytesMax;
    for (auto at = flights.begin(); at != flights.end();) {
      const Flight& flight = *at->second;
      const bool is_old = flight.state == Flight::State::kDone &&
                          (is_full || now - flight.done >= flight.lifetime.count());
      if (is_old) held_size_bytes -= flight.size_bytes;
      at = is_old ? flights.erase(at) : std::next(at);
    }
  }

  // Once there is both something to read and a way to, in whichever order, somebody may read.
  void Advance(const std::function<void()>& change, Flight& flight) EXCLUDES(mutex) {
    {
      const MutexLock lock(mutex);
      change();
      if (flight.is_ready && flight.body != nullptr) flight.state = Flight::State::kAnswering;
    }
    changed.NotifyAll();
  }

  enum class Next { kRead, kDone, kCanceled };
  // Waits for something to do; kRead: this thread is the one to read the answer.
  Next Await(const Wait& wait) EXCLUDES(mutex) {
    Flight& flight = *wait.flight;
    const MutexLock lock(mutex);
    while (true) {
      if (wait.has_left) return Next::kCanceled;
      if (flight.state == Flight::State::kDone) return Next::kDone;
      if (flight.state == Flight::State::kAnswering) {
        flight.state = Flight::State::kReading;
        return Next::kRead;
      }
      changed.Wait(mutex);
    }
  }

  void Finish(const std::shared_ptr<Flight>& flight, Result<SeriesAnswer> answer,
              std::size_t size_bytes, TimestampMs now) EXCLUDES(mutex) {
    {
      const MutexLock lock(mutex);
      const bool is_kept =
          answer.ok() && flight->lifetime.count() > 0 && size_bytes <= kHeldSizeBytesMax;
      if (!is_kept) Forget(flight);
      flight->answer = std::make_shared<const Result<SeriesAnswer>>(std::move(answer));
      flight->size_bytes = size_bytes;
      flight->state = Flight::State::kDone;
      flight->done = now;
      // All may have left meanwhile, and others have asked anew.
      const auto found = flights.find(flight->key);
      if (is_kept && found != flights.end() && found->second == flight) {
        held_size_bytes += size_bytes;
      }
    }
    changed.NotifyAll();
  }

  // Of all that one has asked for. A flight that nobody waits for any more is canceled.
  void Leave(std::vector<Wait>& waits) EXCLUDES(mutex) {
    std::vector<std::shared_ptr<Flight>> abandoned;
    {
      const MutexLock lock(mutex);
      for (Wait& wait : waits) {
        if (std::exchange(wait.has_left, true)) continue;
        Flight& flight = *wait.flight;
        if (--flight.waiter_count > 0 || flight.state == Flight::State::kDone) continue;
        // Nobody may join what is about to be canceled.
        Forget(wait.flight);
        abandoned.push_back(wait.flight);
      }
    }
    for (const auto& flight : abandoned) flight->stop.request_stop();
    changed.NotifyAll();
  }
};

namespace {

std::string KeyOf(const SharedQueries::Question& question) {
  const http::ClientRequest& request = question.request;
  std::string key = question.identity + '\n' + request.method + ' ' + request.url + '\n';
  for (const auto& [name, value] : request.headers) key += name + ": " + value + '\n';
  return key + '\n' + request.body;
}

// Reads the answer while it comes; `size_bytes` becomes what was received.
Result<SeriesAnswer> ReadAnswer(http::BodyReader& body, std::size_t& size_bytes) {
  NARTHEX_TRY(body.AwaitHead());
  return ReadSeriesAnswer(body.status(), [&]() -> Result<std::string> {
    Result<std::string> piece = body.Read();
    if (piece.ok()) size_bytes += piece->size();
    return piece;
  });
}

}  // namespace

SharedQueries::SharedQueries(http::Client& client, Clock& clock)
    : client_(client), clock_(clock), shared_(std::make_shared<Shared>()) {}
SharedQueries::~SharedQueries() = default;

std::shared_ptr<SharedQueries::Flight> SharedQueries::Join(Question question) {
  auto flight = std::make_shared<Flight>();
  flight->key = KeyOf(question);
  flight->lifetime = question.lifetime;
  {
    const MutexLock lock(shared_->mutex);
    shared_->ForgetOld(clock_.Now());
    const auto [found, is_new] = shared_->flights.emplace(flight->key, flight);
    ++found->second->waiter_count;
    if (!is_new) return found->second;
  }
  question.request.canceled = flight->stop.get_token();
  auto body = client_.Begin(std::move(question.request), [shared = shared_, flight] {
    shared->Advance([&] { flight->is_ready = true; }, *flight);
  });
  shared_->Advance([&] { flight->body = std::move(body); }, *flight);
  return flight;
}

std::vector<SharedQueries::Answer> SharedQueries::Ask(std::vector<Question> questions,
                                                      const std::stop_token& canceled) {
  std::vector<Wait> waits;
  waits.reserve(questions.size());
  for (Question& question : questions) waits.push_back({Join(std::move(question))});
  std::optional<std::stop_callback<std::function<void()>>> on_cancel;
  on_cancel.emplace(canceled, [this, &waits] { shared_->Leave(waits); });

  std::vector<Answer> answers;
  for (const Wait& wait : waits) {
    Flight& flight = *wait.flight;
    auto next = shared_->Await(wait);
    if (next == Shared::Next::kRead) {
      std::size_t size_bytes = 0;
      Result<SeriesAnswer> answer = ReadAnswer(*flight.body, size_bytes);
      flight.body = nullptr;
      shared_->Finish(wait.flight, std::move(answer), size_bytes, clock_.Now());
      next = Shared::Next::kDone;
    }
    answers.push_back(next == Shared::Next::kDone
                          ? flight.answer
                          : std::make_shared<const Result<SeriesAnswer>>(
                                Error(ErrorCode::kCanceled, "the viewer has gone")));
  }
  // First, so that it does not leave at the same time.
  on_cancel.reset();
  shared_->Leave(waits);
  return answers;
}

}  // namespace narthex::dashapi
