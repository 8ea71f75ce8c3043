#include "civet_options.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "base/number.h"
#include "http/server_tls.h"
#include "io/file_system.h"

namespace prometheus::detail {
namespace {

namespace http = narthex::http;

class Reader {
 public:
  explicit Reader(const std::vector<std::string>& options) : options_(options) {}

  http::ServerOptions Read() {
    if (options_.size() % 2 != 0) throw std::runtime_error("an option of the exposer has no value");
    for (std::size_t i = 0; i < options_.size(); i += 2) ReadOne(options_[i], options_[i + 1]);
    if (!is_tls_) return std::move(server_);
    if (certificate_file_.empty()) {
      throw std::runtime_error("listening_ports: TLS (`s`) needs the option ssl_certificate");
    }
    auto tls = http::ServerTls::Make(tls_);
    if (!tls.ok()) {
      throw std::runtime_error(
          fmt::format("ssl_certificate: {}: {}", certificate_file_, tls.error().message()));
    }
    server_.tls = [tls = *std::move(tls)] { return tls; };
    return std::move(server_);
  }

 private:
  void ReadOne(const std::string& name, const std::string& value) {
    using Take = void (Reader::*)(const std::string&);
    static const std::map<std::string_view, Take> known = {
        {"listening_ports", &Reader::SetPorts},
        {"num_threads", &Reader::SetThreads},
        {"request_timeout_ms", &Reader::SetRequestTimeout},
        {"keep_alive_timeout_ms", &Reader::SetIdleTimeout},
        {"ssl_certificate", &Reader::SetCertificate},
        {"ssl_certificate_chain", &Reader::AddChain},
        {"ssl_verify_peer", &Reader::SetVerifyPeer},
        {"ssl_ca_file", &Reader::SetAuthorities},
        {"ssl_protocol_version", &Reader::SetVersion},
    };
    const auto found = known.find(name);
    if (found == known.end()) {
      throw std::runtime_error(fmt::format("the exposer has no option {}", name));
    }
    name_ = name;
    (this->*found->second)(value);
  }

  [[noreturn]] void Refuse(std::string_view value, std::string_view wanted) const {
    throw std::runtime_error(fmt::format("{}: {} is not {}", name_, value, wanted));
  }

  std::uint64_t Count(const std::string& value) const {
    const auto count = narthex::ParseUint64(value);
    if (!count || *count == 0 || *count > 1'000'000'000) Refuse(value, "a number above 0");
    return *count;
  }

  std::string File(const std::string& path) const {
    constexpr std::size_t kSizeBytesMax = 1u << 20;
    auto read = narthex::io::ReadFile(narthex::io::SystemFiles(), path, kSizeBytesMax);
    if (!read.ok()) {
      throw std::runtime_error(fmt::format("{}: {}", name_, read.error().message()));
    }
    return *std::move(read);
  }

  void SetPorts(const std::string& value) {
    server_.listen_addresses.clear();
    std::string_view list = value;
    std::optional<bool> is_tls;
    while (true) {
      const std::size_t end = list.find(',');
      std::string_view address = list.substr(0, end);
      const bool has_tls = address.ends_with('s');
      if (has_tls) address.remove_suffix(1);
      if (is_tls.value_or(has_tls) != has_tls) {
        Refuse(value, "all plain or all TLS: make two exposers");
      }
      is_tls = has_tls;
      server_.listen_addresses.push_back(ListenAddress(address));
      if (end == std::string_view::npos) break;
      list.remove_prefix(end + 1);
    }
    is_tls_ = *is_tls;
  }
  // "8080" and "+8080" are all addresses.
  static std::string ListenAddress(std::string_view text) {
    if (text.starts_with('+')) text.remove_prefix(1);
    const std::string address(text);
    return text.find(':') == std::string_view::npos ? "0.0.0.0:" + address : address;
  }

  void SetThreads(const std::string& value) {
    server_.worker_count = static_cast<std::size_t>(Count(value));
  }
  void SetRequestTimeout(const std::string& value) {
    server_.read_timeout = std::chrono::milliseconds(Count(value));
  }
  void SetIdleTimeout(const std::string& value) {
    server_.idle_timeout = std::chrono::milliseconds(Count(value));
  }
  void SetCertificate(const std::string& value) {
    certificate_file_ = value;
    tls_.key_pem = File(value);
    tls_.certificate_pem = tls_.key_pem + tls_.certificate_pem;
  }
  void AddChain(const std::string& value) { tls_.certificate_pem += File(value); }
  void SetVerifyPeer(const std::string& value) {
    if (value == "yes") {
      tls_.client_certificate = http::ClientCertificate::kRequireAndVerify;
    } else if (value == "optional") {
      tls_.client_certificate = http::ClientCertificate::kVerifyIfGiven;
    } else if (value != "no") {
      Refuse(value, "yes, optional or no");
    }
  }
  void SetAuthorities(const std::string& value) { tls_.client_ca_pem = File(value); }
  void SetVersion(const std::string& value) {
    const auto version = narthex::ParseUint64(value);
    if (!version || *version > 5) Refuse(value, "a number from 0 to 5");
    constexpr http::TlsVersion kLeast[] = {http::TlsVersion::k10, http::TlsVersion::k10,
                                           http::TlsVersion::k10, http::TlsVersion::k11,
                                           http::TlsVersion::k12, http::TlsVersion::k13};
    tls_.version_min = kLeast[*version];
  }

  const std::vector<std::string>& options_;
  std::string_view name_;  // of the option that is read
  http::ServerOptions server_;
  http::ServerTlsOptions tls_;
  std::string certificate_file_;
  bool is_tls_ = false;
};

}  // namespace

http::ServerOptions ServerOptionsFrom(const std::vector<std::string>& options) {
  return Reader(options).Read();
}

}  // namespace prometheus::detail
