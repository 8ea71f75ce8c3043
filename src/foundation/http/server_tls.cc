#include "http/server_tls.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>

#include "tls_context.h"

namespace narthex::http {
namespace {

template <auto kFree>
struct Deleter {
  template <typename T>
  void operator()(T* object) const {
    kFree(object);
  }
};
using Bio = std::unique_ptr<BIO, Deleter<BIO_free>>;
using Certificate = std::unique_ptr<X509, Deleter<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using Names = std::unique_ptr<GENERAL_NAMES, Deleter<GENERAL_NAMES_free>>;

Error Invalid(std::string message) { return {ErrorCode::kInvalidArgument, std::move(message)}; }

// What OpenSSL noted last, as a sentence's end; empties its list.
std::string Reason() {
  const unsigned long code = ERR_peek_last_error();
  ERR_clear_error();
  const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  return reason == nullptr ? "unknown reason" : reason;
}

Error OpenSslError(std::string_view what) { return Invalid(fmt::format("{}: {}", what, Reason())); }

Bio Open(const std::string& pem) {
  return Bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

// Keys with a passphrase are refused; OpenSSL would ask for it at the terminal.
int NoPassphrase(char*, int, int, void*) { return -1; }

Result<std::vector<Certificate>> ReadCertificates(const std::string& pem, std::string_view what) {
  std::vector<Certificate> certificates;
  const Bio bio = Open(pem);
  ERR_clear_error();
  while (X509* certificate = PEM_read_bio_X509(bio.get(), nullptr, NoPassphrase, nullptr)) {
    certificates.emplace_back(certificate);
  }
  const bool is_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  if (!is_end) return OpenSslError(what);
  ERR_clear_error();
  if (certificates.empty()) {
    return Invalid(fmt::format("{}: there is no PEM certificate in it", what));
  }
  return certificates;
}

Status UseCertificate(SSL_CTX* ssl, const ServerTlsOptions& options) {
  NARTHEX_ASSIGN_OR_RETURN(std::vector<Certificate> chain,
                           ReadCertificates(options.certificate_pem, "certificate"));
  if (SSL_CTX_use_certificate(ssl, chain[0].get()) != 1) return OpenSslError("certificate");
  for (std::size_t i = 1; i < chain.size(); ++i) {
    if (SSL_CTX_add1_chain_cert(ssl, chain[i].get()) != 1) return OpenSslError("certificate");
  }
  const Bio bio = Open(options.key_pem);
  const Key key(PEM_read_bio_PrivateKey(bio.get(), nullptr, NoPassphrase, nullptr));
  if (key == nullptr) {
    ERR_clear_error();
    return Invalid("key: there is no PEM key in it that can be read without a passphrase");
  }
  if (SSL_CTX_use_PrivateKey(ssl, key.get()) != 1 || SSL_CTX_check_private_key(ssl) != 1) {
    ERR_clear_error();
    return Invalid("key: it is not the key of the certificate");
  }
  return Ok();
}

int ProtocolNumber(TlsVersion version) {
  switch (version) {
    case TlsVersion::k10:
      return TLS1_VERSION;
    case TlsVersion::k11:
      return TLS1_1_VERSION;
    case TlsVersion::k12:
      return TLS1_2_VERSION;
    case TlsVersion::k13:
      break;
  }
  return TLS1_3_VERSION;
}

// OpenSSL's name of a suite; empty if it has none.
std::string SuiteName(std::string_view name) {
  const std::string_view known = OPENSSL_cipher_name(std::string(name).c_str());
  return known == "(NONE)" ? std::string() : std::string(known);
}

// The suites of TLS 1.3, which cannot be chosen.
bool IsOfVersion13(std::string_view name) { return name.find("_WITH_") == std::string_view::npos; }

Status UseProtocol(SSL_CTX* ssl, const ServerTlsOptions& options) {
  if (options.version_min > options.version_max) {
    return Invalid("the least TLS version is above the greatest");
  }
  // Before 1.2 handshakes are signed with SHA-1, which OpenSSL's usual level refuses.
  if (options.version_min < TlsVersion::k12) SSL_CTX_set_security_level(ssl, 0);
  TlsVersion version_min = options.version_min;
  std::string suites;
  for (const std::string& name : options.cipher_suites) {
    if (!IsCipherSuite(name)) return Invalid(fmt::format("unknown cipher: {}", name));
    if (IsOfVersion13(name)) continue;
    if (!suites.empty()) suites += ':';
    suites += SuiteName(name);
  }
  if (!suites.empty()) {
    if (SSL_CTX_set_cipher_list(ssl, suites.c_str()) != 1) return OpenSslError("cipher suites");
  } else if (!options.cipher_suites.empty()) {
    version_min = std::max(version_min, TlsVersion::k13);
  }
  std::string curves;
  for (const std::string& name : options.curves) {
    if (!curves.empty()) curves += ':';
    curves += name;
  }
  if (!curves.empty() && SSL_CTX_set1_groups_list(ssl, curves.c_str()) != 1) {
    return OpenSslError("curves");
  }
  if (version_min > options.version_max) {
    return Invalid("the cipher suites are of TLS 1.3, which the versions exclude");
  }
  SSL_CTX_set_min_proto_version(ssl, ProtocolNumber(version_min));
  SSL_CTX_set_max_proto_version(ssl, ProtocolNumber(options.version_max));
  if (options.prefers_own_cipher_order) SSL_CTX_set_options(ssl, SSL_OP_CIPHER_SERVER_PREFERENCE);
  return Ok();
}

std::string Text(const ASN1_STRING* string) {
  return std::string(reinterpret_cast<const char*>(ASN1_STRING_get0_data(string)),
                     static_cast<std::size_t>(ASN1_STRING_length(string)));
}

std::string AddressText(const ASN1_OCTET_STRING* address) {
  const int size = ASN1_STRING_length(address);
  if (size != 4 && size != 16) return {};
  char text[INET6_ADDRSTRLEN] = {};
  ::inet_ntop(size == 4 ? AF_INET : AF_INET6, ASN1_STRING_get0_data(address), text, sizeof text);
  return text;
}

std::string NameText(const GENERAL_NAME& name) {
  switch (name.type) {
    case GEN_DNS:
      return Text(name.d.dNSName);
    case GEN_EMAIL:
      return Text(name.d.rfc822Name);
    case GEN_URI:
      return Text(name.d.uniformResourceIdentifier);
    case GEN_IPADD:
      return AddressText(name.d.iPAddress);
    default:
      return {};
  }
}

bool HasAllowedName(const X509* certificate, const std::vector<std::string>& allowed) {
  const Names names(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const std::string text = NameText(*sk_GENERAL_NAME_value(names.get(), i));
    if (std::binary_search(allowed.begin(), allowed.end(), text)) return true;
  }
  return false;
}

// Called with what the client sent, if it sent anything.
int VerifyClient(X509_STORE_CTX* store, void* argument) {
  const auto& context = *static_cast<const ServerTls::Context*>(argument);
  if (context.is_verifying && X509_verify_cert(store) != 1) return 0;
  if (context.client_allowed_names.empty() ||
      HasAllowedName(X509_STORE_CTX_get0_cert(store), context.client_allowed_names)) {
    return 1;
  }
  X509_STORE_CTX_set_error(store, X509_V_ERR_APPLICATION_VERIFICATION);
  return 0;
}

Status UseClientAuthorities(SSL_CTX* ssl, const std::string& pem) {
  if (pem.empty()) {
    if (SSL_CTX_set_default_verify_paths(ssl) != 1) return OpenSslError("client CA");
    return Ok();
  }
  NARTHEX_ASSIGN_OR_RETURN(const std::vector<Certificate> authorities,
                           ReadCertificates(pem, "client CA"));
  for (const Certificate& authority : authorities) {
    if (X509_STORE_add_cert(SSL_CTX_get_cert_store(ssl), authority.get()) != 1 ||
        SSL_CTX_add_client_CA(ssl, authority.get()) != 1) {
      return OpenSslError("client CA");
    }
  }
  return Ok();
}

Status UseClientPolicy(ServerTls::Context& context, const ServerTlsOptions& options) {
  const ClientCertificate policy = options.client_certificate;
  if (policy == ClientCertificate::kNone) return Ok();
  const bool is_needed =
      policy == ClientCertificate::kRequireAny || policy == ClientCertificate::kRequireAndVerify;
  context.is_verifying =
      policy == ClientCertificate::kVerifyIfGiven || policy == ClientCertificate::kRequireAndVerify;
  context.client_allowed_names = options.client_allowed_names;
  std::sort(context.client_allowed_names.begin(), context.client_allowed_names.end());
  if (context.is_verifying) {
    NARTHEX_TRY(UseClientAuthorities(context.ssl.get(), options.client_ca_pem));
  }
  SSL_CTX_set_verify(context.ssl.get(),
                     SSL_VERIFY_PEER | (is_needed ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0), nullptr);
  SSL_CTX_set_cert_verify_callback(context.ssl.get(), VerifyClient, &context);
  return Ok();
}

int ChooseProtocol(SSL*, const unsigned char** chosen, unsigned char* size,
                   const unsigned char* offered, unsigned int offered_size, void*) {
  static constexpr std::string_view kOurs = "\x08http/1.1";
  unsigned char* found = nullptr;
  const int verdict =
      SSL_select_next_proto(&found, size, reinterpret_cast<const unsigned char*>(kOurs.data()),
                            static_cast<unsigned>(kOurs.size()), offered, offered_size);
  if (verdict != OPENSSL_NPN_NEGOTIATED) return SSL_TLSEXT_ERR_NOACK;
  *chosen = found;
  return SSL_TLSEXT_ERR_OK;
}

}  // namespace

bool IsCipherSuite(std::string_view name) {
  return name.starts_with("TLS_") && !SuiteName(name).empty();
}

ServerTls::ServerTls(std::unique_ptr<Context> context) : context_(std::move(context)) {}
ServerTls::~ServerTls() = default;

Result<std::shared_ptr<const ServerTls>> ServerTls::Make(const ServerTlsOptions& options) {
  auto context = std::make_unique<Context>();
  context->ssl.reset(SSL_CTX_new(TLS_server_method()));
  if (context->ssl == nullptr) return OpenSslError("TLS");
  SSL_CTX* ssl = context->ssl.get();
  // Buffers of idle connections are given back; what the socket does not take is tried again from
  // where it lies then.
  SSL_CTX_set_mode(ssl, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                            SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_options(ssl, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  // Tickets suffice for clients that come back; a table of sessions would be memory without a
  // limit.
  SSL_CTX_set_session_cache_mode(ssl, SSL_SESS_CACHE_OFF);
  constexpr std::string_view kSessionContext = "narthex";
  SSL_CTX_set_session_id_context(ssl,
                                 reinterpret_cast<const unsigned char*>(kSessionContext.data()),
                                 static_cast<unsigned>(kSessionContext.size()));
  SSL_CTX_set_alpn_select_cb(ssl, ChooseProtocol, nullptr);
  NARTHEX_TRY(UseProtocol(ssl, options));
  NARTHEX_TRY(UseCertificate(ssl, options));
  NARTHEX_TRY(UseClientPolicy(*context, options));
  return std::shared_ptr<const ServerTls>(new ServerTls(std::move(context)));
}

}  // namespace narthex::http
