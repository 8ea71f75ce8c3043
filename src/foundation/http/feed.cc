#include "http/feed.h"

#include <utility>

#include "answer.h"
#include "feed_outlet.h"

namespace narthex::http {
namespace {

// So much is copied into one buffer for one call; a longer piece goes out by itself.
constexpr std::size_t kTakenSizeBytes = 64u << 10;

}  // namespace

void Feed::Wake() {
  if (const auto wake = std::exchange(wake_, nullptr)) wake();
}

bool Feed::Push(Piece piece) {
  const MutexLock lock(mutex_);
  if (has_ended_ || is_gone_) return false;
  if (backlog_size_bytes_ + piece->size() > backlog_size_bytes_max_) return false;
  // An empty chunk would end the body.
  if (piece->empty()) return true;
  backlog_size_bytes_ += piece->size();
  backlog_.push_back(std::move(piece));
  Wake();
  return true;
}

void Feed::End() {
  const MutexLock lock(mutex_);
  has_ended_ = true;
  Wake();
}

void Feed::EndWith(Piece last) {
  const MutexLock lock(mutex_);
  if (has_ended_ || is_gone_) return;
  backlog_.clear();
  backlog_size_bytes_ = last->size();
  if (!last->empty()) backlog_.push_back(std::move(last));
  has_ended_ = true;
  Wake();
}

void Feed::WhenGone(std::function<void()> gone) {
  {
    const MutexLock lock(mutex_);
    if (!is_gone_) {
      gone_ = std::move(gone);
      return;
    }
  }
  gone();
}

FeedOutlet::Taken FeedOutlet::Take(bool is_chunked, std::function<void()> wake) {
  const MutexLock lock(feed_->mutex_);
  Taken taken;
  while (!feed_->backlog_.empty()) {
    const Feed::Piece& piece = feed_->backlog_.front();
    if (!taken.bytes.empty() && taken.bytes.size() + piece->size() > kTakenSizeBytes) break;
    taken.bytes += is_chunked ? EncodeChunk(*piece) : *piece;
    feed_->backlog_size_bytes_ -= piece->size();
    feed_->backlog_.pop_front();
  }
  taken.is_last = feed_->has_ended_ && feed_->backlog_.empty();
  if (taken.is_last && is_chunked) taken.bytes += EncodeChunk({});
  if (taken.bytes.empty() && !taken.is_last) feed_->wake_ = std::move(wake);
  return taken;
}

void FeedOutlet::Leave() {
  std::function<void()> gone;
  {
    const MutexLock lock(feed_->mutex_);
    if (feed_->is_gone_) return;
    feed_->is_gone_ = true;
    feed_->wake_ = nullptr;
    feed_->backlog_.clear();
    feed_->backlog_size_bytes_ = 0;
    gone = std::exchange(feed_->gone_, nullptr);
  }
  if (gone) gone();
}

}  // namespace narthex::http
