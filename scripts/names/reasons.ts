/** Why a public name of PyTorch is missing here: patterns over the qualified name; the first that fits counts. */

export interface Reason {
  reason: string
  patterns: readonly RegExp[]
}

const any = (prefix: string, names: string) =>
  new RegExp(`^${prefix}\\.(${names.trim().replace(/\s+/g, '|')})$`)

export const reasons: readonly Reason[] = [
  {
    reason: 'only raises an error in PyTorch too, or is no more than a deprecated second name',
    patterns: [
      any('torch(\\.Tensor)?', 'eig lstsq matrix_rank solve symeig reinforce volatile'),
      any('torch', 'set_default_tensor_type legacy_contiguous_format dsmm hsmm saddmm spmm has_\\w+'),
      any('torch', '(get|set)_autocast_(cpu|gpu|ipu|xla)_\\w+ is_autocast_(cpu|ipu|xla)_enabled'),
      any('torch\\.nn', 'Container NLLLoss2d'),
      any('torch\\.nn\\.init', 'constant dirac eye normal orthogonal sparse uniform (kaiming|xavier)_\\w+'),
      any('torch\\.nn\\.utils', 'clip_grad_norm'),
      any('torch\\.autograd', 'NestedIOFunction Variable variable'),
      any('torch\\.testing', 'assert_allclose'),
      any('torch\\.cuda', '\\w*memory_cached reset_max_memory_allocated'),
    ],
  },
  {
    reason:
      'legacy tensor types and storage objects: dtype and device say what a tensor is, views share memory without one',
    patterns: [
      /^torch\.(cuda\.)?(?!Tensor$)\w+Tensor$/,
      /^torch\.(cuda\.)?\w*Storage(Base)?$/,
      any('torch\\.Tensor', 'new storage storage_type untyped_storage'),
      any('torch', 'is_storage \\w+StorageContext'),
    ],
  },
  {
    reason: 'RPC, distributed and multi-process training: this package trains in one process',
    patterns: [
      any('torch', 'AVG SUM AggregationType RRefType Future FutureType'),
      any('torch\\.nn', 'DataParallel SyncBatchNorm'),
      any('torch\\.utils\\.data', 'DistributedSampler'),
    ],
  },
  {
    reason: 'TorchScript, its types, graphs and readers: Python source is compiled there',
    patterns: [
      any(
        'torch',
        '\\w+Type Script\\w+ Argument ArgumentSpec AliasDb Block CallStack Capsule Code CompilationUnit',
      ),
      any(
        'torch',
        'CompleteArgumentSpec ConcreteModuleTypeBuilder ErrorReport ExecutionPlan FileCheck FunctionSchema',
      ),
      any(
        'torch',
        'Gradient Graph GraphExecutorState IODescriptor JITException LiteScriptModule LockingLogger',
      ),
      any(
        'torch',
        'BufferDict ModuleDict ParameterDict LoggerBase Node NoopLogger OperatorInfo PyTorchFile\\w+ StaticModule',
      ),
      any(
        'torch',
        'TracingState Type Use Value fork wait import_ir_\\w+ import_ir_module parse_\\w+ unify_type_list',
      ),
      any('torch', 'merge_type_from_type_comment'),
      any('torch\\.nn\\.functional', 'BroadcastingList[123] boolean_dispatch'),
      any('torch\\.testing', 'FileCheck'),
    ],
  },
  {
    reason: 'torch.compile, export and functorch: they trace Python',
    patterns: [
      any('torch', 'compile compiled_with_cxx11_abi cond while_loop vmap Sym(Bool|Float|Int) sym_\\w+'),
    ],
  },
  {
    reason:
      'quantized and packed dtypes: `torch.ops` reaches their operators, their values have no JavaScript form',
    patterns: [
      any('torch', 'bit bits\\w+ u?int[1-7] float4_e2m1fn_x2 qu?int\\w+ per_(channel|tensor)_\\w+'),
      any('torch\\.nn\\.functional', 'ScalingType SwizzleType scaled_(grouped_)?mm'),
    ],
  },
  {
    reason: 'nested and named tensors: prototypes in PyTorch',
    patterns: [any('torch', 'jagged'), any('torch\\.Tensor', 'is_nested name')],
  },
  {
    reason: 'devices that LibTorch for CPU and CUDA does not serve',
    patterns: [any('torch\\.Tensor', 'ipu mtia xpu')],
  },
  {
    reason: "protocols and classes of Python's own: DLPack, __torch_function__, pickling, multiprocessing",
    patterns: [
      any(
        'torch',
        'DisableTorchFunction\\w* DeepCopyMemoTable from_dlpack to_dlpack classproperty get_file_path',
      ),
      any('torch', 'prepare_multiprocessing_environment thread_safe_generator Size layout memory_format'),
      any('torch\\.Tensor', 'as_subclass is_shared module_load share_memory_'),
      any('torch\\.nn\\.functional', '(handle|has)_torch_function\\w* assert_int_or_pair'),
      any('torch\\.random', 'thread_safe_generator'),
    ],
  },
  {
    reason: 'internals that PyTorch exports by accident or for its own tools',
    patterns: [
      any(
        'torch',
        'AcceleratorError Benchmark\\w+ DispatchKey\\w* ExcludeDispatchKeyGuard FatalError Tag ThroughputBenchmark',
      ),
      any('torch', 'batch_norm_backward_\\w+ init_num_threads mkldnn_linear_backward_weights profiler_\\w+'),
      any('torch\\.Tensor', 'const_data_ptr dim_order grad_dtype'),
      any('torch\\.nn', 'factory_kwargs'),
      any('torch\\.nn\\.functional', 'native_channel_shuffle grouped_mm'),
      any('torch\\.autograd', 'enforce_grad_layout_policy set_multithreading_enabled'),
      any('torch\\.optim', 'swap_in_optimizer_params_and_state'),
      any(
        'torch\\.utils\\.checkpoint',
        'CheckpointError CheckpointFunction DefaultDeviceType GraphExecGroup SAC_IGNORED_OPS',
      ),
      any(
        'torch\\.utils\\.checkpoint',
        'check_backward_validity detach_variable (get|set)_device_states noop_context_fn',
      ),
    ],
  },
  {
    reason:
      'modes that a scope sets here, so that nothing outlives it: `torch.autocast(…)`; a device is given by `{ device }`',
    patterns: [
      any('torch', 'autocast_(in|de)crement_nesting clear_autocast_cache (is_autocast|set_autocast)_\\w+'),
      any('torch', '(get|set)_default_device get_device_module'),
    ],
  },
  {
    reason: 'selective checkpointing: `checkpoint` computes its whole part again',
    patterns: [
      any('torch\\.utils\\.checkpoint', 'CheckpointPolicy SelectiveCheckpointContext'),
      any('torch\\.utils\\.checkpoint', 'create_selective_checkpoint_contexts set_checkpoint_\\w+'),
    ],
  },
  {
    reason:
      'data pipes are deprecated in PyTorch; a loader reads in this process, so there are no workers to ask about',
    patterns: [
      any(
        'torch\\.utils\\.data',
        '\\w*DataPipe DataChunk argument_validation functional_datapipe get_worker_info',
      ),
      any(
        'torch\\.utils\\.data',
        'guaranteed_datapipes_determinism non_deterministic runtime_validation(_disabled)?',
      ),
    ],
  },
  {
    reason: 'CUDA beyond computing on one device: streams, graphs, pools, drivers, diagnostics',
    patterns: [/^torch\.cuda\.(?!is_available$)\w+$/, any('torch', 'Stream Event')],
  },
  {
    reason: 'sparse gradients: nn.Embedding here makes dense ones',
    patterns: [any('torch\\.optim', 'SparseAdam')],
  },
  {
    reason: 'for images and volumes, or shapes found at the first call: beside the purpose of this package',
    patterns: [
      any('torch\\.nn', 'CrossMapLRN2d Conv(Transpose)?[123]d Lazy\\w+ Uninitialized\\w+'),
      any('torch\\.nn\\.utils', 'fuse_\\w+ convert_conv[23]d_\\w+ skip_init'),
    ],
  },
  {
    reason: 'not written yet',
    patterns: [
      any('torch', 'GradScaler lobpcg (is|set)_anomaly_\\w+'),
      /^torch\.nn\.[A-Z]\w+$/,
      any('torch\\.nn\\.functional', '[a-z]\\w+'),
      any('torch\\.nn\\.init', 'dirac_ sparse_'),
      /^torch\.nn\.utils\./,
      any('torch\\.optim', 'Muon'),
      any('torch\\.utils\\.data', 'Sampler default_convert'),
    ],
  },
]
