// Certificates for tests, made when they run: none is kept anywhere.
#pragma once

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>

#include "base/check.h"

namespace narthex::http {

struct PemPair {
  std::string certificate;
  std::string key;
};

// Signs certificates that are valid for an hour. Its own is the root.
class TestAuthority {
 public:
  explicit TestAuthority(const char* name = "Test CA") : key_(NewKey()) {
    root_ = Certificate(name, key_.get(), "critical,CA:TRUE", nullptr);
    Sign(root_.get());
  }

  std::string pem() const { return Pem(root_.get()); }

  // `names` as OpenSSL writes them: "DNS:localhost,IP:127.0.0.1".
  PemPair Issue(const char* name, const std::string& names) const {
    const KeyPtr key = NewKey();
    const X509Ptr certificate = Certificate(name, key.get(), "CA:FALSE", names.c_str());
    X509_set_issuer_name(certificate.get(), X509_get_subject_name(root_.get()));
    Sign(certificate.get());
    return {Pem(certificate.get()), Pem(key.get())};
  }

 private:
  struct Free {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(X509* certificate) const { X509_free(certificate); }
    void operator()(BIO* bio) const { BIO_free(bio); }
    void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
  };
  using KeyPtr = std::unique_ptr<EVP_PKEY, Free>;
  using X509Ptr = std::unique_ptr<X509, Free>;

  static KeyPtr NewKey() { return KeyPtr(EVP_EC_gen("P-256")); }

  static void AddExtension(X509* certificate, int kind, const char* value) {
    const std::unique_ptr<X509_EXTENSION, Free> extension(
        X509V3_EXT_conf_nid(nullptr, nullptr, kind, value));
    NARTHEX_CHECK(extension != nullptr, "the extension of a test is well formed");
    X509_add_ext(certificate, extension.get(), -1);
  }

  static X509Ptr Certificate(const char* name, EVP_PKEY* key, const char* constraints,
                             const char* names) {
    static long serial = 1;
    X509Ptr certificate(X509_new());
    X509_set_version(certificate.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial++);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -60);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
    X509_set_pubkey(certificate.get(), key);
    X509_NAME* subject = X509_get_subject_name(certificate.get());
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
    X509_set_issuer_name(certificate.get(), subject);
    AddExtension(certificate.get(), NID_basic_constraints, constraints);
    if (names != nullptr) AddExtension(certificate.get(), NID_subject_alt_name, names);
    return certificate;
  }

  void Sign(X509* certificate) const { X509_sign(certificate, key_.get(), EVP_sha256()); }

  template <typename T>
  static std::string Pem(T* object) {
    const std::unique_ptr<BIO, Free> bio(BIO_new(BIO_s_mem()));
    if constexpr (std::is_same_v<T, X509>) {
      PEM_write_bio_X509(bio.get(), object);
    } else {
      PEM_write_bio_PrivateKey(bio.get(), object, nullptr, nullptr, 0, nullptr, nullptr);
    }
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &bytes);
    return std::string(bytes, static_cast<std::size_t>(size));
  }

  KeyPtr key_;
  X509Ptr root_;
};

}  // namespace narthex::http
