#include "body_channel.h"

#include <utility>

namespace narthex::http {

BodyChannel::BodyChannel(std::size_t size_bytes_max, std::stop_token canceled,
                         std::function<void()> ready)
    : size_bytes_max_(size_bytes_max),
      ready_(std::move(ready)),
      on_cancel_(std::move(canceled), [this] { stop_.request_stop(); }) {}

void BodyChannel::SetResume(std::function<void()> resume) {
  MutexLock lock(mutex_);
  resume_ = std::move(resume);
}

void BodyChannel::TellReady() {
  if (const auto ready = std::exchange(ready_, nullptr)) ready();
}

void BodyChannel::SetHead(Head head) {
  {
    MutexLock lock(mutex_);
    head_ = std::move(head);
    changed_.NotifyAll();
  }
  TellReady();
}

bool BodyChannel::Put(std::string_view piece) {
  MutexLock lock(mutex_);
  // An empty channel takes any piece, or one larger than the limit would never pass.
  if (size_bytes_ != 0 && size_bytes_ + piece.size() > size_bytes_max_) {
    is_paused_ = true;
    return false;
  }
  if (piece.empty()) return true;
  pieces_.emplace_back(piece);
  size_bytes_ += piece.size();
  changed_.NotifyAll();
  return true;
}

void BodyChannel::Finish(Status status) {
  {
    MutexLock lock(mutex_);
    end_ = std::move(status);
    resume_ = nullptr;
    changed_.NotifyAll();
  }
  TellReady();
}

Result<BodyChannel::Head> BodyChannel::AwaitHead() {
  MutexLock lock(mutex_);
  while (!head_ && !end_) changed_.Wait(mutex_);
  if (head_) return *head_;
  NARTHEX_CHECK(!end_->ok(), "a transfer that succeeds has a head");
  return end_->error();
}

Result<std::string> BodyChannel::Take() {
  MutexLock lock(mutex_);
  while (pieces_.empty() && !end_) changed_.Wait(mutex_);
  if (pieces_.empty()) {
    if (!end_->ok()) return end_->error();
    return std::string();
  }
  std::string piece = std::move(pieces_.front());
  pieces_.pop_front();
  size_bytes_ -= piece.size();
  // Under the lock, which keeps Finish() and so the client's end away; it only wakes the client's
  // thread.
  if (is_paused_ && size_bytes_ <= size_bytes_max_ / 2 && resume_) {
    is_paused_ = false;
    resume_();
  }
  return piece;
}

}  // namespace narthex::http
