// Just enough of a test framework that the tests need nothing installed: cases register themselves, a failed
// check names its line and ends its case, `runTests` reports and gives the exit status.
#pragma once

#include <functional>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/runtime/errors.h"

namespace robertorch::test {

struct Case {
  std::string name;
  std::function<void()> run;
};

inline std::vector<Case>& cases() {
  static std::vector<Case> all;
  return all;
}

struct Register {
  Register(std::string name, std::function<void()> run) {
    cases().push_back({std::move(name), std::move(run)});
  }
};

struct Failure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

[[noreturn]] inline void fail(const char* file, int line, const std::string& what) {
  throw Failure(std::string(file) + ":" + std::to_string(line) + ": " + what);
}

template <typename A, typename B>
void expectEqual(const char* file, int line, const A& actual, const B& expected) {
  if (actual == expected) return;
  std::ostringstream text;
  text << "got '" << actual << "', expected '" << expected << "'";
  fail(file, line, text.str());
}

/** The message of the typed error that `call` must raise. */
inline std::string refusal(const char* file, int line, const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    if (error.kind != ErrorKind::kCheckpoint) fail(file, line, std::string("a ") + errorKindName(error.kind));
    return error.what();
  }
  fail(file, line, "nothing was refused");
}

inline void expectRefusal(const char* file, int line, const std::function<void()>& call,
                          const std::string& part) {
  const std::string message = refusal(file, line, call);
  if (message.find(part) == std::string::npos)
    fail(file, line, "'" + message + "' does not hold '" + part + "'");
}

inline int runTests() {
  int failed = 0;
  for (const Case& test : cases()) {
    try {
      test.run();
    } catch (const std::exception& error) {
      ++failed;
      std::cerr << "failed: " << test.name << "\n  " << error.what() << "\n";
    }
  }
  std::cout << cases().size() - failed << " native tests passed, " << failed << " failed\n";
  return failed == 0 && !cases().empty() ? 0 : 1;
}

}  // namespace robertorch::test

#define ROBERTORCH_JOIN2(a, b) a##b
#define ROBERTORCH_JOIN(a, b) ROBERTORCH_JOIN2(a, b)
#define TEST(name, ...) \
  static const ::robertorch::test::Register ROBERTORCH_JOIN(registered_, __LINE__)(name, []() __VA_ARGS__)
#define EXPECT(condition) \
  if (!(condition)) ::robertorch::test::fail(__FILE__, __LINE__, "not true: " #condition)
#define EXPECT_EQ(actual, expected) ::robertorch::test::expectEqual(__FILE__, __LINE__, actual, expected)
#define EXPECT_REFUSED(call, part) \
  ::robertorch::test::expectRefusal(__FILE__, __LINE__, [&] { (void)(call); }, part)
