#include "core/roberta/family.h"

#include "core/runtime/errors.h"

namespace robertorch {
namespace {

const Family kRoberta = {"roberta", "roberta.", PositionRule::kCountTokens, true, "lm_head", "dense",
                         "layer_norm", true,
                         // Transformers has no such class; ALBERT's name for a sentence order head.
                         "sop_classifier.classifier", false};

const Family kBert = {"bert",
                      "bert.",
                      PositionRule::kColumns,
                      false,
                      "cls.predictions",
                      "transform.dense",
                      "transform.LayerNorm",
                      false,
                      "cls.seq_relationship",
                      true};

}  // namespace

const Family& findFamily(const std::string& modelType) {
  if (modelType == "bert") return kBert;
  if (modelType == "roberta" || modelType == "xlm-roberta" || modelType == "camembert") return kRoberta;
  throw Error(ErrorKind::kConfig, "config: model_type '" + modelType +
                                      "' is not known; known are roberta, xlm-roberta, camembert and bert");
}

}  // namespace robertorch
