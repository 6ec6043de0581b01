"""Transformers' Trainer beside ours: the same examples, arguments and seed."""

from pathlib import Path

import torch
from transformers import PrinterCallback, RobertaConfig, Trainer, TrainingArguments

from exchange import read_json
from models import CLASSES

PAD = 1


def collator(spec):
    def collate(examples):
        width = max(len(example["input_ids"]) for example in examples)
        rows = [example["input_ids"] + [PAD] * (width - len(example["input_ids"])) for example in examples]
        input_ids = torch.tensor(rows)
        attention_mask = input_ids.ne(PAD).long()
        if spec["class"] == "sequence-classification":
            labels = torch.tensor([example["labels"] for example in examples])
        else:
            # Drawn from the default generator, as transformers' collator for language models does.
            chosen = torch.bernoulli(torch.full(input_ids.shape, 0.3)).bool() & attention_mask.bool()
            chosen[:, 1] = True
            labels = torch.where(chosen, input_ids, -100)
            input_ids = torch.where(chosen, spec["config"]["vocab_size"] - 1, input_ids)
        return {"input_ids": input_ids, "attention_mask": attention_mask, "labels": labels}

    return collate


def new_trainer(spec, folder):
    torch.manual_seed(spec["seed"])
    model = CLASSES[spec["class"]](RobertaConfig(**spec["config"]))
    args = TrainingArguments(
        output_dir=str(folder / spec["name"]), report_to=[], disable_tqdm=True, use_cpu=True, **spec["args"]
    )
    trainer = Trainer(
        model=model,
        args=args,
        data_collator=collator(spec),
        train_dataset=spec["train"],
        eval_dataset=spec["test"],
    )
    trainer.remove_callback(PrinterCallback)
    return trainer


def run(folder: Path, results):
    for spec in read_json(folder, "trainer.json"):
        name = spec["name"]
        trainer = new_trainer(spec, folder / "python")
        output = trainer.train()
        results.add_rng_state(f"{name}/rng_state")
        results.facts[f"{name}/log"] = [
            {key: value for key, value in entry.items() if "runtime" not in key and "per_second" not in key}
            for entry in trainer.state.log_history
        ]
        results.facts[f"{name}/steps"] = output.global_step
        results.add_parameters(f"{name}/weights", trainer.model)
        if spec["resumes"]:
            results.add(f"{name}/predictions", torch.from_numpy(trainer.predict(spec["test"]).predictions))
            results.add_parameters(f"{name}/begun there", trainer.model)
            again = new_trainer(spec, folder / "ours")
            again.train(resume_from_checkpoint=str(folder / "ours" / name / f"checkpoint-{spec['first']}"))
            results.add_parameters(f"{name}/begun here", again.model)
