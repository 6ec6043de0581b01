#include "tests/check.h"

int main() { return robertorch::test::runTests(); }
