// A TCP peer under a test's control: sends and reads raw bytes.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace narthex::http {

class RawPeer {
 public:
  // Connects to 127.0.0.1:`port`.
  explicit RawPeer(std::uint16_t port, int receive_buffer_bytes = 0) {
    fd_ = ::socket(AF_INET, SOCK_STREAM, 0);
    if (receive_buffer_bytes > 0) {
      ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer_bytes, sizeof receive_buffer_bytes);
    }
    const sockaddr_in address = Loopback(port);
    is_connected_ =
        ::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  // Takes over a socket.
  RawPeer(int fd, bool is_connected) : fd_(fd), is_connected_(is_connected) {}
  RawPeer(RawPeer&& other) noexcept : fd_(std::exchange(other.fd_, -1)), is_connected_(true) {}
  ~RawPeer() { Close(); }

  static sockaddr_in Loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
  }

  bool is_connected() const { return is_connected_; }
  void Close() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }

  void ShutdownSend() { ::shutdown(fd_, SHUT_WR); }

  bool Send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t size = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (size <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(size));
    }
    return true;
  }

  // Reads until `end` has come, the peer closes or ten seconds are over.
  std::string ReadUntil(std::string_view end) {
    std::string text;
    while (text.find(end) == std::string::npos && ReadPiece(text)) {
    }
    return text;
  }
  std::string ReadAll() {
    std::string text;
    while (ReadPiece(text)) {
    }
    return text;
  }

  // A response with Content-Length: its head and its body.
  std::pair<std::string, std::string> ReadResponse() {
    std::string& text = unread_;
    std::size_t end = 0;
    while ((end = text.find("\r\n\r\n")) == std::string::npos) {
      if (!ReadPiece(text)) return {text, ""};
    }
    std::string head = text.substr(0, end);
    text.erase(0, end + 4);
    std::size_t size = 0;
    const std::size_t at = head.find("Content-Length: ");
    if (at != std::string::npos) {
      for (std::size_t i = at + 16; i < head.size() && head[i] >= '0' && head[i] <= '9'; ++i) {
        size = size * 10 + static_cast<std::size_t>(head[i] - '0');
      }
    }
    while (text.size() < size && ReadPiece(text)) {
    }
    std::string body = text.substr(0, size);
    text.erase(0, size);
    return {head, body};
  }

 private:
  bool ReadPiece(std::string& text) {
    pollfd wait{fd_, POLLIN, 0};
    if (::poll(&wait, 1, 10'000) <= 0) return false;
    char buffer[16384];
    const ssize_t size = ::recv(fd_, buffer, sizeof buffer, 0);
    if (size <= 0) return false;
    text.append(buffer, static_cast<std::size_t>(size));
    return true;
  }

  int fd_ = -1;
  bool is_connected_ = false;
  std::string unread_;
};

// A listening socket on a free port of 127.0.0.1.
class RawListener {
 public:
  RawListener() : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address = RawPeer::Loopback(0);
    ::bind(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    ::listen(fd_, 16);
    socklen_t size = sizeof address;
    ::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
  }
  ~RawListener() { ::close(fd_); }
  RawListener(const RawListener&) = delete;
  RawListener& operator=(const RawListener&) = delete;

  std::uint16_t port() const { return port_; }
  RawPeer Accept() {
    const int fd = ::accept(fd_, nullptr, nullptr);
    return RawPeer(fd, fd >= 0);
  }

 private:
  const int fd_;
  std::uint16_t port_ = 0;
};

// A listening Unix socket at a path, which is free again afterwards.
class UnixListener {
 public:
  explicit UnixListener(std::string path)
      : path_(std::move(path)), fd_(::socket(AF_UNIX, SOCK_STREAM, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path_.copy(address.sun_path, sizeof address.sun_path - 1);
    ::unlink(path_.c_str());
    ::bind(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    ::listen(fd_, 16);
  }
  ~UnixListener() {
    ::close(fd_);
    ::unlink(path_.c_str());
  }
  UnixListener(const UnixListener&) = delete;
  UnixListener& operator=(const UnixListener&) = delete;

  RawPeer Accept() const {
    const int fd = ::accept(fd_, nullptr, nullptr);
    return RawPeer(fd, fd >= 0);
  }

 private:
  const std::string path_;
  const int fd_;
};

}  // namespace narthex::http
