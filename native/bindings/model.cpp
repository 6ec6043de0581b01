// The trainable RoBERTa as a JS object: parameters out, forward passes in, on or off the event loop.
#include "bindings/model.h"

#include "bindings/convert.h"
#include "bindings/model_config.h"
#include "core/roberta/model.h"
#include "core/runtime/errors.h"
#include "core/runtime/memory.h"

namespace robertorch {
namespace {

constexpr napi_type_tag kModelTag = {0x2b7d1c5ae09344f1, 0x8c5e6d7fa1023b96};

using SharedModel = std::shared_ptr<Model>;

SharedModel require(const Napi::Value& value) {
  if (value.IsExternal()) {
    const auto external = value.As<Napi::External<SharedModel>>();
    if (external.CheckTypeTag(&kModelTag)) return *external.Data();
  }
  throw Error(ErrorKind::kArgument, "the value is no native model");
}

Napi::Value wrap(Environment& environment, SharedModel model) {
  auto external = Napi::External<SharedModel>::New(environment.env, new SharedModel(std::move(model)),
                                                   [](Napi::Env, SharedModel* data) { delete data; });
  external.TypeTag(&kModelTag);
  return external;
}

HeadKind headFrom(const std::string& name) {
  static const std::pair<const char*, HeadKind> known[] = {
      {"none", HeadKind::kNone},
      {"masked-lm", HeadKind::kMaskedLm},
      {"causal-lm", HeadKind::kCausalLm},
      {"sequence-classification", HeadKind::kSequenceClassification},
      {"token-classification", HeadKind::kTokenClassification},
      {"question-answering", HeadKind::kQuestionAnswering},
      {"multiple-choice", HeadKind::kMultipleChoice},
      {"sentence-pair", HeadKind::kSentencePair},
      {"pre-training", HeadKind::kPreTraining},
  };
  for (const auto& [head, kind] : known) {
    if (name == head) return kind;
  }
  throw Error(ErrorKind::kArgument, "unknown head '" + name + "'");
}

// (head, addPooler, config, initialize): new weights as Python draws them, or empty ones for a checkpoint
// that follows.
Napi::Value create(Environment& environment, const Napi::CallbackInfo& info) {
  const auto how = info[3].ToBoolean() ? Initialization::kPyTorch : Initialization::kEmpty;
  auto model = std::make_shared<Model>(headFrom(stringFrom(info[0], "head")), info[1].ToBoolean(),
                                       configFrom(info[2]), how);
  return wrap(environment, std::move(model));
}

Napi::Value base(Environment& environment, const Napi::CallbackInfo& info) {
  return wrap(environment, std::make_shared<Model>(require(info[0])->base()));
}

// (model, {layer: [head, …]})
Napi::Value pruneHeads(Environment& environment, const Napi::CallbackInfo& info) {
  const SharedModel model = require(info[0]);
  model->visit([&](const std::string&, at::Tensor& parameter) {
    // The visitor's handle and JavaScript's.
    environment.inUse.checkChange(parameter, 2, "heads must not be pruned");
  });
  model->pruneHeads(headsFrom(info[1], ErrorKind::kArgument, "heads_to_prune"));
  return info.Env().Undefined();
}

Napi::Value parameters(Environment& environment, const Napi::CallbackInfo& info) {
  Napi::Array result = Napi::Array::New(info.Env());
  require(info[0])->visit([&](const std::string& name, at::Tensor& parameter) {
    Napi::Array pair = Napi::Array::New(info.Env(), 2);
    pair.Set(uint32_t{0}, name);
    pair.Set(uint32_t{1}, Napi::Value(info.Env(), environment.handles.wrap(parameter)));
    result.Set(result.Length(), pair);
  });
  return result;
}

// (model, [names]): draws new values for these parameters.
Napi::Value initialize(Environment&, const Napi::CallbackInfo& info) {
  std::vector<std::string> names;
  const Napi::Array list = info[1].As<Napi::Array>();
  for (uint32_t i = 0; i < list.Length(); ++i) names.push_back(stringFrom(list.Get(i), "a parameter's name"));
  require(info[0])->initialize(
      [&](const std::string& name) { return std::find(names.begin(), names.end(), name) != names.end(); });
  return info.Env().Undefined();
}

Napi::Value inputEmbeddings(Environment& environment, const Napi::CallbackInfo& info) {
  return {info.Env(), environment.handles.wrap(require(info[0])->inputEmbeddings())};
}

Napi::Value outputEmbeddings(Environment& environment, const Napi::CallbackInfo& info) {
  return {info.Env(), environment.handles.wrap(require(info[0])->outputEmbeddings())};
}

// [[key, value], …] or [[key, value, crossKey, crossValue], …], the tuples of Transformers' legacy cache.
std::vector<LayerCache> cacheFrom(Environment& environment, const Napi::Value& value) {
  std::vector<LayerCache> layers;
  if (value.IsUndefined() || value.IsNull()) return layers;
  const auto refuse = [] {
    throw Error(ErrorKind::kArgument,
                "past_key_values must be what the model gave: for each layer a list of 2 or 4 tensors");
  };
  if (!value.IsArray()) refuse();
  const Napi::Array list = value.As<Napi::Array>();
  for (uint32_t i = 0; i < list.Length(); ++i) {
    if (!list.Get(i).IsArray()) refuse();
    const std::vector<at::Tensor> tensors = tensorsFrom(environment, list.Get(i), "past_key_values");
    if (tensors.size() != 2 && tensors.size() != 4) refuse();
    for (const at::Tensor& tensor : tensors) {
      if (!tensor.defined() || tensor.dim() != 4) refuse();
    }
    LayerCache layer{tensors[0], tensors[1], {}, {}};
    if (tensors.size() == 4) std::tie(layer.crossKey, layer.crossValue) = std::tie(tensors[2], tensors[3]);
    layers.push_back(std::move(layer));
  }
  return layers;
}

ModelInputs inputsFrom(Environment& environment, const Napi::Value& value) {
  const Napi::Object object = value.As<Napi::Object>();
  ModelInputs inputs;
  const auto tensor = [&](const char* name) {
    const Napi::Value field = object.Get(name);
    return field.IsUndefined() || field.IsNull() ? at::Tensor() : environment.handles.tensor(field, name);
  };
  inputs.input_ids = tensor("input_ids");
  inputs.attention_mask = tensor("attention_mask");
  inputs.token_type_ids = tensor("token_type_ids");
  inputs.position_ids = tensor("position_ids");
  inputs.inputs_embeds = tensor("inputs_embeds");
  inputs.head_mask = tensor("head_mask");
  inputs.encoder_hidden_states = tensor("encoder_hidden_states");
  inputs.encoder_attention_mask = tensor("encoder_attention_mask");
  inputs.past_key_values = cacheFrom(environment, object.Get("past_key_values"));
  inputs.labels = tensor("labels");
  inputs.sentence_label = tensor("sentence_label");
  inputs.start_positions = tensor("start_positions");
  inputs.end_positions = tensor("end_positions");
  inputs.use_cache = object.Get("use_cache").ToBoolean();
  inputs.output_hidden_states = object.Get("output_hidden_states").ToBoolean();
  inputs.output_attentions = object.Get("output_attentions").ToBoolean();
  inputs.training = object.Get("training").ToBoolean();
  inputs.encoder_training = object.Get("encoder_training").ToBoolean();
  inputs.gradient_checkpointing = object.Get("gradient_checkpointing").ToBoolean();
  inputs.preserve_rng_state = object.Get("preserve_rng_state").ToBoolean();
  readField(object, "problem_type", inputs.problem_type);
  return inputs;
}

struct Forward {
  ModelOutput output;
  int64_t graphBytes;
};

Forward runForward(Model& model, const ModelInputs& inputs) {
  const int64_t before = threadNetBytes();
  ModelOutput output = model.forward(inputs);
  return {std::move(output), std::max<int64_t>(threadNetBytes() - before, 0)};
}

Napi::Value outputToJs(Environment& environment, const Forward& forward) {
  const Napi::Env env(environment.env);
  const ModelOutput& output = forward.output;
  Napi::Object result = Napi::Object::New(env);
  // The graph is one: its bytes are reported with the first tensor that holds it.
  int64_t graphBytes = forward.graphBytes;
  const auto set = [&](const char* name, const at::Tensor& tensor) {
    if (!tensor.defined()) return;
    const int64_t bytes = tensor.requires_grad() ? std::exchange(graphBytes, 0) : 0;
    result.Set(name, Napi::Value(env, environment.handles.wrap(tensor, bytes)));
  };
  const auto setList = [&](const char* name, const std::vector<at::Tensor>& tensors) {
    if (tensors.empty()) return;
    Napi::Array list = Napi::Array::New(env, tensors.size());
    for (size_t i = 0; i < tensors.size(); ++i) {
      list.Set(static_cast<uint32_t>(i), Napi::Value(env, environment.handles.wrap(tensors[i])));
    }
    result.Set(name, list);
  };
  if (!output.problem_type.empty()) result.Set("problem_type", output.problem_type);
  set("loss", output.loss);
  set("logits", output.logits);
  set("prediction_logits", output.prediction_logits);
  set("sentence_logits", output.sentence_logits);
  set("start_logits", output.start_logits);
  set("end_logits", output.end_logits);
  set("last_hidden_state", output.last_hidden_state);
  set("pooler_output", output.pooler_output);
  setList("hidden_states", output.hidden_states);
  setList("attentions", output.attentions);
  setList("cross_attentions", output.cross_attentions);
  if (!output.past_key_values.empty()) {
    Napi::Array layers = Napi::Array::New(env, output.past_key_values.size());
    for (uint32_t i = 0; i < layers.Length(); ++i) {
      const LayerCache& layer = output.past_key_values[i];
      Napi::Array tensors = Napi::Array::New(env);
      for (const at::Tensor& tensor : {layer.key, layer.value, layer.crossKey, layer.crossValue}) {
        if (tensor.defined())
          tensors.Set(tensors.Length(), Napi::Value(env, environment.handles.wrap(tensor)));
      }
      layers.Set(i, tensors);
    }
    result.Set("past_key_values", layers);
  }
  return result;
}

Napi::Value forward(Environment& environment, const Napi::CallbackInfo& info) {
  return outputToJs(environment, runForward(*require(info[0]), inputsFrom(environment, info[1])));
}

Napi::Value forwardAsync(Environment& environment, const Napi::CallbackInfo& info) {
  const SharedModel model = require(info[0]);
  const ModelInputs inputs = inputsFrom(environment, info[1]);
  std::vector<at::Tensor> used = inputs.tensors();
  model->visit([&](const std::string&, at::Tensor& parameter) { used.push_back(parameter); });
  return environment.async.run(
      [model, inputs] { return runForward(*model, inputs); },
      [](Environment& env, const Forward& result) { return outputToJs(env, result); },
      environment.inUse.pin(std::move(used)));
}

}  // namespace

void registerModel(Environment&, Napi::Object& exports) {
  define<create>(exports, "createModel");
  define<base>(exports, "modelBase");
  define<pruneHeads>(exports, "modelPruneHeads");
  define<parameters>(exports, "modelParameters");
  define<initialize>(exports, "modelInitialize");
  define<inputEmbeddings>(exports, "modelInputEmbeddings");
  define<outputEmbeddings>(exports, "modelOutputEmbeddings");
  define<forward>(exports, "modelForward");
  define<forwardAsync>(exports, "modelForwardAsync");
}

}  // namespace robertorch
