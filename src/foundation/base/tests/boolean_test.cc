#include "base/boolean.h"

#include <gtest/gtest.h>

namespace narthex {
namespace {

TEST(ParseBoolean, TakesWhatGoTakes) {
  for (const char* text : {"1", "t", "T", "true", "True", "TRUE"})
    EXPECT_EQ(ParseBoolean(text), true) << text;
  for (const char* text : {"0", "f", "F", "false", "False", "FALSE"})
    EXPECT_EQ(ParseBoolean(text), false) << text;
  for (const char* text : {"", "tRUE", "yes", " true", "10"})
    EXPECT_EQ(ParseBoolean(text), std::nullopt) << text;
}

}  // namespace
}  // namespace narthex
