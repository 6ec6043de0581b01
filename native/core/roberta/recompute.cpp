#include "core/roberta/recompute.h"

#include <ATen/autocast_mode.h>
#include <ATen/ops/alias.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/functions/utils.h>
#include <torch/csrc/autograd/saved_variable.h>

#include <algorithm>

#include "core/runtime/errors.h"

namespace robertorch {
namespace {

using torch::autograd::Node;
using torch::autograd::SavedVariable;
using torch::autograd::variable_list;

at::Tensor randomState(at::Generator generator) {
  std::scoped_lock lock(generator.mutex());
  return generator.get_state();
}

/** Lets random numbers come from an earlier state, and afterwards from where they were. */
class RandomReplay {
 public:
  RandomReplay(const at::Generator& generator, const at::Tensor& state)
      : generator_(generator), before_(state.defined() ? randomState(generator) : at::Tensor()) {
    set(state);
  }
  ~RandomReplay() { set(before_); }
  RandomReplay(const RandomReplay&) = delete;
  RandomReplay& operator=(const RandomReplay&) = delete;

 private:
  void set(const at::Tensor& state) {
    if (!state.defined()) return;
    std::scoped_lock lock(generator_.mutex());
    generator_.set_state(state);
  }

  at::Generator generator_;
  at::Tensor before_;
};

/** Weights cast within a forward pass that has no gradients must not serve one that has. */
class NoCastCache {
 public:
  NoCastCache() : before_(at::autocast::is_autocast_cache_enabled()) {
    at::autocast::set_autocast_cache_enabled(false);
  }
  ~NoCastCache() { at::autocast::set_autocast_cache_enabled(before_); }
  NoCastCache(const NoCastCache&) = delete;
  NoCastCache& operator=(const NoCastCache&) = delete;

 private:
  bool before_;
};

/** What was cast is forgotten at the end, unless the backward pass itself runs under autocast. */
struct CastScope {
  CastScope() { at::autocast::increment_nesting(); }
  ~CastScope() {
    if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
  }
  CastScope(const CastScope&) = delete;
  CastScope& operator=(const CastScope&) = delete;
};

/** Everything through which gradients may leave a layer: what it is given, then its parameters. */
std::vector<at::Tensor> inputsOf(Layer& layer, const at::Tensor& x, const LayerContext& context,
                                 const at::Tensor& headMask) {
  std::vector<at::Tensor> inputs = {x, headMask, context.mask, context.encoderStates, context.encoderMask};
  layer.visit("", [&](const std::string&, at::Tensor& parameter) { inputs.push_back(parameter); });
  return inputs;
}

class RecomputedLayer final : public Node {
 public:
  RecomputedLayer(const Layer& layer, const LayerContext& context, const std::vector<at::Tensor>& inputs,
                  bool sameRandomNumbers)
      : layer_(layer),
        wantProbabilities_(context.wantProbabilities),
        training_(context.training),
        generator_(at::globalContext().defaultGenerator(inputs[0].device())),
        random_(sameRandomNumbers ? randomState(generator_) : at::Tensor()) {
    set_next_edges(torch::autograd::collect_next_edges(inputs));
    for (const at::Tensor& input : inputs) inputs_.emplace_back(input, /*is_output=*/false);
  }

  variable_list apply(variable_list&& gradients) override {
    if (at::GradMode::is_enabled()) {
      throw Error(
          ErrorKind::kArgument,
          "gradients of gradients (create_graph) cannot go through layers with gradient checkpointing",
          "call gradient_checkpointing_disable() before the forward pass");
    }
    const std::vector<at::Tensor> inputs = detachedInputs();
    const LayerResult again = compute(inputs);
    variable_list outputs, given, wanted, result(inputs.size());
    const at::Tensor* all[] = {&again.states, &again.probabilities, &again.crossProbabilities};
    for (size_t i = 0; i < gradients.size(); ++i) {
      if (!gradients[i].defined() || !all[i]->defined() || !all[i]->requires_grad()) continue;
      outputs.push_back(*all[i]);
      given.push_back(std::move(gradients[i]));
    }
    for (const at::Tensor& input : inputs) {
      if (input.defined() && input.requires_grad()) wanted.push_back(input);
    }
    if (outputs.empty() || wanted.empty()) return result;
    variable_list found = torch::autograd::grad(outputs, wanted, given, /*retain_graph=*/false,
                                                /*create_graph=*/false, /*allow_unused=*/true);
    size_t next = 0;
    for (size_t i = 0; i < inputs.size(); ++i) {
      if (inputs[i].defined() && inputs[i].requires_grad()) result[i] = std::move(found[next++]);
    }
    return result;
  }

  void release_variables() override {
    std::lock_guard lock(mutex_);
    for (SavedVariable& input : inputs_) input.reset_data();
  }

  std::string name() const override { return "RecomputedLayer"; }

 private:
  // Tensors of their own: hooks on the given ones are called once, by the pass that this node belongs to.
  std::vector<at::Tensor> detachedInputs() {
    std::lock_guard lock(mutex_);
    std::vector<at::Tensor> detached;
    for (size_t i = 0; i < inputs_.size(); ++i) {
      const at::Tensor input = inputs_[i].unpack();
      detached.push_back(!input.defined() ? input
                                          : input.detach().set_requires_grad(input.requires_grad() &&
                                                                             task_should_compute_output(i)));
    }
    return detached;
  }

  LayerResult compute(const std::vector<at::Tensor>& inputs) const {
    Layer layer = layer_;
    size_t next = 5;
    layer.visit("", [&](const std::string&, at::Tensor& parameter) { parameter = inputs[next++]; });
    const at::ThreadLocalStateGuard asBefore(state_);  // autocast, and gradients
    const CastScope casts;
    const RandomReplay replay(generator_, random_);
    // No leaves, as they were none: autocast would cast a leaf once for all uses, and sum its gradients
    // elsewhere.
    const auto given = [&](size_t i) { return inputs[i].defined() ? at::alias(inputs[i]) : at::Tensor(); };
    const LayerContext context{given(2), given(3), given(4), wantProbabilities_, training_};
    return layer.forward(given(0), context, given(1), nullptr);
  }

  const Layer layer_;
  const bool wantProbabilities_, training_;
  const at::Generator generator_;
  const at::Tensor random_;
  const at::ThreadLocalState state_;
  std::vector<SavedVariable> inputs_;
};

}  // namespace

LayerResult forwardRecomputed(const Layer& layer, const at::Tensor& x, const LayerContext& context,
                              const at::Tensor& headMask, bool sameRandomNumbers) {
  Layer own = layer;
  const std::vector<at::Tensor> inputs = inputsOf(own, x, context, headMask);
  const bool differentiable = std::any_of(inputs.begin(), inputs.end(), [](const at::Tensor& input) {
    return input.defined() && input.requires_grad();
  });
  if (!at::GradMode::is_enabled() || !differentiable) return layer.forward(x, context, headMask, nullptr);
  const auto node = c10::make_intrusive<RecomputedLayer>(own, context, inputs, sameRandomNumbers);
  LayerResult result;
  {
    const at::NoGradGuard noGrad;
    const NoCastCache noCache;
    result = layer.forward(x, context, headMask, nullptr);
  }
  for (at::Tensor* output : {&result.states, &result.probabilities, &result.crossProbabilities}) {
    if (output->defined())
      torch::autograd::set_history(*output, c10::intrusive_ptr<Node>(node));
    else
      node->add_input_metadata(Node::undefined_input());
  }
  return result;
}

}  // namespace robertorch
