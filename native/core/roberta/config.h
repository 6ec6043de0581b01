// The fields of config.json that shape the network; everything else stays in the facade. Names are the
// file's.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/roberta/family.h"

namespace robertorch {

enum class AttentionImplementation { kSdpa, kEager };

/** How attention knows where tokens are; all but the first need the eager form. */
enum class PositionEmbedding {
  kAbsolute,          // by a row of the position table, added to the embeddings
  kRelativeKey,       // by a row for each distance, against the queries (Shaw et al.)
  kRelativeKeyQuery,  // and against the keys (Huang et al.)
};

/** Heads by layer, as a checkpoint counts them: those taken away before keep their number. */
using HeadsByLayer = std::map<int64_t, std::vector<int64_t>>;

struct RobertaConfig {
  int64_t vocab_size = 50265;
  int64_t hidden_size = 768;
  int64_t num_hidden_layers = 12;
  int64_t num_attention_heads = 12;
  int64_t intermediate_size = 3072;
  int64_t max_position_embeddings = 514;  // two rows more than the longest input: positions start at pad + 1
  int64_t type_vocab_size = 1;
  int64_t pad_token_id = 1;
  int64_t num_labels = 2;
  double layer_norm_eps = 1e-5;
  double hidden_dropout_prob = 0.1;
  double attention_probs_dropout_prob = 0.1;
  double classifier_dropout = 0.1;  // config.json's null means hidden_dropout_prob
  double initializer_range = 0.02;
  bool tie_word_embeddings = true;
  bool is_decoder = false;              // a token sees those before it only
  bool add_cross_attention = false;     // and the states of an encoder
  int64_t chunk_size_feed_forward = 0;  // tokens that pass the feed-forward part at a time; 0: all
  std::string hidden_act = "gelu";
  AttentionImplementation attention = AttentionImplementation::kSdpa;
  PositionEmbedding position_embedding = PositionEmbedding::kAbsolute;
  HeadsByLayer pruned_heads;
  Family family = findFamily("roberta");

  int64_t headSize() const { return hidden_size / num_attention_heads; }
  /** Row of the position table that a sequence's first token gets. */
  int64_t firstPosition() const {
    return family.positions == PositionRule::kCountTokens ? pad_token_id + 1 : 0;
  }
};

/** Throws ConfigError naming the field, its value and its limit. */
void validate(const RobertaConfig& config);

}  // namespace robertorch
