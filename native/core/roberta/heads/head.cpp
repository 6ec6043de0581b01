#include "core/roberta/heads/head.h"

#include "core/roberta/heads/classification.h"
#include "core/roberta/heads/language_model.h"
#include "core/roberta/heads/multiple_choice.h"
#include "core/roberta/heads/pre_training.h"
#include "core/roberta/heads/question_answering.h"

namespace robertorch {

bool needsPooler(HeadKind kind, const Family& family) {
  switch (kind) {
    case HeadKind::kSequenceClassification:
      return !family.firstTokenHead;
    case HeadKind::kMultipleChoice:
    case HeadKind::kSentencePair:
    case HeadKind::kPreTraining:
      return true;
    default:
      return false;
  }
}

std::unique_ptr<Head> makeHead(HeadKind kind, const RobertaConfig& config, Initialization how) {
  switch (kind) {
    case HeadKind::kNone:
      return nullptr;
    case HeadKind::kMaskedLm:
      return std::make_unique<MaskedLmHead>(config, how);
    case HeadKind::kCausalLm:
      return std::make_unique<CausalLmHead>(config, how);
    case HeadKind::kSequenceClassification:
      if (config.family.firstTokenHead) return std::make_unique<FirstTokenClassificationHead>(config, how);
      return std::make_unique<PooledClassificationHead>(config, how);
    case HeadKind::kTokenClassification:
      return std::make_unique<TokenClassificationHead>(config, how);
    case HeadKind::kQuestionAnswering:
      return std::make_unique<QuestionAnsweringHead>(config, how);
    case HeadKind::kMultipleChoice:
      return std::make_unique<MultipleChoiceHead>(config, how);
    case HeadKind::kSentencePair:
      return std::make_unique<SentencePairHead>(config, how);
    case HeadKind::kPreTraining:
      return std::make_unique<PreTrainingHead>(config, how);
  }
  return nullptr;
}

}  // namespace robertorch
