// Result<T>: a value or the error that kept it from being; Status: success or an error.
#pragma once

#include <optional>
#include <utility>
#include <variant>

#include "base/check.h"
#include "base/error.h"

namespace narthex {

// Success, or an Error. Cheap to move; success holds no memory.
class [[nodiscard]] Status {
 public:
  Status() = default;
  // Implicit, so that `return Error{...}` reads as it should.
  Status(Error error) : error_(std::move(error)) {}

  bool ok() const { return !error_.has_value(); }
  // The code of the failure; empty on success.
  std::optional<ErrorCode> code() const {
    return error_ ? std::optional<ErrorCode>(error_->code()) : std::nullopt;
  }
  // Must not be called on success.
  const Error& error() const& {
    NARTHEX_CHECK(error_.has_value(), "error() of a success");
    return *error_;
  }
  Error&& error() && {
    NARTHEX_CHECK(error_.has_value(), "error() of a success");
    return std::move(*error_);
  }

 private:
  std::optional<Error> error_;
};

inline Status Ok() { return Status(); }

// A T, or the Error that says why there is none.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  // Takes what converts to T in one step, so that a function may return a derived unique_ptr.
  template <typename U>
  requires(std::is_constructible_v<T, U&&> && !std::is_same_v<std::remove_cvref_t<U>, T> &&
           !std::is_same_v<std::remove_cvref_t<U>, Error> &&
           !std::is_same_v<std::remove_cvref_t<U>, Result<T>>) Result(U&& value)
      : state_(std::in_place_index<0>, std::forward<U>(value)) {}

  bool ok() const { return state_.index() == 0; }
  std::optional<ErrorCode> code() const {
    return ok() ? std::nullopt : std::optional<ErrorCode>(std::get<1>(state_).code());
  }

  // Must be called on success only.
  const T& value() const& {
    NARTHEX_CHECK(ok(), "value() of a failure");
    return std::get<0>(state_);
  }
  T& value() & {
    NARTHEX_CHECK(ok(), "value() of a failure");
    return std::get<0>(state_);
  }
  T&& value() && {
    NARTHEX_CHECK(ok(), "value() of a failure");
    return std::get<0>(std::move(state_));
  }
  const T& operator*() const& { return value(); }
  T& operator*() & { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  const T* operator->() const { return &value(); }
  T* operator->() { return &value(); }

  // Must be called on failure only.
  const Error& error() const& {
    NARTHEX_CHECK(!ok(), "error() of a success");
    return std::get<1>(state_);
  }
  Error&& error() && {
    NARTHEX_CHECK(!ok(), "error() of a success");
    return std::get<1>(std::move(state_));
  }

 private:
  std::variant<T, Error> state_;
};

}  // namespace narthex

// Returns the error of `expr` (a Status or Result) from the enclosing function, if it has one.
#define NARTHEX_TRY(expr)                                   \
  do {                                                      \
    if (auto narthex_status = (expr); !narthex_status.ok()) \
      return std::move(narthex_status).error();             \
  } while (false)

#define NARTHEX_CONCAT_INNER(a, b) a##b
#define NARTHEX_CONCAT(a, b) NARTHEX_CONCAT_INNER(a, b)

// `NARTHEX_ASSIGN_OR_RETURN(auto block, Block::Open(dir));`
#define NARTHEX_ASSIGN_OR_RETURN(declaration, expr) \
  NARTHEX_ASSIGN_OR_RETURN_IMPL(NARTHEX_CONCAT(narthex_result_, __LINE__), declaration, expr)
#define NARTHEX_ASSIGN_OR_RETURN_IMPL(result, declaration, expr) \
  auto result = (expr);                                          \
  if (!result.ok()) return std::move(result).error();            \
  declaration = std::move(result).value()
