// What a forward pass gives. Undefined tensors stand for what this head or this call does not give.
#pragma once

#include "core/roberta/inputs.h"
#include "core/torch.h"

namespace robertorch {

struct ModelOutput {
  at::Tensor loss;                      // only with labels
  std::string problem_type;             // what the labels of a sequence classification decided or confirmed
  at::Tensor logits;                    // of a head with one kind of answer
  at::Tensor start_logits, end_logits;  // (B, T), of question answering
  at::Tensor prediction_logits;         // (B, T, V), of pre-training
  at::Tensor sentence_logits;           // (B, 2), of pre-training
  at::Tensor last_hidden_state;         // (B, T, C), only without a head of its own
  at::Tensor pooler_output;             // (B, C), likewise
  std::vector<LayerCache> past_key_values;
  std::vector<at::Tensor> hidden_states;
  std::vector<at::Tensor> attentions;
  std::vector<at::Tensor> cross_attentions;
};

}  // namespace robertorch
