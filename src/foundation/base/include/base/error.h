// What went wrong: a code to branch on and a message for a person.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace narthex {

enum class ErrorCode {
  kInvalidArgument,     // the caller's input is malformed or against a rule
  kNotFound,            // the named thing does not exist
  kAlreadyExists,       // the named thing exists and must not
  kOutOfOrder,          // a sample older than what is accepted
  kOutOfRange,          // beyond a bound that the message names
  kPermissionDenied,    // the caller may not do this
  kUnauthenticated,     // the caller did not say, or did not prove, who it is
  kFailedPrecondition,  // right request, wrong state (locked folder, read-only object)
  kResourceExhausted,   // a named limit was reached
  kNoSpace,             // the disk is full
  kCorruption,          // bytes that fail their checksum or their grammar
  kUnavailable,         // try again later (peer down, not ready yet)
  kDeadlineExceeded,    // a time limit ran out
  kCanceled,            // the caller went away or the process stops
  kIo,                  // the operating system refused; the message has its reason
  kUnsupported,         // known, and deliberately not done
  kInternal,            // a fault of this program
};

// The code's name as a word, `out_of_order`.
std::string_view ErrorCodeName(ErrorCode code);

// A value type; copying copies the message. Never holds a secret: it ends in logs and answers.
class [[nodiscard]] Error {
 public:
  Error(ErrorCode code, std::string message) : code_(code), message_(std::move(message)) {}

  ErrorCode code() const { return code_; }
  const std::string& message() const { return message_; }

  // The same error with `context` and ": " put before the message.
  Error Under(std::string_view context) &&;

 private:
  ErrorCode code_;
  std::string message_;
};

// The error of a failed system call: maps `system_errno` to a code (ENOSPC and EDQUOT to kNoSpace,
// ENOENT to kNotFound, EEXIST to kAlreadyExists, EACCES and EPERM to kPermissionDenied, all others
// to kIo) and appends the system's reason to `what`.
Error SystemError(int system_errno, std::string_view what);

}  // namespace narthex
