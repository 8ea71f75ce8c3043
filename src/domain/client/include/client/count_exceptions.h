// Counts the exceptions that leave a scope.
#pragma once

#include <exception>

#include "client/counter.h"

namespace narthex::client {

class CountExceptions {
 public:
  explicit CountExceptions(Counter& counter)
      : counter_(counter), before_(std::uncaught_exceptions()) {}
  ~CountExceptions() {
    if (std::uncaught_exceptions() > before_) counter_.Increment();
  }
  CountExceptions(const CountExceptions&) = delete;
  CountExceptions& operator=(const CountExceptions&) = delete;

 private:
  Counter& counter_;
  const int before_;
};

}  // namespace narthex::client
