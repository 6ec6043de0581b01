#include "core/roberta/heads/multiple_choice.h"

#include <ATen/ops/dropout.h>

#include "core/roberta/losses.h"
#include "core/runtime/errors.h"

namespace robertorch {
namespace {

// (B, choices, …) → (B · choices, …)
void joinChoices(at::Tensor& tensor, const char* name, int64_t dimensions) {
  if (!tensor.defined()) return;
  if (tensor.dim() != dimensions) {
    throw Error(ErrorKind::kShape,
                std::string(name) + " has shape " + shapeText(tensor) + ", expected (batch, choices, tokens" +
                    (dimensions == 4 ? ", hidden)" : ")"),
                "stack the choices of a row: " + std::string(name) + ".view(batch, choices, -1)");
  }
  tensor = tensor.flatten(0, 1);
}

}  // namespace

MultipleChoiceHead::MultipleChoiceHead(const RobertaConfig& config, Initialization how)
    : classifier_(config.hidden_size, 1, how),
      dropout_(config.family.choicesByClassifierDropout ? config.classifier_dropout
                                                        : config.hidden_dropout_prob) {}

ModelInputs MultipleChoiceHead::flatten(const ModelInputs& inputs) const {
  ModelInputs flat = inputs;
  joinChoices(flat.input_ids, "input_ids", 3);
  joinChoices(flat.attention_mask, "attention_mask", 3);
  joinChoices(flat.token_type_ids, "token_type_ids", 3);
  joinChoices(flat.position_ids, "position_ids", 3);
  joinChoices(flat.inputs_embeds, "inputs_embeds", 4);
  return flat;
}

void MultipleChoiceHead::forward(const HeadInput& input, ModelOutput& output) const {
  const at::Tensor scores = classifier_.forward(at::dropout(input.pooled, dropout_, input.inputs.training));
  output.logits = scores.view({-1, input.inputs.source().size(1)});
  if (input.inputs.labels.defined())
    output.loss = crossEntropyLoss(output.logits, input.inputs.labels, "number of choices");
}

void MultipleChoiceHead::visit(const ParameterVisitor& f) { classifier_.visit("classifier", f); }

}  // namespace robertorch
