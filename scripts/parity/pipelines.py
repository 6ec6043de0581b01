"""Answers of pipelines, by case of pipelines.json."""

from functools import cache
import json

from transformers import pipeline

from exchange import read_json
from utf16 import with_utf16_places


def answer(pipe, case):
    inputs, options = case["inputs"], case.get("call", {})
    if case["task"] in ("ner", "token-classification"):
        return with_utf16_places(pipe(inputs, **options), labelled_texts(inputs, options))
    if case["task"] == "question-answering":
        answers = pipe(**inputs, **options) if isinstance(inputs, dict) else pipe(inputs, **options)
        return with_utf16_places(answers, contexts(inputs))
    return pipe(inputs, **options)


def labelled_texts(inputs, options):
    if not options.get("is_split_into_words"):
        return inputs
    sentences = inputs if isinstance(inputs[0], list) else [inputs]
    return [options.get("delimiter", " ").join(words) for words in sentences]


def contexts(inputs):
    """The text of the answer, or of each answer where there are several questions."""
    if isinstance(inputs, list):
        texts = [each["context"] for each in inputs]
    else:
        count = len(inputs["question"]) if isinstance(inputs["question"], list) else 1
        texts = inputs["context"] if isinstance(inputs["context"], list) else [inputs["context"]] * count
    return texts if len(texts) > 1 else texts[0]


def run(folder, results):
    given = read_json(folder, "pipelines.json")

    @cache
    def make(task, model, options):
        return pipeline(task, model=given["folders"][model], device=-1, **json.loads(options))

    for case in given["cases"]:
        pipe = make(case["task"], case["model"], json.dumps(case.get("options", {})))
        results.facts[case["name"]] = answer(pipe, case)
