#include "core/operators/signature.h"

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

Overload describeOverload(const c10::OperatorHandle& handle) {
  const c10::FunctionSchema& schema = handle.schema();
  Overload overload{handle, {}, 0, false, false, -1, {}};
  for (const c10::Argument& argument : schema.arguments()) {
    overload.parameters.push_back(describeParameter(argument));
    if (!argument.kwarg_only()) ++overload.positional;
    if (argument.is_out()) overload.hasOut = true;
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
