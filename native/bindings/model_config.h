// A model's configuration: the facade's object, or a part of it, as what core takes.
#pragma once

#include <napi.h>

#include <string>

#include "core/roberta/config.h"
#include "core/runtime/errors.h"

namespace robertorch {

/** Leaves the field alone when the object has none; throws ConfigError for a value of another type. */
template <typename T>
void readField(const Napi::Object& object, const char* name, T& field) {
  const Napi::Value value = object.Get(name);
  if (value.IsUndefined() || value.IsNull()) return;
  const auto refuse = [&](const char* type) {
    throw Error(ErrorKind::kConfig,
                std::string("config: ") + name + " must be " + type + ", is " + value.ToString().Utf8Value());
  };
  if constexpr (std::is_same_v<T, std::string>) {
    if (!value.IsString()) refuse("a string");
    field = value.As<Napi::String>().Utf8Value();
  } else if constexpr (std::is_same_v<T, bool>) {
    if (!value.IsBoolean()) refuse("true or false");
    field = value.As<Napi::Boolean>().Value();
  } else {
    if (!value.IsNumber()) refuse("a number");
    const double number = value.As<Napi::Number>().DoubleValue();
    if constexpr (std::is_integral_v<T>) {
      if (number != static_cast<double>(static_cast<int64_t>(number))) refuse("a whole number");
    }
    field = static_cast<T>(number);
  }
}

/** Throws ConfigError naming the field and what it must be. */
RobertaConfig configFrom(const Napi::Value& value);

/** `{layer: [head, …]}`; throws an error of this kind, which names `what`, for anything else. */
HeadsByLayer headsFrom(const Napi::Value& value, ErrorKind kind, const char* what);

}  // namespace robertorch
