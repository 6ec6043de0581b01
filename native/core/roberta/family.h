// What differs between the architectures that share this encoder. A family is data: adding one means adding a
// row.
#pragma once

#include <string>

namespace robertorch {

/** How positions are numbered when the caller gives none. */
enum class PositionRule {
  kCountTokens,  // RoBERTa: tokens that are not padding, from pad_token_id + 1
  kColumns,      // BERT: columns, from 0
};

struct Family {
  const char* name;
  std::string inner;  // the inner model's name in classes with a head, with the dot
  PositionRule positions;
  bool firstTokenHead;  // sequence classification by a head of its own over <s>, not over the pooler's output
  // Names of the language model head's parts.
  const char *lmHead, *lmDense, *lmNorm;
  bool lmActivationIsGelu;          // RoBERTa's head is always gelu, BERT's follows hidden_act
  const char* sentencePair;         // the head that tells whether two sentences follow each other
  bool choicesByClassifierDropout;  // multiple choice drops out as classifiers do, not as layers
};

/** By config.json's model_type: roberta (with xlm-roberta and camembert) or bert. Throws ConfigError. */
const Family& findFamily(const std::string& modelType);

}  // namespace robertorch
