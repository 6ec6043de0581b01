#include "core/operators/signature.h"

#include <algorithm>
#include <string_view>

#include "core/operators/guards.h"

namespace robertorch {
namespace {

using c10::TypeKind;

struct KindAndTag {
  ParameterKind kind;
  bool symbolic = false;
};

KindAndTag listKind(const c10::Type& element) {
  switch (element.kind()) {
    case TypeKind::TensorType:
      return {ParameterKind::kTensorList};
    case TypeKind::IntType:
      return {ParameterKind::kIntList};
    case TypeKind::SymIntType:
      return {ParameterKind::kIntList, true};
    case TypeKind::FloatType:
      return {ParameterKind::kFloatList};
    case TypeKind::BoolType:
      return {ParameterKind::kBoolList};
    case TypeKind::NumberType:
      return {ParameterKind::kScalarList};
    case TypeKind::OptionalType:
      return {element.castRaw<c10::OptionalType>()->getElementType()->kind() == TypeKind::TensorType
                  ? ParameterKind::kOptionalTensorList
                  : ParameterKind::kUnsupported};
    default:
      return {ParameterKind::kUnsupported};
  }
}

KindAndTag kindOf(const c10::Type& type) {
  switch (type.kind()) {
    case TypeKind::TensorType:
      return {ParameterKind::kTensor};
    case TypeKind::IntType:
      return {ParameterKind::kInt};
    case TypeKind::SymIntType:
      return {ParameterKind::kInt, true};
    case TypeKind::FloatType:
      return {ParameterKind::kFloat};
    case TypeKind::BoolType:
    case TypeKind::SymBoolType:
      return {ParameterKind::kBool};
    case TypeKind::NumberType:
      return {ParameterKind::kScalar};
    case TypeKind::StringType:
      return {ParameterKind::kString};
    case TypeKind::DeviceObjType:
      return {ParameterKind::kDevice};
    case TypeKind::ScalarTypeType:
      return {ParameterKind::kDType};
    case TypeKind::LayoutType:
      return {ParameterKind::kLayout};
    case TypeKind::MemoryFormatType:
      return {ParameterKind::kMemoryFormat};
    case TypeKind::GeneratorType:
      return {ParameterKind::kGenerator};
    case TypeKind::ListType:
      return listKind(*type.castRaw<c10::ListType>()->getElementType());
    default:
      return {ParameterKind::kUnsupported};
  }
}

Parameter describeParameter(const c10::Argument& argument) {
  c10::TypePtr type = argument.real_type();
  bool optional = false;
  if (type->kind() == TypeKind::OptionalType) {
    optional = true;
    type = type->castRaw<c10::OptionalType>()->getElementType();
  }
  const KindAndTag kind = kindOf(*type);
  return {argument.name(),
          kind.kind,
          optional,
          kind.symbolic,
          argument.kwarg_only(),
          argument.is_out(),
          argument.N().value_or(0),
          argument.default_value()};
}

}  // namespace

namespace {

// python_arg_parser.cpp, should_allow_numbers_as_tensors
bool allowsNumbersAsTensors(std::string_view name) {
  static constexpr std::string_view kNames[] = {
      "aten::add",  "aten::sub",     "aten::subtract",     "aten::mul",          "aten::multiply",
      "aten::div",  "aten::divide",  "aten::true_divide",  "aten::copy_",        "aten::floor_divide",
      "aten::add_", "aten::sub_",    "aten::mul_",         "aten::subtract_",    "aten::multiply_",
      "aten::div_", "aten::divide_", "aten::true_divide_", "aten::floor_divide_"};
  return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

}  // namespace

Overload describeOverload(const c10::OperatorHandle& handle) {
  const c10::FunctionSchema& schema = handle.schema();
  Overload overload{handle, {}, 0, false, 0, false, -1, {}};
  const bool numbers = allowsNumbersAsTensors(handle.operator_name().name);
  for (const c10::Argument& argument : schema.arguments()) {
    overload.parameters.push_back(describeParameter(argument));
    const bool written = argument.alias_info() != nullptr && argument.alias_info()->isWrite();
    overload.parameters.back().numberAsTensor = numbers && !written;
    if (written) overload.written.push_back(overload.parameters.size() - 1);
    if (!argument.kwarg_only()) ++overload.positional;
    if (argument.is_out()) {
      overload.hasOut = true;
      ++overload.outs;
    }
    if (argument.name() == "pin_memory") overload.factory = true;
  }
  const auto& returns = schema.returns();
  if (returns.size() == 1 && returns[0].alias_info() != nullptr && returns[0].alias_info()->isWrite()) {
    for (size_t i = 0; i < schema.arguments().size(); ++i) {
      const c10::AliasInfo* alias = schema.arguments()[i].alias_info();
      if (alias != nullptr && alias->isWrite() && *alias == *returns[0].alias_info()) {
        overload.returnsArgument = static_cast<int>(i);
      }
    }
  }
  overload.reshapes = handle.hasTag(at::Tag::inplace_view);
  overload.resizes = overload.hasOut || handle.operator_name().name.find("resize") != std::string::npos;
  overload.guard = guardFor(handle.operator_name().name);
  if (returns.size() > 1) {
    for (const c10::Argument& result : returns) overload.returnNames.push_back(result.name());
  }
  return overload;
}

std::string typeName(const Parameter& parameter) {
  std::string name;
  switch (parameter.kind) {
    case ParameterKind::kTensor:
      name = "Tensor";
      break;
    case ParameterKind::kTensorList:
      name = "list of Tensors";
      break;
    case ParameterKind::kOptionalTensorList:
      name = "list of Tensors or null";
      break;
    case ParameterKind::kInt:
      name = "int";
      break;
    case ParameterKind::kIntList:
      name = "list of ints";
      break;
    case ParameterKind::kFloat:
      name = "number";
      break;
    case ParameterKind::kFloatList:
      name = "list of numbers";
      break;
    case ParameterKind::kBool:
      name = "boolean";
      break;
    case ParameterKind::kBoolList:
      name = "list of booleans";
      break;
    case ParameterKind::kScalar:
      name = "number";
      break;
    case ParameterKind::kScalarList:
      name = "list of numbers";
      break;
    case ParameterKind::kString:
      name = "string";
      break;
    case ParameterKind::kDevice:
      name = "device";
      break;
    case ParameterKind::kDType:
      name = "dtype";
      break;
    case ParameterKind::kLayout:
      name = "layout";
      break;
    case ParameterKind::kMemoryFormat:
      name = "memory format";
      break;
    case ParameterKind::kGenerator:
      name = "Generator";
      break;
    case ParameterKind::kUnsupported:
      name = "a type that JavaScript cannot give";
      break;
  }
  return parameter.optional ? name + " or null" : name;
}

}  // namespace robertorch
