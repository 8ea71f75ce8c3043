// Where the client's thread hands a body to the thread that reads it.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/mutex.h"
#include "base/result.h"
#include "http/message.h"

namespace narthex::http {

// Holds pieces up to a limit; beyond, the transfer is paused until the reader has caught up.
//
// Thread-safe; shared by the transfer and its reader, since either may be the last to leave.
class BodyChannel {
 public:
  struct Head {
    int status = 0;
    Headers headers;
  };

  // `canceled` and Cancel() both request the stop of token(). `ready`, if set, is called once, from
  // the client's side: when there is a head, or the end without one.
  BodyChannel(std::size_t size_bytes_max, std::stop_token canceled, std::function<void()> ready);

  std::stop_token token() const { return stop_.get_token(); }
  void Cancel() { stop_.request_stop(); }

  // The client's side. `resume` goes on with the transfer; called from the reader's thread after
  // Put() has refused a piece, and never after Finish().
  void SetResume(std::function<void()> resume) EXCLUDES(mutex_);
  void SetHead(Head head) EXCLUDES(mutex_);
  // False if it is full: nothing was taken, and the transfer has to pause.
  bool Put(std::string_view piece) EXCLUDES(mutex_);
  void Finish(Status status) EXCLUDES(mutex_);

  // The reader's side. Both block.
  Result<Head> AwaitHead() EXCLUDES(mutex_);
  // The next piece; empty at the end.
  Result<std::string> Take() EXCLUDES(mutex_);

 private:
  void TellReady();

  const std::size_t size_bytes_max_;
  std::stop_source stop_;
  std::function<void()> ready_;  // the client's side only; empty once it was called

  Mutex mutex_;
  CondVar changed_;
  std::function<void()> resume_ GUARDED_BY(mutex_);
  std::optional<Head> head_ GUARDED_BY(mutex_);
  std::deque<std::string> pieces_ GUARDED_BY(mutex_);
  std::size_t size_bytes_ GUARDED_BY(mutex_) = 0;
  bool is_paused_ GUARDED_BY(mutex_) = false;
  std::optional<Status> end_ GUARDED_BY(mutex_);

  std::stop_callback<std::function<void()>> on_cancel_;
};

}  // namespace narthex::http
