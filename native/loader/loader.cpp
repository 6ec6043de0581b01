// The loader addon: opens one of LibTorch's libraries so that its symbols are visible to what is loaded next.
//
// Node's process.dlopen cannot do it (it demands a Node-API module), and an rpath cannot either (LibTorch may
// lie anywhere). Plain Node-API in C++ without LibTorch, so that it loads where LibTorch does not and can say
// why.

#include <node_api.h>
// Only macros: the version that the addon beside this one is compiled against.
#include <torch/headeronly/version.h>

#include <string>

#ifdef _WIN32
#include <windows.h>
#else
#include <dlfcn.h>
#endif

namespace {

// Node-API calls fail only when the env is shutting down or an exception is pending; both end the call at
// once.
#define ROBERTORCH_CALL(env, call) \
  do {                             \
    if ((call) != napi_ok) {       \
      return nullptr;              \
    }                              \
  } while (false)

#ifdef _WIN32

std::wstring widen(const std::string& utf8) {
  const int length = MultiByteToWideChar(CP_UTF8, 0, utf8.data(), static_cast<int>(utf8.size()), nullptr, 0);
  std::wstring wide(static_cast<size_t>(length), L'\0');
  MultiByteToWideChar(CP_UTF8, 0, utf8.data(), static_cast<int>(utf8.size()), wide.data(), length);
  return wide;
}

std::string describe(DWORD error) {
  char* text = nullptr;
  FormatMessageA(FORMAT_MESSAGE_ALLOCATE_BUFFER | FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS,
                 nullptr, error, 0, reinterpret_cast<char*>(&text), 0, nullptr);
  std::string message = text != nullptr ? text : "unknown error";
  LocalFree(text);
  return message + " (error " + std::to_string(error) + ")";
}

// Empty on success. The altered search path lets the DLL find its siblings in its own folder.
std::string openLibrary(const std::string& path) {
  if (LoadLibraryExW(widen(path).c_str(), nullptr, LOAD_WITH_ALTERED_SEARCH_PATH) != nullptr) {
    return {};
  }
  return describe(GetLastError());
}

#else

// Empty on success. The handle is dropped on purpose: LibTorch's threads and registries must live as long as
// the process.
std::string openLibrary(const std::string& path) {
  if (dlopen(path.c_str(), RTLD_NOW | RTLD_GLOBAL) != nullptr) {
    return {};
  }
  const char* reason = dlerror();
  return reason != nullptr ? reason : "dlopen failed without a reason";
}

#endif

// open(path: string): string | null
napi_value open(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value argument = nullptr;
  ROBERTORCH_CALL(env, napi_get_cb_info(env, info, &count, &argument, nullptr, nullptr));

  size_t length = 0;
  if (count < 1 || napi_get_value_string_utf8(env, argument, nullptr, 0, &length) != napi_ok) {
    napi_throw_type_error(env, "ERR_ARGUMENT", "open(path): path must be a string");
    return nullptr;
  }
  std::string path(length, '\0');
  ROBERTORCH_CALL(env, napi_get_value_string_utf8(env, argument, path.data(), length + 1, &length));

  const std::string reason = openLibrary(path);
  napi_value result = nullptr;
  if (reason.empty()) {
    ROBERTORCH_CALL(env, napi_get_null(env, &result));
  } else {
    ROBERTORCH_CALL(env, napi_create_string_utf8(env, reason.data(), reason.size(), &result));
  }
  return result;
}

}  // namespace

NAPI_MODULE_INIT() {
  napi_value function = nullptr;
  ROBERTORCH_CALL(env, napi_create_function(env, "open", NAPI_AUTO_LENGTH, open, nullptr, &function));
  ROBERTORCH_CALL(env, napi_set_named_property(env, exports, "open", function));
  napi_value version = nullptr;
  ROBERTORCH_CALL(env, napi_create_string_utf8(env, TORCH_VERSION, NAPI_AUTO_LENGTH, &version));
  ROBERTORCH_CALL(env, napi_set_named_property(env, exports, "compiledTorchVersion", version));
  return exports;
}
