#include <sys/socket.h>
#include <sys/uio.h>

#include <cerrno>

#include "stream.h"

namespace narthex::http {
namespace {

class PlainStream final : public Stream {
 public:
  explicit PlainStream(int fd) : fd_(fd) {}

  Wait ShakeHands() override { return Wait::kNothing; }

  Moved Read(std::span<char> into) override {
    const ssize_t size = ::recv(fd_, into.data(), into.size(), MSG_DONTWAIT);
    if (size > 0) return {static_cast<std::size_t>(size), Wait::kNothing};
    return {0, size < 0 && IsPassing() ? Wait::kReadable : Wait::kGone};
  }

  Moved Write(std::string_view head, std::string_view body) override {
    iovec parts[] = {{const_cast<char*>(head.data()), head.size()},
                     {const_cast<char*>(body.data()), body.size()}};
    msghdr message{};
    message.msg_iov = parts;
    message.msg_iovlen = body.empty() ? 1 : 2;
    const ssize_t size = ::sendmsg(fd_, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (size < 0) return {0, IsPassing() ? Wait::kWritable : Wait::kGone};
    const auto sent = static_cast<std::size_t>(size);
    return {sent, sent == head.size() + body.size() ? Wait::kNothing : Wait::kWritable};
  }

  bool has_unread() const override { return false; }

  Peer LookAtPeer() override {
    char byte;
    const ssize_t size = ::recv(fd_, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    if (size > 0) return Peer::kSpeaks;
    return size < 0 && IsPassing() ? Peer::kSilent : Peer::kGone;
  }

  void EndSending() override {}
  bool is_tls() const override { return false; }

 private:
  static bool IsPassing() { return errno == EAGAIN || errno == EINTR; }

  const int fd_;
};

}  // namespace

std::unique_ptr<Stream> MakePlainStream(int fd) { return std::make_unique<PlainStream>(fd); }

}  // namespace narthex::http
